import { expect, test } from 'vitest'
import { readConversationSearch, toVariables } from './conversation-search.ts'

test('an address is read as far as it can be', () => {
  expect(readConversationSearch({ tagged: 'yes', channel: 'MAIL', status: 'ENDED', since: '2026-01-31' })).toEqual({
    ...{ tagged: 'yes', status: 'ENDED', since: '2026-01-31' },
  })
  expect(readConversationSearch({ tagged: 'no', since: 'soon' })).toEqual({})
})

test('those that are tagged to nothing are asked for, unless the address says otherwise', () => {
  expect(toVariables({}, 'UTC')).toEqual({ tagged: false })
  expect(toVariables({ tagged: 'yes', channel: 'SMS' }, 'UTC')).toEqual({ tagged: true, channel: 'SMS' })
  expect(toVariables({ tagged: 'all', since: '2026-01-31' }, 'Asia/Tokyo')).toEqual({
    since: '2026-01-30T15:00:00.000Z',
  })
})
