import { beforeEach, expect } from 'vitest'
import { startConversation } from '../gateway/conversing.ts'
import { providers } from '../gateway/searching.ts'
import { newWord, putAccount } from './support/looking.ts'
import { begin, newPhone, prefill, putPerson, requestsFor, stateOf } from './support/matching.ts'
import { openRules, type RuleCrm } from './support/rules.ts'

const { twins, crm } = openRules({ people: 5, worker: true })

beforeEach(async () => {
  for (const provider of providers) await crm(provider).settings({})
})

const fetch = { fetchCrmData: true }
const digitsOf = (phone: string) => phone.replace(/\D/g, '').slice(-7)
const nobody = { __typename: 'VisitorPrefill', firstName: null, lastName: null, source: null }

twins(
  { DYNAMICS: 'D-FET-01', SALESFORCE: 'S-FET-01' },
  'a new text message thread looks its number up, once',
  async (it) => {
    await it.settings(fetch)
    const phone = newPhone()
    await putPerson(it, 'CONTACT', { phone })
    // What the org is like is known by then.
    await prefill(it, newPhone())
    const requests = await requestsFor(it, digitsOf(phone), () => begin(it, 'SMS', { phone }))
    expect(requests).toHaveLength(1)
    expect(await requestsFor(it, digitsOf(phone), () => prefill(it, phone))).toHaveLength(1)
  },
)

twins({ DYNAMICS: 'D-FET-01', SALESFORCE: 'S-FET-01' }, 'a chat looks nobody up for names', async (it) => {
  await it.settings(fetch)
  const phone = newPhone()
  await putPerson(it, 'CONTACT', { phone, first: 'Ada' })
  await it.control.clearCalls()
  expect((await begin(it, 'CHAT', { phone })).state.visitor).toEqual({ firstName: null, lastName: null })
  expect(await it.control.calls()).toEqual([])
})

async function expectNames(it: RuleCrm, phone: string, firstName: string | null, lastName: string | null) {
  const { state } = await begin(it, 'SMS', { phone })
  expect(state.visitor).toEqual({ firstName, lastName })
  expect(await prefill(it, phone)).toMatchObject({ firstName, lastName })
}

twins(
  { DYNAMICS: 'D-FET-02', SALESFORCE: 'S-FET-02' },
  'the names come from contacts, then leads, then accounts, whatever the format of the number',
  async (it) => {
    await it.settings(fetch)
    const phone = newPhone()
    const written = phone.replace(/^\+1 (\d+) (\d+) (\d+)$/, '($1) $2-$3')
    const account = await putAccount(it, newWord(), undefined, [
      { name: it.names.account.phone, type: 'TEXT', value: phone },
    ])
    expect(await prefill(it, written)).toMatchObject({ firstName: null, source: { remoteId: account } })
    const lead = await putPerson(it, 'LEAD', { phone: written, first: 'Lea', last: 'Dunn' })
    await expectNames(it, phone, 'Lea', 'Dunn')
    expect(await prefill(it, phone)).toMatchObject({ source: { remoteId: lead.remoteId, entityName: lead.entity } })
    const contact = await putPerson(it, 'CONTACT', { phone, first: 'Con', last: 'Tact' })
    await expectNames(it, written, 'Con', 'Tact')
    await it.control.advanceClock(60_000)
    await putPerson(it, 'CONTACT', { phone, first: 'Later', last: 'Changed' })
    await expectNames(it, phone, 'Later', 'Changed')
    expect((await prefill(it, phone)).source?.remoteId).not.toBe(contact.remoteId)
  },
)

twins(
  { DYNAMICS: 'D-FET-02', SALESFORCE: 'S-FET-02' },
  'what was given of the visitor stays, and names of two people are not mixed',
  async (it) => {
    await it.settings(fetch)
    const phone = newPhone()
    await putPerson(it, 'CONTACT', { phone, first: 'Ada', last: 'Fox' })
    const namesOf = async (visitor: object) => (await begin(it, 'SMS', { phone, ...visitor })).state.visitor
    expect(await namesOf({ firstName: 'Ada' })).toEqual({ firstName: 'Ada', lastName: 'Fox' })
    expect(await namesOf({ firstName: 'Ben' })).toEqual({ firstName: 'Ben', lastName: null })
    expect(await namesOf({ firstName: 'Ben', lastName: 'Ito' })).toEqual({ firstName: 'Ben', lastName: 'Ito' })
    expect(await namesOf({ fullName: 'Ben Ito' })).toEqual({ firstName: null, lastName: null })
  },
)

twins({ DYNAMICS: 'D-FET-02', SALESFORCE: 'S-FET-02' }, 'agents cannot search them, so no names come', async (it) => {
  const phone = newPhone()
  await putPerson(it, 'CONTACT', { phone, first: 'Ada', last: 'Fox' })
  const { entityTypes } = (await it.document()) as { entityTypes: { name: string }[] }
  const withoutContacts = entityTypes.map((entity) =>
    entity.name === it.names.contact.entity ? { ...entity, searchable: false } : entity,
  )
  await it.settings({ ...fetch, entityTypes: withoutContacts })
  expect(await prefill(it, phone)).toEqual(nobody)
})

twins({ DYNAMICS: 'D-FET-03', SALESFORCE: 'S-FET-03' }, 'off: no CRM is asked, and there are no names', async (it) => {
  const phone = newPhone()
  await putPerson(it, 'CONTACT', { phone, first: 'Ada', last: 'Fox' })
  await it.control.clearCalls()
  await expectNames(it, phone, null, null)
  expect(await prefill(it, phone, it.org.id)).toEqual(nobody)
  expect(await it.control.calls()).toEqual([])
})

twins(
  { DYNAMICS: 'D-FET-04', SALESFORCE: 'S-FET-04' },
  'on, and nobody has the number: no names, no error',
  async (it) => {
    await it.settings(fetch)
    const phone = newPhone()
    await expectNames(it, phone, null, null)
    expect(await prefill(it, phone)).toEqual(nobody)
    const { id } = await startConversation(it.running, 'SMS', {})
    expect((await stateOf(it, { id })).visitor).toEqual({ firstName: null, lastName: null })
  },
)
