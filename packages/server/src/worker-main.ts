/** The push worker in a process of its own, beside servers on the same database. */
import { endOnSignals } from './end-on-signals.ts'
import { readEnv } from './env.ts'
import { failureText } from './failure-text.ts'
import { startWorkerProcess } from './worker-process.ts'

try {
  endOnSignals(await startWorkerProcess(readEnv()))
} catch (error) {
  process.stderr.write(`${failureText(error)}\n`)
  process.exit(1)
}
