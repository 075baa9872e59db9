/** Visitors are looked up whatever happens: CRMs that fail, hang or rest, processes that end, visitors that change meanwhile. */
import { beforeEach, expect, test, vi } from 'vitest'
import { createLookUpQueue } from '../../packages/server/src/matching/look-up-store.ts'
import { lookUpId } from '../../packages/server/src/shared/global-id.ts'
import { newWord } from '../rules/support/looking.ts'
import {
  autoChatPush,
  autoSmsPush,
  begin,
  newPhone,
  prefill,
  putPerson,
  stateOf,
  untilLookedUp,
  updateVisitor,
} from '../rules/support/matching.ts'
import { settled } from '../rules/support/pushing.ts'
import { openRules, type RuleCrm } from '../rules/support/rules.ts'
import { type Conversation, end, say, startConversation } from './conversing.ts'
import { providers } from './searching.ts'

const { crm, running, twins } = openRules({ people: 5, worker: true })

beforeEach(async () => {
  for (const provider of providers) {
    await crm(provider).control.clearFaults()
    await crm(provider).control.setLatency({ ms: 0 })
    await crm(provider).settings({})
    // A check asks a CRM that is left alone since the test before (ruling 15).
    await running().execute('mutation ($id: ID!) { checkIntegration(id: $id) { __typename } }', {
      id: crm(provider).org.id,
    })
  }
})

let ahead = 0
function skip(ms: number): void {
  ahead += ms
  running().skip(ms)
}

const each = { DYNAMICS: 'DYNAMICS:', SALESFORCE: 'SALESFORCE:' }
const unasked = (it: RuleCrm) => ({ autoChatPush: autoChatPush(it, ['PHONE'], true) })
const keyOf = ({ id }: { id: string }) => ({ id: lookUpId('Conversation', id) })
const rowOf = (conversation: { id: string }) =>
  running().database.conversation.findUniqueOrThrow({ where: keyOf(conversation) })
const tagsOf = async (conversation: { id: string }) =>
  running().database.tag.findMany({
    where: { conversationId: keyOf(conversation).id },
    select: { remoteId: true, integrationId: true },
  })

/** A conversation in which nothing was said yet. */
async function startSilently(channel: 'CHAT' | 'SMS', visitor: object): Promise<Conversation> {
  const mark = `mark-${newWord()}`
  const { startConversation: started } = await running().execute(
    `mutation ($input: StartConversationInput!) {
      startConversation(input: $input) { ... on ConversationSuccess { conversation { id } } }
    }`,
    { input: { externalId: mark, channel, visitor } },
  )
  return { id: started.conversation.id, mark }
}

/** Waits until a look-up has failed and waits to be made again. */
const untilFailed = (conversation: { id: string }, attempts: number) =>
  vi.waitFor(
    async () => {
      const row = await rowOf(conversation)
      expect(row).toMatchObject({ matchAttempts: attempts, matchLeaseOwner: null, matchDueAt: expect.any(Date) })
      return row
    },
    { timeout: 20_000, interval: 20 },
  )

twins(each, 'a CRM that is down is asked again, and what it then knows is done', async (it) => {
  await it.settings(unasked(it))
  const phone = newPhone()
  const { remoteId } = await putPerson(it, 'CONTACT', { phone })
  await it.control.addFault({ times: 500 }, { status: 503 })
  const chat = await startConversation(running(), 'CHAT', { phone })
  const { matchDueAt } = await untilFailed(chat, 1)
  expect(matchDueAt?.getTime()).toBeGreaterThan(Date.now() + ahead)
  expect(await tagsOf(chat)).toEqual([])
  await it.control.clearFaults()
  skip(2_100)
  const state = await stateOf(it, chat)
  expect(state.tags).toMatchObject([{ automatic: true, remoteId }])
  expect(state.why.map(({ text }) => text).join()).not.toContain('could not be asked')
})

twins(each, 'a CRM that stays down is given up after some minutes, and why is said', async (it) => {
  await it.settings(unasked(it))
  await it.control.addFault({ times: 500 }, { status: 503 })
  const chat = await startConversation(running(), 'CHAT', { phone: newPhone() })
  for (let attempt = 1; attempt < 8; attempt++) {
    await untilFailed(chat, attempt)
    skip(60_100)
  }
  const state = await stateOf(it, chat)
  expect(state.match).toBeNull()
  expect(state.why.map(({ rule }) => rule.slice(2))).toEqual(['CHT-01', 'CHT-01'])
  expect(state.why[0]?.text).toContain('could not be asked')
  expect(state.why[1]?.text).toContain('8 times')
})

