import { beforeEach, expect, test } from 'vitest'
import { end, say, tag } from '../gateway/conversing.ts'
import { entityTypeOf, providers } from '../gateway/searching.ts'
import { change, faultsOf, updateSettings } from '../gateway/setting-up.ts'
import { take } from '../gateway/watching.ts'
import { constantOf, industries, industryOf } from './support/backend-settings.ts'
import { newWord, putAccount } from './support/looking.ts'
import {
  autoChatPush,
  begin,
  type Identifier,
  type LookedUp,
  newPhone,
  putPerson,
  requestsFor,
  stateOf,
  updateVisitor,
} from './support/matching.ts'
import { heldOf, makeRecord, pushTo, settled, usualTable } from './support/pushing.ts'
import { openRules, type RuleCrm } from './support/rules.ts'

const { twins, crm } = openRules({ people: 5, worker: true })

beforeEach(async () => {
  for (const provider of providers) await crm(provider).settings({})
})

const rowsOf = ({ why }: LookedUp) => why.map(({ rule }) => rule.slice(2))
const digitsOf = (phone: string) => phone.replace(/\D/g, '').slice(-7)
const emailOf = () => `${newWord()}@example.com`.toLowerCase()

interface Event {
  __typename: string
  match?: LookedUp['match']
}

/** What has happened to a conversation so far. */
const eventsOf = async (it: RuleCrm, { id }: { id: string }, count: number) =>
  take<Event>(
    it.running,
    `subscription ($ids: [ID!]!) {
      conversationEvents(conversationIds: $ids, after: "0") {
        __typename
        ... on MatchFound { match {
          kind identifier actions hits { matchedBy matchedField record { id remoteId name } }
        } }
      }
    }`,
    { ids: [id] },
    (events) => events.length >= count,
    await it.agent(),
  )

twins(
  { DYNAMICS: 'D-CHT-01', SALESFORCE: 'S-CHT-01' },
  'somebody who matches is proposed by an event, and nothing is tagged',
  async (it) => {
    await it.settings({ autoChatPush: autoChatPush(it) })
    const phone = newPhone()
    const { remoteId } = await putPerson(it, 'CONTACT', { phone, last: 'Fox' })
    const { state, conversation } = await begin(it, 'CHAT', { phone })
    let events: Event[] = []
    const searches = await requestsFor(it, digitsOf(phone), async () => {
      events = await eventsOf(it, conversation, 2)
    })
    // Who hears of it has the record loaded by its key, and nobody looked for.
    expect(searches).toEqual([])
    expect(events.map(({ __typename }) => __typename).sort()).toEqual(['MatchFound', 'MessageAppended'])
    expect(events.find(({ match }) => match)?.match).toEqual(state.match)
    expect(state.match).toMatchObject({ kind: 'ONE', hits: [{ record: { remoteId, name: 'Fox' } }] })
    expect(state.tags).toEqual([])
  },
)

twins(
  { DYNAMICS: 'D-CHT-01', SALESFORCE: 'S-CHT-01' },
  'with nobody to be asked the only match is tagged by itself, and delivered when the chat has ended',
  async (it) => {
    await it.settings({ autoChatPush: autoChatPush(it, ['PHONE'], true) })
    const phone = newPhone()
    const { remoteId } = await putPerson(it, 'CONTACT', { phone })
    const { state, conversation } = await begin(it, 'CHAT', { phone })
    expect(state.tags).toMatchObject([{ automatic: true, taggedBy: null, remoteId }])
    expect(rowsOf(state)).toEqual(['CHT-05', 'CHT-01'])
    await say(it.running, conversation, 'second')
    expect(await heldOf(it, usualTable[it.provider], conversation)).toEqual([])
    await end(it.running, conversation)
    await settled(it, conversation, 2)
    expect(await heldOf(it, usualTable[it.provider], conversation)).toMatchObject([
      { regarding: remoteId, body: expect.stringContaining('second') },
    ])
  },
)

