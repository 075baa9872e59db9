import { expect } from 'vitest'
import type { SearchBy, SearchIdentifier, SearchRequest, SearchResult, SearchTarget } from '../model/index.ts'
import { hostile } from './hostile.ts'
import { freshEmail, freshPhone, freshWord, nothingElse } from './session.ts'
import type { Suite } from './suite.ts'

type Known = Partial<Record<SearchIdentifier, string>>

const orders: readonly (readonly SearchIdentifier[])[] = [
  ['PHONE', 'EMAIL', 'FULL_NAME'],
  ['PHONE', 'FULL_NAME', 'EMAIL'],
  ['EMAIL', 'PHONE', 'FULL_NAME'],
  ['EMAIL', 'FULL_NAME', 'PHONE'],
  ['FULL_NAME', 'PHONE', 'EMAIL'],
  ['FULL_NAME', 'EMAIL', 'PHONE'],
]

/** Ways in which people write one number of the US. */
const untidy: readonly ((digits: string) => string)[] = [
  (d) => `+1${d}`,
  (d) => `1${d}`,
  (d) => d,
  (d) => `(${d.slice(0, 3)}) ${d.slice(3, 6)}-${d.slice(6)}`,
  (d) => `${d.slice(0, 3)}.${d.slice(3, 6)}.${d.slice(6)}`,
  (d) => `+1 ${d.slice(0, 3)} ${d.slice(3, 6)} ${d.slice(6)}`,
  (d) => `1-${d.slice(0, 3)}-${d.slice(3, 6)}-${d.slice(6)}`,
  (d) => `${d.slice(0, 3)}/${d.slice(3, 6)} ${d.slice(6)}`,
  (d) => `tel ${d.slice(0, 5)} ${d.slice(5)}`,
  (d) => `${d.slice(0, 3)}-${d.slice(3, 6)}-${d.slice(6)} x12`,
  (d) => `mob: ${d.slice(0, 3)} / ${d.slice(3, 6)}.${d.slice(6)} (5pm)`,
]

