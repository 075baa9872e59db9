/** Conversations that are tagged to records, for pages that show what became of them. */
import { expect } from 'vitest'
import { type Conversation, startConversation, tag } from '../gateway/conversing.ts'
import type { Provider } from '../gateway/searching.ts'
import type { AdminApp } from './admin-app.ts'

const phone = '+1 512 555 0143'

/** The contact of a CRM that has the number of every thread. */
export async function contactOf({ gateway }: AdminApp, provider: Provider): Promise<string> {
  const { searchRecords } = await gateway.execute(
    `query ($phone: String!) {
      searchRecords(input: { phone: $phone, kinds: [CONTACT] }) {
        ... on SearchRecordsSuccess { hits { record { id integration { provider } } } }
      }
    }`,
    { phone },
  )
  const hit = searchRecords.hits.find(
    (it: { record: { integration: { provider: Provider } } }) => it.record.integration.provider === provider,
  )
  return hit.record.id
}

/** A thread of one message that is tagged to the contact. */
export async function tagThread({ gateway }: AdminApp, recordId: string): Promise<Conversation> {
  const thread = await startConversation(gateway, 'SMS', { firstName: 'Ada', phone })
  const { outcomes } = await tag(gateway, thread, [recordId])
  expect(outcomes?.[0]?.error).toBeNull()
  return thread
}
