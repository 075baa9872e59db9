import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { by, crm, idsOf, phone, type Row, target, visitor } from '../testing/searchable-tables.ts'

describe('requests', () => {
  test('a second one is made only when nothing was hit and a number may be untidy', async () => {
    const untidy = crm({ contact: [{ id: 'untidy', phone: 'mob: 512 / 555.0143 (after 5pm)' }] })
    const found = await untidy.search({ by: by('EMAIL', 'PHONE') })
    expect(found.matchedBy).toBe('PHONE')
    expect(untidy.asked.map(({ round }) => round)).toEqual(['EXACT', 'BROAD'])
    expect(untidy.asked[1]?.criteria.map(({ kind }) => kind)).toEqual(['PHONE_PATTERNS'])

    const nothing = crm({ contact: [] })
    await nothing.search({ by: by('EMAIL', 'FULL_NAME') })
    expect(nothing.asked).toHaveLength(1)
  })

  test('a full page of what a pattern finds besides the number says that there may be more', async () => {
    const others = Array.from({ length: 30 }, (_, i) => ({ id: `o${i}`, phone: `512 555 ${i} 0143` }))
    const hidden = crm({ contact: [...others, { id: 'hidden', phone: 'mob: 512 / 555.0143 (home)' }], lead: [] })
    const nothing = await hidden.search({ by: by('PHONE'), targets: [target('contact'), target('lead')] })
    expect(hidden.asked.map(({ round }) => round)).toEqual(['EXACT', 'BROAD'])
    expect(nothing.matchedBy).toBeNull()
    expect(nothing.targets).toEqual([
      { entityName: 'contact', matches: [], more: true },
      { entityName: 'lead', matches: [], more: false },
    ])

    const some = crm({ contact: [{ id: 'found', phone: 'mob: 512 / 555.0143 (home)' }, ...others] })
    const found = await some.search({ by: by('PHONE') })
    expect(idsOf(found)).toEqual([['found']])
    expect(found.targets[0]?.more).toBe(true)
  })

  test('a full page that a term filled with other numbers says so too', async () => {
    const others = Array.from({ length: 30 }, (_, i) => ({ id: `o${i}`, phone: `51${i}2 555 0143 5` }))
    const { search } = crm({ contact: others })
    const result = await search({ by: [{ identifier: 'TERM', value: '5125550143' }], first: 3 })
    expect(result.targets[0]).toMatchObject({ matches: [], more: true })
  })

  test('what a pattern finds besides the number is dropped', async () => {
    const { search } = crm({ contact: [{ id: 'other', phone: '512 555 9 0143' }] })
    expect((await search({ by: by('PHONE') })).matchedBy).toBeNull()
  })

  test('a page crowded by a later identifier is narrowed, and the earlier one is found', async () => {
    const crowd = Array.from({ length: 9 }, (_, i) => ({ id: `m${i}`, email: visitor.EMAIL }))
    const { asked, search } = crm({ contact: [...crowd, { id: 'phone', phone }] })
    const result = await search({ first: 2, by: by('PHONE', 'EMAIL') })
    expect(result.matchedBy).toBe('PHONE')
    expect(idsOf(result)).toEqual([['phone']])
    expect(asked.map(({ round }) => round)).toEqual(['EXACT', 'NARROW'])
  })

  test('a page that holds enough of the first identifier is not asked for again', async () => {
    const rows = Array.from({ length: 9 }, (_, i) => ({ id: `p${i}`, phone }))
    const { asked, search } = crm({ contact: rows })
    const result = await search({ first: 2, by: by('PHONE', 'EMAIL') })
    expect(result.targets[0]).toMatchObject({ more: true, matches: [{}, {}] })
    expect(asked).toHaveLength(1)
  })

  test('however crowded, the answer is that of a CRM without pages', async () => {
    const row = fc.record({ phone: fc.boolean(), email: fc.boolean(), name: fc.boolean() })
    await fc.assert(
      fc.asyncProperty(fc.array(row, { maxLength: 30 }), fc.integer({ min: 1, max: 3 }), async (flags, first) => {
        const rows = flags.map(
          (flag, i): Row => ({
            id: `r${i}`,
            ...(flag.phone && { phone }),
            ...(flag.email && { email: visitor.EMAIL }),
            ...(flag.name && { name: visitor.FULL_NAME }),
          }),
        )
        const { asked, search } = crm({ contact: rows })
        const result = await search({ first })
        const winning = (['phone', 'email', 'name'] as const).find((key) => rows.some((r) => r[key] !== undefined))
        const expected = winning ? rows.filter((r) => r[winning] !== undefined).map(({ id }) => id) : []
        expect(idsOf(result)).toEqual([expected.slice(0, first)])
        expect(result.targets[0]?.more).toBe(expected.length > first)
        expect(asked.length).toBeLessThanOrEqual(4)
      }),
    )
  })
})

describe('values that an agent asked of single fields', () => {
  const values = [{ name: 'city', type: 'TEXT', value: 'Bonn', relatedEntity: null }] as const

  test('are the search where nothing else is known, of the targets that have them', async () => {
    const { asked, search } = crm({ contact: [{ id: 'a' }], lead: [{ id: 'b' }] })
    const result = await search({ by: [], targets: [{ ...target('contact'), values }, target('lead')] })
    expect(asked.map(({ targets, criteria }) => [targets.map(({ entityName }) => entityName), criteria])).toEqual([
      [['contact'], [{ kind: 'VALUES' }]],
    ])
    expect(result.matchedBy).toBe('TERM')
    expect(idsOf(result)).toEqual([['a'], []])
    expect(result.targets[0]?.matches[0]).toMatchObject({ identifier: 'TERM', exact: true })
  })

  test('ask nothing where no target has any', async () => {
    const { asked, search } = crm({ contact: [{ id: 'a' }] })
    expect((await search({ by: [] })).matchedBy).toBeNull()
    expect(asked).toEqual([])
  })
})
