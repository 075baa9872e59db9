import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { lookUpId } from '../../packages/server/src/shared/global-id.ts'
import { type Acted, act, actOnAll, agentToken } from './acting.ts'
import {
  activitiesOf,
  type Conversation,
  delivered,
  end,
  type PushState,
  pushesOf,
  say,
  startConversation,
  tag,
} from './conversing.ts'
import { ask, type RunningGateway, startGateway } from './running-gateway.ts'
import { type Org, orgsOf, type Provider, providers, searchRecords } from './searching.ts'
import { change } from './setting-up.ts'

let gateway: RunningGateway
let orgs: Record<Provider, Org>
const adas: Record<Provider, string> = { DYNAMICS: '', SALESFORCE: '' }

beforeAll(async () => {
  gateway = await startGateway({ worker: true, people: 5 })
  orgs = await orgsOf(gateway)
  const { hits } = await searchRecords(gateway, { phone: '+1 512 555 0143', kinds: ['CONTACT'] })
  for (const { record } of hits) adas[record.integration.provider] = record.id
})
afterAll(() => gateway.stop())
afterEach(async () => {
  for (const provider of providers) await control(provider).clearFaults()
})

const control = (provider: Provider) => gateway.crm[provider === 'DYNAMICS' ? 'dynamics' : 'salesforce']

/** The CRM refuses this conversation's text for good, until faults are cleared. */
async function refuse(provider: Provider, { mark }: Conversation): Promise<void> {
  const refusal = {
    DYNAMICS: { error: { code: '0x80040203', message: 'A plug-in says no.' } },
    SALESFORCE: [{ errorCode: 'FIELD_CUSTOM_VALIDATION_EXCEPTION', message: 'A rule says no.', fields: [] }],
  }
  await control(provider).addFault({ body: mark, times: 99 }, { status: 400, body: refusal[provider] })
}

const inState = (conversation: Conversation, ...statuses: string[]): Promise<PushState[]> =>
  vi.waitFor(
    async () => {
      const pushes = await pushesOf(gateway, conversation)
      expect(pushes.map(({ status }) => status).sort()).toEqual([...statuses].sort())
      return pushes
    },
    { timeout: 20_000, interval: 20 },
  )

/** A thread whose push was refused for good. */
async function failedThread(provider: Provider): Promise<{ thread: Conversation; push: PushState }> {
  const thread = await startConversation(gateway, 'SMS')
  await refuse(provider, thread)
  await tag(gateway, thread, [adas[provider]])
  const [push] = await inState(thread, 'FAILED')
  if (!push) throw new Error('There is no push')
  return { thread, push }
}

const wordsOf = (text: string, { mark }: Conversation) =>
  [...text.matchAll(new RegExp(`${mark} (\\w+)`, 'g'))].map((match) => match[1])

