/** What a chat product does with conversations, and where its pushes are. */
import { randomUUID } from 'node:crypto'
import { expect, vi } from 'vitest'
import type { RunningGateway } from './running-gateway.ts'
import type { Provider } from './searching.ts'

/** Whatever runs operations. */
type Executor = Pick<RunningGateway, 'execute'>

export interface Conversation {
  id: string
  /** Stands in every message of this conversation, so that its activities are known among others. */
  mark: string
}

export async function startConversation(
  gateway: Executor,
  channel: 'CHAT' | 'SMS',
  visitor: object = { phone: '+1 512 555 0143' },
): Promise<Conversation> {
  const mark = `mark-${randomUUID().slice(0, 8)}`
  const { startConversation: started } = await gateway.execute(
    `mutation ($input: StartConversationInput!) {
      startConversation(input: $input) { ... on ConversationSuccess { conversation { id } } ... on Error { message } }
    }`,
    { input: { externalId: mark, channel, visitor } },
  )
  const conversation = { id: started.conversation.id, mark }
  await say(gateway, conversation, 'first')
  return conversation
}

/** Messages of the visitor. */
export const say = (gateway: Executor, conversation: Conversation, ...texts: string[]): Promise<void> =>
  sayAs(gateway, 'VISITOR', conversation, ...texts)

export async function sayAs(
  gateway: Executor,
  author: 'AGENT' | 'VISITOR',
  { id, mark }: Conversation,
  ...texts: string[]
): Promise<void> {
  const { appendMessages } = await gateway.execute(
    `mutation ($id: ID!, $messages: [MessageInput!]!) { appendMessages(conversationId: $id, messages: $messages) { __typename } }`,
    {
      id,
      messages: texts.map((text) => ({
        externalId: randomUUID(),
        author,
        authorName: 'Ada',
        text: `${mark} ${text}`,
        sentAt: new Date().toISOString(),
      })),
    },
  )
  expect(appendMessages.__typename).toBe('ConversationSuccess')
}

export async function end(gateway: Executor, { id }: Conversation): Promise<void> {
  await gateway.execute('mutation ($id: ID!) { endConversation(id: $id) { __typename } }', { id })
}

export interface Tagged {
  __typename: string
  code?: string
  message?: string
  providers?: Provider[]
  outcomes?: {
    recordId: string
    tag: { id: string } | null
    error: { __typename: string; code: string; message: string } | null
  }[]
}

export async function tag(
  gateway: Executor,
  { id }: Conversation,
  recordIds: string[],
  more: { afterEnd?: boolean; idempotencyKey?: string } = {},
  bearer?: string,
): Promise<Tagged> {
  const { tagConversation } = await gateway.execute(
    `mutation ($id: ID!, $recordIds: [ID!]!, $afterEnd: Boolean, $idempotencyKey: String) {
      tagConversation(conversationId: $id, recordIds: $recordIds, afterEnd: $afterEnd, idempotencyKey: $idempotencyKey) {
        __typename
        ... on TagConversationSuccess { outcomes { recordId tag { id } error { __typename code message } } }
        ... on Error { code message }
        ... on NotConnectedError { providers }
      }
    }`,
    { id, recordIds, ...more },
    bearer,
  )
  return tagConversation
}

export interface PushState {
  id: string
  status: string
  attempts: number
  deliveredMessages: number
  activityType: string
  error: { code: string; message: string } | null
  activities: { remoteId: string; url: string; closed: boolean }[]
}

/** The pushes of a conversation, oldest first. */
export async function pushesOf(gateway: Executor, { id }: Conversation): Promise<PushState[]> {
  const { conversation } = await gateway.execute(
    `query ($id: ID!) {
      conversation(id: $id) {
        tags {
          pushes {
            edges { node {
              id status attempts deliveredMessages activityType error { code message } activities { remoteId url closed }
            } }
          }
        }
      }
    }`,
    { id },
  )
  return conversation.tags.flatMap((it: { pushes: { edges: { node: PushState }[] } }) =>
    it.pushes.edges.map(({ node }) => node),
  )
}

/** Waits until every push of the conversation has brought so many messages to its CRM. */
export async function delivered(gateway: Executor, conversation: Conversation, messages: number): Promise<PushState[]> {
  return vi.waitFor(
    async () => {
      const pushes = await pushesOf(gateway, conversation)
      expect(pushes.length).toBeGreaterThan(0)
      for (const push of pushes) expect(push).toMatchObject({ status: 'DELIVERED', deliveredMessages: messages })
      return pushes
    },
    { timeout: 20_000, interval: 20 },
  )
}

export interface Activity {
  text: string
  /** The key of the record that it is filed under. */
  regarding: string
}

/** The activities that a CRM holds of a conversation. */
export async function activitiesOf(
  { crm }: Pick<RunningGateway, 'crm'>,
  provider: Provider,
  { mark }: Conversation,
): Promise<Activity[]> {
  const rows = provider === 'DYNAMICS' ? await crm.dynamics.records('annotation') : await crm.salesforce.records('Task')
  const field = provider === 'DYNAMICS' ? 'notetext' : 'Description'
  return rows
    .filter((row) => String(row[field]).includes(mark))
    .map((row) => ({
      text: String(row[field]),
      regarding: String(provider === 'DYNAMICS' ? row['_objectid_value'] : (row['WhoId'] ?? row['WhatId'])),
    }))
}
