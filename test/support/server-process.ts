/** The server, and the push worker alone, as processes of their own, against an emulator that outlives them. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { type ControlClient, createControl, startEmulator } from '@backchannel/emulator'
import { createClient } from 'graphql-sse'
import { onTestFinished } from 'vitest'
import { makeTestDatabase } from '../../packages/server/src/testing/make-database.ts'

const workspace = join(import.meta.dirname, '../..')
const key = 'a-key-for-tests-of-at-least-32-characters'

export interface ServerProcess {
  readonly port: number
  readonly pid: number
  /** Its ADMIN key. */
  readonly key: string
  /** Runs an operation, with an ADMIN key unless another key or token is given; throws what the server calls an error. */
  execute<T>(query: string, variables?: Record<string, unknown>, bearer?: string): Promise<T>
  /** A subscription over SSE, until `stop` says of a result that it was the last. */
  watch<T>(query: string, variables: Record<string, unknown>, stop: (result: T) => boolean): Promise<T[]>
  /** As a power cut would: nothing is ended in good order. */
  kill(): Promise<void>
  /** As its operator does: it is told to end, and does so in good order. Answers its exit code, or the signal it died of. */
  end(): Promise<number | string>
}

/** What a command came to; its code is null where it was killed. */
export interface Ended {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

export interface TestInstallation {
  dynamics: ControlClient
  salesforce: ControlClient
  /** The folder of the server's data. */
  readonly data: string
  /** Starts the server, or starts it again on the same data, unless `env` says otherwise. */
  start(env?: Record<string, string>): Promise<ServerProcess>
  /** Runs one of the server's commands to its end, or kills it once `until` says so of what it has printed. */
  run(
    entry: string,
    args?: readonly string[],
    env?: Record<string, string>,
    until?: (out: string) => boolean,
  ): Promise<Ended>
  /** Starts a push worker without a server, on the same data. */
  startWorker(): Promise<Pick<ServerProcess, 'end'>>
}

/** An emulator with few people, and a folder for a server's data; all of it is gone when the test is over. */
export async function openInstallation(env: Record<string, string> = {}): Promise<TestInstallation> {
  const data = await mkdtemp(join(tmpdir(), 'backchannel-server-'))
  const database = await makeTestDatabase(join(data, 'backchannel.db'))
  const emulator = await startEmulator({ people: 50 })
  const children = new Set<ChildProcess>()
  onTestFinished(async () => {
    await Promise.all([...children].map((child) => kill(child)))
    await emulator.stop()
    await database.remove()
    await rm(data, { recursive: true, force: true })
  })

  const spawnEntry = (entry: string, args: readonly string[] = [], more: Record<string, string> = {}) => {
    const child = spawn(process.execPath, [`packages/server/dist/${entry}.js`, ...args], {
      cwd: workspace,
      env: {
        PATH: process.env['PATH'] ?? '',
        BACKCHANNEL_DATA: data,
        DATABASE_URL: database.url,
        PORT: '0',
        EMULATOR: 'on',
        EMULATOR_DYNAMICS_PORT: new URL(emulator.dynamics.url).port,
        EMULATOR_SALESFORCE_PORT: new URL(emulator.salesforce.url).port,
        ADMIN_API_KEY: key,
        ...env,
        ...more,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    children.add(child)
    return child
  }

  return {
    dynamics: createControl(emulator.dynamics.url),
    salesforce: createControl(emulator.salesforce.url),
    data,
    async start(more) {
      const child = spawnEntry('main', [], more)
      const { port } = await untilReady(child)
      if (port === undefined || child.pid === undefined) throw new Error('The server does not say where it listens')
      return { ...serverAt(port, child.pid), kill: () => kill(child), end: () => end(child) }
    },
    async run(entry, args, more, until = () => false) {
      const child = spawnEntry(entry, args, more)
      let out = ''
      child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
        out += chunk
        if (until(out)) child.kill('SIGKILL')
      })
      const [err, code] = await Promise.all([text(child.stderr), closed(child)])
      return { code, out, err }
    },
    async startWorker() {
      const child = spawnEntry('worker-main')
      await untilReady(child)
      return { end: () => end(child) }
    },
  }
}

/** Reads the line that says that it is ready, and at which port where it listens. */
async function untilReady(child: ChildProcess): Promise<{ port?: number }> {
  const said: string[] = []
  child.stderr?.on('data', (text: Buffer) => said.push(text.toString()))
  const lines = createInterface({ input: child.stdout ?? process.stdin })
  for await (const line of lines) {
    said.push(line)
    const entry = JSON.parse(line)
    if (entry.msg === 'Ready') {
      child.stdout?.resume()
      return entry
    }
  }
  throw new Error(`The process ended before it was ready:\n${said.join('\n')}`)
}

function closed(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => child.once('close', resolve))
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.kill('SIGKILL')
  await gone
}

async function end(child: ChildProcess): Promise<number | string> {
  const gone = once(child, 'exit')
  child.kill('SIGTERM')
  const [code, signal] = await gone
  return code ?? signal
}

function serverAt(port: number, pid: number): Omit<ServerProcess, 'kill' | 'end'> {
  const url = `http://127.0.0.1:${port}/graphql`
  return {
    port,
    pid,
    key,
    async execute<T>(query: string, variables = {}, bearer = key) {
      const response = await fetch(url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          accept: 'application/graphql-response+json',
          authorization: `Bearer ${bearer}`,
        },
        body: JSON.stringify({ query, variables }),
      })
      const { data, errors } = (await response.json()) as { data?: T; errors?: unknown }
      if (errors || !data) throw new Error(`${query}\n${JSON.stringify(variables)}\n${JSON.stringify(errors)}`)
      return data
    },
    async watch<T>(query: string, variables: Record<string, unknown>, stop: (result: T) => boolean) {
      const client = createClient({ url, headers: { authorization: `Bearer ${key}` } })
      const results: T[] = []
      for await (const { data, errors } of client.iterate<T>({ query, variables })) {
        if (errors || !data) throw new Error(`${query}\n${JSON.stringify(errors)}`)
        results.push(data)
        if (stop(data)) break
      }
      client.dispose()
      return results
    },
  }
}
