/** What two workspaces share, an org, a record, a name of a conversation, is two things all the same. Every place that takes an id: apart/. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { connectDynamics, disconnect } from './connecting.ts'
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

beforeAll(async () => {
  gateway = await startGateway({ worker: true })
  orgs = await orgsOf(gateway)
  stranger = await gateway.otherWorkspace('Stranger')
  expect((await connectDynamics(gateway, {}, stranger)).__typename).toBe('ConnectSuccess')

  const { hits } = await searchRecords(gateway, { phone: '+1 512 555 0143', kinds: ['CONTACT'] })
  const record = hits.find((hit) => hit.record.integration.provider === 'DYNAMICS')?.record.id ?? ''
  const thread = await startConversation(gateway, 'SMS')
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

it('with an integration of its own, a stranger still cannot use what belongs to the other, and the CRM hears nothing of it', async () => {
  const { conversation = '', record = '', entityType = '' } = owned
  const before = await pushesOf(gateway, { id: conversation, mark: '' })
  const values = [{ name: 'lastname', value: 'Stranger' }]
  const { integrations } = await as('{ integrations { id provider entityTypes { id kind name } } }')
  const own: Org = integrations[0]
  for (const [of, input] of [
    [orgs.DYNAMICS, { values }],
    [own, { values, entityTypeId: entityType }],
    [own, { values, conversationId: conversation }],
  ] as const) {
    expect(await createRecord(gateway, of, 'CONTACT', input, stranger)).toMatchObject({ __typename: 'NotFoundError' })
  }
  expect(await gateway.crm.dynamics.records('contact', { lastname: 'Stranger' })).toEqual([])
  const { startConversation: started } = await as(
    `mutation { startConversation(input: { externalId: "own", channel: SMS, visitor: {} }) {
      ... on ConversationSuccess { conversation { id } }
    } }`,
  )
  const { outcomes } = await tag(gateway, { id: started.conversation.id, mark: '' }, [record], {}, stranger)
  expect(outcomes).toMatchObject([{ tag: null, error: { code: 'NOT_FOUND' } }])
  expect(await pushesOf(gateway, { id: conversation, mark: '' })).toEqual(before)
})

it('what a selection asks for twice, with other arguments, is read again within the workspace', async () => {
  const { integrations, conversations, pushes } = await gateway.execute(
    `query ($type: ID!) {
      integrations { settings {
        all: exportFields { id } some: exportFields(entityTypeId: $type) { id } shown: searchFields { id }
        found: searchFields(entityTypeId: $type) { id }
      } }
      conversations { edges { node {
        one: messages(first: 1) { edges { node { id } } } two: messages(first: 2) { edges { node { id } } }
        tags { id one: pushes(first: 1) { edges { node { id } } } two: pushes(first: 2) { edges { node { id tag { id } } } } }
      } } }
      pushes { edges { node { tag { id } conversation { tags { id } } activities { remoteId } } } }
    }`,
    { type: owned['entityType'] },
  )
  expect(integrations).toHaveLength(2)
  expect(conversations.edges[0].node.tags).toMatchObject([{ id: owned['tag'] }])
  expect(pushes.edges[0].node.conversation.tags).toEqual([{ id: owned['tag'] }])
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