describe.each(providers)('a push to %s', (provider) => {
  it('that failed is retried when its cause is gone, and is in the CRM once', async () => {
    const { thread, push } = await failedThread(provider)
    expect(push.error?.message).toMatch(/refuse|says no/)
    expect(push.error?.message).toMatch(/retry this push\.$/)
    await say(gateway, thread, 'second')
    await control(provider).clearFaults()
    const answer = await act(gateway, 'retryPush', push.id)
    expect(answer).toMatchObject({ __typename: 'PushSuccess', push: { id: push.id } })
    await delivered(gateway, thread, 2)
    const activities = await activitiesOf(gateway, provider, thread)
    expect(activities.map(({ text }) => wordsOf(text, thread))).toEqual([['first', 'second']])
    expect(await act(gateway, 'retryPush', push.id)).toMatchObject({ __typename: 'ConflictError', code: 'CONFLICT' })
    const [after] = await pushesOf(gateway, thread)
    expect(after?.error).toBeNull()
  })

  it('that waits for its next try is tried at once', async () => {
    const thread = await startConversation(gateway, 'SMS')
    await control(provider).addFault({ body: thread.mark, times: 99 }, { status: 503, body: 'Busy' })
    await tag(gateway, thread, [adas[provider]])
    // Its next try is due within seconds: a day later nobody waits for it.
    const waiting = { status: 'RETRYING', conversationId: lookUpId('Conversation', thread.id) } as const
    const nextAttemptAt = new Date(Date.now() + 86_400_000)
    await vi.waitFor(
      async () => {
        const { count } = await gateway.database.push.updateMany({ where: waiting, data: { nextAttemptAt } })
        expect(count).toBe(1)
      },
      { timeout: 20_000, interval: 20 },
    )
    await control(provider).clearFaults()
    const [push] = await inState(thread, 'RETRYING')
    await act(gateway, 'retryPush', push?.id ?? '')
    await delivered(gateway, thread, 1)
    expect(await activitiesOf(gateway, provider, thread)).toHaveLength(1)
  })

  it('that was discarded is not delivered, takes no later messages, and is taken up by a retry', async () => {
    const { thread, push } = await failedThread(provider)
    expect(await act(gateway, 'discardPush', push.id)).toMatchObject({ push: { status: 'DISCARDED' } })
    await control(provider).clearFaults()
    await say(gateway, thread, 'second')
    await inState(thread, 'DISCARDED')
    expect(await activitiesOf(gateway, provider, thread)).toEqual([])
    await act(gateway, 'retryPush', push.id)
    await delivered(gateway, thread, 2)
    const activities = await activitiesOf(gateway, provider, thread)
    expect(activities.map(({ text }) => wordsOf(text, thread))).toEqual([['first', 'second']])
  })

  it('that is under way when it is discarded is written no more, and what was sent stands once after a retry', async () => {
    const thread = await startConversation(gateway, 'SMS')
    await control(provider).addFault({ body: thread.mark, times: 1 }, { hang: 'AFTER' })
    await tag(gateway, thread, [adas[provider]])
    const [push] = await inState(thread, 'DELIVERING')
    await expect.poll(() => activitiesOf(gateway, provider, thread)).toHaveLength(1)
    expect(await act(gateway, 'retryPush', push?.id ?? '')).toMatchObject({ code: 'CONFLICT' })
    await act(gateway, 'discardPush', push?.id ?? '')
    await say(gateway, thread, 'second')
    await inState(thread, 'DISCARDED')
    await act(gateway, 'retryPush', push?.id ?? '')
    await delivered(gateway, thread, 2)
    const activities = await activitiesOf(gateway, provider, thread)
    expect(activities.map(({ text }) => wordsOf(text, thread))).toEqual([['first', 'second']])
  })

  it('says which messages are delivered by their numbers, and where the activity opens', async () => {
    const thread = await startConversation(gateway, 'SMS')
    await say(gateway, thread, 'second', 'third')
    await tag(gateway, thread, [adas[provider]])
    const [push] = await delivered(gateway, thread, 3)
    const { node } = await gateway.execute(
      `query ($id: ID!) { node(id: $id) { ... on Push {
        deliveredNumbers { first last }
        conversation { messages(first: 10) { edges { node { number text } } } }
        activities { url remoteId }
      } } }`,
      { id: push?.id },
    )
    expect(node.deliveredNumbers).toEqual({ first: 1, last: 3 })
    const messages = node.conversation.messages.edges.map((edge: { node: { number: number } }) => edge.node.number)
    expect(messages).toEqual([1, 2, 3])
    const [{ url, remoteId }] = node.activities
    expect(url).toContain(remoteId)
    const page = await fetch(url)
    expect(page.status).toBe(200)
    expect(await page.text()).toContain(thread.mark)
  })
})

async function allowNewCreation(allowed: boolean): Promise<void> {
  const { integration } = await gateway.execute('query ($id: ID!) { integration(id: $id) { settings { version } } }', {
    id: orgs.DYNAMICS.id,
  })
  const expectedVersion = integration.settings.version
  const input = { integrationId: orgs.DYNAMICS.id, expectedVersion, allowNewCreation: allowed }
  expect(await change(gateway, 'updateDynamicsSettings', input)).toMatchObject({ __typename: 'SettingsSuccess' })
}

