import { expect, test } from 'vitest'
import type { PushRow_PushFragment } from '../../graphql/generated/graphql.ts'
import { countActable } from './count-actable.ts'
import { type PushList, withHead, withPage, withPush, withStatus } from './push-list.ts'
import { inWords } from './time-until.ts'

/** A push that was asked for at this second. */
const row = (second: number, status: PushRow_PushFragment['status'] = 'QUEUED'): PushRow_PushFragment => ({
  ...{ id: `p${second}`, status, attempts: 0, nextAttemptAt: null, error: null, subject: null, activities: [] },
  createdAt: `2026-01-31T14:05:${String(second).padStart(2, '0')}.000Z`,
  conversation: { id: 'c', channel: 'SMS', externalId: 'sms-1' },
  tag: {
    id: 't',
    reference: {
      ...{ name: 'Ada', entityName: 'contact', url: null },
      integration: { id: 'i', name: 'Contoso' },
    },
  },
})

const page = (seconds: readonly number[], hasMore = true): PushList => ({
  rows: seconds.map((second) => row(second)),
  endCursor: `after ${seconds.at(-1)}`,
  hasMore,
})

const seconds = (list: PushList) => list.rows.map(({ id }) => Number(id.slice(1)))

test('the newest page is read anew: new rows come in front, and what was loaded behind it stays', () => {
  const list = withPage(page([9, 8, 7]), page([6, 5, 4], false))
  expect(seconds(list)).toEqual([9, 8, 7, 6, 5, 4])
  const newer = withHead(list, page([11, 10, 9]))
  expect(seconds(newer)).toEqual([11, 10, 9, 8, 7, 6, 5, 4])
  expect(newer).toMatchObject({ endCursor: 'after 4', hasMore: false })
})

test('a row that the filter does not find any more goes', () => {
  expect(seconds(withHead(page([9, 8, 7]), page([9, 7, 6])))).toEqual([9, 7, 6])
})

test('where more came than a page holds, the rows behind it are loaded anew, so that there is no gap', () => {
  const list = withHead(page([9, 8, 7]), page([29, 28, 27]))
  expect(seconds(list)).toEqual([29, 28, 27])
  expect(list.hasMore).toBe(true)
})

test('a filter that finds nothing shows nothing', () => {
  expect(withHead(page([9, 8]), { rows: [], endCursor: null, hasMore: false }).rows).toEqual([])
})

test('a push that changes stays in its place, and one that is not shown is not added', () => {
  const list = withPush(page([9, 8, 7]), row(8, 'DELIVERED'))
  expect(list.rows.map(({ status }) => status)).toEqual(['QUEUED', 'DELIVERED', 'QUEUED'])
  expect(withPush(list, row(30)).rows).toHaveLength(3)
  expect(withStatus(list, 'p7', 'DISCARDED').rows.at(-1)?.status).toBe('DISCARDED')
})

const counts = [
  { status: 'FAILED', count: 2 },
  { status: 'RETRYING', count: 3 },
  { status: 'DISCARDED', count: 5 },
  { status: 'WAITING_FOR_END', count: 7 },
  { status: 'DELIVERED', count: 11 },
] as const

test('of all that a filter finds, those are counted that can be tried again or given up', () => {
  expect(countActable('RETRY', {}, counts)).toBe(5)
  expect(countActable('RETRY', { status: ['FAILED', 'DISCARDED', 'DELIVERED'] }, counts)).toBe(7)
  expect(countActable('DISCARD', {}, counts)).toBe(0)
  expect(countActable('DISCARD', { integrationId: 'i' }, counts)).toBe(12)
  expect(countActable('DISCARD', { status: ['RETRYING', 'DELIVERED'] }, counts)).toBe(3)
})

test.each([
  [-5, 'within a minute'],
  [59_000, 'within a minute'],
  [300_000, 'in 5 minutes'],
  [7_200_000, 'in 2 hours'],
  [172_800_000, 'in 2 days'],
])('%i ms are %s', (ms, words) => {
  expect(inWords(ms)).toBe(words)
})
