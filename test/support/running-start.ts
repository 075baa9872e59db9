import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { delimiter, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { root } from '../../scripts/steps/workspace.mjs'

/** The API key with scope ADMIN that a started gateway is given. */
export const adminKey = 'a-key-that-only-tests-of-npm-start-know'

/** `npm start` as a person runs it, in a data folder and on ports of its own. */
export class RunningStart {
  readonly ports: { readonly gateway: number; readonly dynamics: number; readonly salesforce: number }
  output = ''
  readonly #child: ChildProcess
  readonly #marker: string
  /** The exit code, or the signal that ended it. */
  readonly ended: Promise<number | string>

  private constructor(folder: string, ports: RunningStart['ports'], env: NodeJS.ProcessEnv) {
    this.ports = ports
    this.#marker = join(folder, 'an-installer-was-run')
    this.#child = spawn(process.execPath, ['scripts/start.mjs'], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...process.env,
        NODE_ENV: '',
        PATH: `${installersThatFail(folder, this.#marker)}${delimiter}${process.env.PATH}`,
        BACKCHANNEL_DATA: join(folder, 'data'),
        PORT: String(ports.gateway),
        EMULATOR_DYNAMICS_PORT: String(ports.dynamics),
        EMULATOR_SALESFORCE_PORT: String(ports.salesforce),
        ADMIN_API_KEY: adminKey,
        ...env,
      },
    })
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        this.output += chunk.toString()
      })
    }
    this.ended = new Promise((resolve) => {
      this.#child.on('close', (code, signal) => resolve(code ?? signal ?? 'unknown'))
    })
  }

  /** Starts it, on the ports that are named or on free ones. */
  static async create(
    folder: string,
    ports: Partial<RunningStart['ports']> = {},
    env: NodeJS.ProcessEnv = {},
  ): Promise<RunningStart> {
    const [gateway = 0, dynamics = 0, salesforce = 0] = await freePorts(3)
    return new RunningStart(folder, { gateway, dynamics, salesforce, ...ports }, env)
  }

  get pid(): number {
    return this.#child.pid ?? 0
  }

  /** Whether npx, pnpm or npm was run. */
  get installed(): boolean {
    return existsSync(this.#marker)
  }

  /** Waits until everything runs; fails with what was printed when it ends before. */
  async running(): Promise<void> {
    const over = await Promise.race([this.ended, this.#printed('Ctrl-C ends it')])
    if (over !== undefined) throw new Error(`npm start ended with ${over}:\n${this.output}`)
  }

  async #printed(text: string): Promise<undefined> {
    while (!this.output.includes(text)) await sleep(20)
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal)
  }

  /** The processes that it has started and that run now, by what they run. */
  children(): { pid: number; command: string }[] {
    const lines = execFileSync('ps', ['-A', '-o', 'ppid=,pid=,args='], { encoding: 'utf8' }).split('\n')
    return lines.flatMap((line) => {
      const [, parent, pid, command] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? []
      return Number(parent) === this.pid && command ? [{ pid: Number(pid), command }] : []
    })
  }

  /** Ends it, whatever state it is in. */
  async stop(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) this.#child.kill('SIGTERM')
    await this.ended
  }
}

/** Whether a process with this id runs. */
export function runs(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

/** Stand-ins for npx, pnpm and npm that leave a mark and fail, as they would without a network. */
function installersThatFail(folder: string, marker: string): string {
  const bin = join(folder, 'bin')
  mkdirSync(bin, { recursive: true })
  for (const name of ['npx', 'pnpm', 'npm']) {
    writeFileSync(join(bin, name), `#!/bin/sh\necho ${name} >> '${marker}'\nexit 1\n`)
    chmodSync(join(bin, name), 0o755)
  }
  return bin
}

async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer())
  const ports = await Promise.all(
    servers.map(
      (server) =>
        new Promise<number>((resolve) => {
          server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port))
        }),
    ),
  )
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))))
  return ports
}
