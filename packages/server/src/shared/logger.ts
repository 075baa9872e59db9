import { isSpanContextValid, trace } from '@opentelemetry/api'
import { type DestinationStream, type Logger, type LoggerOptions, pino, stdTimeFunctions } from 'pino'
import { isOutage } from './errors.ts'

export type { Logger }

type LogMethod = NonNullable<NonNullable<LoggerOptions['hooks']>['logMethod']>

/** Names under which something secret or personal might be handed to the logger by mistake. */
const NEVER_LOGGED = [
  'authorization',
  'cookie',
  'password',
  'secret',
  'clientSecret',
  'token',
  'accessToken',
  'refreshToken',
  'key',
  'query',
  'variables',
  'visitor',
  'phone',
  'email',
  'text',
]

/**
 * One JSON line per entry on standard output. What is logged is chosen by the caller; the redaction is the net below:
 * callers pass ids, codes, counts and durations, never visitors' data, tokens or queries.
 *
 * @param level `fatal`, `error`, `warn`, `info`, `debug`, `trace` or `silent`
 * @param destination where the lines go; tests collect them
 */
export function createLogger(level: string, destination?: DestinationStream): Logger {
  const options = {
    level,
    timestamp: stdTimeFunctions.isoTime,
    base: null,
    mixin: traceOfNow,
    hooks: { logMethod: outagesWarn },
    formatters: { level: (label: string) => ({ level: label }) },
    redact: { paths: NEVER_LOGGED.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]), censor: '[redacted]' },
  }
  const output = destination ?? standardOutput()
  return pino(options, { write: (line) => output.write(escapeControls(line)) })
}

/** An error is a fault of ours, for which somebody should be woken. That something else is away has alerts of its own. */
function outagesWarn(this: Logger, ...[given, log, level]: Parameters<LogMethod>): void {
  const [about] = given
  const err: unknown = about instanceof Object && 'err' in about ? about.err : undefined
  if (level === pino.levels.values['error'] && isOutage(err)) this.warn(...given)
  else log.apply(this, given)
}

/** By which the spans of what is logged are found. */
function traceOfNow(): object {
  const now = trace.getActiveSpan()?.spanContext()
  return now && isSpanContextValid(now) ? { traceId: now.traceId } : {}
}

/**
 * JSON escapes a line feed and the escape that begins a terminal's commands, but neither the newer controls that do the
 * same nor the line ends of Unicode: nothing that was logged may look like an entry of its own.
 */
function escapeControls(line: string): string {
  return line.replaceAll(/[\u007f-\u009f\u2028\u2029]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
  })
}

/**
 * pino's own destination repeats a write for ever when nobody reads standard output any more, and so keeps a process
 * whose parent was killed from ending.
 */
function standardOutput(): DestinationStream {
  const { stdout } = process
  if (!stdout.listeners('error').includes(ignore)) stdout.on('error', ignore)
  return { write: (line) => void stdout.write(line) }
}

function ignore(): void {}
