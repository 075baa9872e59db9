import { expect } from 'vitest'
import { searchBy } from '../../packages/server/src/search/plan.ts'
import { lookUpId } from '../../packages/server/src/shared/global-id.ts'
import { conditionsOf, look, newWord, put } from './support/looking.ts'
import { openRules, type RuleCrm } from './support/rules.ts'

const { twins } = openRules({ people: 40 })

const identifiers = ['PHONE', 'EMAIL', 'FULL_NAME'] as const
type Identifier = (typeof identifiers)[number]
const inputs = { PHONE: 'phone', EMAIL: 'email', FULL_NAME: 'fullName' } as const

/** Values that nobody has. */
const nobody = { phone: '+1 512 555 0000', email: 'nobody@nowhere.example', fullName: 'Nobody Atall' }

interface Person {
  id: string
  value: string
}

let numbers = 1000

/** Three contacts: each has one of the identifiers, and only that one is given of it. */
async function three(crm: RuleCrm): Promise<Record<Identifier, Person>> {
  const { contact } = crm.names
  numbers += 1
  const people = {
    PHONE: { phone: `+1 214 555 ${numbers}`, last: newWord() },
    EMAIL: { email: `${newWord().toLowerCase()}@people.example`, last: newWord() },
    FULL_NAME: { first: newWord(), last: newWord() },
  }
  const ids = await Promise.all(
    Object.values(people).map((person: { phone?: string; email?: string; first?: string; last: string }) =>
      put(
        crm,
        'CONTACT',
        contact.entity,
        (['phone', 'email', 'first', 'last'] as const).flatMap((key) =>
          person[key] ? [{ name: contact[key], type: 'TEXT' as const, value: person[key] }] : [],
        ),
      ),
    ),
  )
  const [phone = '', email = '', name = ''] = ids
  return {
    PHONE: { id: phone, value: people.PHONE.phone },
    EMAIL: { id: email, value: people.EMAIL.email },
    FULL_NAME: { id: name, value: `${people.FULL_NAME.first} ${people.FULL_NAME.last}` },
  }
}

const all = (people: Record<Identifier, Person>) => ({
  phone: people.PHONE.value,
  email: people.EMAIL.value,
  fullName: people.FULL_NAME.value,
})

async function found(crm: RuleCrm, input: object) {
  const { matchedBy, hits } = await look(crm, input)
  for (const hit of hits) expect(hit.matchedBy).toBe(matchedBy)
  return { matchedBy, ids: hits.map(({ record }) => record.remoteId) }
}

twins(
  { DYNAMICS: 'D-ORD-01', SALESFORCE: 'S-ORD-01' },
  'of three that are known, the phone decides, and only who has it is shown',
  async (crm) => {
    const people = await three(crm)
    expect(await found(crm, all(people))).toEqual({ matchedBy: 'PHONE', ids: [people.PHONE.id] })
  },
)

twins(
  { DYNAMICS: 'D-ORD-02', SALESFORCE: 'S-ORD-02' },
  'a phone that nobody has goes on with the e-mail address',
  async (crm) => {
    const people = await three(crm)
    const input = { ...all(people), phone: nobody.phone }
    expect(await found(crm, input)).toEqual({ matchedBy: 'EMAIL', ids: [people.EMAIL.id] })
  },
)

twins(
  { DYNAMICS: 'D-ORD-03', SALESFORCE: 'S-ORD-03' },
  'a phone and an e-mail address that nobody has go on with the full name',
  async (crm) => {
    const people = await three(crm)
    const input = { ...nobody, fullName: people.FULL_NAME.value }
    expect(await found(crm, input)).toEqual({ matchedBy: 'FULL_NAME', ids: [people.FULL_NAME.id] })
  },
)

twins(
  { DYNAMICS: 'D-ORD-04', SALESFORCE: 'S-ORD-04' },
  'without a phone the e-mail address is first, and no phone field is looked into',
  async (crm) => {
    const people = await three(crm)
    const { phone: _, ...known } = all(people)
    for (const phone of [undefined, '', ' ']) {
      expect(await found(crm, { ...known, phone })).toEqual({ matchedBy: 'EMAIL', ids: [people.EMAIL.id] })
    }
    const conditions = await conditionsOf(crm, () => look(crm, known))
    expect(conditions.join()).toContain(people.EMAIL.value)
    expect(conditions.join()).not.toContain(crm.names.contact.phone)
  },
)

