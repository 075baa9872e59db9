import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { judge, readBreaks } from '../../scripts/steps/broken-rules.mjs'
import { coverage, readRules, readShown } from '../../scripts/steps/features.mjs'

const rules = `
## D-EXP Dynamics: Custom export fields

- D-EXP-01 (G P) Export fields add fields.
- D-EXP-02 (G P) Constants are not on the form.
- D-EXP-43 (A) Reordering is by a handle.
- D-EXP-44 (G, U) Something that is lost.
  No test: the picture is lost.

## S-SMS Salesforce: Allow Auto SMS Push

- S-SMS-01 (G P) Needs both.
`

type Tests = [title: string, status: string, file?: string][]

function shownBy(...tests: Tests) {
  const directory = mkdtempSync(join(tmpdir(), 'backchannel-features-'))
  onTestFinished(() => rmSync(directory, { recursive: true }))
  const file = join(directory, 'report.json')
  const testResults = tests.map(([title, status, name = '/test/rules/export.test.ts']) => ({
    name,
    assertionResults: [{ title, status }],
  }))
  writeFileSync(file, JSON.stringify({ testResults }))
  return readShown(file)
}

const missingOf = (...tests: Tests) => coverage(readRules(rules), shownBy(...tests)).missing

const inApp: Tests[number] = ['D-EXP-43 the handle moves it', 'passed', '/test/admin/export-fields.test.ts']
/** What is missing but for the rows of the admin app. */
const missingWith = (...tests: Tests) => missingOf(inApp, ...tests)

test('a row without a test is missing; one with a reason is not', () => {
  expect(missingOf(['D-EXP-01 fields are added', 'passed'])).toEqual([
    'D-EXP-02 has no test',
    'D-EXP-43 has no test in the admin app',
    'S-SMS-01 has no test',
  ])
})

test('a row of the admin app is shown in the app, one of the gateway through the API, one of both in both', () => {
  const both = readRules("## D-EXP Fields\n\n- D-EXP-42 (G A) The order is the admin's.\n- D-EXP-43 (A) By a handle.\n")
  const missing = (...tests: Tests) => coverage(both, shownBy(...tests)).missing
  const app = '/test/admin/ordering.test.ts'
  expect(missing(['D-EXP-42 a', 'passed'], ['D-EXP-43 b', 'passed'])).toEqual([
    'D-EXP-42 has no test in the admin app',
    'D-EXP-43 has no test in the admin app',
  ])
  expect(missing(['D-EXP-42 a', 'passed', app], inApp)).toEqual(['D-EXP-42 has no test'])
  expect(missing(['D-EXP-42 a', 'passed'], ['D-EXP-42 c', 'passed', app], inApp)).toEqual([])
  expect(missing(['D-EXP-42 a', 'passed'], ['D-EXP-42 c', 'failed', app], inApp)).toEqual([
    'D-EXP-42 has a failing test in the admin app',
  ])
})

test("a row of the chat product's pages alone is shown through the API", () => {
  const pages = readRules('## D-PSH Pushing\n\n- D-PSH-02 (H) By hand.\n')
  expect(coverage(pages, shownBy()).missing).toEqual(['D-PSH-02 has no test'])
  expect(coverage(pages, shownBy(['D-PSH-02 by hand', 'passed'])).missing).toEqual([])
})

test('a reason counts where the content is not known, or where it names a reading; elsewhere a test is owed', () => {
  const tedious = '- D-EXP-45 (G) Something tedious.\n  No test: it is tedious.\n'
  const read = '- D-EXP-46 (G) Something that was read otherwise.\n  No test: A-32 has put it away.\n'
  const { missing } = coverage(readRules(`${rules.split('\n## S-SMS')[0]}\n${tedious}${read}`), {
    api: { passed: new Set(['D-EXP-01', 'D-EXP-02']), failed: new Set() },
    app: { passed: new Set(['D-EXP-43']), failed: new Set() },
  })
  expect(missing).toEqual(['D-EXP-45 has no test'])
})

