import { existsSync, readFileSync } from 'node:fs'

/**
 * Counts a test run in one line, from vitest's JSON report. A file that could not even be loaded counts as one failure,
 * and so does a run that left no report.
 *
 * @param {string} file
 */
export function closingLine(file) {
  if (!existsSync(file)) return '0 passed, 1 failed'
  /** @type {{ testResults: { status: string, assertionResults: { status: string }[] }[] }} */
  const { testResults } = JSON.parse(readFileSync(file, 'utf8'))
  const tests = testResults.flatMap((result) => result.assertionResults)
  /** @param {string[]} statuses */
  const count = (...statuses) => tests.filter(({ status }) => statuses.includes(status)).length
  const broken = testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && !assertionResults.some((result) => result.status === 'failed'),
  )
  const skipped = count('skipped', 'pending', 'todo', 'disabled')
  const line = `${count('passed')} passed, ${count('failed') + broken.length} failed`
  return skipped === 0 ? line : `${line}, ${skipped} skipped`
}
