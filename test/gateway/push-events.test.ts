import { createClient } from 'graphql-sse'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { disconnect } from './connecting.ts'
import { delivered, say, startConversation, tag } from './conversing.ts'
import { type RunningGateway, startGateway } from './running-gateway.ts'
import { orgsOf, type Provider, searchRecords } from './searching.ts'

let gateway: RunningGateway
const adas: Partial<Record<Provider, string>> = {}

beforeAll(async () => {
  gateway = await startGateway({ worker: true })
  const { hits } = await searchRecords(gateway, { phone: '+1 512 555 0143', kinds: ['CONTACT'] })
  for (const { record } of hits) adas[record.integration.provider] = record.id
})
afterAll(() => gateway.stop())

interface Event {
  id: string
  push: { id: string; status: string; deliveredMessages: number; tag: { reference: { integration: { id: string } } } }
}

const WATCH = `subscription ($after: ID, $integrationId: ID) {
  pushEvents(after: $after, integrationId: $integrationId) {
    id
    push { id status deliveredMessages tag { reference { integration { id } } } }
  }
}`

const isLast = ({ push }: Event, messages: number) => push.status === 'DELIVERED' && push.deliveredMessages === messages

/** As any HTTP client without a library: reads the stream until `enough`, then goes away. */
async function watchPlainly(
  variables: Record<string, unknown>,
  bearer: string,
  enough: (events: Event[]) => boolean,
  until = AbortSignal.timeout(50_000),
): Promise<Event[]> {
  const leaving = new AbortController()
  const response = await fetch(`${gateway.url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'text/event-stream',
      authorization: `Bearer ${bearer}`,
    },
    body: JSON.stringify({ query: WATCH, variables }),
    signal: AbortSignal.any([leaving.signal, until]),
  })
  expect(response.status).toBe(200)
  expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/)
  const events: Event[] = []
  let text = ''
  for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    text += chunk
    const blocks = text.split('\n\n')
    text = blocks.pop() ?? ''
    for (const block of blocks) {
      if (!/^event: next$/m.test(block)) continue
      const data = JSON.parse(/^data: (.*)$/m.exec(block)?.[1] ?? '')
      expect(data.errors).toBeUndefined()
      events.push(data.data.pushEvents)
    }
    if (enough(events)) break
  }
  leaving.abort()
  return events
}

it('plain fetch sees a push from its tag to its delivery, in order', async () => {
  const thread = await startConversation(gateway, 'SMS')
  const watching = watchPlainly({ after: '0' }, gateway.demo.key, (events) => events.some((it) => isLast(it, 1)))
  await tag(gateway, thread, [adas.SALESFORCE ?? ''])
  const events = await watching
  expect(events.at(-1)?.push).toMatchObject({ status: 'DELIVERED', deliveredMessages: 1 })
  const ids = events.map((event) => Number(event.id))
  expect(ids).toEqual([...new Set(ids)].sort((a, b) => a - b))
})

it('a client that is cut off after each event, and comes back after its last, has every event once', async () => {
  const last = async () => (await gateway.database.event.findFirst({ orderBy: { id: 'desc' } }))?.id ?? 0
  const start = await last()
  const thread = await startConversation(gateway, 'SMS')
  await tag(gateway, thread, [adas.DYNAMICS ?? ''])
  const pieces: string[] = []
  const readOne = async () => {
    const [event] = await watchPlainly(
      { after: pieces.at(-1) ?? String(start) },
      gateway.demo.key,
      (it) => it.length > 0,
    )
    pieces.push(event?.id ?? '')
  }
  for (const text of ['second', 'third', 'fourth']) {
    await readOne()
    await say(gateway, thread, text)
  }
  await delivered(gateway, thread, 4)

  const kept = await gateway.database.event.findMany({ where: { id: { gt: start }, kind: 'PUSH_UPDATED' } })
  const ids = kept.map((event) => String(event.id))
  while (pieces.length < ids.length) await readOne()
  expect(pieces).toEqual(ids)

  const client = createClient({
    url: `${gateway.url}/graphql`,
    headers: { authorization: `Bearer ${gateway.demo.key}` },
  })
  const steady: string[] = []
  for await (const { data } of client.iterate<{ pushEvents: Event }>({
    query: WATCH,
    variables: { after: String(start) },
  })) {
    steady.push(data?.pushEvents.id ?? '')
    if (steady.length === ids.length) break
  }
  client.dispose()
  expect(steady).toEqual(ids)
})

it('only the pushes of one integration, where one is asked for', async () => {
  const { DYNAMICS } = await orgsOf(gateway)
  const thread = await startConversation(gateway, 'SMS')
  await tag(gateway, thread, [adas.DYNAMICS ?? '', adas.SALESFORCE ?? ''])
  await delivered(gateway, thread, 1)
  const events = await watchPlainly(
    { after: '0', integrationId: DYNAMICS.id },
    gateway.demo.key,
    (seen) => seen.filter((event) => isLast(event, 1)).length > 0,
  )
  expect(new Set(events.map((event) => event.push.tag.reference.integration.id))).toEqual(new Set([DYNAMICS.id]))
})

it("another workspace's watcher, and an agent bound to another conversation, see nothing of it", async () => {
  const stranger = await gateway.otherWorkspace('Watches')
  const own = await startConversation(gateway, 'SMS')
  const { issueAgentToken } = await gateway.execute(
    `mutation ($ids: [ID!]) {
      issueAgentToken(agentId: "a", agentName: "A", conversationIds: $ids) { ... on IssueAgentTokenSuccess { token } }
    }`,
    { ids: [own.id] },
  )
  const seen: Event[] = []
  const watch = (bearer: string, enough: (events: Event[]) => boolean, until?: AbortSignal) =>
    watchPlainly(
      { after: '0' },
      bearer,
      (events) => {
        seen.push(...events)
        return enough(events)
      },
      until,
    )
  // The agent's own conversation comes last: whatever of others was to come has come before it.
  const agent = watch(issueAgentToken.token, (events) => events.some((event) => isLast(event, 1)))
  const leaving = new AbortController()
  const foreign = watch(stranger, () => false, leaving.signal).catch((error: Error) => error.name)
  const other = await startConversation(gateway, 'SMS')
  await tag(gateway, other, [adas.SALESFORCE ?? ''])
  await delivered(gateway, other, 1)
  await tag(gateway, own, [adas.SALESFORCE ?? ''])
  const [{ id: ownPush } = { id: '' }] = await delivered(gateway, own, 1)
  await agent
  leaving.abort()
  expect(await foreign).toBe('AbortError')
  expect(new Set(seen.map((event) => event.push.id))).toEqual(new Set([ownPush]))
})

it('a disconnected CRM is seen as a push that waits', async () => {
  const { SALESFORCE } = await orgsOf(gateway)
  const thread = await startConversation(gateway, 'SMS')
  await tag(gateway, thread, [adas.SALESFORCE ?? ''])
  const [{ id } = { id: '' }] = await delivered(gateway, thread, 1)
  await disconnect(gateway, SALESFORCE.id)
  await say(gateway, thread, 'second')
  const events = await watchPlainly({ after: '0' }, gateway.demo.key, (seen) =>
    seen.some(({ push }) => push.id === id && push.status === 'WAITING_FOR_INTEGRATION'),
  )
  expect(events.at(-1)?.push).toMatchObject({ status: 'WAITING_FOR_INTEGRATION', deliveredMessages: 1 })
})
