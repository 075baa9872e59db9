import { expect, test } from 'vitest'
import { ValidationError } from '../shared/errors.ts'
import { checkVariableName, checkWorkspaceChange, type WorkspaceChange } from './change.ts'

test('a change is kept as the lists of zones and countries spell it', () => {
  expect(checkWorkspaceChange({ timeZone: ' europe/berlin ', countryCode: 'de', name: ' Shop ', brand: null })).toEqual(
    {
      timeZone: 'Europe/Berlin',
      countryCode: 'DE',
      name: 'Shop',
    },
  )
  expect(checkWorkspaceChange({ retentionDays: null })).toEqual({ retentionDays: null })
})

test.each<[keyof WorkspaceChange, WorkspaceChange]>([
  ['name', { name: ' ' }],
  ['name', { name: 'x'.repeat(101) }],
  ['timeZone', { timeZone: 'Mars/Olympus' }],
  ['timeZone', { timeZone: '+02:00' }],
  ['countryCode', { countryCode: 'UK' }],
  ['countryCode', { countryCode: 'ZZ' }],
  ['countryCode', { countryCode: 'Germany' }],
  ['retentionDays', { retentionDays: 0 }],
  ['brand', { brand: '' }],
])('a wrong %s is refused on its input: %j', (field, change) => {
  expect(faults(() => checkWorkspaceChange(change))).toEqual([['input', field]])
})

test('everything that is wrong is said at once', () => {
  const wrong = { name: '', timeZone: 'x', countryCode: 'x' }
  expect(faults(() => checkWorkspaceChange(wrong))).toHaveLength(3)
})

test.each(['', 'x'.repeat(101), 'Page URL'])('a chat variable "%s" cannot be declared', (name) => {
  expect(faults(() => checkVariableName(name))).toEqual([['name']])
})

test('case counts in the names of chat variables', () => {
  expect(checkVariableName(' page url ')).toBe('page url')
})

function faults(work: () => unknown): (readonly string[])[] {
  try {
    work()
  } catch (error) {
    if (error instanceof ValidationError) return error.fields.map(({ path }) => path)
    throw error
  }
  return []
}
