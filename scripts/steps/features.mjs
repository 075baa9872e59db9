import { readFileSync } from 'node:fs'

/**
 * @typedef {{ id: string, where: string[], unknown: boolean, reason: string | null }} Rule
 * @typedef {{ name: string, title: string, rules: Rule[] }} Section
 * @typedef {{ passed: Set<string>, failed: Set<string> }} Shown rows by their ids
 */

const sectionLine = /^## ([DSX]-[A-Z]+) (.+)$/
const ruleLine = /^- ([DSX]-[A-Z]+-\d+) \(([^)]*)\) /
const reasonLine = /^ {2}No test: (.+)$/
const reading = /\b[AI]-\d{2}\b/
const rowId = /^([DSX]-[A-Z]+-\d{2})\b/

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
 * Which rows the tests of a run have shown, from vitest's JSON report. A row counts by the test's own name, which begins
 * with its id.
 *
 * @param {string} file
 * @returns {Shown}
 */
export function readShown(file) {
  /** @type {{ testResults: { assertionResults: { title: string, status: string }[] }[] }} */
  const { testResults } = JSON.parse(readFileSync(file, 'utf8'))
  /** @type {Shown} */
  const shown = { passed: new Set(), failed: new Set() }
  for (const { title, status } of testResults.flatMap((result) => result.assertionResults)) {
    const id = rowId.exec(title)?.[1]
    if (id === undefined) continue
    if (status === 'passed') shown.passed.add(id)
    else if (status === 'failed') shown.failed.add(id)
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
export function coverage(sections, { passed, failed }) {
  const known = new Set(sections.flatMap(({ rules }) => rules.map(({ id }) => id)))
  const missing = [...passed, ...failed].filter((id) => !known.has(id)).map((id) => `${id} is in no list of rules`)
  const lines = [row('section', 'rows', 'tested', 'reason', 'due', 'missing')]
  const total = { rows: 0, tested: 0, reason: 0, due: 0, missing: 0 }
  for (const { name, title, rules } of sections) {
    const counts = { rows: rules.length, tested: 0, reason: 0, due: 0, missing: 0 }
    for (const rule of rules) {
      const state = stateOf(rule, { passed, failed })
      counts[state] += 1
      if (state === 'missing')
        missing.push(failed.has(rule.id) ? `${rule.id} has a failing test` : `${rule.id} has no test`)
    }
    for (const key of /** @type {(keyof typeof total)[]} */ (Object.keys(total))) total[key] += counts[key]
    const { rows, tested, reason, due, missing: none } = counts
    lines.push(row(`${name} ${title}`, rows, tested, reason, due, none))
  }
  lines.push(row('all', total.rows, total.tested, total.reason, total.due, total.missing))
  return { lines, missing }
}

/**
 * @param {Rule} rule
 * @param {Shown} shown
 * @returns {'tested' | 'reason' | 'due' | 'missing'}
 */
function stateOf({ id, where, unknown, reason }, { passed, failed }) {
  if (failed.has(id)) return 'missing'
  if (passed.has(id)) return 'tested'
  // What is not known cannot be shown, and neither can what a reading has put away.
  if (reason !== null && (unknown || where.includes('-') || reading.test(reason))) return 'reason'
  // What the admin app or the chat product's pages alone show is due there.
  return where.some((it) => it === 'G' || it === 'P') ? 'missing' : 'due'
}

/**
 * @param {string} name
 * @param {(string | number)[]} cells
 */
function row(name, ...cells) {
  return name.padEnd(48) + cells.map((cell) => String(cell).padStart(9)).join('')
}
