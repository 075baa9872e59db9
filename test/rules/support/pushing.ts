/** Records that conversations are tagged to, and what their pushes come to. */
import { randomUUID } from 'node:crypto'
import { expect, vi } from 'vitest'
import { type Conversation, end, startConversation } from '../../gateway/conversing.ts'
import { type CreateInput, create } from './forms.ts'
import type { RuleCrm } from './rules.ts'

export type Channel = 'CHAT' | 'SMS'
export type Row = Record<string, unknown>

export interface TestRecord {
  id: string
  remoteId: string
  /** The CRM's own name of its entity type. */
  entity: string
}

/** A table that the customer made. It is there for tests that add it. */
export const vehicles = {
  DYNAMICS: { entity: 'new_vehicle', name: 'new_name' },
  SALESFORCE: { entity: 'Vehicle__c', name: 'Name' },
}

/** A record of its own, with nothing in it but what it must have. */
export async function makeRecord(
  crm: RuleCrm,
  kind: 'ACCOUNT' | 'CONTACT' | 'LEAD' | 'VEHICLE' = 'ACCOUNT',
  more: Pick<CreateInput, 'conversationId' | 'backendValues'> = {},
): Promise<TestRecord> {
  const value = `Pushed ${randomUUID()}`.slice(0, 40)
  const { account, contact, lead } = crm.names
  const vehicle = vehicles[crm.provider]
  const [entity, ...names] = {
    ACCOUNT: [account.entity, account.name],
    CONTACT: [contact.entity, contact.last],
    LEAD: [lead.entity, lead.last, lead.company],
    VEHICLE: [vehicle.entity, vehicle.name],
  }[kind] as [string, ...string[]]
  const made = await create(crm, entity, { values: names.map((name) => ({ name, value })), ...more })
  if (!made.record) throw new Error(`No record was made: ${JSON.stringify(made)}`)
  const { id, remoteId } = made.record
  return { id, remoteId, entity }
}

/** The row as the CRM holds it. */
export async function rowOf({ control, provider }: RuleCrm, { entity, remoteId }: TestRecord): Promise<Row> {
  const [row] = await control.records(entity, { [provider === 'DYNAMICS' ? `${entity}id` : 'Id']: remoteId })
  if (!row) throw new Error(`There is no ${entity} ${remoteId}`)
  return row
}

/** A conversation of one message; a chat has ended, unless it shall run on. */
export async function converse(crm: RuleCrm, channel: Channel, { runs = false } = {}): Promise<Conversation> {
  const conversation = await startConversation(crm.running, channel, { fullName: 'Dana Fox', phone: '+1 512 555 0188' })
  if (channel === 'CHAT' && !runs) await end(crm.running, conversation)
  return conversation
}

export interface Tagging {
  __typename: string
  message?: string
  fields?: { path: string[]; message: string }[]
  outcomes?: { tag: { id: string } | null; error: { code: string; message: string } | null }[]
}

export async function tagTo(
  crm: RuleCrm,
  { id }: Conversation,
  records: readonly TestRecord[],
  more: { backendValues?: object[]; afterEnd?: boolean; idempotencyKey?: string } = {},
): Promise<Tagging> {
  const { tagConversation } = await crm.running.execute(
    `mutation (
      $id: ID!, $recordIds: [ID!]!, $backendValues: [FieldValueInput!], $afterEnd: Boolean, $idempotencyKey: String
    ) {
      tagConversation(
        conversationId: $id, recordIds: $recordIds, backendValues: $backendValues, afterEnd: $afterEnd
        idempotencyKey: $idempotencyKey
      ) {
        __typename
        ... on TagConversationSuccess { outcomes { tag { id } error { code message } } }
        ... on Error { message }
        ... on ValidationError { fields { path message } }
      }
    }`,
    { id, recordIds: records.map((record) => record.id), ...more },
  )
  return tagConversation
}

export interface SettledPush {
  id: string
  status: string
  activityType: string
  subject: string
  deliveredMessages: number
  error: { code: string; message: string } | null
  activities: { remoteId: string; closed: boolean }[]
  warnings: { code: string; text: string; settingId: string | null }[]
  why: { rule: string; text: string; settingId: string | null }[]
}

/** Waits until nothing of the conversation is under way, and so many messages have been brought to the CRM. */
export async function settled(crm: RuleCrm, { id }: Conversation, messages = 1): Promise<SettledPush[]> {
  return vi.waitFor(
    async () => {
      const { conversation } = await crm.running.execute(
        `query ($id: ID!) {
          conversation(id: $id) { tags { pushes { edges { node {
            id status activityType subject deliveredMessages
            error { code message }
            activities { remoteId closed }
            warnings { code text settingId }
            why { rule text settingId }
          } } } } }
        }`,
        { id },
      )
      const pushes: SettledPush[] = conversation.tags.flatMap((it: { pushes: { edges: { node: SettledPush }[] } }) =>
        it.pushes.edges.map(({ node }) => node).reverse(),
      )
      expect(pushes.length).toBeGreaterThan(0)
      for (const { status } of pushes) expect(['DELIVERED', 'PARTIAL', 'FAILED']).toContain(status)
      const brought = pushes.reduce((sum, push) => Math.max(sum, push.deliveredMessages), 0)
      expect(brought + (pushes.length > 1 ? messages : 0)).toBeGreaterThanOrEqual(messages)
      return pushes
    },
    { timeout: 20_000, interval: 25 },
  )
}

/** Tags to one record and waits for its push. */
export async function pushTo(
  crm: RuleCrm,
  conversation: Conversation,
  record: TestRecord,
  more: Parameters<typeof tagTo>[3] = {},
): Promise<SettledPush> {
  const tagged = await tagTo(crm, conversation, [record], more)
  expect(tagged.outcomes?.map(({ error }) => error)).toEqual([null])
  const pushes = await settled(crm, conversation)
  const push = pushes.at(-1)
  if (!push) throw new Error('There is no push')
  return push
}

/** Where each kind of activity keeps its text and its record. */
const activityFields = {
  annotation: { body: 'notetext', regarding: '_objectid_value' },
  task: { body: 'description', regarding: '_regardingobjectid_value' },
  new_chatsession: { body: 'description', regarding: '_regardingobjectid_value' },
  phonecall: { body: 'description', regarding: '_regardingobjectid_value' },
  Task: { body: 'Description', regarding: 'WhatId' },
} as const
export type ActivityTable = keyof typeof activityFields

export interface HeldActivity {
  subject: string
  body: string
  /** The key of the record that it is about. */
  regarding: string
  /** Dynamics: 1 is completed. */
  state: unknown
  status: unknown
}

/** The activities that the CRM holds of a conversation. */
export async function heldOf(crm: RuleCrm, table: ActivityTable, { mark }: Conversation): Promise<HeldActivity[]> {
  const { body, regarding } = activityFields[table]
  const rows = await crm.control.records(table)
  return rows
    .filter((row) => String(row[body]).includes(mark))
    .map((row) => ({
      subject: String(row['subject'] ?? row['Subject']),
      body: String(row[body]),
      regarding: String(row[regarding] ?? row['WhoId']),
      state: row['statecode'],
      status: row['Status'],
    }))
}

/** The table that a CRM's transcripts go to, unless the settings say otherwise. */
export const usualTable = { DYNAMICS: 'annotation', SALESFORCE: 'Task' } as const
