import { expect, test, vi } from 'vitest'
import { openInstallation } from '../support/server-process.ts'
import { findContacts, say, startThread, tagThread } from './operations.ts'

interface PushEvent {
  pushEvents: { id: string; push: { id: string; status: string; deliveredMessages: number } }
}

const WATCH = `subscription ($after: ID) {
  pushEvents(after: $after) { id push { id status deliveredMessages } }
}`

const until = (count: number) => {
  const delivered = new Set<string>()
  return ({ pushEvents: { push } }: PushEvent) => {
    if (push.status === 'DELIVERED') delivered.add(push.id)
    return delivered.size === count
  }
}

test('a tagged thread is watched until it is delivered, and the pages show where it went', async () => {
  const { start } = await openInstallation()
  const server = await start()
  const watched = server.watch<PushEvent>(WATCH, { after: '0' }, until(2))
  const id = await tagThread(server)
  const seen = await watched
  expect(seen.map((event) => Number(event.pushEvents.id))).toEqual(
    seen.map((event) => Number(event.pushEvents.id)).sort((a, b) => a - b),
  )

  const { conversation, pushes } = await server.execute<{
    conversation: {
      messages: { edges: { node: { text: string } }[] }
      tags: {
        taggedBy: string
        reference: { name: string; url: string }
        pushes: {
          counts: { status: string; count: number }[]
          edges: {
            node: {
              subject: string
              activityType: string
              deliveredMessages: number
              error: object | null
              activities: { part: number; url: string }[]
              why: { rule: string }[]
              conversation: { id: string }
            }
          }[]
        }
      }[]
    }
    pushes: {
      counts: { status: string; count: number }[]
      edges: { cursor: string }[]
      pageInfo: { hasNextPage: boolean; endCursor: string }
    }
  }>(
    `query ($id: ID!) {
      conversation(id: $id) {
        messages { edges { node { text } } }
        tags {
          taggedBy
          reference { name url }
          pushes {
            counts { status count }
            edges { node {
              subject activityType deliveredMessages error { code message }
              activities { part url } why { rule } conversation { id }
            } }
          }
        }
      }
      pushes(first: 1, filter: { conversationId: $id }) {
        counts { status count } edges { cursor } pageInfo { hasNextPage endCursor }
      }
    }`,
    { id },
  )
  expect(conversation.messages.edges.map((edge) => edge.node.text)).toEqual(['Where is my order?'])
  expect(conversation.tags).toHaveLength(2)
  for (const tag of conversation.tags) {
    expect(tag).toMatchObject({ taggedBy: 'ADMIN_API_KEY', reference: { name: expect.stringMatching(/\w/) } })
    const [push] = tag.pushes.edges
    expect(push?.node).toMatchObject({
      subject: expect.stringMatching(/^Alive SMS with \+1 512 555 0143, \d{4}-\d\d-\d\d$/),
      deliveredMessages: 1,
      error: null,
      conversation: { id },
    })
    // The activity opens a page where a person can look.
    const page = await fetch(push?.node.activities[0]?.url ?? '')
    expect(page.status).toBe(200)
    expect(await page.text()).toContain('Where is my order?')
  }
  expect(conversation.tags.map((tag) => tag.pushes.edges[0]?.node.activityType).sort()).toEqual(['NOTE', 'TASK'])
  expect(pushes).toMatchObject({ counts: [{ status: 'DELIVERED', count: 2 }], pageInfo: { hasNextPage: true } })
  expect(pushes.edges).toEqual([{ cursor: pushes.pageInfo.endCursor }])
  const { rest } = await server.execute<{ rest: { edges: object[]; pageInfo: { hasNextPage: boolean } } }>(
    'query ($after: String) { rest: pushes(after: $after) { edges { node { status } } pageInfo { hasNextPage } } }',
    { after: pushes.pageInfo.endCursor },
  )
  expect(rest).toEqual({ edges: [{ node: { status: 'DELIVERED' } }], pageInfo: { hasNextPage: false } })
})

test('a watcher that comes back after the last event it saw misses nothing and sees nothing twice', async () => {
  const { start } = await openInstallation()
  const server = await start()
  const all = server.watch<PushEvent>(WATCH, { after: '0' }, until(2))
  await tagThread(server)
  const events = (await all).map((event) => event.pushEvents.id)

  const resumed: string[] = []
  while (resumed.length < events.length) {
    const after = resumed.at(-1) ?? '0'
    const [next] = await server.watch<PushEvent>(WATCH, { after }, () => true)
    resumed.push(next?.pushEvents.id ?? '')
  }
  expect(resumed).toEqual(events)
})

test('S-PSH-05: what is said after a tag follows into the same activity, in both CRMs', async () => {
  const { dynamics, salesforce, start } = await openInstallation()
  const server = await start()
  const id = await tagThread(server)
  for (const number of [2, 3, 4]) await say(server, id, `m${number}`, `Message ${number}`)
  await vi.waitFor(
    async () => {
      const notes = (await dynamics.records('annotation')).map((row) => String(row['notetext']))
      const tasks = (await salesforce.records('Task')).map((row) => String(row['Description']))
      for (const texts of [notes, tasks]) {
        const ours = texts.filter((text) => text.includes('Where is my order?'))
        expect(ours).toHaveLength(1)
        for (const number of [2, 3, 4]) expect(ours[0]?.split(`Message ${number}`)).toHaveLength(2)
      }
    },
    { timeout: 20_000 },
  )
})

