import type { RunningStart } from '../support/running-start.ts'
import { ask } from './ask.ts'

/** Whom the tests make: nobody of this name and address is seeded. */
export const contact = { name: 'Edith Clarke', email: 'edith.clarke@two-starts.example' }

interface Org {
  id: string
  provider: string
  entityTypes: { id: string; kind: string }[]
}

/** Makes the contact in Dynamics 365 and tags a text message conversation with it; answers both global IDs. */
export async function makeTaggedContact(started: RunningStart): Promise<{ recordId: string; tagId: string }> {
  const { integrations } = await ask<{ integrations: Org[] }>(
    started,
    '{ integrations { id provider entityTypes { id kind } } }',
  )
  const org = integrations.find(({ provider }) => provider === 'DYNAMICS')
  const { createRecord, startConversation } = await ask<{
    createRecord: { record: { id: string } }
    startConversation: { conversation: { id: string } }
  }>(started, CREATE_AND_CONVERSE, {
    record: {
      integrationId: org?.id,
      entityTypeId: org?.entityTypes.find(({ kind }) => kind === 'CONTACT')?.id,
      values: [
        { name: 'firstname', value: 'Edith' },
        { name: 'lastname', value: 'Clarke' },
        { name: 'emailaddress1', value: contact.email },
      ],
    },
    conversation: { externalId: 'before-the-second-start', channel: 'SMS', visitor: { email: contact.email } },
  })
  const recordId = createRecord.record.id
  const { tagConversation } = await ask<{ tagConversation: { outcomes: [{ tag: { id: string } }] } }>(started, TAG, {
    conversationId: startConversation.conversation.id,
    recordId,
  })
  return { recordId, tagId: tagConversation.outcomes[0].tag.id }
}

/** The contact as search finds it, and as the tag's reference leads to it. */
export async function findTaggedContact(started: RunningStart, tagId: string): Promise<unknown> {
  const { searchRecords, node } = await ask<{
    searchRecords: { hits: { record: { id: string } }[] }
    node: { reference: { record: { id: string; name: string } } }
  }>(started, FIND, { email: contact.email, tagId })
  return { found: searchRecords.hits.map(({ record }) => record.id), tagged: node.reference.record }
}

const CREATE_AND_CONVERSE = `mutation ($record: CreateRecordInput!, $conversation: StartConversationInput!) {
  createRecord(input: $record) {
    ... on CreateRecordSuccess { record { id } }
    ... on Error { code message }
  }
  startConversation(input: $conversation) { ... on ConversationSuccess { conversation { id } } }
}`

const TAG = `mutation ($conversationId: ID!, $recordId: ID!) {
  tagConversation(conversationId: $conversationId, recordIds: [$recordId]) {
    ... on TagConversationSuccess { outcomes { tag { id } } }
    ... on Error { code message }
  }
}`

const FIND = `query ($email: String!, $tagId: ID!) {
  searchRecords(input: { email: $email }) { ... on SearchRecordsSuccess { hits { record { id } } } }
  node(id: $tagId) { ... on Tag { reference { record { id name } } } }
}`
