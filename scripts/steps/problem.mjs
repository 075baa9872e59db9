import { constants } from 'node:os'

/** Something that a person has to change before the command can go on; its message says what. */
export class Problem extends Error {
  /** @override */
  name = 'Problem'
}

/** A signal has ended the command before its work was done. */
export class Interrupted extends Error {
  /** @override */
  name = 'Interrupted'

  /** @param {NodeJS.Signals} signal */
  constructor(signal) {
    super(`Ended by ${signal}`)
    /** What a shell answers for a command that a signal has ended. */
    this.exitCode = 128 + constants.signals[signal]
  }
}

/**
 * Runs a script's main function: a `Problem` is shown as its sentence, anything else with its stack; both exit with 1.
 * One that was interrupted ends without a word.
 *
 * @param {() => Promise<number | void>} main answers the exit code
 */
export async function runScript(main) {
  try {
    process.exitCode = (await main()) ?? 0
  } catch (error) {
    if (error instanceof Interrupted) {
      process.exitCode = error.exitCode
      return
    }
    console.error(error instanceof Problem ? `\n${error.message}\n` : error)
    process.exitCode = 1
  }
}
