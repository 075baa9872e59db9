/** What subscribers share, and what they must not. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { connect, type Socket } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Conversation, say, startConversation } from './conversing.ts'
import { type RunningGateway, startGateway } from './running-gateway.ts'

let gateway: RunningGateway
const serverSockets: Socket[] = []
const noteSocket = (message: unknown) => void serverSockets.push((message as { socket: Socket }).socket)

beforeAll(async () => {
  subscribe('net.server.socket', noteSocket)
  gateway = await startGateway()
})
afterAll(async () => {
  unsubscribe('net.server.socket', noteSocket)
  await gateway.stop()
})

const WATCH = `subscription ($ids: [ID!]!, $after: ID) {
  conversationEvents(conversationIds: $ids, after: $after) { id ... on MessageAppended { message { text } } }
}`

interface Watcher {
  texts: string[]
  socket: Socket
}

const watchers: Watcher[] = []
afterAll(() => {
  for (const { socket } of watchers) socket.destroy()
})

/** Subscribes over a plain socket, so that a test can leave it unread. */
async function watch(bearer: string, { id }: Conversation, query = WATCH): Promise<Watcher> {
  const body = JSON.stringify({ query, variables: { ids: [id] } })
  const { hostname, port } = new URL(gateway.url)
  const socket = connect(Number(port), hostname)
  const watcher: Watcher = { texts: [], socket }
  watchers.push(watcher)
  let text = ''
  let opened = () => {}
  const open = new Promise<void>((resolve) => {
    opened = resolve
  })
  socket.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk
    const blocks = text.split('\n\n')
    text = blocks.pop() ?? ''
    for (const block of blocks) {
      const data = /^data: (.+)$/m.exec(block)?.[1]
      if (data === undefined) continue
      const { data: result, errors } = JSON.parse(data)
      watcher.texts.push(errors ? errors[0].extensions.code : result.conversationEvents.message.text)
    }
  })
  socket.write(
    `POST /graphql HTTP/1.1\r\nhost: gateway\r\naccept: text/event-stream\r\ncontent-type: application/json\r\n` +
      `authorization: Bearer ${bearer}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  )
  socket.on('data', () => opened())
  await open
  return watcher
}

async function agentToken(agentId: string, conversations: Conversation[] | null): Promise<string> {
  const { issueAgentToken } = await gateway.execute(
    `mutation ($agent: String!, $ids: [ID!]) {
      issueAgentToken(agentId: $agent, agentName: "A", conversationIds: $ids) { ... on IssueAgentTokenSuccess { token } }
    }`,
    { agent: agentId, ids: conversations?.map((it) => it.id) ?? null },
  )
  return issueAgentToken.token
}

const received = (watcher: Watcher, count: number) => expect.poll(() => watcher.texts).toHaveLength(count)

it('however many agents watch a conversation, a message of it is read once', async () => {
  const thread = await startConversation(gateway, 'CHAT')
  const tokens = await Promise.all(Array.from({ length: 12 }, (_, index) => agentToken(`agent-${index}`, [thread])))
  const all = await Promise.all(tokens.map((token) => watch(token, thread)))
  const calls = await gateway.databaseCalls(async () => {
    await say(gateway, thread, 'to all')
    for (const watcher of all) await received(watcher, 1)
  })
  for (const { texts } of all) expect(texts).toEqual([`${thread.mark} to all`])
  const alone = await startConversation(gateway, 'CHAT')
  const one = await watch(await agentToken('agent-0', [alone]), alone)
  const callsForOne = await gateway.databaseCalls(async () => {
    await say(gateway, alone, 'to one')
    await expect.poll(() => one.texts).toContain(`${alone.mark} to one`)
  })
  expect(calls.filter((call) => call.startsWith('Message.find'))).toEqual(
    callsForOne.filter((call) => call.startsWith('Message.find')),
  )
})

it('an agent who is bound to another conversation is told of none that it may not see, whoever watches beside it', async () => {
  const [ours, theirs] = [await startConversation(gateway, 'CHAT'), await startConversation(gateway, 'CHAT')]
  const admin = await watch(await gateway.key('ADMIN'), ours)
  const bound = await watch(await agentToken('bound', [ours]), ours)
  const stranger = await watch(await agentToken('stranger', [theirs]), ours)
  await say(gateway, ours, 'private')
  await received(admin, 1)
  await received(bound, 1)
  expect(stranger.texts).toEqual(['NOT_FOUND'])
})

it('the right of one ends, and the others hear on', async () => {
  const thread = await startConversation(gateway, 'CHAT')
  const key = await gateway.key('SERVICE')
  const { apiKeys } = await gateway.execute('{ apiKeys { id scope } }')
  const staying = await watch(await gateway.key('SERVICE'), thread)
  const leaving = await watch(key, thread)
  const closed = new Promise((resolve) => leaving.socket.once('close', resolve))
  const { id } = apiKeys.filter((it: { scope: string }) => it.scope === 'SERVICE').at(-1)
  await gateway.execute('mutation ($id: ID!) { revokeApiKey(id: $id) { __typename } }', { id })
  await closed
  await say(gateway, thread, 'later')
  await received(staying, 1)
  expect(leaving.texts).not.toContain(`${thread.mark} later`)
})

it('a subscriber that does not read costs no memory and delays nobody; when it reads on, it has missed nothing', async () => {
  const thread = await startConversation(gateway, 'CHAT')
  const key = await gateway.key('ADMIN')
  const [paused, reading] = [await watch(key, thread), await watch(key, thread)]
  paused.socket.pause()
  const filler = 'x'.repeat(20_000)
  const total = 400
  for (let sent = 0; sent < total; sent += 40) {
    await say(gateway, thread, ...Array.from({ length: 40 }, (_, index) => `${sent + index} ${filler}`))
  }
  await received(reading, total)
  // 8 MB were sent to each: the system's own buffers are full, and what the paused one did not take stands in rows.
  const stuck = serverSockets.filter((socket) => socket.writableNeedDrain)
  expect(stuck).toHaveLength(1)
  expect(stuck[0]?.writableLength).toBeLessThan(64 * 1024)
  paused.socket.resume()
  await received(paused, total)
  expect(paused.texts).toEqual(reading.texts)
}, 60_000)

it('when all have left, nothing is executed for anybody', async () => {
  const thread = await startConversation(gateway, 'CHAT')
  const watcher = await watch(await gateway.key('ADMIN'), thread)
  const readsOf = async (text: string, heard: () => Promise<unknown>) => {
    const calls = await gateway.databaseCalls(async () => {
      await say(gateway, thread, text)
      await heard()
    })
    return calls.filter((call) => call === 'Message.findFirst').length
  }
  const watched = await readsOf('heard', () => received(watcher, 1))
  for (const { socket } of watchers) socket.destroy()
  const unheard = () => readsOf('unheard', () => wait(50))
  await expect.poll(unheard).toBe(watched - 1)
})
