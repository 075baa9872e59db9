import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { cache, root } from './workspace.mjs'

/** Made by these steps or by people's tools, so never an input. */
const ignored = new Set(['node_modules', 'dist', 'generated', '.git', '.cache'])

/**
 * @param {string} path absolute
 * @returns {string[]} the files under it, sorted
 */
function filesUnder(path) {
  if (!existsSync(path)) return []
  if (statSync(path).isFile()) return [path]
  return readdirSync(path, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      if (ignored.has(entry.name) || /\.test\.tsx?$/.test(entry.name)) return []
      const file = join(path, entry.name)
      return entry.isDirectory() ? filesUnder(file) : [file]
    })
}

/**
 * The hash of some files' names and content and of some facts about the machine.
 *
 * @param {string[]} inputs files or folders, relative to the root; tests and generated files do not count
 * @param {string[]} [facts]
 * @param {string} [base]
 */
export function contentHash(inputs, facts = [], base = root) {
  const hash = createHash('sha256').update(facts.join('\0'))
  for (const file of inputs.flatMap((input) => filesUnder(join(base, input)))) {
    hash.update(`\0${file.slice(base.length)}\0`).update(readFileSync(file))
  }
  return hash.digest('hex')
}

/**
 * Does some work unless its outputs are there and its inputs are what they were when it last ended well.
 *
 * @param {{ name: string, inputs: string[], outputs: string[], facts?: string[] }} step
 * @param {() => Promise<void>} work
 * @returns {Promise<boolean>} whether there was anything to do
 */
export async function whenChanged({ name, inputs, outputs, facts }, work) {
  const stamp = join(cache, `${name}.stamp`)
  const before = contentHash(inputs, facts)
  const done = existsSync(stamp) && readFileSync(stamp, 'utf8') === before
  if (done && outputs.every((output) => existsSync(join(root, output)))) return false
  await work()
  mkdirSync(dirname(stamp), { recursive: true })
  writeFileSync(stamp, before)
  return true
}
