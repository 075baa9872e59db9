/** What a chat product does: begin a thread, look its visitor up, tag it, go on talking. */
import { expect } from 'vitest'
import type { ServerProcess } from '../support/server-process.ts'

/** An SMS thread of one message. Answers its id. */
export async function startThread(server: ServerProcess): Promise<string> {
  const { startConversation } = await server.execute<{ startConversation: { conversation: { id: string } } }>(
    `mutation {
      startConversation(input: { externalId: "sms-1", channel: SMS, visitor: { phone: "+1 512 555 0143" } }) {
        ... on ConversationSuccess { conversation { id } }
      }
    }`,
  )
  const { id } = startConversation.conversation
  await say(server, id, 'm1', 'Where is my order?')
  return id
}

/** The ids of one contact of each CRM, found by the thread's phone number. */
export async function findContacts(server: ServerProcess, id: string): Promise<string[]> {
  const { searchRecords } = await server.execute<{ searchRecords: { hits: { record: { id: string } }[] } }>(
    `query ($id: ID!) {
      searchRecords(input: { conversationId: $id, kinds: [CONTACT], first: 1 }) {
        ... on SearchRecordsSuccess { hits { record { id } } }
      }
    }`,
    { id },
  )
  const recordIds = searchRecords.hits.map((hit) => hit.record.id)
  expect(recordIds).toHaveLength(2)
  return recordIds
}

/** An SMS thread of one message, tagged to one contact of each CRM. Answers its id. */
export async function tagThread(server: ServerProcess): Promise<string> {
  const id = await startThread(server)
  const recordIds = await findContacts(server, id)
  const { tagConversation } = await server.execute<{
    tagConversation: { outcomes: { tag: object | null; error: object | null }[] }
  }>(
    `mutation ($id: ID!, $recordIds: [ID!]!) {
      tagConversation(conversationId: $id, recordIds: $recordIds) {
        ... on TagConversationSuccess { outcomes { tag { id } error { message } } }
      }
    }`,
    { id, recordIds },
  )
  expect(tagConversation.outcomes.map((outcome) => outcome.error)).toEqual([null, null])
  return id
}

export async function say(server: ServerProcess, id: string, externalId: string, text: string): Promise<void> {
  await server.execute(
    `mutation ($id: ID!, $messages: [MessageInput!]!) {
      appendMessages(conversationId: $id, messages: $messages) { __typename }
    }`,
    { id, messages: [{ externalId, author: 'VISITOR', authorName: 'Ada', text, sentAt: '2026-01-31T14:05:00Z' }] },
  )
}
