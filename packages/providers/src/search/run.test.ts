import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { SearchIdentifier } from '../model/index.ts'
import { by, crm, idsOf, phone, type Row, target, visitor } from '../testing/searchable-tables.ts'

const has: Record<SearchIdentifier, (row: Row) => boolean> = {
  PHONE: (row) => row.phone !== undefined,
  EMAIL: (row) => row.email !== undefined,
  FULL_NAME: (row) => row.name !== undefined,
  ACCOUNT_ID: () => false,
  TERM: () => false,
}

describe('the cascade', () => {
  test('D-ORD-01: all values known, phone hits: only its matches, after one request', async () => {
    const { asked, search } = crm({
      contact: [
        { id: 'mail', email: visitor.EMAIL },
        { id: 'phone', phone: '(512) 555-0143' },
      ],
    })
    const result = await search({})
    expect(result.matchedBy).toBe('PHONE')
    expect(idsOf(result)).toEqual([['phone']])
    expect(asked.map(({ round }) => round)).toEqual(['EXACT'])
  })

  test('D-ORD-02: no record for the phone goes on with e-mail, in the same request', async () => {
    const { asked, search } = crm({
      contact: [
        { id: 'mail', email: 'ADA@lovelace.example' },
        { id: 'name', name: visitor.FULL_NAME },
      ],
    })
    const result = await search({})
    expect(result.matchedBy).toBe('EMAIL')
    expect(idsOf(result)).toEqual([['mail']])
    expect(asked).toHaveLength(1)
  })

  test('D-ORD-03: no record for phone and e-mail goes on with the name, in the same request', async () => {
    const { asked, search } = crm({ contact: [{ id: 'name', name: 'ada lovelace-byrne' }] })
    const result = await search({})
    expect(result.matchedBy).toBe('FULL_NAME')
    expect(idsOf(result)).toEqual([['name']])
    expect(asked).toHaveLength(1)
  })

  test('what is not known is not asked for (D-ORD-04, D-ORD-05)', async () => {
    const { asked, search } = crm({ contact: [{ id: 'name', name: visitor.FULL_NAME }] })
    expect((await search({ by: by('EMAIL', 'FULL_NAME') })).matchedBy).toBe('FULL_NAME')
    expect((await search({ by: by('FULL_NAME') })).matchedBy).toBe('FULL_NAME')
    expect(asked.map(({ criteria }) => criteria.map(({ kind }) => kind))).toEqual([
      ['EMAIL', 'FULL_NAME'],
      ['FULL_NAME'],
    ])
  })

  test('D-ORD-06: the winner is the first hit in the order given, whatever order, subset and data', async () => {
    const identifiers = fc.shuffledSubarray(['PHONE', 'EMAIL', 'FULL_NAME'] as const)
    const row = fc.record({ phone: fc.boolean(), email: fc.boolean(), name: fc.boolean() })
    await fc.assert(
      fc.asyncProperty(
        identifiers,
        fc.array(row, { maxLength: 4 }),
        fc.array(row, { maxLength: 4 }),
        async (order, a, b) => {
          const toRows = (flags: typeof a, prefix: string): Row[] =>
            flags.map((flag, i) => ({
              id: `${prefix}${i}`,
              ...(flag.phone && { phone: '512.555.0143' }),
              ...(flag.email && { email: visitor.EMAIL }),
              ...(flag.name && { name: visitor.FULL_NAME }),
            }))
          const tables = { contact: toRows(a, 'a'), lead: toRows(b, 'b') }
          const { asked, search } = crm(tables)
          const result = await search({ by: by(...order), targets: [target('contact'), target('lead')] })

          const winner = order.find((identifier) => [...tables.contact, ...tables.lead].some(has[identifier])) ?? null
          expect(result.matchedBy).toBe(winner)
          const expected = (rows: Row[]) => (winner ? rows.filter(has[winner]).map(({ id }) => id) : [])
          expect(idsOf(result)).toEqual([expected(tables.contact), expected(tables.lead)])
          expect(asked.length).toBeLessThanOrEqual(
            order.length === 0 ? 0 : winner === null && order.includes('PHONE') ? 2 : 1,
          )
        },
      ),
    )
  })

  test('D-ORD-07, A-07: a hit in one entity type ends the cascade for all of them', async () => {
    const { search } = crm({ contact: [{ id: 'phone', phone }], lead: [{ id: 'mail', email: visitor.EMAIL }] })
    const result = await search({ targets: [target('contact'), target('lead')] })
    expect(idsOf(result)).toEqual([['phone'], []])
  })

  test('D-ORD-08: nothing matches: an empty answer, and no question at all without a value', async () => {
    const empty = crm({ contact: [] })
    expect(await empty.search({})).toEqual({
      matchedBy: null,
      targets: [{ entityName: 'contact', matches: [], more: false }],
    })
    const unasked = crm({})
    for (const value of ['%', '', '  ', '\u0000', '---', '_']) {
      for (const identifier of ['PHONE', 'EMAIL', 'FULL_NAME', 'ACCOUNT_ID', 'TERM'] as const) {
        expect((await unasked.search({ by: [{ identifier, value }] })).matchedBy).toBeNull()
      }
    }
    expect(unasked.asked).toEqual([])
  })
})
