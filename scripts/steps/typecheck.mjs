import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { CommandFailed, runNode } from './run.mjs'
import { cache, commandOf } from './workspace.mjs'

const projects = ['packages/providers', 'packages/emulator', 'packages/server', 'packages/admin', 'test', 'scripts']

/**
 * Checks the types of every project, as many at once as there are processors, and shows what is wrong.
 *
 * @returns {Promise<boolean>} whether all is well
 */
export async function typecheck() {
  const waiting = [...projects]
  let fine = true
  const work = async () => {
    for (let project = waiting.shift(); project; project = waiting.shift()) {
      const record = join(cache, 'types', `${project.replace('/', '-')}.tsbuildinfo`)
      try {
        await runNode(commandOf('.', 'typescript', 'tsc'), [
          '-p',
          project,
          '--incremental',
          '--tsBuildInfoFile',
          record,
        ])
        console.log(`${project}: types are right`)
      } catch (error) {
        if (!(error instanceof CommandFailed)) throw error
        fine = false
        console.error(`${project}:\n${error.output}`)
      }
    }
  }
  await Promise.all(Array.from({ length: availableParallelism() }, work))
  return fine
}
