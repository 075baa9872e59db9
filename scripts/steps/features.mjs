import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { cache, root } from './workspace.mjs'

/**
 * @typedef {{ id: string, where: string[], unknown: boolean, reason: string | null }} Rule
 * @typedef {{ name: string, title: string, rules: Rule[] }} Section
 * @typedef {'api' | 'app'} Side
 * @typedef {{ passed: Set<string>, failed: Set<string> }} Rows by their ids
 * @typedef {Record<Side, Rows>} Shown
 */

const sectionLine = /^## ([DSX]-[A-Z]+) (.+)$/
const ruleLine = /^- ([DSX]-[A-Z]+-\d+) \(([^)]*)\) /
const reasonLine = /^ {2}No test: (.+)$/
const reading = /\b[AI]-\d{2}\b/
const rowId = /^([DSX]-[A-Z]+-\d{2})\b/
/** What is done in a browser. */
const appTests = /\/test\/admin\//

/** Vitest's JSON report of the last `npm test`, and of the last `npm run test:postgresql`. */
export const testReport = join(cache, 'test-report.json')
export const postgresqlReport = join(cache, 'test-report-postgresql.json')

/**
 * What a run has shown of docs/rules.md.
 *
 * @param {string} report vitest's JSON report of it
 */
export function coverageOf(report) {
  return coverage(readRules(readFileSync(join(root, 'docs/rules.md'), 'utf8')), readShown(report))
}

/**
 * The rules by section, as docs/rules.md lists them.
 *
 * @param {string} text
 * @returns {Section[]}
 */
export function readRules(text) {
  /** @type {Section[]} */
  const sections = []
  for (const line of text.split('\n')) {
    const section = sections.at(-1)
    const [, name, title] = sectionLine.exec(line) ?? []
    if (name !== undefined && title !== undefined) {
      sections.push({ name, title, rules: [] })
      continue
    }
    if (section === undefined) continue
    const [, id, marks] = ruleLine.exec(line) ?? []
    if (id !== undefined && marks !== undefined) {
      const [where = '', ...more] = marks.split(', ')
      section.rules.push({ id, where: where.split(' '), unknown: more.includes('U'), reason: null })
      continue
    }
    const last = section.rules.at(-1)
    const [, reason] = reasonLine.exec(line) ?? []
    if (last !== undefined && reason !== undefined) last.reason = reason
  }
  return sections
}

/**
 * Which rows the tests of a run have shown, from vitest's JSON report: in the admin app where the test is one of `test/admin`,
 * through the API elsewhere. A row counts by the test's own name, which begins with its id.
 *
 * @param {string} file
 * @returns {Shown}
 */
export function readShown(file) {
  /** @type {{ testResults: { name: string, assertionResults: { title: string, status: string }[] }[] }} */
  const { testResults } = JSON.parse(readFileSync(file, 'utf8'))
  /** @type {Shown} */
  const shown = { api: { passed: new Set(), failed: new Set() }, app: { passed: new Set(), failed: new Set() } }
  for (const { name, assertionResults } of testResults) {
    const { passed, failed } = shown[appTests.test(name.replaceAll('\\', '/')) ? 'app' : 'api']
    for (const { title, status } of assertionResults) {
      const id = rowId.exec(title)?.[1]
      if (id === undefined) continue
      if (status === 'passed') passed.add(id)
      else if (status === 'failed') failed.add(id)
    }
  }
  return shown
}

/**
 * What is covered, section by section, and the rows that should be and are not.
 *
 * @param {Section[]} sections
 * @param {Shown} shown
 * @returns {{ lines: string[], missing: string[] }}
 */
export function coverage(sections, shown) {
  const known = new Set(sections.flatMap(({ rules }) => rules.map(({ id }) => id)))
  const missing = sides
    .flatMap((side) => [...shown[side].passed, ...shown[side].failed])
    .filter((id) => !known.has(id))
    .map((id) => `${id} is in no list of rules`)
  const lines = [row('section', 'rows', 'tested', 'in the app', 'reason', 'missing')]
  const total = { rows: 0, tested: 0, app: 0, reason: 0, missing: 0 }
  for (const { name, title, rules } of sections) {
    const counts = { rows: rules.length, tested: 0, app: 0, reason: 0, missing: 0 }
    for (const rule of rules) {
      const wrong = sidesOf(rule).flatMap((side) => faultOf(rule, side, shown[side]))
      const tested = sides.some((side) => shown[side].passed.has(rule.id))
      if (wrong.length > 0) counts.missing += 1
      else if (tested) counts.tested += 1
      else counts.reason += 1
      if (wrong.length === 0 && shown.app.passed.has(rule.id)) counts.app += 1
      missing.push(...wrong)
    }
    for (const key of /** @type {(keyof typeof total)[]} */ (Object.keys(total))) total[key] += counts[key]
    lines.push(row(`${name} ${title}`, counts.rows, counts.tested, counts.app, counts.reason, counts.missing))
  }
  lines.push(row('all', total.rows, total.tested, total.app, total.reason, total.missing))
  return { lines, missing }
}

/** @type {readonly Side[]} */
const sides = ['api', 'app']

/**
 * Where a row is to be shown. What the chat product's own pages do is shown through the API, by a test that asks as they would.
 *
 * @param {Rule} rule
 * @returns {Side[]}
 */
function sidesOf({ where }) {
  return sides.filter((side) => (side === 'app' ? where.includes('A') : where.some((it) => it !== 'A')))
}

/**
 * @param {Rule} rule
 * @param {Side} side
 * @param {Rows} rows
 * @returns {string[]} none or one
 */
function faultOf({ id, where, unknown, reason }, side, { passed, failed }) {
  const place = side === 'app' ? ' in the admin app' : ''
  if (failed.has(id)) return [`${id} has a failing test${place}`]
  if (passed.has(id)) return []
  // What is not known cannot be shown, and neither can what a reading has put away.
  if (reason !== null && (unknown || where.includes('-') || reading.test(reason))) return []
  return [`${id} has no test${place}`]
}

/**
 * @param {string} name
 * @param {(string | number)[]} cells
 */
function row(name, ...cells) {
  return name.padEnd(48) + cells.map((cell) => String(cell).padStart(9)).join('')
}
