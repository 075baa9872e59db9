import { afterAll, beforeAll, expect, it } from 'vitest'
import { checkIntegration, connectDynamics, disconnect } from './connecting.ts'
import { activitiesOf, delivered, pushesOf, startConversation, tag } from './conversing.ts'
import { createRecord, formOf } from './creating.ts'
import { type RunningGateway, startGateway } from './running-gateway.ts'
import { entityTypeOf, type Org, orgsOf, type Provider, searchRecords } from './searching.ts'

let gateway: RunningGateway
let orgs: Record<Provider, Org>
/** An ADMIN key of a workspace that has both orgs connected, too, as integrations of its own. */
let stranger: string
/** Global IDs of what belongs to the first workspace. */
let owned: Record<string, string>
/** What the chat product calls the visitor of its conversation. */
const visitorId = 'visitor-7'

beforeAll(async () => {
  gateway = await startGateway({ worker: true })
  orgs = await orgsOf(gateway)
  stranger = await gateway.otherWorkspace('Stranger')
  expect((await connectDynamics(gateway, {}, stranger)).__typename).toBe('ConnectSuccess')

  const { hits } = await searchRecords(gateway, { phone: '+1 512 555 0143', kinds: ['CONTACT'] })
  const record = hits.find((hit) => hit.record.integration.provider === 'DYNAMICS')?.record.id ?? ''
  const thread = await startConversation(gateway, 'SMS', { externalId: visitorId })
  const { outcomes } = await tag(gateway, thread, [record])
  const [push] = await delivered(gateway, thread, 1)
  const { conversation, apiKeys } = await gateway.execute(
    `query ($id: ID!) {
      apiKeys { id }
      conversation(id: $id) { messages { edges { node { id } } } }
    }`,
    { id: thread.id },
  )
  owned = {
    integration: orgs.DYNAMICS.id,
    entityType: entityTypeOf(orgs.DYNAMICS, 'CONTACT'),
    record,
    conversation: thread.id,
    externalId: thread.mark,
    message: conversation.messages.edges[0].node.id,
    tag: outcomes?.[0]?.tag?.id ?? '',
    push: push?.id ?? '',
    apiKey: apiKeys[0].id,
  }
})
afterAll(() => gateway.stop())

const as = (query: string, variables: Record<string, unknown> = {}) => gateway.execute(query, variables, stranger)

it('the owner reaches all of it, so that what a stranger is refused is really there', async () => {
  const { externalId: _, ...ids } = owned
  const { nodes } = await gateway.execute('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', {
    ids: Object.values(ids),
  })
  expect(nodes.map((node: { id: string } | null) => node?.id)).toEqual(Object.values(ids))
})

