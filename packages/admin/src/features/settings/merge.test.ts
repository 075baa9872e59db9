import { expect, test } from 'vitest'
import { changedMembers, isSame, merge } from './merge.ts'

const base = { closing: false, saveTo: 'NOTES', order: ['PHONE', 'EMAIL'] }

test('what one has not touched follows what somebody else has saved', () => {
  const mine = { ...base, closing: true }
  const theirs = { ...base, order: ['EMAIL', 'PHONE'] }
  expect(merge(base, mine, theirs)).toEqual({
    values: { ...base, closing: true, order: ['EMAIL', 'PHONE'] },
    clashes: [],
  })
})

test('what both have changed stays as one has entered it, and is named', () => {
  const mine = { ...base, saveTo: 'TASK' }
  const theirs = { ...base, saveTo: 'CUSTOM_ACTIVITY', closing: true }
  expect(merge(base, mine, theirs)).toEqual({ values: { ...mine, closing: true }, clashes: ['saveTo'] })
})

test('both having changed something to the same is no clash, and the rows of the form stay those that they are', () => {
  const rows = [{ id: 'of the form', field: 'telephone1' }]
  const outcome = merge({ rows: [] as typeof rows }, { rows }, { rows: [{ id: 'of the server', field: 'telephone1' }] })
  expect(outcome).toEqual({ values: { rows }, clashes: [] })
})

test('ids do not make a difference, all else does', () => {
  expect(isSame([{ id: '1', field: 'a' }], [{ id: '2', field: 'a' }])).toBe(true)
  expect(isSame([{ id: '1', field: 'a' }], [{ id: '1', field: 'b' }])).toBe(false)
  expect(isSame(null, '')).toBe(false)
  expect(changedMembers(base, { ...base, order: ['EMAIL', 'PHONE'] })).toEqual(['order'])
})
