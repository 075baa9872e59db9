/** Something that a person has to change before the command can go on; its message says what. */
export class Problem extends Error {
  /** @override */
  name = 'Problem'
}

/**
 * Runs a script's main function: a `Problem` is shown as its sentence, anything else with its stack; both exit with 1.
 *
 * @param {() => Promise<number | void>} main answers the exit code
 */
export async function runScript(main) {
  try {
    process.exitCode = (await main()) ?? 0
  } catch (error) {
    console.error(error instanceof Problem ? `\n${error.message}\n` : error)
    process.exitCode = 1
  }
}
