import { CombinedError } from 'urql'
import { expect, test } from 'vitest'
import { faultOf, faultOfRefusal, faultsByName } from './fault.ts'

test('what is not filled in yet is told calmly, each fault once', () => {
  const fault = (message: string) => ({ message, extensions: { code: 'VALIDATION' } })
  const error = new CombinedError({ graphQLErrors: [fault('Give a name.'), fault('Give a name.'), fault('Too long.')] })
  expect(faultOf(error, 'It broke.')).toEqual({ unfinished: true, messages: ['Give a name.', 'Too long.'] })
})

test('anything else is no matter of filling in', () => {
  const graphQLErrors = [{ message: 'Something broke.', extensions: { code: 'INTERNAL' } }]
  const told = { unfinished: false, messages: ['It broke.'] }
  expect(faultOf(new CombinedError({ graphQLErrors }), 'It broke.')).toEqual(told)
  expect(faultOf(new CombinedError({ networkError: new Error('refused') }), 'It broke.')).toEqual(told)
})

test('a result that is none says why, field by field where it can', () => {
  const refused = { __typename: 'NotFoundError', message: 'There is no such record.' }
  expect(faultOfRefusal(refused)).toEqual({ unfinished: false, messages: ['There is no such record.'] })
  const fields = [{ path: ['input', 'values', '0', 'jobtitle'], message: 'Job is required.' }]
  const invalid = { __typename: 'ValidationError', message: 'Not valid.', fields }
  expect(faultOfRefusal(invalid)).toEqual({ unfinished: true, messages: ['Job is required.'] })
  expect(faultsByName(invalid)).toEqual({ jobtitle: 'Job is required.' })
  expect(faultsByName(refused)).toEqual({})
})
