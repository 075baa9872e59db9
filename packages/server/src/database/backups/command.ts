/** What `npm run backup` and `npm run restore` have in common. */
import { failureText } from '../../failure-text.ts'

/** Says what came of it: a sentence, and the exit code. */
export async function runCommand(work: (args: readonly string[]) => Promise<string>): Promise<void> {
  // What is copied holds what people wrote to each other: it is nobody else's to read.
  process.umask(0o077)
  try {
    process.stdout.write(`${await work(process.argv.slice(2))}\n`)
  } catch (error) {
    process.stderr.write(`${failureText(error)}\n`)
    process.exitCode = 1
  }
}

/** Aborted once the command is to end: by Ctrl-C, by a supervisor, or as the terminal goes away. It then leaves all in order. */
export function untilStopped(): AbortSignal {
  const stopping = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stopping.abort())
  return stopping.signal
}
