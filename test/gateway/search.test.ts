import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type RunningGateway, startGateway } from './running-gateway.ts'
import { answerOf, namesOf, type Org, orgsOf, type Provider, providers, searchRecords } from './searching.ts'

let gateway: RunningGateway
let orgs: Record<Provider, Org>

beforeAll(async () => {
  gateway = await startGateway({ people: 300 })
  orgs = await orgsOf(gateway)
})
afterAll(() => gateway.stop())

/** Ada's number, Pat's address and Grace's name: each belongs to somebody else of the seed. */
const phone = '(512) 555 0143'
const email = "PAT.O'Neil@brennans.example"
const fullName = 'grace  underhill'
const nobody = { phone: '+1 512 555 0000', email: 'nobody@nowhere.example', fullName: 'Nobody Atall' }

describe.each(providers)('search order in %s', (provider) => {
  const row = (number: string) => `${provider[0]}-ORD-${number}`
  const search = async (input: object) => {
    const found = await searchRecords(gateway, { ...input, integrationIds: [orgs[provider].id] })
    return { matchedBy: answerOf(found, provider).matchedBy, names: new Set(namesOf(found, provider)) }
  }
  const byPhone = {
    DYNAMICS: ['Ada Lovelace-Byrne', 'Analytical Engines'],
    SALESFORCE: ['Ada Lovelace-Byrne', 'Ada Byrne'],
  }[provider]

  it(`${row('01')}, ${row('07')}: a phone that somebody has decides, and nobody else is found`, async () => {
    expect(await search({ phone, email, fullName })).toEqual({ matchedBy: 'PHONE', names: new Set(byPhone) })
  })

  it(`${row('02')}: no record for the phone goes on with e-mail`, async () => {
    const found = await search({ phone: nobody.phone, email, fullName })
    expect(found).toEqual({ matchedBy: 'EMAIL', names: new Set(["Pat O'Neil"]) })
  })

  it(`${row('03')}: no record for the e-mail either goes on with the full name`, async () => {
    const found = await search({ ...nobody, fullName })
    expect(found).toEqual({ matchedBy: 'FULL_NAME', names: new Set(['Grace Underhill']) })
  })

  it.each(['', '   ', '--', undefined])(`${row('04')}: a phone of %j is no phone: e-mail is first`, async (missing) => {
    const found = await search({ ...(missing !== undefined && { phone: missing }), email, fullName })
    expect(found.matchedBy).toBe('EMAIL')
  })

  it(`${row('05')}: phone and e-mail missing, the full name is asked for`, async () => {
    expect((await search({ fullName })).matchedBy).toBe('FULL_NAME')
  })

  it(`${row('06')}: every subset of known values is decided by the first that finds anybody`, async () => {
    const all = { phone, email, fullName }
    const identifiers = { phone: 'PHONE', email: 'EMAIL', fullName: 'FULL_NAME' } as const
    const names = ['phone', 'email', 'fullName'] as const
    for (let subset = 1; subset < 2 ** names.length; subset += 1) {
      const known = names.filter((_, index) => subset & (1 << index))
      const [first] = known
      const found = await search(Object.fromEntries(known.map((name) => [name, all[name]])))
      expect(found.matchedBy).toBe(first && identifiers[first])
    }
  })

  it(`${row('08')}: nothing matches, or nothing is known: an empty list and no failure; unknown asks no CRM`, async () => {
    expect(await search(nobody)).toEqual({ matchedBy: null, names: new Set() })
    const control = gateway.crm[provider === 'DYNAMICS' ? 'dynamics' : 'salesforce']
    await control.clearCalls()
    expect(await search({})).toEqual({ matchedBy: null, names: new Set() })
    expect(await control.calls()).toEqual([])
  })

  it('A-07: a hit in one entity type ends the search in all; asked for one type only, that one decides', async () => {
    // In both CRMs Zoë has an address, and no contact has her name or number.
    const everywhere = await search({ phone, email: 'zoe@people.example' })
    expect(everywhere.matchedBy).toBe('PHONE')
    const kind = provider === 'DYNAMICS' ? 'LEAD' : 'ACCOUNT'
    const there = await search({ phone, email: 'zoe@people.example', kinds: [kind] })
    expect(there).toEqual({ matchedBy: 'EMAIL', names: new Set(['Zoë Ångström']) })
  })
})

it('A-52: each CRM decides by itself what it matched by, and every hit says so', async () => {
  // Only Salesforce knows the company by this number; both know Grace.
  const found = await searchRecords(gateway, { phone: '512 555 0100', fullName: 'Grace Underhill' })
  expect(answerOf(found, 'SALESFORCE').matchedBy).toBe('PHONE')
  expect(answerOf(found, 'DYNAMICS').matchedBy).toBe('FULL_NAME')
  for (const hit of found.hits) {
    expect(hit.matchedBy).toBe(answerOf(found, hit.record.integration.provider).matchedBy)
  }
})