test('a row counts only where every test of it passed, and only by the beginning of a name', () => {
  expect(
    missingWith(
      ['D-EXP-01 fields are added', 'passed'],
      ['D-EXP-01 fields are added to others', 'failed'],
      ['constants as D-EXP-02 says', 'passed'],
      ['S-SMS-01 both', 'passed'],
    ),
  ).toEqual(['D-EXP-01 has a failing test', 'D-EXP-02 has no test'])
})

test('a test that was skipped shows nothing', () => {
  const missing = missingWith(['D-EXP-01 a', 'passed'], ['D-EXP-02 b', 'pending'], ['S-SMS-01 c', 'passed'])
  expect(missing).toEqual(['D-EXP-02 has no test'])
})

test('a test of a row that there is not is told', () => {
  const all: [string, string][] = ['D-EXP-01 a', 'D-EXP-02 b', 'S-SMS-01 c', 'D-EXP-99 d'].map((it) => [it, 'passed'])
  expect(missingWith(...all)).toEqual(['D-EXP-99 is in no list of rules'])
})

test('the list holds all 479 rules, each once', () => {
  const ids = readRules(readFileSync(join(import.meta.dirname, '../../docs/rules.md'), 'utf8')).flatMap((section) =>
    section.rules.map(({ id }) => id),
  )
  expect(ids).toHaveLength(479)
  expect(new Set(ids).size).toBe(479)
})

test('a rule of each section can be broken on purpose, at one place of the code', () => {
  const root = join(import.meta.dirname, '../..')
  const sections = readRules(readFileSync(join(root, 'docs/rules.md'), 'utf8'))
  const breaks = readBreaks()
  const broken = new Set(breaks.flatMap(({ rows }) => rows))
  const without = sections.filter(({ rules }) => !rules.some(({ id }) => broken.has(id)))
  expect(without.map(({ name }) => name)).toEqual([])
  for (const { file, find } of breaks) {
    expect([file, readFileSync(join(root, file), 'utf8').split(find).length - 1]).toEqual([file, 1])
  }
})

const ran = (...tests: [title: string, status: string, message?: string][]) => ({
  testResults: [
    {
      name: 'rules.test.ts',
      status: tests.some(([, status]) => status === 'failed') ? 'failed' : 'passed',
      assertionResults: tests.map(([title, status, message = '']) => ({ title, status, failureMessages: [message] })),
    },
  ],
})

test('a break is proved where every test of its row fails and no other', () => {
  const broken = ['D-SAV-06']
  expect(judge(broken, ran(['D-SAV-06 a', 'failed'], ['D-SAV-05 b', 'passed'], ['pages', 'passed']))).toEqual({
    failed: 1,
    passed: 2,
    wrong: [],
  })
  expect(judge(broken, ran(['D-SAV-06 a', 'failed'], ['D-SAV-06 b', 'passed'])).wrong).toEqual([
    'this passes: D-SAV-06 b',
  ])
  expect(judge(broken, ran(['D-SAV-06 a', 'failed'], ['pages', 'failed'])).wrong).toEqual(['this fails: pages'])
  expect(judge(broken, ran(['D-SAV-06 a', 'failed', 'Test timed out in 30000ms.'])).wrong).toEqual([
    'this took too long: D-SAV-06 a',
  ])
  expect(judge(broken, ran(['D-SAV-05 a', 'skipped'])).wrong).toEqual([
    'this was not run: D-SAV-05 a',
    'there is no test of D-SAV-06',
  ])
  expect(judge(broken, ran(['D-SAV-06 a', 'failed'], ['D-SAV-05 a', 'skipped']), broken).wrong).toEqual([])
  const unloaded = { name: 'rules.test.ts', status: 'failed', message: 'no such file', assertionResults: [] }
  const { testResults } = ran(['D-SAV-06 a', 'failed'])
  expect(judge(broken, { testResults: [...testResults, unloaded] }).wrong).toEqual([
    'rules.test.ts was not run: no such file',
  ])
})
