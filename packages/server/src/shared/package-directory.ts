import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The directory of this package, whether the code runs from its sources or from a bundle. */
export const packageDirectory = findUpwards(dirname(fileURLToPath(import.meta.url)), 'prisma/schema.prisma')

/** The directory of the workspace: paths in the configuration are relative to it. */
export const workspaceDirectory = dirname(dirname(packageDirectory))

function findUpwards(start: string, landmark: string): string {
  for (let directory = start; ; directory = dirname(directory)) {
    if (existsSync(join(directory, landmark))) return directory
    if (directory === dirname(directory)) throw new Error(`No ${landmark} lies above ${start}: the installation is cut`)
  }
}
