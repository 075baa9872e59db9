import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder that holds the whole checkout. */
export const root = fileURLToPath(new URL('../..', import.meta.url))

/** Where stamps and reports of these scripts are kept; goes away with node_modules. */
export const cache = join(root, 'node_modules/.cache/backchannel')

/** Every folder with a package.json, the root first. */
export const packageFolders = [
  '.',
  'packages/providers',
  'packages/emulator',
  'packages/server',
  'packages/admin',
  'test',
]

/**
 * @param {string} path of a JSON file, relative to the root
 * @returns {any}
 */
export function readJson(path) {
  return JSON.parse(readFileSync(join(root, path), 'utf8'))
}

/**
 * The JavaScript file behind a package's command, so that Node can run it on every platform without a shell.
 *
 * @param {string} folder the workspace folder that depends on the package
 * @param {string} name the package
 * @param {string} [command] the command, where the package has several
 */
export function commandOf(folder, name, command = name) {
  const home = join(root, folder, 'node_modules', name)
  const { bin } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8'))
  return join(home, typeof bin === 'string' ? bin : bin[command])
}
