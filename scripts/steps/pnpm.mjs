import { run } from './run.mjs'
import { readJson } from './workspace.mjs'

/**
 * Runs the pnpm that package.json names. Only npx is used for it, which comes with Node.
 *
 * @param {string[]} args
 * @param {Pick<NonNullable<Parameters<typeof run>[2]>, 'show'>} [options]
 * @returns {Promise<string>} what it printed
 */
export function pnpm(args, options) {
  const { packageManager } = readJson('package.json')
  // With CI set, pnpm asks nothing and prints lines instead of a progress bar.
  return run('npx', ['--yes', packageManager, ...args], { ...options, env: { CI: 'true' } })
}
