import { audit } from './steps/audit.mjs'
import { build } from './steps/build.mjs'
import { generateAll } from './steps/generate.mjs'
import { install } from './steps/install.mjs'
import { licences } from './steps/licences.mjs'
import { checkNode } from './steps/node-version.mjs'
import { Problem, runScript } from './steps/problem.mjs'
import { CommandFailed, runNode } from './steps/run.mjs'
import { contentHash } from './steps/stamp.mjs'
import { typecheck } from './steps/typecheck.mjs'
import { commandOf } from './steps/workspace.mjs'

/** What is generated and committed, and therefore must not change. */
const committed = ['packages/server/schema.graphql', 'pnpm-lock.yaml']

/** A step that answers `NOT_CHECKED` has found nothing out, and is named at the end. */
const NOT_CHECKED = Symbol('not checked')

/** @type {[name: string, step: () => Promise<unknown>][]} */
const steps = [
  ['install, as the lock file says', install],
  ['generate, and nothing changes', generateUnchanged],
  ['format and lint', () => tool('@biomejs/biome', 'biome', ['check', '--error-on-warnings', '.'])],
  ['lint with types', () => tool('oxlint', 'oxlint')],
  ['types', typesAreRight],
  [
    'boundaries',
    () => tool('dependency-cruiser', 'depcruise', ['packages', 'test', '--config', '.dependency-cruiser.cjs']),
  ],
  ['unused code', () => tool('knip', 'knip')],
  // Exports count in the step before: one that a test uses, beside its own file, is none too many.
  ['unused code in production', () => tool('knip', 'knip', ['--production', '--include', 'files,dependencies'])],
  ['licences', licences],
  ['known weaknesses', knownWeaknesses],
  ['build', build],
]

/** Runs everything that CI holds the code to, all of it even when one step fails. */
await runScript(async () => {
  checkNode()
  /** @type {string[]} */
  const failed = []
  /** @type {string[]} */
  const unchecked = []
  for (const [name, step] of steps) {
    console.log(`\n── ${name}`)
    const start = performance.now()
    try {
      if ((await step()) === NOT_CHECKED) unchecked.push(name)
      else console.log(`   passed in ${((performance.now() - start) / 1_000).toFixed(1)} s`)
    } catch (error) {
      failed.push(name)
      console.error(error instanceof CommandFailed ? error.message : error instanceof Problem ? error.message : error)
    }
  }
  if (unchecked.length > 0) console.log(`\nNOT CHECKED: ${unchecked.join('; ')}. Run it where the registry answers.`)
  const whatHolds = unchecked.length > 0 ? 'Everything else holds.' : 'Everything holds.'
  console.log(failed.length === 0 ? `\n${whatHolds}` : `\nFailed: ${failed.join('; ')}.`)
  return failed.length === 0 ? 0 : 1
})

/**
 * @param {string} name of the package
 * @param {string} command
 * @param {string[]} [args]
 */
async function tool(name, command, args = []) {
  await runNode(commandOf('.', name, command), args, { show: () => true })
}

async function generateUnchanged() {
  const before = contentHash(committed)
  await generateAll()
  if (contentHash(committed) !== before) {
    throw new Problem(`Generating has changed ${committed.join(' or ')}: look at the difference and commit it.`)
  }
}

async function typesAreRight() {
  if (!(await typecheck())) throw new Problem('Types are wrong; see above.')
}

async function knownWeaknesses() {
  if (await audit()) return undefined
  console.log('   NOT CHECKED: this registry does not answer questions about weaknesses.')
  return NOT_CHECKED
}