it('with new creation, an activity that is discarded lets those behind it go', async () => {
  await allowNewCreation(true)
  const thread = await startConversation(gateway, 'SMS')
  await control('DYNAMICS').addFault({ body: thread.mark, times: 99 }, { status: 503, body: 'Busy' })
  await tag(gateway, thread, [adas.DYNAMICS])
  await say(gateway, thread, 'second')
  await say(gateway, thread, 'third')
  const pushes = await vi.waitFor(async () => {
    const found = await pushesOf(gateway, thread)
    expect(found.map(({ status, attempts }) => `${status} ${attempts > 0}`)).toEqual([
      'QUEUED false',
      'QUEUED false',
      expect.stringMatching(/RETRYING true/),
    ])
    return found
  }, 20_000)
  const waiting = await act(gateway, 'retryPush', pushes[1]?.id ?? '')
  expect(waiting).toMatchObject({ code: 'CONFLICT', message: expect.stringMatching(/before it/) })
  await control('DYNAMICS').clearFaults()
  await act(gateway, 'discardPush', pushes[2]?.id ?? '')
  gateway.skip(60_000)
  await inState(thread, 'DELIVERED', 'DELIVERED', 'DISCARDED')
  const words = (await activitiesOf(gateway, 'DYNAMICS', thread)).map(({ text }) => wordsOf(text, thread))
  expect(words.sort((one, other) => one.length - other.length)).toEqual([
    ['first', 'second'],
    ['first', 'second', 'third'],
  ])
  await allowNewCreation(false)
})

it('many are retried and discarded by a filter, and counted', async () => {
  const failed = [await failedThread('DYNAMICS'), await failedThread('DYNAMICS'), await failedThread('SALESFORCE')]
  for (const provider of providers) await control(provider).clearFaults()
  const of = (provider: Provider) => ({ integrationId: orgs[provider].id, status: ['FAILED'] })
  expect(await actOnAll(gateway, 'retryPushes', of('DYNAMICS'))).toEqual({ __typename: 'PushesSuccess', count: 2 })
  for (const { thread } of failed.slice(0, 2)) await delivered(gateway, thread, 1)
  expect(await actOnAll(gateway, 'discardPushes', of('SALESFORCE'))).toEqual({ __typename: 'PushesSuccess', count: 1 })
  await inState(failed[2]?.thread as Conversation, 'DISCARDED')
  expect(await actOnAll(gateway, 'retryPushes', {})).toMatchObject({ count: 0 })
})

it('a filter that names nothing is refused for giving up, and an id of something else finds nothing', async () => {
  const { thread, push } = await failedThread('SALESFORCE')
  expect(await actOnAll(gateway, 'discardPushes', {})).toMatchObject({
    __typename: 'ValidationError',
    fields: [{ path: ['filter'] }],
  })
  const [since, until] = ['2026-02-01T00:00:00Z', '2026-01-01T00:00:00Z']
  expect(await actOnAll(gateway, 'retryPushes', { since, until })).toMatchObject({
    __typename: 'ValidationError',
    fields: [{ path: ['filter', 'until'] }],
  })
  for (const id of [thread.id, 'nonsense', push.id]) {
    expect(await actOnAll(gateway, 'discardPushes', { integrationId: id })).toMatchObject({ count: 0 })
    const { pushes } = await gateway.execute(
      'query ($id: ID!) { pushes(filter: { integrationId: $id }) { counts { count } } }',
      { id },
    )
    expect(pushes.counts).toEqual([])
  }
  await inState(thread, 'FAILED')
})

it('a running chat is not retried, and an activity that cannot be completed neither', async () => {
  const chat = await startConversation(gateway, 'CHAT')
  await tag(gateway, chat, [adas.SALESFORCE], { afterEnd: true })
  const [waiting] = await inState(chat, 'WAITING_FOR_END')
  const refused = await act(gateway, 'retryPush', waiting?.id ?? '')
  expect(refused).toMatchObject({ code: 'CONFLICT', message: expect.stringMatching(/still running/) })
  await act(gateway, 'discardPush', waiting?.id ?? '')
  expect(await act(gateway, 'retryPush', waiting?.id ?? '')).toMatchObject({ push: { status: 'WAITING_FOR_END' } })
  await end(gateway, chat)
  await delivered(gateway, chat, 1)
})