twins(
  { DYNAMICS: 'D-CHT-01', SALESFORCE: 'S-CHT-01' },
  'a chat is matched again when more is known of its visitor; what a person did stays',
  async (it) => {
    await it.settings({ autoChatPush: autoChatPush(it, ['PHONE', 'EMAIL'], true) })
    const [phone, email] = [newPhone(), emailOf()]
    const [byPhone, byEmail] = [await putPerson(it, 'CONTACT', { phone }), await putPerson(it, 'CONTACT', { email })]
    const { state, conversation } = await begin(it, 'CHAT', {})
    expect(state.tags).toEqual([])
    await updateVisitor(it, conversation, { email })
    const later = await stateOf(it, conversation)
    expect(later.tags.map(({ remoteId }) => remoteId)).toEqual([byEmail.remoteId])
    await updateVisitor(it, conversation, { phone })
    const last = await stateOf(it, conversation)
    expect(last.match).toMatchObject({ identifier: 'PHONE', hits: [{ record: { remoteId: byPhone.remoteId } }] })
    expect(last.tags).toEqual(later.tags)

    const [taken] = last.tags
    await it.running.execute('mutation ($id: ID!) { untagConversation(tagId: $id) { __typename } }', { id: taken?.id })
    await updateVisitor(it, conversation, { phone: newPhone() })
    const untouched = await stateOf(it, conversation)
    expect(untouched.tags).toHaveLength(1)
    expect(untouched.why.at(-1)?.text).toContain('took a record of this CRM off')
  },
)

twins(
  { DYNAMICS: 'D-CHT-02', SALESFORCE: 'S-CHT-02' },
  'turned on with a part of a rule missing it is refused, by the field that is missing',
  async (it) => {
    const rule = { identifier: 'PHONE', entityTypeId: entityTypeOf(it.org, 'CONTACT'), field: it.names.contact.phone }
    const update = async (rules: object[]) =>
      faultsOf(
        await change(it.running, updateSettings[it.provider], {
          ...{ integrationId: it.org.id, expectedVersion: await it.version() },
          autoChatPush: { enabled: true, rules },
        }),
      )
    const input = 'input.autoChatPush.rules'
    expect(await update([])).toEqual([input])
    expect(await update([{ ...rule, field: ' ' }])).toEqual([`${input}.0.field`])
    expect(await update([rule, { ...rule, entityTypeId: 'another' }])).toEqual([`${input}.1.entityTypeId`])
    await expect(update([{ ...rule, identifier: undefined }])).rejects.toThrow('identifier')
    expect(await update([rule])).toEqual([])
  },
)

const orders: Identifier[][] = [
  ['PHONE', 'EMAIL', 'ACCOUNT_ID'],
  ['PHONE', 'ACCOUNT_ID', 'EMAIL'],
  ['EMAIL', 'PHONE', 'ACCOUNT_ID'],
  ['EMAIL', 'ACCOUNT_ID', 'PHONE'],
  ['ACCOUNT_ID', 'PHONE', 'EMAIL'],
  ['ACCOUNT_ID', 'EMAIL', 'PHONE'],
]

twins(
  { DYNAMICS: 'D-CHT-03', SALESFORCE: 'S-CHT-03' },
  'any order of the three identifiers is kept and decides; unknown ones are passed over, and a full name is none',
  async (it) => {
    const [phone, email, accountId] = [newPhone(), emailOf(), newWord()]
    const found = {
      PHONE: (await putPerson(it, 'CONTACT', { phone })).remoteId,
      EMAIL: (await putPerson(it, 'CONTACT', { email })).remoteId,
      ACCOUNT_ID: await putAccount(it, accountId),
    }
    const values = { PHONE: { phone }, EMAIL: { email }, ACCOUNT_ID: { accountId } }
    for (const order of orders) {
      await it.settings({ autoChatPush: autoChatPush(it, order) })
      const kept = (await it.document()) as { autoChatPush: { rules: { identifier: string }[] } }
      expect(kept.autoChatPush.rules.map(({ identifier }) => identifier)).toEqual(order)
      const [first, second, third] = order as [Identifier, Identifier, Identifier]
      for (const [visitor, winner] of [
        [{ phone, email, accountId }, first],
        [{ ...values[second], ...values[third] }, second],
        [values[third], third],
      ] as const) {
        const { match } = (await begin(it, 'CHAT', visitor)).state
        expect(match).toMatchObject({ identifier: winner, hits: [{ record: { remoteId: found[winner] } }] })
      }
    }
    await expect(it.settings({ autoChatPush: autoChatPush(it, ['FULL_NAME' as Identifier]) })).rejects.toThrow()
  },
)

twins({ DYNAMICS: 'D-CHT-04' }, 'contacts are looked for by telephone1 with the phone number', async (it) => {
  await it.settings({ autoChatPush: autoChatPush(it) })
  const phone = newPhone()
  const { remoteId } = await putPerson(it, 'CONTACT', { phone })
  let state: LookedUp | undefined
  const [request = ''] = await requestsFor(it, digitsOf(phone), async () => {
    state = (await begin(it, 'CHAT', { phone })).state
  })
  expect(request).toMatch(/filter=.*telephone1.*contactid/)
  expect(request).not.toMatch(/telephone2|mobilephone|accountid|leadid/)
  expect(state?.match?.hits).toMatchObject([{ matchedBy: 'PHONE', matchedField: 'telephone1', record: { remoteId } }])
})

