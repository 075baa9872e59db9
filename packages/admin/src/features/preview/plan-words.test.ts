import { expect, test } from 'vitest'
import { labelIn, sectionOf, titleOf } from './plan-words.ts'

const labelOf = (name: string) => labelIn([{ label: 'Customer', entityType: { name: 'account' } }], name)

test.each([
  [{ kind: 'CREATE_RECORD', entityName: 'account' }, 'Make a new record: Customer'],
  [{ kind: 'CREATE_RECORD', entityName: 'lead' }, 'Make a new record: lead'],
  [{ kind: 'CREATE_ACTIVITY', entityName: 'NOTE', target: { name: 'Ada' } }, 'Make a new note on Ada'],
  [
    { kind: 'CREATE_ACTIVITY', entityName: 'phonecall', target: null },
    'Make a new activity phonecall on the new record',
  ],
  [{ kind: 'CLOSE_ACTIVITY', entityName: 'TASK', target: { name: 'Ada' } }, 'Mark the task as completed'],
  [{ kind: 'UPDATE_RECORD', entityName: 'contact', target: { name: null } }, 'Write fields of the record'],
  [{ kind: 'SKIP', entityName: 'contact', target: { name: 'Ada' } }, 'Nothing for Ada'],
] as const)('%j is told in words', (step, words) => {
  expect(titleOf(step, labelOf)).toBe(words)
})

test('a value leads to the section of the settings that it comes from', () => {
  expect(sectionOf('CHAT_VARIABLE', 'x')).toBe('export-fields')
  expect(sectionOf('BACKEND_INPUT', 'x')).toBe('backend-fields')
  expect(sectionOf('DEFAULT', null)).toBe('default-fields')
  expect(sectionOf('KEPT', 'x')).toBe('backend-fields')
  expect(sectionOf('KEPT', null)).toBeNull()
  expect(sectionOf('SYSTEM', null)).toBeNull()
})
