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