test('a CRM that hangs does not hold up what the other one knows', async () => {
  const [dynamics, salesforce] = [crm('DYNAMICS'), crm('SALESFORCE')]
  const phone = newPhone()
  const there = await putPerson(dynamics, 'CONTACT', { phone })
  const late = await putPerson(salesforce, 'CONTACT', { phone })
  for (const it of [dynamics, salesforce]) await it.settings(unasked(it))
  await salesforce.control.setLatency({ ms: 6_000 })
  const chat = await startConversation(running(), 'CHAT', { phone })
  await expect.poll(() => tagsOf(chat), { interval: 20 }).toMatchObject([{ remoteId: there.remoteId }])
  // What it was tagged with is kept while the other is waited for.
  const held = await vi.waitFor(
    async () => {
      const row = await rowOf(chat)
      expect(row).toMatchObject({ matchLeaseOwner: expect.any(String), matchSealed: expect.any(String) })
      return row
    },
    { timeout: 20_000, interval: 20 },
  )
  expect(held.matchDueAt).not.toBeNull()
  const state = await stateOf(salesforce, chat)
  expect(state.tags.map(({ remoteId }) => remoteId)).toEqual([there.remoteId, late.remoteId])
})

test('a CRM that is left alone for a while is not asked until then; where that is long, it is given up', async () => {
  const it = crm('DYNAMICS')
  await it.settings(unasked(it))
  const phone = newPhone()
  const { remoteId } = await putPerson(it, 'CONTACT', { phone })
  const where = { id: lookUpId('Integration', it.org.id) }
  const pause = (ms: number) =>
    running().database.integration.update({ where, data: { pausedUntil: new Date(Date.now() + ahead + ms) } })
  await it.control.clearCalls()
  await pause(20_000)
  const chat = await startConversation(running(), 'CHAT', { phone })
  await untilFailed(chat, 1)
  await pause(24 * 60 * 60_000)
  const late = await startConversation(running(), 'CHAT', { phone })
  await untilLookedUp(it, late)
  expect(await it.control.calls()).toEqual([])
  expect(await tagsOf(late)).toEqual([])
  await running().database.integration.update({ where, data: { pausedUntil: null } })
  expect((await stateOf(it, late)).why.map(({ text }) => text).join()).toContain('left alone')
  skip(20_100)
  expect((await stateOf(it, chat)).tags).toMatchObject([{ automatic: true, remoteId }])
})

twins(each, 'where a process ended between tagging and keeping it, one tag stands, and why is said', async (it) => {
  await it.settings(unasked(it))
  const phone = newPhone()
  const { remoteId } = await putPerson(it, 'CONTACT', { phone })
  const { conversation, state } = await begin(it, 'CHAT', { phone })
  expect(state.tags).toHaveLength(1)
  await running().database.conversation.update({
    where: keyOf(conversation),
    data: { matchSealed: null, matchLeaseOwner: 'gone', matchAttempts: 1, matchDueAt: new Date(0) },
  })
  const again = await stateOf(it, conversation)
  expect(again.tags).toMatchObject([{ automatic: true, remoteId }])
  expect(again.why).toEqual(state.why)
})

