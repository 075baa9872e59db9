import { beforeEach, expect } from 'vitest'
import { entityTypeOf, providers } from '../gateway/searching.ts'
import { change, faultsOf, updateSettings } from '../gateway/setting-up.ts'
import { newWord, putAccount } from './support/looking.ts'
import { autoSmsPush, begin, newPhone, putPerson } from './support/matching.ts'
import { heldOf, makeRecord, pushTo, settled, usualTable } from './support/pushing.ts'
import { openRules, type RuleCrm } from './support/rules.ts'

const { twins, crm } = openRules({ people: 5, worker: true })

beforeEach(async () => {
  for (const provider of providers) await crm(provider).settings({})
})

const on = (it: RuleCrm) => ({ fetchCrmData: true, autoSmsPush: autoSmsPush(it) })

twins(
  { DYNAMICS: 'D-SMS-01', SALESFORCE: 'S-SMS-01' },
  'it is tagged by itself where both are on, and in none of the other three cases',
  async (it) => {
    const phone = newPhone()
    const { remoteId } = await putPerson(it, 'CONTACT', { phone })
    const off = { ...autoSmsPush(it), enabled: false }
    const cases = [
      [{ autoSmsPush: off, fetchCrmData: false }, 'Allow Auto SMS Push is off'],
      [{ autoSmsPush: off, fetchCrmData: true }, 'Allow Auto SMS Push is off'],
      [{ autoSmsPush: autoSmsPush(it), fetchCrmData: false }, 'Allow Fetch CRM Data is off'],
    ] as const
    for (const [settings, why] of cases) {
      await it.settings(settings)
      const { state, conversation } = await begin(it, 'SMS', { phone })
      expect(state.tags).toEqual([])
      expect(await heldOf(it, usualTable[it.provider], conversation)).toEqual([])
      expect(state.why).toEqual([expect.objectContaining({ text: expect.stringContaining(why) })])
      expect(state.why[0]?.rule).toMatch(/-SMS-01$/)
    }
    await it.settings(on(it))
    const { state, conversation } = await begin(it, 'SMS', { phone })
    expect(state.tags).toMatchObject([{ automatic: true, taggedBy: null, remoteId }])
    expect(state.why.map(({ rule }) => rule.slice(2))).toEqual(['SMS-02', 'SMS-02'])
    expect(state.why[1]?.text).toContain('tagged by itself')
    await settled(it, conversation)
    const held = await heldOf(it, usualTable[it.provider], conversation)
    expect(held).toMatchObject([{ regarding: remoteId }])
  },
)

twins(
  { DYNAMICS: 'D-SMS-02', SALESFORCE: 'S-SMS-02' },
  'of three that match only the first is tagged: the one that was changed last',
  async (it) => {
    await it.settings(on(it))
    const phone = newPhone()
    const people = []
    for (const _ of [1, 2, 3]) {
      people.push(await putPerson(it, 'CONTACT', { phone }))
      await it.control.advanceClock(60_000)
    }
    const { state, conversation } = await begin(it, 'SMS', { phone })
    expect(state.tags.map(({ remoteId }) => remoteId)).toEqual([people[2]?.remoteId])
    await settled(it, conversation)
    const held = await heldOf(it, usualTable[it.provider], conversation)
    expect(held.map(({ regarding }) => regarding)).toEqual([people[2]?.remoteId])
    // What was changed last comes first, whenever it was made.
    const [oldest] = people
    if (!oldest) throw new Error('There is nobody')
    await it.control.changeRecord(
      { table: oldest.entity, id: oldest.remoteId },
      { [it.names.contact.first]: 'Changed' },
    )
    const { state: later } = await begin(it, 'SMS', { phone })
    expect(later.tags.map(({ remoteId }) => remoteId)).toEqual([oldest.remoteId])
  },
)