twins({ SALESFORCE: 'S-CHT-04' }, 'accounts are looked for by Name with the account id', async (it) => {
  await it.settings({ autoChatPush: autoChatPush(it, ['ACCOUNT_ID', 'PHONE']) })
  const [accountId, phone] = [newWord(), newPhone()]
  const account = await putAccount(it, accountId)
  await putPerson(it, 'CONTACT', { phone })
  const { match } = (await begin(it, 'CHAT', { accountId, phone })).state
  expect(match).toMatchObject({
    kind: 'ONE',
    hits: [{ matchedBy: 'ACCOUNT_ID', matchedField: 'Name', record: { remoteId: account } }],
  })
})

twins(
  { DYNAMICS: 'D-CHT-05', SALESFORCE: 'S-CHT-05' },
  'one match is proposed with its details, to be tagged or passed over; one click tags it',
  async (it) => {
    await it.settings({ autoChatPush: autoChatPush(it) })
    const phone = newPhone()
    const { remoteId } = await putPerson(it, 'CONTACT', { phone, last: 'Fox' })
    const { state, conversation } = await begin(it, 'CHAT', { phone })
    expect(state.match).toMatchObject({
      ...{ kind: 'ONE', identifier: 'PHONE', actions: ['TAG', 'SEARCH_ANOTHER'] },
      hits: [{ matchedField: it.names.contact.phone, record: { remoteId, name: 'Fox' } }],
    })
    expect(rowsOf(state)).toEqual(['CHT-05', 'CHT-05'])
    const ids = state.match?.hits.map(({ record }) => record.id) ?? []
    const tagged = await tag(it.running, conversation, ids, { afterEnd: true }, await it.agent([conversation.id]))
    expect(tagged.outcomes?.map(({ error }) => error)).toEqual([null])
    await end(it.running, conversation)
    await settled(it, conversation)
    expect(await heldOf(it, usualTable[it.provider], conversation)).toMatchObject([{ regarding: remoteId }])
    expect((await stateOf(it, conversation)).tags).toMatchObject([{ automatic: false }])
  },
)

twins(
  { DYNAMICS: 'D-CHT-06', SALESFORCE: 'S-CHT-06' },
  'several matches can be tagged all at once: an activity each, and one that fails fails alone',
  async (it) => {
    await it.settings({ autoChatPush: autoChatPush(it, ['PHONE'], true) })
    const phone = newPhone()
    const people = [1, 2, 3].map(() => putPerson(it, 'CONTACT', { phone }))
    const ids = (await Promise.all(people)).map(({ remoteId }) => remoteId)
    const { state, conversation } = await begin(it, 'CHAT', { phone })
    expect(state.match).toMatchObject({ kind: 'MANY', actions: ['TAG_ALL', 'SEARCH_ANOTHER'] })
    expect(state.tags).toEqual([])
    expect(rowsOf(state)).toEqual(['CHT-06', 'CHT-06'])
    const hits = state.match?.hits ?? []
    expect(hits.map(({ record }) => record.remoteId).sort()).toEqual([...ids].sort())
    const all = hits.map(({ record }) => record.id)
    const tagged = await tag(it.running, conversation, all, { afterEnd: true })
    expect(tagged.outcomes?.map(({ error }) => error)).toEqual([null, null, null])
    await end(it.running, conversation)
    await settled(it, conversation)
    const held = await heldOf(it, usualTable[it.provider], conversation)
    expect(held.map(({ regarding }) => regarding).sort()).toEqual([...ids].sort())

    // One is gone by the time that the agent clicks, and another one by the time that the chat has ended.
    const again = await begin(it, 'CHAT', { phone })
    const records = again.state.match?.hits.map(({ record }) => record) ?? []
    const [gone, removed, kept] = records.map(({ remoteId }) => ({ table: it.names.contact.entity, id: remoteId }))
    if (!gone || !removed || !kept) throw new Error('Three should match')
    await it.control.removeRecord(gone)
    const partly = await tag(
      it.running,
      again.conversation,
      records.map(({ id }) => id),
      { afterEnd: true },
    )
    expect(partly.outcomes?.map(({ error }) => error?.code ?? null)).toEqual(['NOT_FOUND', null, null])
    await it.control.removeRecord(removed)
    await end(it.running, again.conversation)
    const pushes = await settled(it, again.conversation)
    const fates = pushes.map(({ status, error }) => [status, error?.code ?? null].join(' ')).sort()
    expect(fates).toEqual(['DELIVERED ', 'FAILED CRM_RECORD_GONE'])
    const heldOfKept = await heldOf(it, usualTable[it.provider], again.conversation)
    expect(heldOfKept.map(({ regarding }) => regarding)).toEqual([kept.id])
  },
)