it('node and nodes answer null for everything of another workspace', async () => {
  const { externalId: _, ...ids } = owned
  const { nodes } = await as('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids: Object.values(ids) })
  expect(nodes).toEqual(Object.keys(ids).map(() => null))
})

it('queries find nothing of another workspace', async () => {
  const { conversation, integration, record, externalId } = owned
  const answer = await as(
    `query ($conversation: ID!, $integration: ID!, $record: ID!, $externalId: String!) {
      conversation(id: $conversation) { id }
      byName: conversation(externalId: $externalId) { id }
      conversations { edges { node { id } } }
      integration(id: $integration) { id }
      integrations { id }
      record(id: $record) { __typename }
      pushes(filter: { conversationId: $conversation }) { edges { cursor } counts { count } }
      ofIntegration: pushes(filter: { integrationId: $integration }) { edges { cursor } counts { count } }
      all: pushes { edges { cursor } counts { count } }
      apiKeys { id name }
      viewer { workspace { name } }
    }`,
    { conversation, integration, record, externalId },
  )
  expect(answer).toMatchObject({
    conversation: null,
    byName: null,
    conversations: { edges: [] },
    integration: null,
    record: { __typename: 'NotFoundError' },
    pushes: { edges: [], counts: [] },
    ofIntegration: { edges: [], counts: [] },
    all: { edges: [], counts: [] },
    viewer: { workspace: { name: 'Stranger' } },
  })
  expect(answer.integrations).toHaveLength(1)
  expect(answer.integrations[0].id).not.toBe(integration)
  expect(answer.apiKeys).toHaveLength(1)
})

it('names are looked for in no CRM of another workspace', async () => {
  const { prefillVisitor } = await as(
    `query ($id: ID!) {
      prefillVisitor(phone: "+1 512 555 0143", integrationId: $id) { ... on ValidationError { fields { path } } }
    }`,
    { id: owned['integration'] },
  )
  expect(prefillVisitor).toEqual({ fields: [{ path: ['integrationId'] }] })
})

it('searching with ids of another workspace is not found', async () => {
  const phone = '+1 512 555 0143'
  for (const input of [
    { phone, integrationIds: [owned['integration'] ?? ''] },
    { phone, entityTypeIds: [owned['entityType'] ?? ''] },
    { conversationId: owned['conversation'] ?? '' },
  ]) {
    expect(await searchRecords(gateway, input, stranger)).toMatchObject({ __typename: 'NotFoundError' })
  }
})

it('nothing of another workspace can be changed, and nothing is', async () => {
  const { conversation = '', integration = '', record = '', apiKey = '', entityType = '', tag: tagId, push } = owned
  const before = await pushesOf(gateway, { id: conversation, mark: '' })

  const refused = await as(
    `mutation (
      $conversation: ID!, $apiKey: ID!, $record: ID!, $integration: ID!, $tagId: ID!, $push: ID!, $externalId: String!
    ) {
      append: appendMessages(conversationId: $conversation, messages: [
        { externalId: "x", author: VISITOR, text: "I am a stranger", sentAt: "2026-01-31T14:05:00Z" }
      ]) { __typename }
      visitor: updateVisitor(conversationId: $conversation, visitor: { fullName: "Stranger" }) { __typename }
      end: endConversation(id: $conversation) { __typename }
      tag: tagConversation(conversationId: $conversation, recordIds: [$record]) { __typename }
      untag: untagConversation(tagId: $tagId) { __typename }
      retry: retryPush(id: $push) { __typename }
      discard: discardPush(id: $push) { __typename }
      retryAll: retryPushes(filter: { integrationId: $integration, status: [PARTIAL, DISCARDED] }) { ...count }
      discardAll: discardPushes(filter: { conversationId: $conversation }) { ...count }
      forget: eraseVisitor(input: { conversationIds: [$conversation] }) { ...removed }
      forgetThem: eraseVisitor(input: { externalId: $externalId }) { ...removed }
      revoke: revokeApiKey(id: $apiKey) { __typename }
    }
    fragment count on PushesSuccess { count }
    fragment removed on EraseVisitorSuccess { conversations activities { remoteId } }`,
    { conversation, apiKey, record, integration, tagId, push, externalId: visitorId },
  )
  expect(refused).toEqual({
    append: { __typename: 'NotFoundError' },
    visitor: { __typename: 'NotFoundError' },
    end: { __typename: 'NotFoundError' },
    tag: { __typename: 'NotFoundError' },
    untag: { __typename: 'NotFoundError' },
    retry: { __typename: 'NotFoundError' },
    discard: { __typename: 'NotFoundError' },
    retryAll: { count: 0 },
    discardAll: { count: 0 },
    forget: { conversations: 0, activities: [] },
    forgetThem: { conversations: 0, activities: [] },
    revoke: { __typename: 'NotFoundError' },
  })
  expect((await checkIntegration(gateway, integration, stranger)).code).toBe('NOT_FOUND')
  expect((await disconnect(gateway, integration, stranger)).code).toBe('NOT_FOUND')
  expect((await connectDynamics(gateway, { integrationId: integration }, stranger)).code).toBe('NOT_FOUND')
  const values = [{ name: 'lastname', value: 'Stranger' }]
  expect(await createRecord(gateway, orgs.DYNAMICS, 'CONTACT', { values }, stranger)).toMatchObject({
    __typename: 'NotFoundError',
  })

  // With an integration of its own, it still cannot use what belongs to the other: a record, an entity type, a conversation.
  const { integrations } = await as('{ integrations { id provider entityTypes { id kind name } } }')
  const own: Org = integrations[0]
  expect(await createRecord(gateway, own, 'CONTACT', { values, entityTypeId: entityType }, stranger)).toMatchObject({
    __typename: 'NotFoundError',
  })
  expect(await createRecord(gateway, own, 'CONTACT', { values, conversationId: conversation }, stranger)).toMatchObject(
    {
      __typename: 'NotFoundError',
    },
  )
  expect(await gateway.crm.dynamics.records('contact', { lastname: 'Stranger' })).toEqual([])
  const { startConversation: started } = await as(
    `mutation { startConversation(input: { externalId: "own", channel: SMS, visitor: {} }) {
      ... on ConversationSuccess { conversation { id } }
    } }`,
  )
  const { outcomes } = await tag(gateway, { id: started.conversation.id, mark: '' }, [record], {}, stranger)
  expect(outcomes).toMatchObject([{ tag: null, error: { code: 'NOT_FOUND' } }])

  expect(await pushesOf(gateway, { id: conversation, mark: '' })).toEqual(before)
  expect((await orgsOf(gateway)).DYNAMICS).toEqual(orgs.DYNAMICS)
  const { conversation: kept } = await gateway.execute(
    'query ($id: ID!) { conversation(id: $id) { status visitor { fullName } messages { edges { node { text } } } } }',
    { id: conversation },
  )
  expect(kept).toMatchObject({ status: 'ACTIVE', visitor: { fullName: null } })
  expect(kept.messages.edges).toHaveLength(1)
})

it("an agent's token that names a conversation of another workspace opens nothing there", async () => {
  const { conversation, push, message } = owned
  const { issueAgentToken } = await as(
    `mutation ($id: ID!) {
      issueAgentToken(agentId: "a", agentName: "A", conversationIds: [$id]) { ... on IssueAgentTokenSuccess { token } }
    }`,
    { id: conversation },
  )
  const seen = await gateway.execute(
    `query ($id: ID!, $ids: [ID!]!) {
      conversation(id: $id) { id } nodes(ids: $ids) { id } conversations { edges { cursor } } pushes { edges { cursor } }
    }`,
    { id: conversation, ids: [conversation, push, message] },
    issueAgentToken.token,
  )
  expect(seen).toEqual({
    conversation: null,
    nodes: [null, null, null],
    conversations: { edges: [] },
    pushes: { edges: [] },
  })
})

it('the same external id in two workspaces is two conversations, and the same record holds an activity of each', async () => {
  const { externalId = '' } = owned
  const { startConversation: started } = await as(
    `mutation ($externalId: String!) {
      startConversation(input: { externalId: $externalId, channel: SMS, visitor: {} }) {
        ... on ConversationSuccess { conversation { id } }
      }
    }`,
    { externalId },
  )
  const { id } = started.conversation
  expect(id).not.toBe(owned['conversation'])
  await as(
    `mutation ($id: ID!, $text: String!) {
      appendMessages(conversationId: $id, messages: [
        { externalId: "m", author: VISITOR, text: $text, sentAt: "2026-01-31T14:05:00Z" }
      ]) { __typename }
    }`,
    { id, text: `${externalId} of the stranger` },
  )
  const found = await searchRecords(gateway, { phone: '+1 512 555 0143', kinds: ['CONTACT'] }, stranger)
  await tag(gateway, { id, mark: externalId }, [found.hits[0]?.record.id ?? ''], {}, stranger)
  await expect.poll(() => activitiesOf(gateway, 'DYNAMICS', { id, mark: externalId })).toHaveLength(2)
  const texts = (await activitiesOf(gateway, 'DYNAMICS', { id, mark: externalId })).map(({ text }) => text)
  expect(texts.filter((text) => text.includes('of the stranger'))).toHaveLength(1)
})

it('another workspace disconnecting the same org disconnects its own integration only', async () => {
  const { integrations } = await as('{ integrations { id } }')
  expect(await disconnect(gateway, integrations[0].id, stranger)).toMatchObject({
    integration: { status: 'DISCONNECTED' },
  })
  expect((await orgsOf(gateway)).DYNAMICS.status).toBe('CONNECTED')
  expect((await formOf(gateway, orgs.DYNAMICS, 'CONTACT')).fields).not.toHaveLength(0)
})
