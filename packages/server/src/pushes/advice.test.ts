import { providerErrorCodes } from '@backchannel/providers'
import { expect, test } from 'vitest'
import { withAdvice } from './advice.ts'
import { consequenceOf } from './schedule.ts'

const refused = 'A plug-in says no.'

const final = providerErrorCodes.filter((code) => consequenceOf(code) === 'FAIL' && code !== 'CRM_NOT_CLOSABLE')

test.each(final)('a push that failed for good by %s says what to do', (errorCode) => {
  const words = withAdvice(refused, { status: 'FAILED', errorCode })
  expect(words).toMatch(/^A plug-in says no\. .*\b(retry|discard) this push.*\.$/i)
})

test('of a push whose text is there, it says so', () => {
  const words = withAdvice('Fill in a reason', { status: 'PARTIAL', errorCode: 'CRM_REJECTED' })
  expect(words).toMatch(/^Fill in a reason\. The text is in the CRM\./)
})

test.each([
  ['the sentence that is given word for word', { status: 'PARTIAL', errorCode: 'CRM_NOT_CLOSABLE' }],
  ['what says itself that it is to be retried', { status: 'FAILED', errorCode: 'CRM_UNAVAILABLE' }],
  ['what heals by itself', { status: 'RETRYING', errorCode: 'CRM_UNAVAILABLE' }],
] as const)('%s stays alone', (_, state) => {
  expect(withAdvice(refused, state)).toBe(refused)
})

test.each([
  ['is heard again', 'FAILED', 'What the CRM said is not kept any more. Retry this push to hear it again.'],
  ['asks for nothing where the text is there', 'PARTIAL', 'What the CRM said is not kept any more.'],
] as const)('a failure whose words are lost %s', (_, status, expected) => {
  expect(withAdvice(null, { status, errorCode: 'CRM_FORBIDDEN' })).toBe(expected)
})
