import { Problem } from './problem.mjs'

const floor = { major: 20, minor: 19 }

/**
 * Says what is wrong with a Node version, or nothing.
 *
 * @param {string} version such as `20.19.0`
 * @returns {string | undefined}
 */
export function nodeVersionProblem(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  if (major > floor.major || (major === floor.major && minor >= floor.minor)) return undefined
  return (
    `Backchannel needs Node ${floor.major}.${floor.minor} or newer; this is Node ${version}.\n` +
    'Install a newer one from https://nodejs.org (or: nvm install, which reads .nvmrc) and run the command again.'
  )
}

export function checkNode(version = process.versions.node) {
  const problem = nodeVersionProblem(version)
  if (problem) throw new Problem(problem)
}