export function searchSuite({ check, session, org }: Suite): void {
  const target = (kind: SearchTarget['kind'] & ('ACCOUNT' | 'CONTACT' | 'LEAD')): SearchTarget => ({
    entityName: session().entityName(kind),
    kind,
    selection: { attributes: ['phone', 'email'], fields: [] },
  })
  const everywhere = () => [target('ACCOUNT'), target('CONTACT'), target('LEAD')]
  const search = (by: readonly SearchBy[], options: Partial<SearchRequest> = {}) =>
    session().provider.searchRecords({ by, targets: everywhere(), first: 10, region: 'US', ...options })
  const inOrder = (order: readonly SearchIdentifier[], known: Known): SearchBy[] =>
    order.flatMap((identifier) => {
      const value = known[identifier]
      return value === undefined ? [] : [{ identifier, value }]
    })

  /** Three people, each known by one identifier of the same visitor. */
  async function cast() {
    const phone = freshPhone()
    const email = freshEmail()
    const [first, last] = [freshWord(), freshWord()]
    const { create } = session()
    const ids = {
      PHONE: (
        await create('CONTACT', {
          phone: `(${phone.digits.slice(0, 3)}) ${phone.digits.slice(3, 6)}-${phone.digits.slice(6)}`,
        })
      ).remoteId,
      EMAIL: (await create('LEAD', { email })).remoteId,
      FULL_NAME: (await create('CONTACT', { firstName: first, lastName: last })).remoteId,
    }
    const known: Known = { PHONE: phone.e164, EMAIL: email.toUpperCase(), FULL_NAME: `${first} ${last}` }
    return { ids, known }
  }

  check('all known: the phone wins, whatever else would match, in one request (D-ORD-01, D-ORD-07)', async () => {
    const { ids, known } = await cast()
    await search(inOrder(['FULL_NAME'], known))
    const { result, requests } = await session().count(() => search(inOrder(['PHONE', 'EMAIL', 'FULL_NAME'], known)))
    expect(result.matchedBy).toBe('PHONE')
    expect(idsOf(result)).toEqual([ids.PHONE])
    expect(requests).toBe(1)
  })

  check('no record for one identifier goes on with the next, in the same request (D-ORD-02, D-ORD-03)', async () => {
    const { ids, known } = await cast()
    const stranger = { ...known, PHONE: '12' }
    const byEmail = await session().count(() => search(inOrder(['PHONE', 'EMAIL', 'FULL_NAME'], stranger)))
    expect(byEmail).toMatchObject({ result: { matchedBy: 'EMAIL' }, requests: 1 })
    expect(idsOf(byEmail.result)).toEqual([ids.EMAIL])

    const nowhere = { ...known, PHONE: freshPhone().e164, EMAIL: freshEmail() }
    const byName = await session().count(() => search(inOrder(['PHONE', 'EMAIL', 'FULL_NAME'], nowhere)))
    expect(byName).toMatchObject({ result: { matchedBy: 'FULL_NAME' }, requests: 1 })
    expect(idsOf(byName.result)).toEqual([ids.FULL_NAME])
  })

  check('every order and subset is decided by the first known identifier (D-ORD-04, D-ORD-05, D-ORD-06)', async () => {
    const { ids, known } = await cast()
    for (const order of orders) {
      for (let subset = 1; subset < 8; subset += 1) {
        const kept = order.filter((_, index) => subset & (1 << index))
        const result = await search(inOrder(kept, known))
        expect(result.matchedBy).toBe(kept[0])
        expect(idsOf(result)).toEqual([ids[kept[0] as keyof typeof ids]])
      }
    }
  })

  check('D-ORD-08: nothing known asks nothing, nothing found is an empty answer', async () => {
    const nothing = await session().count(() => search([]))
    expect(nothing).toMatchObject({ result: { matchedBy: null }, requests: 0 })
    const void_ = await session().count(() =>
      search([
        { identifier: 'PHONE', value: '%' },
        { identifier: 'EMAIL', value: '' },
        { identifier: 'FULL_NAME', value: ' \u0000 ' },
      ]),
    )
    expect(void_).toMatchObject({ result: { matchedBy: null }, requests: 0 })

    const missed = await session().count(() =>
      search([
        { identifier: 'EMAIL', value: freshEmail() },
        { identifier: 'FULL_NAME', value: freshWord() },
      ]),
    )
    expect(missed).toMatchObject({ result: { matchedBy: null }, requests: 1 })
    expect(missed.result.targets.map(({ matches, more }) => [matches.length, more])).toEqual([
      [0, false],
      [0, false],
      [0, false],
    ])
  })

  check('phones: the number is found however it is written, in at most two requests', async () => {
    for (const write of untidy) {
      const phone = freshPhone()
      const stored = write(phone.digits)
      const { remoteId } = await session().create('CONTACT', { phone: stored })
      const { result, requests } = await session().count(() => search([{ identifier: 'PHONE', value: phone.e164 }]))
      expect([stored, idsOf(result)]).toEqual([stored, [remoteId]])
      expect(result.targets.flatMap(({ matches }) => matches)[0]?.field).toBe(session().fieldName('CONTACT', 'phone'))
      expect(requests).toBeLessThanOrEqual(2)
    }
  })

  check('phones: a tidy number costs one request, an untidy one two, an unknown one two', async () => {
    const [tidy, rough] = [freshPhone(), freshPhone()]
    await session().create('CONTACT', { phone: tidy.e164 })
    await session().create('CONTACT', { phone: `no. ${rough.digits.slice(0, 4)} ${rough.digits.slice(4)}` })
    const cost = async (value: string) =>
      (await session().count(() => search([{ identifier: 'PHONE', value }]))).requests
    expect([await cost(tidy.e164), await cost(rough.e164), await cost(freshPhone().e164)]).toEqual([1, 2, 2])
  })

  check('phones: a number that only shares digits is not found', async () => {
    const { digits, e164 } = freshPhone()
    await session().create('CONTACT', { phone: `${digits.slice(0, 5)}9${digits.slice(5)}` })
    expect(idsOf(await search([{ identifier: 'PHONE', value: e164 }]))).toEqual([])
  })

  check('targets: all of them are searched by the winning identifier, and only those asked for', async () => {
    const phone = freshPhone()
    const made = [
      await session().create('ACCOUNT', { phone: phone.e164 }),
      await session().create('CONTACT', { phone: phone.digits }),
      await session().create('LEAD', { phone: `1${phone.digits}` }),
    ]
    const by: SearchBy[] = [{ identifier: 'PHONE', value: phone.e164 }]
    const all = await session().count(() => search(by))
    expect(idsOf(all.result)).toEqual(made.map(({ remoteId }) => remoteId))
    expect(all.requests).toBe(1)
    const some = await search(by, { targets: [target('LEAD')] })
    expect(some.targets.map(({ entityName }) => entityName)).toEqual([session().entityName('LEAD')])
  })

  check('targets: one that the org does not have is empty and disturbs nobody', async () => {
    const phone = freshPhone()
    const { remoteId } = await session().create('CONTACT', { phone: phone.e164 })
    const missing: SearchTarget = {
      entityName: 'no_such_entity',
      kind: 'CUSTOM',
      selection: nothingElse,
      primaryField: 'name',
    }
    const result = await search([{ identifier: 'PHONE', value: phone.e164 }], { targets: [missing, target('CONTACT')] })
    expect(result.targets.map(({ matches }) => matches.length)).toEqual([0, 1])
    expect(idsOf(result)).toEqual([remoteId])
  })

  check('pages: `first` of each type, and whether there are more', async () => {
    const phone = freshPhone()
    for (let i = 0; i < 3; i += 1) await session().create('CONTACT', { phone: phone.e164 })
    const by: SearchBy[] = [{ identifier: 'PHONE', value: phone.e164 }]
    const two = (await search(by, { first: 2 })).targets.find(({ matches }) => matches.length > 0)
    expect(two).toMatchObject({ more: true, matches: [{}, {}] })
    const three = (await search(by, { first: 3 })).targets.find(({ matches }) => matches.length > 0)
    expect(three).toMatchObject({ more: false, matches: [{}, {}, {}] })
  })

  check('pages: one that is crowded by a later identifier does not hide the earlier one', async () => {
    const [phone, email] = [freshPhone(), freshEmail()]
    const crowd = async () => {
      for (let i = 0; i < 5; i += 1) await session().create('CONTACT', { email })
    }
    await crowd()
    const { remoteId } = await session().create('CONTACT', { phone: phone.e164 })
    await crowd()
    const by: SearchBy[] = [
      { identifier: 'PHONE', value: phone.e164 },
      { identifier: 'EMAIL', value: email },
    ]
    const { result, requests } = await session().count(() => search(by, { first: 1 }))
    expect(result.matchedBy).toBe('PHONE')
    expect(idsOf(result)).toEqual([remoteId])
    expect(requests).toBeLessThanOrEqual(2)
  })

  check('pages: the order is the same each time, exact hits first', async () => {
    const phone = freshPhone()
    const loose = await session().create('CONTACT', { phone: `001${phone.digits}` })
    const exact = await session().create('CONTACT', { phone: phone.e164 })
    const by: SearchBy[] = [{ identifier: 'PHONE', value: phone.e164 }]
    const result = await search(by)
    expect(idsOf(result)).toEqual([exact.remoteId, loose.remoteId])
    expect(result.targets.flatMap(({ matches }) => matches).map((match) => match.exact)).toEqual([true, false])
    expect(idsOf(await search(by))).toEqual(idsOf(result))
  })

  check('selection: only what was asked for comes, and an address that opens the record', async () => {
    const given = { phone: freshPhone().e164, email: freshEmail(), firstName: freshWord(), lastName: freshWord() }
    const { remoteId } = await session().create('CONTACT', given)
    const field = session().fieldName('CONTACT', 'lastName')
    const selection = { attributes: ['email', 'firstName'] as const, fields: [field] }
    const result = await search([{ identifier: 'EMAIL', value: given.email }], {
      targets: [{ ...target('CONTACT'), selection }],
    })
    const record = result.targets[0]?.matches[0]?.record
    expect(record).toMatchObject({
      remoteId,
      entityName: session().entityName('CONTACT'),
      kind: 'CONTACT',
      name: `${given.firstName} ${given.lastName}`,
      email: given.email,
      firstName: given.firstName,
      phone: null,
      lastName: null,
      fields: { [field]: { name: field, value: given.lastName } },
    })
    expect(record?.url).toContain(remoteId)
    expect(session().provider.recordUrl({ entityName: session().entityName('CONTACT'), remoteId })).toBe(record?.url)
  })

  check('account id: an account is found by its number', async () => {
    const number = freshWord().slice(0, 15)
    const { remoteId } = await session().create('ACCOUNT', { name: freshWord() })
    const field = org.descriptor.defaultFields.find(({ kind, name }) => kind === 'ACCOUNT' && /number/i.test(name))
    await session().provider.updateRecord(
      { entityName: session().entityName('ACCOUNT'), remoteId },
      {
        values: [{ name: field?.name ?? '', type: 'TEXT', value: number, values: null, reference: null }],
      },
    )
    const result = await search([{ identifier: 'ACCOUNT_ID', value: number }])
    expect(result.matchedBy).toBe('ACCOUNT_ID')
    expect(idsOf(result)).toEqual([remoteId])
  })

  check('term: part of a name, of an e-mail or of a phone is found, in one request', async () => {
    const phone = freshPhone()
    const given = { phone: phone.e164, email: freshEmail(), firstName: freshWord(), lastName: freshWord() }
    const { remoteId } = await session().create('CONTACT', given)
    for (const value of [
      given.lastName.slice(2, 14),
      given.email.slice(0, 14),
      phone.digits,
      `${phone.digits.slice(3, 6)}-${phone.digits.slice(6)}`,
    ]) {
      const { result, requests } = await session().count(() => search([{ identifier: 'TERM', value }], { first: 200 }))
      expect(idsOf(result)).toContain(remoteId)
      expect(result.matchedBy).toBe('TERM')
      expect(requests).toBe(1)
    }
  })

  check('hostile texts find nothing that is not theirs, and break nothing', async () => {
    for (const text of hostile) {
      for (const identifier of ['FULL_NAME', 'EMAIL', 'ACCOUNT_ID', 'PHONE'] as const) {
        const value = identifier === 'EMAIL' ? `${text.replace(/\s/g, '')}@people.example` : text
        expect([text, idsOf(await search([{ identifier, value }]))]).toEqual([text, []])
      }
      const found = await search([{ identifier: 'TERM', value: text }], { first: 50 })
      for (const { record } of found.targets.flatMap(({ matches }) => matches)) {
        expect(`${record.name} ${record.email}`.toLowerCase()).toContain(text.trim().toLowerCase())
      }
    }
  })

  check('hostile texts that are a name or an address find exactly their own record', async () => {
    for (const text of hostile.filter((each) => each.length < 40 && !/\p{Cc}/u.test(each))) {
      const lastName = `${text} ${freshWord()}`.slice(0, 50)
      const { remoteId } = await session().create('CONTACT', { lastName })
      expect([text, idsOf(await search([{ identifier: 'FULL_NAME', value: lastName }]))]).toEqual([text, [remoteId]])
      expect([text, idsOf(await search([{ identifier: 'TERM', value: lastName }]))]).toEqual([text, [remoteId]])
    }
  })
}

function idsOf(result: SearchResult): string[] {
  return result.targets.flatMap(({ matches }) => matches.map(({ record }) => record.remoteId))
}