twins(
  { DYNAMICS: 'D-SMS-03', SALESFORCE: 'S-SMS-03' },
  'it is looked for in the chosen field of the chosen entity, and nowhere else',
  async (it) => {
    const phone = newPhone()
    const contact = await putPerson(it, 'CONTACT', { phone })
    const lead = await putPerson(it, 'LEAD', { phone })
    for (const [names, expected] of [
      [it.names.contact, contact],
      [it.names.lead, lead],
    ] as const) {
      const push = { enabled: true, entityType: names.entity, field: names.phone, identifier: 'PHONE' }
      await it.settings({ fetchCrmData: true, autoSmsPush: push })
      const { state, conversation } = await begin(it, 'SMS', { phone })
      expect(state.tags.map(({ remoteId }) => remoteId)).toEqual([expected.remoteId])
      await settled(it, conversation)
      const held = await heldOf(it, usualTable[it.provider], conversation)
      expect(held.map(({ regarding }) => regarding)).toEqual([expected.remoteId])
    }
    const mobile = it.provider === 'DYNAMICS' ? 'mobilephone' : 'MobilePhone'
    await it.settings({ fetchCrmData: true, autoSmsPush: { ...autoSmsPush(it), field: mobile } })
    expect((await begin(it, 'SMS', { phone })).state.tags).toEqual([])
  },
)

twins({ DYNAMICS: 'D-SMS-03', SALESFORCE: 'S-SMS-03' }, 'an entity that was added is not offered', async (it) => {
  const integrationId = it.org.id
  const added = await change(it.running, 'addEntity', {
    ...{ integrationId, expectedVersion: await it.version(), displayName: 'Opportunity', primaryFieldLabel: 'Topic' },
    ...(it.provider === 'DYNAMICS'
      ? { name: 'opportunity', primaryField: 'name' }
      : { name: 'Opportunity', primaryField: 'Name' }),
  })
  const push = (entityTypeId: string | null | undefined) =>
    change(it.running, updateSettings[it.provider], {
      integrationId,
      expectedVersion: added.integration?.settings.version,
      autoSmsPush: { enabled: true, entityTypeId, field: it.names.contact.phone, identifier: 'PHONE' },
    })
  expect(faultsOf(await push(added.changedId))).toEqual(['input.autoSmsPush.entityTypeId'])
  expect(await push(entityTypeOf(it.org, 'CONTACT'))).toMatchObject({ __typename: 'SettingsSuccess' })
})

twins({ DYNAMICS: 'D-SMS-04' }, 'a contact is found by its Business Phone', async (it) => {
  await it.settings(on(it))
  expect(it.names.contact).toMatchObject({ entity: 'contact', phone: 'telephone1' })
  const phone = newPhone()
  const { remoteId } = await putPerson(it, 'CONTACT', { phone: phone.replaceAll(' ', '-') })
  const { state, conversation } = await begin(it, 'SMS', { phone })
  expect(state.tags).toMatchObject([{ automatic: true, remoteId }])
  await settled(it, conversation)
  expect(await heldOf(it, 'annotation', conversation)).toMatchObject([{ regarding: remoteId }])
})

twins({ SALESFORCE: 'S-SMS-04' }, 'the account whose Name is the account id is tagged', async (it) => {
  const push = { enabled: true, entityType: 'Account', field: 'Name', identifier: 'ACCOUNT_ID' }
  await it.settings({ fetchCrmData: true, autoSmsPush: push })
  const account = await putAccount(it, 'A-77')
  await putAccount(it, 'A-770')
  const { state, conversation } = await begin(it, 'SMS', { phone: newPhone(), accountId: 'A-77' })
  expect(state.tags).toMatchObject([{ automatic: true, remoteId: account }])
  await settled(it, conversation)
  expect(await heldOf(it, 'Task', conversation)).toMatchObject([{ regarding: account }])
})

twins(
  { DYNAMICS: 'D-SMS-05', SALESFORCE: 'S-SMS-05' },
  'nobody matches: nothing is tagged, no error, and an agent can tag',
  async (it) => {
    await it.settings(on(it))
    const { state, conversation } = await begin(it, 'SMS', { phone: newPhone() })
    expect(state.tags).toEqual([])
    expect(state.match).toMatchObject({ kind: 'NONE', hits: [] })
    expect(state.why).toEqual([expect.objectContaining({ rule: expect.stringMatching(/-SMS-05$/) })])
    expect(await heldOf(it, usualTable[it.provider], conversation)).toEqual([])
    expect(await pushTo(it, conversation, await makeRecord(it))).toMatchObject({ status: 'DELIVERED' })
  },
)

twins(
  { DYNAMICS: 'D-SMS-05', SALESFORCE: 'S-SMS-05' },
  'a visitor who is known too little matches nobody',
  async (it) => {
    await it.settings(on(it))
    await putPerson(it, 'CONTACT', { phone: newWord() })
    const { state } = await begin(it, 'SMS', { fullName: 'Dana Fox' })
    expect(state.tags).toEqual([])
    expect(state.why.map(({ text }) => text).join()).toContain('is not known')
  },
)
