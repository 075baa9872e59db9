/** What the environment says of how a process is watched over. */

export interface TelemetrySettings {
  /** The server's port for operators; null: none. */
  readonly port: number | null
  /** The same of a worker in a process of its own. */
  readonly workerPort: number | null
  readonly host: string
  readonly token: string | null
  /** Whether spans go to a collector. */
  readonly traces: boolean
  /** By what name its spans are found; null: by that of the process. */
  readonly serviceName: string | null
  /** How long the server goes on serving after it has said that it is not ready any more, in milliseconds. */
  readonly drainMs: number
}

const TOKEN = /^[A-Za-z0-9._~+/=-]{16,}$/
const MOST_DRAIN_SECONDS = 300

/**
 * @param source an empty value must have been taken out
 * @param onFault is told the variable that cannot be used, and why
 */
export function readTelemetry(
  source: Readonly<Record<string, string | undefined>>,
  onFault: (variable: string, why: string) => void,
): TelemetrySettings {
  function port(variable: string): number | null {
    const text = source[variable]
    if (text === undefined) return null
    if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text)
    onFault(variable, 'must be a port number from 0 to 65535')
    return null
  }
  const host = source['METRICS_HOST'] ?? '127.0.0.1'
  const token = source['METRICS_TOKEN'] ?? null
  if (token !== null && !TOKEN.test(token)) {
    onFault(
      'METRICS_TOKEN',
      'must be 16 or more letters, digits and signs of base64; draw one with "openssl rand -base64 33"',
    )
  }
  const isLocal = /^(localhost|127\.\d+\.\d+\.\d+|::1)$/.test(host)
  if (!isLocal && token === null)
    onFault('METRICS_TOKEN', `must be set where METRICS_HOST (${host}) is not this machine alone`)

  const drain = source['DRAIN_SECONDS'] ?? '0'
  const drainSeconds = /^\d{1,3}$/.test(drain) ? Number(drain) : Number.NaN
  if (!(drainSeconds <= MOST_DRAIN_SECONDS)) {
    onFault('DRAIN_SECONDS', `must be a whole number of seconds, up to ${MOST_DRAIN_SECONDS}`)
  }
  return {
    port: port('METRICS_PORT'),
    workerPort: port('WORKER_METRICS_PORT'),
    host,
    token,
    traces: (source['OTEL_EXPORTER_OTLP_ENDPOINT'] ?? source['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT']) !== undefined,
    serviceName: source['OTEL_SERVICE_NAME'] ?? null,
    drainMs: drainSeconds * 1_000,
  }
}
