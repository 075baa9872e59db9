/** Workers as processes of their own, killed again and again while they work, and started anew each time. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { setTimeout as wait } from 'node:timers/promises'
import type { Ground } from './ground.ts'

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
  /** How often the database went away and came back: a worker that starts without one ends, and is started again. */
  outages: Ground['outages']
}

export interface KilledWorkers {
  readonly kills: number
  /** All kills are done. Rejects where a worker ended by itself. */
  readonly killed: Promise<void>
  /** Ends the workers in good order; says what they warned of. */
  stop(): Promise<string[]>
}

interface Worker {
  readonly child: ChildProcess
  readonly claimed: Promise<void>
  /** Its end: whether it ended because it found no database when it started. */
  readonly gone: Promise<boolean>
}

/** Each worker is killed at a random moment within this time of its first claim, in milliseconds. */
const withinMs = 1_000

export function startKilledWorkers({
  file,
  env,
  workers,
  kills,
  random,
  outages,
}: KilledWorkersOptions): KilledWorkers {
  const running = new Set<ChildProcess>()
  const warnings: string[] = []
  let stopping = false
  let done = 0
  /** Those that are done and those that are about to be. */
  let dealt = 0

  function start(): Worker {
    const child = spawn(process.execPath, [file], { env, stdio: ['ignore', 'pipe', 'pipe'] })
    running.add(child)
    const before = outages.ended
    const said: string[] = []
    let isReady = false
    child.stderr.on('data', (text: Buffer) => said.push(text.toString()))
    const claimed = new Promise<void>((resolve) => {
      createInterface({ input: child.stdout }).on('line', (line) => {
        if (line.includes('"Push claimed"')) resolve()
        else if (line.includes('"Ready"')) isReady = true
        else if (/"level":"?(50|60|error|fatal)/.test(line)) said.push(line)
      })
    })
    const gone = once(child, 'exit').then(() => {
      running.delete(child)
      // One that found no database says so and ends, and whoever looks after it starts it again.
      const foundNone = !isReady && child.exitCode === 1 && outages.begun > before
      if (!foundNone) warnings.push(...said)
      return foundNone
    })
    return { child, claimed, gone }
  }

  async function killAgainAndAgain(): Promise<void> {
    while (!stopping && dealt < kills) {
      dealt += 1
      const { child, claimed, gone } = start()
      await Promise.race([claimed, gone])
      if (!stopping) await Promise.race([wait(random() * withinMs), gone])
      if (running.has(child)) {
        child.kill('SIGKILL')
        await gone
        done += 1
      } else {
        await mayStartAgain(gone)
        dealt -= 1
      }
    }
    left.push(leaveAlone().catch((error: unknown) => void warnings.push(String(error))))
  }

  async function leaveAlone(): Promise<void> {
    while (!stopping) await mayStartAgain(start().gone)
  }

  async function mayStartAgain(gone: Worker['gone']): Promise<void> {
    if (await gone) await wait(500)
    else if (!stopping) throw new Error(`A worker ended by itself:\n${warnings.join('\n')}`)
  }

  const left: Promise<unknown>[] = []
  const killed = Promise.all(Array.from({ length: workers }, killAgainAndAgain)).then(() => {})
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