test('two workers never look the same visitor up, and one whose visitor has changed meanwhile keeps nothing', async () => {
  const { gateway, database, workspaceId } = running()
  const it = crm('DYNAMICS')
  const { conversation } = await begin(it, 'CHAT', {})
  const due = new Date(Date.now() + 24 * 60 * 60_000)
  // Their clock is ahead, so that the worker of the gateway does not see what they see.
  const parts = { secrets: gateway.secrets, leaseMs: 60_000, now: () => due.getTime() + 1 }
  await database.conversation.update({ where: keyOf(conversation), data: { matchDueAt: due } })
  const [one, two] = [createLookUpQueue(database, parts), createLookUpQueue(database, parts)]
  const claims = (await Promise.all([one.claim(1), two.claim(1)])).flat()
  expect(claims).toMatchObject([{ id: keyOf(conversation).id, workspaceId, attempts: 1 }])
  const [claim] = claims
  if (!claim) throw new Error('Nobody has it')
  expect(await one.load(claim)).not.toBeNull()

  await updateVisitor(it, conversation, { phone: newPhone() })
  expect(await one.load(claim)).toBeNull()
  const match = { profile: { phone: null, email: null, accountId: null }, answers: [] }
  const outcome = { match, isNewProposal: true, fill: () => null, next: null }
  expect(await one.settle(claim, outcome)).toBe(false)
  await stateOf(it, conversation)
  expect(await database.event.count({ where: { kind: 'MATCH_FOUND', conversationId: claim.id } })).toBe(0)
})

for (const [allowNewCreation, texts] of [
  [false, [['first', 'second', 'third']]],
  [true, [['first'], ['first', 'second'], ['first', 'second', 'third']]],
] as const) {
  const manner = allowNewCreation ? 'one for each message' : 'one'
  test(`a thread that is tagged before its first message has no activity until then: ${manner}`, async () => {
    const it = crm('DYNAMICS')
    await it.settings({ fetchCrmData: true, autoSmsPush: autoSmsPush(it), allowNewCreation })
    const phone = newPhone()
    const { remoteId } = await putPerson(it, 'CONTACT', { phone })
    const thread = await startSilently('SMS', { phone })
    const ofRecord = async () =>
      (await it.control.records('annotation'))
        .filter((row) => row['_objectid_value'] === remoteId)
        .map((row) => String(row['notetext']).match(/first|second|third|no messages/g))
        .toSorted((one, other) => (one?.length ?? 0) - (other?.length ?? 0))
    expect((await stateOf(it, thread)).tags).toMatchObject([{ automatic: true, remoteId }])
    await say(running(), thread, 'first', 'second')
    await settled(it, thread, 2)
    await say(running(), thread, 'third')
    await expect.poll(() => ofRecord(), { interval: 25 }).toEqual(texts)

    const silent = await startSilently('SMS', { phone })
    await untilLookedUp(it, silent)
    await end(running(), silent)
    const [push] = await settled(it, silent, 0)
    expect(push).toMatchObject({ status: 'DELIVERED', deliveredMessages: 0 })
    expect(await ofRecord()).toHaveLength(texts.length + 1)
  })
}

test('why tells what was done by itself, and what would be once the settings have changed', async () => {
  const it = crm('DYNAMICS')
  await it.settings(unasked(it))
  const phone = newPhone()
  await putPerson(it, 'CONTACT', { phone })
  const { conversation, state } = await begin(it, 'CHAT', { phone })
  await it.control.clearCalls()
  const { conversation: asked } = await running().execute(
    'query ($id: ID!) { conversation(id: $id) { why { rule text settingId } } }',
    { id: conversation.id },
  )
  expect(asked.why).toEqual(expect.arrayContaining(state.why))
  expect(state.why.map(({ rule }) => rule)).toEqual(['D-CHT-05', 'D-CHT-01'])
  expect(await it.control.calls()).toEqual([])
  await it.settings({})
  expect((await stateOf(it, conversation)).why.map(({ rule }) => rule)).toEqual(['D-CHT-07'])
})

test('names that are filled in are an event, and have nobody looked up again', async () => {
  const it = crm('DYNAMICS')
  await it.settings({ fetchCrmData: true })
  const phone = newPhone()
  await putPerson(it, 'CONTACT', { phone, first: 'Ada', last: 'Fox' })
  const { conversation, state } = await begin(it, 'SMS', { phone })
  expect(state.visitor).toEqual({ firstName: 'Ada', lastName: 'Fox' })
  const { database } = running()
  const events = await database.event.findMany({ where: { conversationId: keyOf(conversation).id } })
  expect(events.filter(({ kind }) => kind === 'VISITOR_UPDATED')).toHaveLength(1)
  await it.control.clearCalls()
  await updateVisitor(it, conversation, { lastName: 'Fox-Ito' })
  await begin(it, 'CHAT', {})
  expect(await rowOf(conversation)).toMatchObject({ matchDueAt: null })
  expect(await it.control.calls()).toEqual([])
})

