import { expect, test, vi } from 'vitest'
import { openInstallation, type ServerProcess } from '../support/server-process.ts'

interface PushState {
  id: string
  status: string
}

async function statuses(server: ServerProcess): Promise<string[]> {
  const { pushes } = await server.execute<{ pushes: { edges: { node: PushState }[] } }>(
    '{ pushes { edges { node { id status } } } }',
  )
  return pushes.edges.map(({ node }) => node.status)
}

/** An SMS thread of one message, tagged to one contact of each CRM. */
async function tagThread(server: ServerProcess): Promise<string> {
  const { startConversation } = await server.execute<{ startConversation: { conversation: { id: string } } }>(
    `mutation {
      startConversation(input: { externalId: "sms-1", channel: SMS, visitor: { phone: "+1 512 555 0143" } }) {
        ... on ConversationSuccess { conversation { id } }
      }
    }`,
  )
  const { id } = startConversation.conversation
  await say(server, id, 'm1', 'Where is my order?')
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

async function say(server: ServerProcess, id: string, externalId: string, text: string): Promise<void> {
  await server.execute(
    `mutation ($id: ID!, $messages: [MessageInput!]!) {
      appendMessages(conversationId: $id, messages: $messages) { __typename }
    }`,
    { id, messages: [{ externalId, author: 'VISITOR', authorName: 'Ada', text, sentAt: '2026-01-31T14:05:00Z' }] },
  )
}

const delivered = (server: ServerProcess) =>
  vi.waitFor(async () => expect(await statuses(server)).toEqual(['DELIVERED', 'DELIVERED']), {
    timeout: 20_000,
    interval: 100,
  })

test('a push that was accepted survives a kill before its delivery, and arrives once', async () => {
  const { dynamics, salesforce, start } = await openInstallation({ PUSH_LEASE_SECONDS: '2' })
  const first = await start()
  // Nothing gets through before the kill.
  for (const crm of [dynamics, salesforce]) {
    await crm.addFault({ method: 'POST|PATCH', path: 'annotations|Task', times: 100 }, { hang: 'BEFORE' })
  }
  await tagThread(first)
  await vi.waitFor(async () => expect(await statuses(first)).toEqual(['DELIVERING', 'DELIVERING']), { timeout: 10_000 })
  await first.kill()

  for (const crm of [dynamics, salesforce]) await crm.clearFaults()
  await delivered(await start())
  expect((await dynamics.records('annotation')).filter(isOurs('notetext'))).toHaveLength(1)
  expect((await salesforce.records('Task')).filter(isOurs('Description'))).toHaveLength(1)
})

test('a push whose answer was lost by a kill is recognised and not made again, and later messages follow', async () => {
  const { dynamics, salesforce, start } = await openInstallation({ PUSH_LEASE_SECONDS: '2' })
  const first = await start()
  // The CRM files it, and nobody is told.
  for (const crm of [dynamics, salesforce]) {
    await crm.addFault({ method: 'POST|PATCH', path: 'annotations|Task', times: 1 }, { hang: 'AFTER' })
  }
  const id = await tagThread(first)
  await vi.waitFor(async () => {
    expect((await dynamics.records('annotation')).filter(isOurs('notetext'))).toHaveLength(1)
    expect((await salesforce.records('Task')).filter(isOurs('Description'))).toHaveLength(1)
  })
  await first.kill()

  const second = await start()
  await say(second, id, 'm2', 'It came just now.')
  await delivered(second)
  const [note, ...otherNotes] = (await dynamics.records('annotation')).filter(isOurs('notetext'))
  const [task, ...otherTasks] = (await salesforce.records('Task')).filter(isOurs('Description'))
  expect([...otherNotes, ...otherTasks]).toEqual([])
  expect(note?.['notetext']).toContain('It came just now.')
  expect(task?.['Description']).toContain('It came just now.')
})

const isOurs = (field: string) => (row: Record<string, unknown>) => String(row[field]).includes('Where is my order?')
