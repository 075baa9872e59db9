import { expect, test } from 'vitest'
import { readPushSearch, toPushFilter } from './push-search.ts'

test('an address is read as far as it can be', () => {
  expect(
    readPushSearch({
      status: 'FAILED,NONSENSE,RETRYING',
      integration: 'x',
      since: '2026-01-31',
      until: 'soon',
      other: 1,
    }),
  ).toEqual({ status: 'FAILED,RETRYING', integration: 'x', since: '2026-01-31' })
  expect(readPushSearch({ status: 'NONSENSE', conversation: 7 })).toEqual({})
})

test('days begin and end in the zone of the workspace', () => {
  const search = { status: 'FAILED', conversation: 'c', since: '2026-01-31', until: '2026-01-31' }
  expect(toPushFilter(search, 'America/Chicago')).toEqual({
    ...{ status: ['FAILED'], conversationId: 'c' },
    ...{ since: '2026-01-31T06:00:00.000Z', until: '2026-02-01T06:00:00.000Z' },
  })
  expect(toPushFilter({}, 'UTC')).toEqual({})
})
