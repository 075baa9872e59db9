import { expect, test } from 'vitest'
import { readAuditSearch, toAuditFilter } from './audit-search.ts'

test('an address is read as far as it can be', () => {
  expect(readAuditSearch({ action: 'SIGNED_IN', actor: '', since: '2026-01-31', until: 'soon', page: 3 })).toEqual({
    ...{ action: 'SIGNED_IN', since: '2026-01-31' },
  })
  expect(readAuditSearch({ action: 7, actor: ['a'] })).toEqual({})
})

test('days are those of the workspace, the last one whole', () => {
  expect(toAuditFilter({ since: '2026-01-31', until: '2026-01-31' }, 'Asia/Tokyo')).toEqual({
    ...{ action: null, actor: null, from: '2026-01-30T15:00:00.000Z', until: '2026-01-31T15:00:00.000Z' },
  })
})
