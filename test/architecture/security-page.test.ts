/** SECURITY.md promises nothing without a test, and names no test that is not there. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { root } from '../../scripts/steps/workspace.mjs'

const THREATS = 34
const page = readFileSync(join(root, 'SECURITY.md'), 'utf8')

const rows = page
  .split('\n')
  .filter((line) => /^\| T\d+:/.test(line))
  .map((line) => {
    const [threat = '', control = '', tests = '', ...more] = line.slice(1, -1).split('|')
    return { number: /T\d+/.exec(threat)?.[0] ?? '', control: control.trim(), tests, more }
  })

it('every threat of the model has one row, with a control', () => {
  expect(rows.map(({ number }) => number)).toEqual(Array.from({ length: THREATS }, (_, index) => `T${index + 1}`))
  expect(rows.filter(({ control, more }) => control === '' || more.length > 0)).toEqual([])
})

describe.each(rows)('$number', ({ tests }) => {
  const entries = tests.split('<br>').map((entry) => entry.trim())

  it.each(entries)('%s is there', (entry) => {
    const [, file = '', name = ''] = /^`([^`]+\.test\.tsx?)`: "(.+)"$/.exec(entry) ?? []
    expect(file, 'a file in backticks, a colon and the name of a test in quotes').not.toBe('')
    expect(existsSync(join(root, file)), file).toBe(true)
    const source = readFileSync(join(root, file), 'utf8')
    const isThere = [`'${name}'`, `"${name}"`, `\`${name}\``].some((quoted) => source.includes(quoted))
    expect(isThere, `${file} has a test "${name}"`).toBe(true)
  })
})