twins(
  { DYNAMICS: 'D-ORD-05', SALESFORCE: 'S-ORD-05' },
  'with a name alone the single look-up is by full name',
  async (crm) => {
    const people = await three(crm)
    const input = { fullName: people.FULL_NAME.value }
    expect(await found(crm, input)).toEqual({ matchedBy: 'FULL_NAME', ids: [people.FULL_NAME.id] })
    const conditions = await conditionsOf(crm, () => look(crm, input))
    expect(conditions.join()).toContain(people.FULL_NAME.value)
    expect(conditions.join()).not.toContain(crm.names.contact.phone)
    expect(conditions.join()).not.toContain(crm.names.contact.email)
  },
)

const permutations: Identifier[][] = identifiers.flatMap((first) =>
  identifiers
    .filter((it) => it !== first)
    .map((second) => [first, second, ...identifiers.filter((it) => it !== first && it !== second)]),
)
const subsets: Identifier[][] = Array.from({ length: 8 }, (_, bits) =>
  identifiers.filter((_identifier, index) => bits & (1 << index)),
)

twins(
  { DYNAMICS: 'D-ORD-06', SALESFORCE: 'S-ORD-06' },
  "in each of 6 orders and with each of 8 sets of known values, the admin's order without the unknown ones is in force",
  async (crm) => {
    const people = await three(crm)
    const { integrations } = crm.running.gateway.services
    for (const searchOrder of permutations) {
      await crm.settings({ searchOrder })
      const integration = await integrations.find(crm.running.workspaceId, lookUpId('Integration', crm.org.id))
      for (const known of subsets) {
        const input = Object.fromEntries(known.map((identifier) => [inputs[identifier], people[identifier].value]))
        const order = searchOrder.filter((identifier) => known.includes(identifier))
        const planned = searchBy(input, integration?.settings.searchOrder ?? [])
        expect(planned.map(({ identifier }) => identifier)).toEqual(order)
        const [first] = order
        const winner =
          first === undefined ? { matchedBy: null, ids: [] } : { matchedBy: first, ids: [people[first].id] }
        expect(await found(crm, input), `${searchOrder} of ${known}`).toEqual(winner)
      }
    }
  },
)

twins(
  { DYNAMICS: 'D-ORD-07', SALESFORCE: 'S-ORD-07' },
  'the first identifier that finds anybody decides for all entity types',
  async (crm) => {
    const people = await three(crm)
    const { lead } = crm.names
    // A lead that is found by the e-mail address of the search, where a contact is found by its phone.
    const leadId = await put(crm, 'LEAD', lead.entity, [
      { name: lead.last, type: 'TEXT', value: newWord() },
      { name: lead.company, type: 'TEXT', value: newWord() },
      { name: lead.email, type: 'EMAIL', value: people.EMAIL.value },
    ])
    expect(await found(crm, all(people))).toEqual({ matchedBy: 'PHONE', ids: [people.PHONE.id] })
    const leads = crm.org.entityTypes.filter(({ kind }) => kind === 'LEAD').map(({ id }) => id)
    // Where an agent searches one tab only, it is decided for that tab.
    expect(await found(crm, { ...all(people), entityTypeIds: leads })).toEqual({ matchedBy: 'EMAIL', ids: [leadId] })
  },
)

twins(
  { DYNAMICS: 'D-ORD-08', SALESFORCE: 'S-ORD-08' },
  'nobody found is an empty list; nothing known asks the CRM nothing',
  async (crm) => {
    const none = await look(crm, nobody)
    expect(none).toMatchObject({ __typename: 'SearchRecordsSuccess', matchedBy: null, failure: null, hits: [] })
    await crm.control.clearCalls()
    const unknown = await look(crm, { phone: ' ', email: '' })
    expect(unknown).toMatchObject({ __typename: 'SearchRecordsSuccess', matchedBy: null, failure: null, hits: [] })
    expect(await crm.control.calls()).toEqual([])
  },
)
