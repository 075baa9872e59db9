import { expect, test } from 'vitest'
import { fromLocalMoment, shownValues, toFieldValues, toLocalMoment } from './form-values.ts'

const field = (id: string, more: object = {}) => ({
  id,
  type: 'TEXT' as const,
  multiple: false,
  defaultValue: null,
  ...more,
})

test('what was entered stands in place of what the form starts with, and so does nothing', () => {
  const phone = field('phone', { defaultValue: '+1' })
  expect(shownValues(phone, {})).toEqual(['+1'])
  expect(shownValues(phone, { phone: ['+2'] })).toEqual(['+2'])
  expect(shownValues(phone, { phone: [] })).toEqual([])
})

test('what an agent would send: defaults too, several values where the field takes them, nothing that is empty', () => {
  const fields = [
    field('name', { defaultValue: 'Ada' }),
    field('colours', { multiple: true }),
    field('note'),
    field('blank'),
  ]
  expect(toFieldValues(fields, { colours: ['1', '2'], note: ['x'], blank: [' '], gone: ['y'] })).toEqual([
    { fieldId: 'name', value: 'Ada' },
    { fieldId: 'colours', values: ['1', '2'] },
    { fieldId: 'note', value: 'x' },
  ])
})

test('a moment comes back from the input of the browser as it was, to the minute', () => {
  expect(fromLocalMoment(toLocalMoment('2026-05-01T10:07:00.000Z'))).toBe('2026-05-01T10:07:00.000Z')
  expect(toLocalMoment('')).toBe('')
  expect(fromLocalMoment('')).toBe('')
})