twins(
  { DYNAMICS: 'D-CHT-07', SALESFORCE: 'S-CHT-07' },
  'off: the CRM is not asked, and nobody is proposed',
  async (it) => {
    const phone = newPhone()
    await putPerson(it, 'CONTACT', { phone })
    await it.settings({ autoChatPush: { ...autoChatPush(it, ['PHONE'], true), enabled: false } })
    await it.control.clearCalls()
    const { state, conversation } = await begin(it, 'CHAT', { phone })
    expect(await it.control.calls()).toEqual([])
    expect(state).toMatchObject({ match: null, tags: [] })
    expect(rowsOf(state)).toEqual(['CHT-07'])
    await say(it.running, conversation, 'second')
    const events = await eventsOf(it, conversation, 2)
    expect(events.map(({ __typename }) => __typename)).toEqual(['MessageAppended', 'MessageAppended'])
  },
)

twins(
  { DYNAMICS: 'D-CHT-08', SALESFORCE: 'S-CHT-08' },
  'nobody matches: that is said, nothing is tagged, and an agent can search',
  async (it) => {
    await it.settings({ autoChatPush: autoChatPush(it, ['PHONE'], true) })
    const { state, conversation } = await begin(it, 'CHAT', { phone: newPhone() })
    expect(state.match).toEqual({ kind: 'NONE', identifier: null, actions: ['SEARCH_ANOTHER'], hits: [] })
    expect(state.tags).toEqual([])
    expect(rowsOf(state)).toEqual(['CHT-08'])
    await say(it.running, conversation, 'second')
    const events = await eventsOf(it, conversation, 2)
    expect(events.map(({ __typename }) => __typename)).toEqual(['MessageAppended', 'MessageAppended'])
    await end(it.running, conversation)
    expect(await pushTo(it, conversation, await makeRecord(it))).toMatchObject({ status: 'DELIVERED' })
  },
)

for (const provider of providers) {
  test(`I-08: backend fields are written to every record of ${provider} that is tagged, each judged for itself`, async () => {
    const it = crm(provider)
    const accountId = newWord()
    const { name, one, other } = industries[provider]
    const accounts = [await putAccount(it, accountId), await putAccount(it, accountId)]
    const [empty, full] = accounts.map((remoteId) => ({ id: '', remoteId, entity: it.names.account.entity }))
    if (!empty || !full) throw new Error('There are no accounts')
    await it.control.changeRecord({ table: full.entity, id: full.remoteId }, { [name]: other.held })
    await it.settings({
      autoChatPush: autoChatPush(it, ['ACCOUNT_ID']),
      backendFields: [{ target: 'RECORD', ...constantOf(it, { overwrite: false }) }],
    })
    const { state, conversation } = await begin(it, 'CHAT', { accountId })
    const all = state.match?.hits.map(({ record }) => record.id) ?? []
    expect(all).toHaveLength(2)
    await tag(it.running, conversation, all, { afterEnd: true })
    await end(it.running, conversation)
    await settled(it, conversation)
    expect(await industryOf(it, empty)).toBe(one.held)
    expect(await industryOf(it, full)).toBe(other.held)
  })
}

test('I-09: with both CRMs connected each is matched by its own settings, and tags unasked by its own', async () => {
  const phone = newPhone()
  const [dynamics, salesforce] = [crm('DYNAMICS'), crm('SALESFORCE')]
  const there = await putPerson(dynamics, 'CONTACT', { phone })
  const proposed = await putPerson(salesforce, 'CONTACT', { phone })
  await dynamics.settings({ autoChatPush: autoChatPush(dynamics, ['PHONE'], true) })
  await salesforce.settings({ autoChatPush: autoChatPush(salesforce, ['PHONE'], false) })
  const { state, conversation } = await begin(dynamics, 'CHAT', { phone })
  expect(state.match).toMatchObject({ kind: 'MANY', actions: ['TAG_ALL', 'SEARCH_ANOTHER'] })
  expect(state.match?.hits.map(({ record }) => record.remoteId)).toEqual([there.remoteId, proposed.remoteId])
  expect(state.tags.map(({ remoteId }) => remoteId)).toEqual([there.remoteId])
  expect(rowsOf(state)).toEqual(['CHT-05', 'CHT-01'])
  expect(rowsOf(await stateOf(salesforce, conversation))).toEqual(['CHT-05', 'CHT-05'])
})
