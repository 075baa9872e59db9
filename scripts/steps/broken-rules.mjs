import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Problem } from './problem.mjs'
import { CommandFailed, runNode } from './run.mjs'
import { commandOf, root } from './workspace.mjs'

/**
 * One way of breaking a rule in the code. `rows` are those whose tests must fail, all of them and no others: both twins where
 * one line serves both CRMs. `find` stands once in `file`.
 *
 * @typedef {{ rows: string[], file: string, find: string, replace: string }} Break
 * @typedef {{ title: string, status: string, failureMessages?: string[] }} TestResult
 */

/** @returns {Break[]} */
export function readBreaks() {
  return JSON.parse(readFileSync(join(root, 'test/rules/breaks.json'), 'utf8'))
}

/**
 * A plugin for Vite that breaks the code as it is loaded, where `BREAK_RULE` names the rows of a break; the files stay as
 * they are.
 */
export function breakRule() {
  const rows = process.env.BREAK_RULE
  if (!rows) return []
  const broken = readBreaks().find((it) => it.rows.join(' ') === rows)
  if (broken === undefined) throw new Problem(`test/rules/breaks.json does not say how to break ${rows}.`)
  const { file, find, replace } = broken
  return [
    {
      name: 'broken-rule',
      enforce: /** @type {const} */ ('pre'),
      /**
       * @param {string} code
       * @param {string} id
       */
      transform(code, id) {
        if (!id.endsWith(`/${file}`)) return null
        if (code.split(find).length !== 2) throw new Problem(`"${find}" should stand once in ${file}.`)
        return { code: code.replace(find, () => replace), map: null }
      },
    },
  ]
}

/**
 * Breaks one rule after the other and runs all tests of rules each time. Each test of the rows must fail, and no other test
 * at all; a test that was not run, or that only took too long, proves nothing.
 *
 * @param {Break[]} breaks
 * @param {(line: string) => void} tell
 * @returns {Promise<string[]>} what was not as it should be
 */
export async function proveRules(breaks, tell) {
  const faults = []
  const folder = mkdtempSync(join(tmpdir(), 'backchannel-breaks-'))
  try {
    for (const [index, { rows, file }] of breaks.entries()) {
      const report = join(folder, `${index}.json`)
      const args = ['run', '--project', 'whole', 'rules/', '--reporter=json', `--outputFile.json=${report}`]
      await runNode(commandOf('.', 'vitest'), args, { env: { BREAK_RULE: rows.join(' ') } }).catch(
        /** @param {unknown} error */ (error) => {
          // Tests are meant to fail.
          if (!(error instanceof CommandFailed)) throw error
        },
      )
      const name = rows.join(' ')
      const { failed, passed, wrong } = judge(rows, JSON.parse(readFileSync(report, 'utf8')))
      tell(
        `${wrong.length === 0 ? 'as it should be' : 'NOT AS IT SHOULD BE'}: ${name} broken in ${file}: ${failed} tests fail, ${passed} pass`,
      )
      faults.push(...wrong.map((it) => `With ${name} broken ${it}`))
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  return faults
}

/**
 * What a run says of a break, from vitest's JSON report.
 *
 * @param {string[]} rows that were broken
 * @param {{ testResults: { name: string, status: string, message?: string, assertionResults: TestResult[] }[] }} report
 * @returns {{ failed: number, passed: number, wrong: string[] }} `wrong` is why it is no proof
 */
export function judge(rows, { testResults }) {
  const tests = testResults.flatMap(({ assertionResults }) => assertionResults)
  const wrong = testResults
    .filter(
      ({ status, assertionResults }) => status === 'failed' && assertionResults.every((it) => it.status !== 'failed'),
    )
    .map(({ name, message }) => `${name} was not run: ${message}`)
  for (const { title, status, failureMessages = [] } of tests) {
    const isOfRows = rows.some((row) => title.startsWith(`${row} `))
    if (status === 'passed' && isOfRows) wrong.push(`this passes: ${title}`)
    else if (status === 'failed' && !isOfRows) wrong.push(`this fails: ${title}`)
    else if (status === 'failed' && failureMessages.some((it) => /timed out in \d+ms/.test(it))) {
      wrong.push(`this took too long: ${title}`)
    } else if (status !== 'passed' && status !== 'failed') wrong.push(`this was not run: ${title}`)
  }
  for (const row of rows) {
    if (!tests.some(({ title }) => title.startsWith(`${row} `))) wrong.push(`there is no test of ${row}`)
  }
  /** @param {string} status */
  const count = (status) => tests.filter((test) => test.status === status).length
  return { failed: count('failed'), passed: count('passed'), wrong }
}
