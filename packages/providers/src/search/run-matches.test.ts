import { describe, expect, test } from 'vitest'
import { parsePhone } from '../phone/index.ts'
import { crm, phone } from '../testing/searchable-tables.ts'

describe('matches', () => {
  test('exact ones come before loose ones, and each says its field', async () => {
    const { search } = crm({
      contact: [
        { id: 'loose', phone: '0015125550143' },
        { id: 'exact', phone: '512-555-0143' },
      ],
    })
    const result = await search({ region: 'GB' })
    expect(result.targets[0]?.matches.map(({ record: r, exact }) => [r.remoteId, exact])).toEqual([
      ['loose', true],
      ['exact', false],
    ])
    const home = await search({ region: 'US' })
    expect(home.targets[0]?.matches[0]).toMatchObject({
      record: { remoteId: 'exact' },
      exact: true,
      field: 'telephone1',
    })
  })

  test('a term is one question over names and e-mails, with phones when it is written like one', async () => {
    const { asked, search } = crm({
      contact: [
        { id: 'a', name: 'Umer Farooq' },
        { id: 'b', email: 'umer@x.example' },
      ],
    })
    const result = await search({ by: [{ identifier: 'TERM', value: ' umer ' }] })
    expect(result.targets[0]?.matches.map((m) => [m.record.remoteId, m.field])).toEqual([
      ['a', 'fullname'],
      ['b', 'emailaddress1'],
    ])
    await search({ by: [{ identifier: 'TERM', value: '555-0143' }] })
    expect(asked.map(({ criteria }) => criteria)).toEqual([
      [{ kind: 'TERM', value: 'umer', phonePattern: null }],
      [{ kind: 'TERM', value: '555-0143', phonePattern: '5550143'.split('') }],
    ])
  })

  test.each([
    ['512', '(512) 555-0143'],
    ['555-01', '(512) 555-0143'],
    ['5555014', '512.555.5014'],
    ['512 555 0143', '+1 512-555-0143'],
    ['0191 495', '+44 (0)191 495 6203'],
  ])('the term %s finds the number %s, and none that only has its digits here and there', async (value, there) => {
    const elsewhere = { id: 'elsewhere', phone: '(501) 201-9415 05 50 10 43' }
    const { search } = crm({ contact: [elsewhere, { id: 'there', phone: there }] })
    const result = await search({ by: [{ identifier: 'TERM', value }] })
    expect(result.targets[0]?.matches.map((m) => [m.record.remoteId, m.field])).toEqual([['there', 'telephone1']])
  })

  test('a short term of digits is asked for as it is written, so that others do not fill the page', async () => {
    const { asked, search } = crm({})
    for (const value of ['512', '(512) 55']) await search({ by: [{ identifier: 'TERM', value }] })
    expect(asked.map(({ criteria }) => criteria[0])).toMatchObject([
      { phonePattern: ['512'] },
      { phonePattern: ['512', '55'] },
    ])
  })

  test('an account is found by its number', async () => {
    const { search } = crm({ contact: [{ id: 'acme', number: 'AC-17' }] })
    const result = await search({ by: [{ identifier: 'ACCOUNT_ID', value: 'ac-17' }] })
    expect(result.targets[0]?.matches[0]).toMatchObject({ field: 'accountnumber', exact: true })
  })

  test('the same number found as spelling is the one that code reads', () => {
    expect(parsePhone('512-555-0143', 'US')).toEqual(parsePhone(phone, 'US'))
  })
})
