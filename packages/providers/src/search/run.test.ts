import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ProviderError, type ProviderErrorCode } from '../errors.ts'
import type { CrmRecord, SearchBy, SearchIdentifier, SearchRequest, SearchTarget } from '../model/index.ts'
import { parsePhone } from '../phone/index.ts'
import type { CandidateRow, SearchCriterion, SearchQuestion, TargetCandidates } from './index.ts'
import { runSearch } from './run.ts'

interface Row {
  id: string
  phone?: string
  email?: string
  name?: string
  number?: string
}

const phone = '+15125550143'
const visitor: Record<'PHONE' | 'EMAIL' | 'FULL_NAME', string> = {
  PHONE: phone,
  EMAIL: 'ada@lovelace.example',
  FULL_NAME: 'Ada Lovelace-Byrne',
}
const by = (...identifiers: (keyof typeof visitor)[]): SearchBy[] =>
  identifiers.map((identifier) => ({ identifier, value: visitor[identifier] }))

const record = (entityName: string, row: Row): CrmRecord => ({
  entityName,
  kind: 'CONTACT',
  remoteId: row.id,
  name: row.name ?? '',
  phone: row.phone ?? null,
  email: row.email ?? null,
  url: `https://crm.example/${row.id}`,
  createdAt: null,
  modifiedAt: null,
  firstName: null,
  lastName: null,
  company: null,
  status: null,
  accountNumber: row.number ?? null,
  description: null,
  isPersonAccount: false,
  account: null,
  fields: {},
})

const text = (field: string, value: string | undefined) => (value === undefined ? [] : [{ field, value }])

/** Answers as a CRM does: whole texts without case, patterns as digits in order. */
function hits(row: Row, criterion: SearchCriterion): boolean {
  const same = (a: string | undefined, b: string) => a !== undefined && a.toLowerCase() === b.toLowerCase()
  switch (criterion.kind) {
    case 'PHONE_SPELLINGS':
      return row.phone !== undefined && criterion.spellings.includes(row.phone)
    case 'PHONE_PATTERNS':
      return criterion.patterns.some((parts) => new RegExp(parts.join('.*')).test(row.phone ?? ''))
    case 'EMAIL':
      return same(row.email, criterion.value)
    case 'FULL_NAME':
      return same(row.name, criterion.value)
    case 'ACCOUNT_ID':
      return same(row.number, criterion.value)
    case 'TERM':
      return (
        [row.name, row.email].some((value) => value?.toLowerCase().includes(criterion.value.toLowerCase())) ||
        (criterion.phonePattern !== null && new RegExp(criterion.phonePattern.join('.*')).test(row.phone ?? ''))
      )
  }
}

/** A CRM of some tables that keeps what it was asked. */
function crm(tables: Record<string, Row[]>) {
  const asked: SearchQuestion[] = []
  const ask = (question: SearchQuestion): Promise<TargetCandidates[]> => {
    asked.push(question)
    return Promise.resolve(
      question.targets.map(({ entityName }) => {
        const found = (tables[entityName] ?? []).filter((row) => question.criteria.some((c) => hits(row, c)))
        const rows = found.slice(0, question.limit).map(
          (row): CandidateRow => ({
            record: record(entityName, row),
            phones: text('telephone1', row.phone),
            emails: text('emailaddress1', row.email),
            names: text('fullname', row.name),
            accountIds: text('accountnumber', row.number),
          }),
        )
        return { entityName, rows, full: found.length > question.limit }
      }),
    )
  }
  const search = (request: Partial<SearchRequest>) =>
    runSearch(
      { by: by('PHONE', 'EMAIL', 'FULL_NAME'), targets: [target('contact')], first: 10, region: 'US', ...request },
      ask,
    )
  return { asked, search }
}

const has: Record<SearchIdentifier, (row: Row) => boolean> = {
  PHONE: (row) => row.phone !== undefined,
  EMAIL: (row) => row.email !== undefined,
  FULL_NAME: (row) => row.name !== undefined,
  ACCOUNT_ID: () => false,
  TERM: () => false,
}

const target = (entityName: string): SearchTarget => ({
  entityName,
  kind: 'CONTACT',
  selection: { attributes: [], fields: [] },
})

const idsOf = (result: Awaited<ReturnType<typeof runSearch>>) =>
  result.targets.map(({ matches }) => matches.map((match) => match.record.remoteId))

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

  test('D-ORD-04, D-ORD-05: what is not known is not asked for', async () => {
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

describe('a part that fails', () => {
  const targets = [target('contact'), target('lead')]
  const request: SearchRequest = { by: by('EMAIL'), targets, first: 5, region: 'US' }
  const failure = (entityName: string, code: ProviderErrorCode) => ({
    entityName,
    error: new ProviderError(code, { message: code }),
  })
  const found = (entityName: string) => ({
    entityName,
    rows: [
      {
        record: record(entityName, { id: 'a' }),
        phones: [],
        emails: text('emailaddress1', visitor.EMAIL),
        names: [],
        accountIds: [],
      },
    ],
    full: false,
  })

  test.each(['NOT_FOUND', 'CRM_FORBIDDEN'] as const)('with %s leaves what the others hold', async (code) => {
    const result = await runSearch(request, async () => [failure('contact', code), found('lead')])
    expect(idsOf(result)).toEqual([[], ['a']])
  })

  test.each(['CRM_UNAVAILABLE', 'CRM_REJECTED', 'CRM_TIMEOUT'] as const)(
    'with %s fails the search: what is missing is not passed over',
    async (code) => {
      const search = runSearch(request, async () => [failure('contact', code), found('lead')])
      await expect(search).rejects.toMatchObject({ code })
    },
  )

  test('is told where nothing may be read at all, but not where there is nothing to read', async () => {
    const forbidden = runSearch(request, async () => [
      failure('contact', 'NOT_FOUND'),
      failure('lead', 'CRM_FORBIDDEN'),
    ])
    await expect(forbidden).rejects.toMatchObject({ code: 'CRM_FORBIDDEN' })
    const absent = await runSearch(request, async () => [failure('contact', 'NOT_FOUND'), failure('lead', 'NOT_FOUND')])
    expect(absent.matchedBy).toBeNull()
  })
})

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
