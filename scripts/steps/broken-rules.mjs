import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { Problem } from './problem.mjs'
import { CommandFailed, runNode } from './run.mjs'
import { commandOf, root } from './workspace.mjs'

/**
 * One way of breaking a rule in the code. `rows` are those whose tests must fail, all of them and no others: both twins where
 * one line serves both CRMs. `find` stands once in `file`.
 *
 * @typedef {{ rows: string[], file: string, find: string, replace: string }} Break
 * @typedef {{ title: string, status: string, failureMessages?: string[] }} TestResult
 * @typedef {{ testResults: { name: string, status: string, message?: string, assertionResults: TestResult[] }[] }} Report
 */

/** @returns {Break[]} */
export function readBreaks() {
  return JSON.parse(readFileSync(join(root, 'test/rules/breaks.json'), 'utf8'))
}

/** Between the names of breaks, which are their rows with blanks between them. */
const separator = ', '
/** @param {Break} it */
const nameOf = ({ rows }) => rows.join(' ')

/**
 * A plugin for Vite that breaks the code as it is loaded, where `BREAK_RULE` names breaks; the files stay as they are.
 */
export function breakRule() {
  if (!process.env.BREAK_RULE) return []
  const names = process.env.BREAK_RULE.split(separator)
  const breaks = readBreaks().filter((it) => names.includes(nameOf(it)))
  if (breaks.length < names.length) throw new Problem(`test/rules/breaks.json does not say how to break ${names}.`)
  return [
    {
      name: 'broken-rule',
      enforce: /** @type {const} */ ('pre'),
      /**
       * @param {string} code
       * @param {string} id
       */
      transform(code, id) {
        const ofFile = breaks.filter(({ file }) => id.endsWith(`/${file}`))
        if (ofFile.length === 0) return null
        return { code: ofFile.reduce(brokenBy, code), map: null }
      },
    },
  ]
}

/**
 * @param {string} code
 * @param {Break} broken
 */
function brokenBy(code, { file, find, replace }) {
  if (code.split(find).length !== 2) throw new Problem(`"${find}" should stand once in ${file}.`)
  return code.replace(find, () => replace)
}

/**
 * Breaks all of them at once and runs all tests of rules: every test of the rows must fail, and no other test at all. Then
 * breaks one after the other and runs the tests of those rows, to see that each fails by its own break alone. A test that was
 * not run, or that only took too long, proves nothing.
 *
 * @param {Break[]} breaks
 * @param {(line: string) => void} tell
 * @returns {Promise<string[]>} what was not as it should be
 */
export async function proveRules(breaks, tell) {
  const folder = mkdtempSync(join(tmpdir(), 'backchannel-breaks-'))
  const rows = breaks.flatMap((it) => it.rows)
  /** @type {string[]} */
  const faults = []

  /**
   * @param {Break[]} broken
   * @param {string[]} which what to run of the tests
   * @param {string[] | null} chosen
   */
  async function prove(broken, which, chosen) {
    const report = join(folder, 'report.json')
    rmSync(report, { force: true })
    const names = broken.map(nameOf).join(separator)
    const output = ['--reporter=json', `--outputFile.json=${report}`]
    const args = ['run', '--project', 'whole', '--maxWorkers=100%', ...which, ...output]
    await runNode(commandOf('.', 'vitest'), args, { env: { BREAK_RULE: names } }).catch(
      /** @param {unknown} error */ (error) => {
        // Tests are meant to fail.
        if (!(error instanceof CommandFailed)) throw error
      },
    )
    /** @type {Report} */
    const read = JSON.parse(readFileSync(report, 'utf8'))
    const { failed, passed, wrong } = judge(
      broken.flatMap((it) => it.rows),
      read,
      chosen,
    )
    tell(
      `${wrong.length === 0 ? 'as it should be' : 'NOT AS IT SHOULD BE'}: ${names} broken: ${failed} failed, ${passed} passed`,
    )
    faults.push(...wrong.map((it) => `With ${names} broken ${it}`))
    return read
  }

  try {
    const { testResults } = await prove(breaks, ['rules/'], null)
    const files = testResults.filter((it) => it.assertionResults.some(({ title }) => isOf(rows, title)))
    const which = [...files.map(({ name }) => `rules/${basename(name)}`), '-t', `\\b(${rows.join('|')}) `]
    for (const it of breaks) await prove([it], which, rows)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  return faults
}

/**
 * @param {string[]} rows
 * @param {string} title
 */
const isOf = (rows, title) => rows.some((row) => title.startsWith(`${row} `))

/**
 * What a run says of a break, from vitest's JSON report.
 *
 * @param {string[]} rows that were broken
 * @param {Report} report
 * @param {string[] | null} [chosen] the rows whose tests were run; null: all tests were
 * @returns {{ failed: number, passed: number, wrong: string[] }} `wrong` is why it is no proof
 */
export function judge(rows, { testResults }, chosen = null) {
  const tests = testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ title }) => chosen === null || isOf(chosen, title))
  const wrong = testResults
    .filter((it) => it.status === 'failed' && it.assertionResults.every(({ status }) => status !== 'failed'))
    .map(({ name, message }) => `${name} was not run: ${message}`)
  for (const { title, status, failureMessages = [] } of tests) {
    if (status === 'passed' && isOf(rows, title)) wrong.push(`this passes: ${title}`)
    else if (status === 'failed' && !isOf(rows, title)) wrong.push(`this fails: ${title}`)
    else if (status === 'failed' && failureMessages.some((it) => /timed out in \d+ms/.test(it))) {
      wrong.push(`this took too long: ${title}`)
    } else if (status !== 'passed' && status !== 'failed') wrong.push(`this was not run: ${title}`)
  }
  wrong.push(
    ...rows.filter((row) => !tests.some(({ title }) => isOf([row], title))).map((row) => `there is no test of ${row}`),
  )
  /** @param {string} status */
  const count = (status) => tests.filter((test) => test.status === status).length
  return { failed: count('failed'), passed: count('passed'), wrong }
}
