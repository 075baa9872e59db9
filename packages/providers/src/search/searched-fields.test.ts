import { expect, test } from 'vitest'
import type { SearchIdentifier, SearchTarget } from '../model/index.ts'
import { target } from '../testing/searchable-tables.ts'
import { searchedFields } from './searched-fields.ts'

const own = { phones: ['telephone1', 'mobilephone'], emails: ['email'], names: ['name'], accountIds: ['number'] }
const nothing = { phones: [], emails: [], names: [], accountIds: [], terms: [] }
const fieldsFor = (identifiers: SearchIdentifier[], changes: Partial<SearchTarget> = {}) =>
  searchedFields(
    { by: identifiers.map((identifier) => ({ identifier, value: 'x' })), targets: [], first: 1, region: 'US' },
    { ...target('contact'), ...changes },
    own,
  )

test('the vendor’s own fields are looked into, each for its identifier', () => {
  expect(fieldsFor(['PHONE', 'FULL_NAME'])).toEqual({ ...nothing, phones: own.phones, names: own.names })
  expect(fieldsFor(['ACCOUNT_ID'])).toEqual({ ...nothing, accountIds: own.accountIds })
})

test('a term looks into names, e-mails and phones, and the target’s term fields besides', () => {
  const termFields = [{ name: 'revenue', type: 'CURRENCY' }] as const
  expect(fieldsFor(['TERM'], { termFields })).toEqual({ ...own, accountIds: [], terms: termFields })
  expect(fieldsFor(['EMAIL'], { termFields }).terms).toEqual([])
})

test('where a target names fields, only those are looked into, and only for the identifiers that it names', () => {
  const identifierFields = { PHONE: [{ name: 'mobilephone', type: 'TEXT' }] } as const
  expect(fieldsFor(['PHONE', 'EMAIL'], { identifierFields })).toEqual({ ...nothing, phones: ['mobilephone'] })
})

test('a term that is looked for in a phone field of the CRM finds the number however it is written', () => {
  const TERM = [
    { name: 'telephone1', type: 'TEXT' },
    { name: 'city', type: 'TEXT' },
  ] as const
  expect(fieldsFor(['TERM'], { identifierFields: { TERM } })).toEqual({
    ...nothing,
    phones: ['telephone1'],
    terms: TERM,
  })
})
