import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pnpm } from './pnpm.mjs'
import { Problem } from './problem.mjs'

/** Licences that let us ship what is under them, as SPDX writes them. */
const allowed = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC0-1.0',
  'ISC',
  'MIT',
  'Unlicense',
  'WTFPL',
])

/** Packages that are used in spite of what they say, or do not say, of their licence; each with the reason. */
const exceptions = new Map([
  [
    'elkjs',
    'EPL-2.0. Comes with the command line of Prisma, which generates code; nothing of it is bundled or changed.',
  ],
  [
    'seq-queue',
    'MIT by its LICENSE file; its package.json does not say so. Part of a driver for MySQL that nothing here loads.',
  ],
])

/**
 * @typedef {object} Component of a CycloneDX document
 * @property {string} name
 * @property {string} [group]
 * @property {string} [version]
 * @property {{ expression?: string, license?: { id?: string, name?: string } }[]} [licenses]
 */

/**
 * Writes what the product consists of as CycloneDX JSON.
 *
 * @param {string} file
 */
export async function writeSbom(file) {
  await pnpm([
    'sbom',
    '--recursive',
    '--prod',
    '--sbom-format',
    'cyclonedx',
    '--sbom-type',
    'application',
    '--out',
    file,
  ])
}

/**
 * Every package that the product consists of with its licence, `name@version: licence`, those of one licence together.
 *
 * @returns {Promise<string[]>}
 * @throws {Problem} where one is neither allowed nor excepted
 */
export async function licences() {
  const folder = mkdtempSync(join(tmpdir(), 'backchannel-sbom-'))
  try {
    const file = join(folder, 'sbom.json')
    await writeSbom(file)
    /** @type {{ components: Component[] }} */
    const { components } = JSON.parse(readFileSync(file, 'utf8'))
    const theirs = components.filter(({ group }) => group !== '@backchannel')
    const refused = theirs.filter((component) => !mayBeUsed(component)).map(lineOf)
    if (refused.length === 0) return theirs.map(lineOf).sort()
    throw new Problem(
      `These packages have licences that nobody has decided on:\n  ${refused.join('\n  ')}\n` +
        'Take another package, or name the licence or the package in scripts/steps/licences.mjs with the reason.',
    )
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** @param {Component} component */
export function mayBeUsed(component) {
  return exceptions.has(nameOf(component)) || licencesOf(component).some(isAllowed)
}

/**
 * @param {string} expression such as `(MIT OR CC0-1.0)`: of several to choose from one must be allowed, of several together all
 */
function isAllowed(expression) {
  const choices = expression.replaceAll(/[()]/g, '').split(/ or /i)
  return choices.some((choice) => choice.split(/ and /i).every((licence) => allowed.has(licence.trim())))
}

/** @param {Component} component */
function licencesOf({ licenses = [] }) {
  return licenses.map(({ expression, license }) => expression ?? license?.id ?? license?.name ?? '')
}

/** @param {Component} component */
function nameOf({ group, name }) {
  return group ? `${group}/${name}` : name
}

/** @param {Component} component */
function lineOf(component) {
  return `${licencesOf(component).join(', ') || 'says none'}: ${nameOf(component)}@${component.version}`
}
