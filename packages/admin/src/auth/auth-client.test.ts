import { expect, test } from 'vitest'
import { readRefusal } from './auth-client.ts'

test('what is wrong with inputs lands at their names', () => {
  const answer = { code: 'VALIDATION', message: 'Two things.', fields: [{ path: ['name'], message: 'Give a name.' }] }
  expect(readRefusal(400, answer)).toEqual({
    kind: 'REFUSED',
    code: 'VALIDATION',
    message: 'Two things.',
    fields: { name: 'Give a name.' },
  })
})

test.each([null, 'text', { fields: 'x' }, { fields: [null, { path: 1 }] }, []])(
  '%j is an answer without a sentence',
  (answer) => {
    expect(readRefusal(400, answer)).toMatchObject({ code: '', message: 'That was refused. Try again.', fields: {} })
  },
)

test('a server in trouble, and one that has heard enough, are told in words of our own; one with too many sign-ins says so', () => {
  expect(readRefusal(503, { message: 'x' }).message).toContain('does not answer')
  expect(readRefusal(503, { code: 'SIGN_INS_BUSY', message: 'x' }).message).toBe('x')
  expect(readRefusal(429, { message: 'x' })).toMatchObject({ code: 'TOO_MANY_TRIES' })
})
