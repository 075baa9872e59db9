import { build } from './build.mjs'
import { generate } from './generate.mjs'
import { install } from './install.mjs'
import { checkNode } from './node-version.mjs'
import { Problem } from './problem.mjs'
import { CommandFailed } from './run.mjs'

/**
 * Installs and generates what is missing, so that the sources can run.
 *
 * @param {() => Promise<void>} [generating]
 */
export async function prepareSources(generating = generate) {
  checkNode()
  await install()
  await readable(generating)
}

/** Installs, generates and builds what is missing, so that everything can be started. */
export async function prepare() {
  await prepareSources()
  await readable(build)
}

/** @param {() => Promise<void>} step whose commands may fail; what they printed becomes the message */
async function readable(step) {
  try {
    await step()
  } catch (error) {
    if (error instanceof CommandFailed) throw new Problem(`${error.output.trimEnd()}\n\n${error.message}.`)
    throw error
  }
}
