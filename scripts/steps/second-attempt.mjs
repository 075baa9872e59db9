import { readFileSync, writeFileSync } from 'node:fs'

/** More failed files than these are no accident of a busy machine. */
const MOST_FILES = 3

/**
 * @typedef {{ title: string, fullName: string, status: string, failureMessages: string[] }} TestResult
 * @typedef {{ name: string, status: string, message?: string, assertionResults: TestResult[] }} FileResult
 */

/**
 * The files of a run that are worth a second look: those that failed, where they are few.
 *
 * @param {string} report vitest's JSON report
 * @returns {string[]} paths; none where nothing failed, or too much
 */
export function worthASecondLook(report) {
  const failed = new Set(
    read(report)
      .filter(({ status }) => status === 'failed')
      .map(({ name }) => name),
  )
  return failed.size > MOST_FILES ? [] : [...failed]
}

/**
 * Puts what the second run says of its files into the report of the first, and names the tests whose answer changed: each of
 * them is a defect, of the test or of what it tests, that is yet to be found.
 *
 * @param {string} report of the whole run, which is rewritten
 * @param {string} second report of the failed files alone
 * @returns {string[]} a line for each test that failed once and passed then
 */
export function takeSecondLook(report, second) {
  const [before, after] = [read(report), read(second)]
  const again = new Set(after.map(({ name }) => name))
  const settled = before.filter(({ name }) => !again.has(name))
  writeFileSync(report, JSON.stringify({ testResults: [...settled, ...after] }))
  return before.flatMap((file) => {
    const now = after.filter(({ name }) => name === file.name)
    if (now.length === 0 || now.some(({ status }) => status === 'failed')) return []
    return reasonsOf(file).map((reason) => `Failed once, passed when run again: ${file.name} > ${reason}`)
  })
}

/**
 * @param {FileResult} file
 * @returns {string[]}
 */
function reasonsOf({ status, message, assertionResults }) {
  if (status !== 'failed') return []
  const failed = assertionResults.filter((test) => test.status === 'failed')
  if (failed.length === 0) return [firstLine(message ?? 'the file itself')]
  return failed.map(({ fullName, failureMessages }) => `${fullName}: ${firstLine(failureMessages[0] ?? '')}`)
}

/** @param {string} text */
const firstLine = (text) => text.split('\n', 1)[0] ?? ''

/**
 * @param {string} report
 * @returns {FileResult[]}
 */
const read = (report) => JSON.parse(readFileSync(report, 'utf8')).testResults