describe('may be done', () => {
  const refusals = async (work: Promise<Acted>) => (await work).code

  it('by an agent to pushes of its own conversations; to many by a service', async () => {
    const { thread, push } = await failedThread('DYNAMICS')
    const other = await startConversation(gateway, 'SMS')
    const foreign = await agentToken(gateway, [other.id])
    expect(await refusals(act(gateway, 'retryPush', push.id, foreign))).toBe('NOT_FOUND')
    expect(await refusals(act(gateway, 'discardPush', push.id, foreign))).toBe('NOT_FOUND')
    const own = await agentToken(gateway, [thread.id])
    const mutation = 'mutation { retryPushes(filter: { status: [FAILED] }) { __typename } }'
    for (const bearer of [own, await gateway.key('AGENT')]) {
      expect((await ask(gateway.url, bearer, mutation)).errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }])
    }
    await inState(thread, 'FAILED')
    await control('DYNAMICS').clearFaults()
    expect(
      await actOnAll(gateway, 'retryPushes', { conversationId: thread.id }, await gateway.key('SERVICE')),
    ).toMatchObject({ count: 1 })
    await delivered(gateway, thread, 1)
    expect(await refusals(act(gateway, 'retryPush', push.id, own))).toBe('CONFLICT')
  })

  it('in one workspace only, and to pushes that there are', async () => {
    const { thread, push } = await failedThread('DYNAMICS')
    const elsewhere = await gateway.otherWorkspace('Elsewhere')
    for (const mutation of ['retryPush', 'discardPush'] as const) {
      expect(await refusals(act(gateway, mutation, push.id, elsewhere))).toBe('NOT_FOUND')
      for (const id of [thread.id, 'nonsense', Buffer.from(`Push:${randomUUID()}`).toString('base64')]) {
        expect(await refusals(act(gateway, mutation, id))).toBe('NOT_FOUND')
      }
    }
    for (const mutation of ['retryPushes', 'discardPushes'] as const) {
      expect(await actOnAll(gateway, mutation, { status: ['FAILED'] }, elsewhere)).toMatchObject({ count: 0 })
    }
    await inState(thread, 'FAILED')
  })
})

it('pages of pushes follow one another, also behind one that is gone, and refuse what is no cursor', async () => {
  const thread = await startConversation(gateway, 'SMS')
  await tag(gateway, thread, Object.values(adas))
  await delivered(gateway, thread, 1)
  const page = async (after: string | null) => {
    const { pushes } = await gateway.execute(
      'query ($after: String) { pushes(first: 1, after: $after) { edges { node { id } } pageInfo { hasNextPage endCursor } } }',
      { after },
    )
    return pushes
  }
  const total = await gateway.database.push.count()
  const ids: string[] = []
  let after: string | null = null
  for (let last = false; !last; ) {
    const {
      edges,
      pageInfo,
    }: { edges: { node: { id: string } }[]; pageInfo: { hasNextPage: boolean; endCursor: string } } = await page(after)
    ids.push(...edges.map(({ node }) => node.id))
    if (ids.length === 2) await gateway.database.push.delete({ where: { id: lookUpId('Push', ids[1] ?? '') } })
    after = pageInfo.endCursor
    last = !pageInfo.hasNextPage
  }
  expect(total).toBeGreaterThan(2)
  expect(ids).toHaveLength(total)
  expect(new Set(ids).size).toBe(total)
  const { errors } = await ask(
    gateway.url,
    await gateway.key('ADMIN'),
    '{ pushes(after: "nonsense") { edges { cursor } } }',
  )
  expect(errors).toMatchObject([{ message: expect.stringContaining('cursor'), extensions: { code: 'BAD_USER_INPUT' } }])
})
