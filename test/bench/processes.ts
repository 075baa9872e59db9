/** Processes of a measurement: started, asked, measured by the operating system, and ended. */
import { type ChildProcess, fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'

const started = new Set<ChildProcess>()

export async function ask<T>(child: ChildProcess, message: object | string): Promise<T> {
  child.send(message)
  return answer<T>(child)
}

/** The next message of a process, or its end as an error. */
export async function answer<T>(child: ChildProcess): Promise<T> {
  const waiting = new AbortController()
  const { signal } = waiting
  try {
    const gone = once(child, 'exit', { signal }).then(([code]) => {
      throw new Error(`A process of the measurement ended with ${code}`)
    })
    gone.catch(() => {})
    const [message] = (await Promise.race([once(child, 'message', { signal }), gone])) as [T & { error?: string }]
    if (message.error) throw new Error(message.error)
    return message
  } finally {
    waiting.abort()
  }
}

/** @param execArgv options of Node itself; those of this process unless given */
export function start(
  file: string,
  args: readonly string[] = [],
  env: Record<string, string> = {},
  execArgv: readonly string[] = process.execArgv,
): ChildProcess {
  const child = fork(file, args, {
    env: { ...process.env, ...env },
    execArgv: [...execArgv],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  started.add(child)
  return child
}

/** A program of the product, as `npm start` starts it: no messages, ready when it says so on its standard output. */
export function startProgram(file: string, args: readonly string[], env: Record<string, string>): ChildProcess {
  const child = spawn(process.execPath, [file, ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  child.stdout?.on('data', () => {})
  started.add(child)
  return child
}

export async function end(child: ChildProcess): Promise<void> {
  started.delete(child)
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.kill('SIGTERM')
  await gone
}

export const endAll = () => Promise.all([...started].map(end))

/** CPU time so far in microseconds and resident memory in MB; Linux only, elsewhere null. */
export function usage(child: ChildProcess): { cpuUs: number; rssMb: number } | null {
  try {
    const stat = readFileSync(`/proc/${child.pid}/stat`, 'utf8')
    // Behind the name, which may hold spaces: utime and stime are the 12th and 13th, in clock ticks of 10 ms.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const status = readFileSync(`/proc/${child.pid}/status`, 'utf8')
    const rssKb = Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0)
    return { cpuUs: (Number(fields[11]) + Number(fields[12])) * 10_000, rssMb: rssKb / 1024 }
  } catch {
    return null
  }
}