test('names come from the first integration that knows the number, though an earlier one is down', async () => {
  const [dynamics, salesforce] = [crm('DYNAMICS'), crm('SALESFORCE')]
  for (const it of [dynamics, salesforce]) await it.settings({ fetchCrmData: true })
  const phone = newPhone()
  await putPerson(salesforce, 'CONTACT', { phone, first: 'Sal', last: 'Force' })
  expect(await prefill(dynamics, phone)).toMatchObject({ firstName: 'Sal' })
  await putPerson(dynamics, 'CONTACT', { phone, first: 'Dyna', last: 'Mics' })
  expect(await prefill(dynamics, phone)).toMatchObject({ firstName: 'Dyna' })
  expect(await prefill(dynamics, phone, salesforce.org.id)).toMatchObject({ firstName: 'Sal' })
  await dynamics.control.addFault({ times: 500 }, { status: 503 })
  expect(await prefill(dynamics, phone)).toMatchObject({ firstName: 'Sal' })
  expect(await prefill(dynamics, newPhone())).toMatchObject({ __typename: 'ProviderError', code: 'CRM_UNAVAILABLE' })
})

test('names that the first integration knows do not wait for the others', async () => {
  const [dynamics, salesforce] = [crm('DYNAMICS'), crm('SALESFORCE')]
  for (const it of [dynamics, salesforce]) await it.settings({ fetchCrmData: true })
  const phone = newPhone()
  await putPerson(dynamics, 'CONTACT', { phone, first: 'Dyna', last: 'Mics' })
  await prefill(dynamics, phone)
  await salesforce.control.addFault({ times: 500 }, { hang: true })
  const asked = performance.now()
  expect(await prefill(dynamics, phone)).toMatchObject({ firstName: 'Dyna' })
  // A call that hangs is given up after ten.
  expect(performance.now() - asked).toBeLessThan(8_000)
})

test('what prefillVisitor cannot answer is told', async () => {
  const it = crm('DYNAMICS')
  await it.settings({ fetchCrmData: true })
  expect(await prefill(it, '  ')).toMatchObject({ __typename: 'ValidationError' })
  expect(await prefill(it, '1'.repeat(51))).toMatchObject({ __typename: 'ValidationError' })
  expect(await prefill(it, newPhone(), 'another')).toMatchObject({ __typename: 'ValidationError' })
  const other = await running().otherWorkspace('Without')
  const { prefillVisitor } = await running().execute(
    'query ($phone: String!) { prefillVisitor(phone: $phone) { __typename } }',
    { phone: newPhone() },
    other,
  )
  expect(prefillVisitor).toEqual({ __typename: 'NotConnectedError' })
})

const hostile = ['%', '_', '*', '%%%', '?', ' ', '+', '()', '--', "' or '1'='1", '%25', '0', '\u0000', '٪']

twins(each, 'T5: a number that is a pattern or nothing at all matches nobody', async (it) => {
  const { contact } = it.names
  await putPerson(it, 'CONTACT', { phone: newPhone(), first: 'Ada', last: newWord(), email: 'ada@example.com' })
  await it.settings({
    fetchCrmData: true,
    autoSmsPush: autoSmsPush(it),
    autoChatPush: {
      enabled: true,
      tagSingleMatchUnasked: true,
      rules: [
        { identifier: 'PHONE', entityType: contact.entity, field: contact.phone },
        { identifier: 'EMAIL', entityType: contact.entity, field: contact.email },
        { identifier: 'ACCOUNT_ID', entityType: contact.entity, field: contact.last },
      ],
    },
  })
  const started = await Promise.all(
    hostile.flatMap((value) => [
      startConversation(running(), 'SMS', { phone: value }),
      startConversation(running(), 'CHAT', { phone: value, email: `${value}@${value}`, accountId: value }),
    ]),
  )
  for (const conversation of started) {
    const state = await stateOf(it, conversation)
    expect(state).toMatchObject({ tags: [], visitor: { firstName: null, lastName: null } })
    expect(state.match?.hits ?? []).toEqual([])
  }
  for (const value of hostile.filter((text) => text.trim() !== '')) {
    expect(await prefill(it, value)).toMatchObject({ firstName: null, lastName: null, source: null })
  }
})
