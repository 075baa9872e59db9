import { expect, test } from 'vitest'
import { adviceOn } from './redis-advice.ts'

test.each([
  ['NOPERM No permissions to access a channel', 'redis', /lacks rights.*&backchannel:/],
  ['WRONGPASS invalid username-password pair or user is disabled.', 'redis', /password in REDIS_URL/],
  ['NOAUTH Authentication required.', 'redis', /password in REDIS_URL/],
  ['Connection timeout', 'rediss', /begins with redis:/],
  ['C0DE:error:0A00010B:SSL routines:ssl3_get_record:wrong version number', 'rediss', /begins with redis:/],
  ['Socket closed unexpectedly', 'redis', /begins with rediss:/],
])('of "%s" over %s: what to do', (message, protocol, advice) => {
  expect(adviceOn(new Error(message), `${protocol}://cache:6379`)).toMatch(advice)
})

test.each([
  ['Connection timeout', 'redis'],
  ['Socket closed unexpectedly', 'rediss'],
  ['connect ECONNREFUSED 192.0.2.1:6379', 'redis'],
])('of "%s" over %s there is nothing to add', (message, protocol) => {
  expect(adviceOn(new Error(message), `${protocol}://cache:6379`)).toBeNull()
})
