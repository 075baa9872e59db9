/** Workers as processes of their own, killed again and again while they work, and started anew each time. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { setTimeout as wait } from 'node:timers/promises'

export interface KilledWorkersOptions {
  /** The bundle of a worker. */
  file: string
  env: Readonly<Record<string, string>>
  /** How many run at once. */
  workers: number
  /** How many kills there are in all; then those that run are left alone. */
  kills: number
  /** From 0 to below 1. */
  random: () => number
}

export interface KilledWorkers {
  readonly kills: number
  /** All kills are done. Rejects where a worker ended by itself. */
  readonly killed: Promise<void>
  /** Ends the workers in good order; says what they warned of. */
  stop(): Promise<string[]>
}

/** Each worker is killed at a random moment within this time of its first claim, in milliseconds. */
const withinMs = 1_000

export function startKilledWorkers({ file, env, workers, kills, random }: KilledWorkersOptions): KilledWorkers {
  const running = new Set<ChildProcess>()
  const warnings: string[] = []
  let stopping = false
  let done = 0
  /** Those that are done and those that are about to be. */
  let dealt = 0

  function start(): { child: ChildProcess; claimed: Promise<void> } {
    const child = spawn(process.execPath, [file], { env, stdio: ['ignore', 'pipe', 'pipe'] })
    running.add(child)
    child.stderr.on('data', (text: Buffer) => warnings.push(text.toString()))
    const claimed = new Promise<void>((resolve) => {
      createInterface({ input: child.stdout }).on('line', (line) => {
        if (line.includes('"Push claimed"')) resolve()
        else if (/"level":"?(50|60|error|fatal)/.test(line)) warnings.push(line)
      })
    })
    return { child, claimed }
  }

  async function keepAlive(): Promise<void> {
    while (!stopping) {
      const { child, claimed } = start()
      const gone = once(child, 'exit').then(() => running.delete(child))
      if (dealt >= kills) {
        left.push(gone)
        return
      }
      dealt += 1
      await Promise.race([claimed, gone])
      if (!stopping) await Promise.race([wait(random() * withinMs), gone])
      if (!running.has(child) && !stopping) throw new Error(`A worker ended by itself:\n${warnings.join('\n')}`)
      child.kill('SIGKILL')
      await gone
      done += 1
    }
  }

  const left: Promise<unknown>[] = []
  const killed = Promise.all(Array.from({ length: workers }, keepAlive)).then(() => {})
  killed.catch(() => {})

  return {
    get kills() {
      return done
    },
    killed,
    async stop() {
      stopping = true
      for (const child of running) child.kill('SIGTERM')
      await Promise.allSettled([killed, ...left])
      return warnings
    },
  }
}
