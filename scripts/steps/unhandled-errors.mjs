import { writeFileSync } from 'node:fs'

/** A reporter of vitest that notes errors outside of every test in the file that `UNHANDLED_ERRORS` names. */
export default class UnhandledErrors {
  /**
   * @param {unknown} _modules
   * @param {readonly { message: string }[]} errors
   */
  onTestRunEnd(_modules, errors) {
    const file = process.env['UNHANDLED_ERRORS']
    if (file !== undefined && errors.length > 0) writeFileSync(file, errors.map(({ message }) => message).join('\n'))
  }
}
