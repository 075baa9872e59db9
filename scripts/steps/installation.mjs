import { cpSync, existsSync, readFileSync, realpathSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { besideTheBundle } from './build.mjs'
import { root } from './workspace.mjs'

/** What runs, as it lies in the workspace: the server finds the rest from there. */
const parts = ['packages/server/package.json', 'packages/server/dist', 'packages/server/prisma', 'packages/admin/dist']

/** Packages that others name as theirs and only need while they are installed. */
const forInstalling = new Set(['prebuild-install'])

/**
 * Copies what was built, with the few packages that it needs, and nothing that building needed: from that folder alone every
 * process of the server runs.
 *
 * @param {string} folder one that is empty, or not there yet
 */
export function layOutInstallation(folder) {
  for (const part of parts) cpSync(join(root, part), join(folder, part), { recursive: true })
  for (const [name, home] of packagesNeeded()) {
    cpSync(home, join(folder, 'node_modules', name), { recursive: true, dereference: true })
  }
}

/** @returns {Map<string, string>} where each lies, with those that it needs in turn */
function packagesNeeded() {
  const found = new Map()
  const wanted = besideTheBundle.map((name) => ({ name, by: join(root, 'packages/server') }))
  for (let next = wanted.pop(); next; next = wanted.pop()) {
    const { name, by } = next
    if (found.has(name)) continue
    const home = homeOf(name, by)
    found.set(name, home)
    const { dependencies = {} } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8'))
    for (const needed of Object.keys(dependencies))
      if (!forInstalling.has(needed)) wanted.push({ name: needed, by: home })
  }
  return found
}

/**
 * Where Node finds a package that another one imports.
 *
 * @param {string} name
 * @param {string} by the folder of the one that imports it
 */
function homeOf(name, by) {
  const folders = createRequire(join(by, 'package.json')).resolve.paths(name) ?? []
  const home = folders.map((folder) => join(folder, name)).find((folder) => existsSync(join(folder, 'package.json')))
  if (home === undefined) throw new Error(`${name}, which ${by} needs, is not installed`)
  return realpathSync(home)
}