it('a hit can be opened, read and tagged (D-PSH-03, S-PSH-03)', async () => {
  const { hits } = await searchRecords(gateway, { phone })
  expect(hits).not.toHaveLength(0)
  for (const { actions, alreadyTagged } of hits) {
    expect({ actions, alreadyTagged }).toEqual({ actions: ['OPEN', 'DETAIL', 'TAG'], alreadyTagged: false })
  }
})

it.each(['5125550143', '+15125550143', '1-512-555-0143', '512.555.0143', 'tel. 512/555/0143 ext. 7'])(
  'a number finds the same people however it is written: %s',
  async (written) => {
    const names = (await searchRecords(gateway, { phone: written })).hits.map(({ record }) => record.name)
    expect(new Set(names)).toEqual(new Set(['Ada Lovelace-Byrne', 'Ada Byrne', 'Analytical Engines']))
  },
)

it('a term finds part of a name, an address or a number in both CRMs', async () => {
  for (const term of ['lovelace', 'ada@analytical', '555-0143']) {
    const found = await searchRecords(gateway, { term })
    for (const provider of providers) expect(namesOf(found, provider)).toContain('Ada Lovelace-Byrne')
  }
})

it('exact hits stand before loose ones, whatever CRM they come from', async () => {
  const { hits } = await searchRecords(gateway, { term: 'an' })
  const exact = hits.map((hit) => hit.exact)
  expect(exact).toEqual([...exact].sort((a, b) => Number(b) - Number(a)))
})

const hostile = [
  "' or 1=1 --",
  "'; DROP TABLE Contact; --",
  "x') or contains(fullname,'",
  '%',
  '_______',
  '[a-z]%',
  '\\',
  "\\' OR Name LIKE '%",
  '" } } mutation { endConversation(id: 1) { __typename } }',
  '$select=*&$filter=1 eq 1',
  '\u0000',
  '𝕏'.repeat(200),
  '../../../etc/passwd',
  '<script>alert(1)</script>',
]

it.each(hostile)('hostile text finds nobody and breaks nothing: %j', async (text) => {
  for (const input of [{ term: text }, { fullName: text }, { email: text }, { phone: text }]) {
    const found = await searchRecords(gateway, input)
    expect(found.__typename).toBe('SearchRecordsSuccess')
    expect(found.hits.map(({ record }) => record.name)).toEqual([])
    expect(found.integrations.map(({ failure }) => failure)).toEqual([null, null])
  }
})

it('what means something in a query is found as the text that it is', async () => {
  for (const provider of providers) {
    const byName = await searchRecords(gateway, { fullName: '100%_[x] Trailing\\' })
    expect(namesOf(byName, provider)).toEqual(['100%_[x] Trailing\\'])
    const byTerm = await searchRecords(gateway, { term: '%_[x' })
    expect(namesOf(byTerm, provider)).toEqual(['100%_[x] Trailing\\'])
    const apostrophe = await searchRecords(gateway, { term: "o'ne" })
    expect(namesOf(apostrophe, provider)).toContain("Pat O'Neil")
  }
})

it('what cannot be asked is refused by its field', async () => {
  const cases = [
    [{ term: 'x', phone }, 'term'],
    [{ term: 'x'.repeat(501) }, 'term'],
    [{ phone, first: 0 }, 'first'],
    [{ phone, first: 201 }, 'first'],
  ] as const
  for (const [input, name] of cases) {
    expect(await searchRecords(gateway, input)).toMatchObject({
      __typename: 'ValidationError',
      fields: [{ path: ['input', name] }],
    })
  }
})

it('filters leave the others unasked', async () => {
  await gateway.crm.salesforce.clearCalls()
  const { entityTypes, id } = orgs.DYNAMICS
  const contact = entityTypes.find((entityType) => entityType.kind === 'CONTACT')
  const { hits } = await searchRecords(gateway, { phone, entityTypeIds: [contact?.id ?? ''] })
  expect(hits.map(({ record }) => record.__typename)).toEqual(['Contact'])
  expect((await searchRecords(gateway, { phone, integrationIds: [id] })).integrations).toHaveLength(1)
  expect(await gateway.crm.salesforce.calls()).toEqual([])
})

it('forged ids of integrations, entity types and conversations answer as not found', async () => {
  const forged = (type: string) => Buffer.from(`${type}:forged`).toString('base64')
  for (const input of [
    { phone, integrationIds: [forged('Integration')] },
    { phone, entityTypeIds: [forged('EntityType')] },
    { conversationId: forged('Conversation') },
    { phone, integrationIds: ['nonsense'] },
  ]) {
    expect(await searchRecords(gateway, input)).toMatchObject({ __typename: 'NotFoundError', code: 'NOT_FOUND' })
  }
})