test('failures that a caller can act on are types; forged ids answer as not found', async () => {
  const { start } = await openInstallation()
  const server = await start()
  const id = await startThread(server)
  const [recordId = ''] = await findContacts(server, id)
  const forged = Buffer.from('Conversation:forged').toString('base64')
  const forgedRecord = Buffer.from(
    Buffer.from(recordId, 'base64')
      .toString()
      .replace(/[^:]+$/, '00000000-0000-0000-0000-000000000000'),
  ).toString('base64')
  const result = await server.execute(
    `mutation ($id: ID!, $forged: ID!, $recordId: ID!, $forgedRecord: ID!) {
      noneGiven: tagConversation(conversationId: $id, recordIds: []) {
        __typename ... on ValidationError { fields { path } }
      }
      noConversation: tagConversation(conversationId: $forged, recordIds: [$recordId]) { __typename }
      oneOfTwo: tagConversation(conversationId: $id, recordIds: [$recordId, $forgedRecord]) {
        __typename ... on TagConversationSuccess { outcomes { tag { reference { entityName } } error { code } } }
      }
      tooLong: appendMessages(conversationId: $id, messages: [
        { externalId: "x", author: AGENT, text: " ", sentAt: "2026-01-31T14:05:00Z" }
      ]) { __typename ... on ValidationError { fields { path } } }
      chat: startConversation(input: { externalId: "sms-1", channel: CHAT, visitor: {} }) { __typename }
    }`,
    { id, forged, recordId, forgedRecord },
  )
  expect(result).toEqual({
    noneGiven: { __typename: 'ValidationError', fields: [{ path: ['recordIds'] }] },
    noConversation: { __typename: 'NotFoundError' },
    oneOfTwo: {
      __typename: 'TagConversationSuccess',
      outcomes: [
        { tag: { reference: { entityName: expect.stringMatching(/^contact$/i) } }, error: null },
        { tag: null, error: { code: 'NOT_FOUND' } },
      ],
    },
    tooLong: { __typename: 'ValidationError', fields: [{ path: ['messages', '0', 'text'] }] },
    chat: { __typename: 'ConflictError' },
  })

  const nothing = await server.execute(
    `query ($forged: ID!, $push: ID!, $tag: ID!, $message: ID!) {
      conversation(id: $forged) { id }
      nodes(ids: [$forged, $push, $tag, $message]) { id }
      pushes(filter: { conversationId: $forged }) { edges { cursor } }
    }`,
    Object.fromEntries(
      ['Conversation', 'Push', 'Tag', 'Message'].map((type) => [
        type === 'Conversation' ? 'forged' : type.toLowerCase(),
        Buffer.from(`${type}:forged`).toString('base64'),
      ]),
    ),
  )
  expect(nothing).toEqual({ conversation: null, nodes: [null, null, null, null], pushes: { edges: [] } })
})

test('an agent whose token is bound to one conversation reaches that one and what belongs to it, and nothing else', async () => {
  const { start } = await openInstallation()
  const server = await start()
  const id = await tagThread(server)
  const own = await server.execute<{ startConversation: { conversation: { id: string } } }>(
    `mutation {
      startConversation(input: { externalId: "own", channel: CHAT, visitor: {} }) {
        ... on ConversationSuccess { conversation { id } }
      }
    }`,
  )
  const ownId = own.startConversation.conversation.id
  const { pushes } = await server.execute<{ pushes: { edges: { node: { id: string; tag: { id: string } } }[] } }>(
    '{ pushes { edges { node { id tag { id } } } } }',
  )
  const { issueAgentToken } = await server.execute<{ issueAgentToken: { token: string } }>(
    `mutation ($ids: [ID!]) {
      issueAgentToken(agentId: "a1", agentName: "Anna", conversationIds: $ids) { ... on IssueAgentTokenSuccess { token } }
    }`,
    { ids: [ownId] },
  )
  const foreign = [id, ...pushes.edges.flatMap(({ node }) => [node.id, node.tag.id])]
  const seen = await server.execute(
    `query ($ids: [ID!]!, $id: ID!, $ownId: ID!) {
      nodes(ids: $ids) { id }
      conversation(id: $id) { id }
      ownOne: conversation(id: $ownId) { externalId }
      conversations { edges { node { externalId } } }
      pushes { edges { cursor } counts { count } }
    }`,
    { ids: foreign, id, ownId },
    issueAgentToken.token,
  )
  expect(seen).toEqual({
    nodes: foreign.map(() => null),
    conversation: null,
    ownOne: { externalId: 'own' },
    conversations: { edges: [{ node: { externalId: 'own' } }] },
    pushes: { edges: [], counts: [] },
  })
  const refused = await server.execute(
    `mutation ($id: ID!) {
      end: endConversation(id: $id) { __typename }
      begin: startConversation(input: { externalId: "new", channel: CHAT, visitor: {} }) { __typename }
    }`,
    { id },
    issueAgentToken.token,
  )
  expect(refused).toEqual({ end: { __typename: 'NotFoundError' }, begin: { __typename: 'NotAllowedError' } })
})
