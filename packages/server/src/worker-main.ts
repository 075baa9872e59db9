/** The push worker in a process of its own, beside servers on the same database. */
import { databaseSentence } from './database/unusable.ts'
import { endOnSignals } from './end-on-signals.ts'
import { ConfigurationError, readEnv } from './env.ts'
import { startWorkerProcess } from './worker-process.ts'

try {
  endOnSignals(await startWorkerProcess(readEnv()))
} catch (error) {
  process.stderr.write(
    `${databaseSentence(error) ?? (error instanceof ConfigurationError ? error.message : String(error))}\n`,
  )
  process.exit(1)
}
