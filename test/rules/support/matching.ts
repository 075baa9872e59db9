/** Visitors that are looked up by themselves, and records that they may be. */
import { expect, vi } from 'vitest'
import { lookUpId } from '../../../packages/server/src/shared/global-id.ts'
import { type Conversation, startConversation } from '../../gateway/conversing.ts'
import { newWord, put, type Value } from './looking.ts'
import type { TestRecord } from './pushing.ts'
import type { RuleCrm } from './rules.ts'

let numbers = 1000

/** A number that nobody in the CRM has. */
export const newPhone = () => {
  numbers += 1
  return `+1 432 555 ${numbers}`
}

export interface Known {
  first?: string
  last?: string
  phone?: string
  email?: string
}

/** A contact or a lead of whom this is known. */
export async function putPerson(crm: RuleCrm, kind: 'CONTACT' | 'LEAD', known: Known): Promise<TestRecord> {
  const names = kind === 'CONTACT' ? crm.names.contact : crm.names.lead
  const text = (name: string, value: string | undefined): Value[] =>
    value === undefined ? [] : [{ name, type: 'TEXT', value }]
  const values = [
    ...text(names.first, known.first),
    ...text(names.last, known.last ?? newWord()),
    ...text(names.phone, known.phone),
    ...text(names.email, known.email),
    ...(kind === 'LEAD' ? text(crm.names.lead.company, newWord()) : []),
  ]
  return { id: '', remoteId: await put(crm, kind, names.entity, values), entity: names.entity }
}

/** Settings that have contacts looked for by their phone number. */
export const autoSmsPush = ({ names }: RuleCrm) => ({
  enabled: true,
  entityType: names.contact.entity,
  field: names.contact.phone,
  identifier: 'PHONE',
})

export type Identifier = 'PHONE' | 'EMAIL' | 'ACCOUNT_ID'

/** Settings that have chats matched: contacts by phone and e-mail, accounts by name. */
export const autoChatPush = (
  { names }: RuleCrm,
  identifiers: readonly Identifier[] = ['PHONE'],
  tagSingleMatchUnasked = false,
) => ({
  enabled: true,
  tagSingleMatchUnasked,
  rules: identifiers.map((identifier) => ({
    identifier,
    entityType: identifier === 'ACCOUNT_ID' ? names.account.entity : names.contact.entity,
    field: { PHONE: names.contact.phone, EMAIL: names.contact.email, ACCOUNT_ID: names.account.name }[identifier],
  })),
})

export interface LookedUp {
  visitor: { firstName: string | null; lastName: string | null }
  tags: { id: string; automatic: boolean; taggedBy: string | null; remoteId: string }[]
  match: {
    kind: string
    identifier: string | null
    actions: string[]
    hits: { matchedBy: string; matchedField: string; record: { id: string; remoteId: string; name: string } }[]
  } | null
  /** Rules of the CRM under test, and what they say. */
  why: { rule: string; text: string; settingId: string | null }[]
}

/** Waits until the look-up of a conversation's visitor has come to its end. */
export async function untilLookedUp(crm: Pick<RuleCrm, 'running'>, { id }: Pick<Conversation, 'id'>): Promise<void> {
  const key = { id: lookUpId('Conversation', id) }
  await vi.waitFor(
    async () => {
      const row = await crm.running.database.conversation.findUniqueOrThrow({ where: key })
      expect(row).toMatchObject({ matchDueAt: null, matchSealed: expect.any(String) })
    },
    { timeout: 20_000, interval: 20 },
  )
}

/** What is known of a conversation whose visitor was looked up. */
export async function stateOf(crm: RuleCrm, conversation: Pick<Conversation, 'id'>): Promise<LookedUp> {
  await untilLookedUp(crm, conversation)
  const { conversation: found } = await crm.running.execute(
    `query ($id: ID!) {
      conversation(id: $id) {
        visitor { firstName lastName }
        tags { id automatic taggedBy reference { remoteId } }
        match { kind identifier actions hits { matchedBy matchedField record { id remoteId name } } }
        why { rule text settingId }
      }
    }`,
    { id: conversation.id },
  )
  const letter = crm.provider === 'DYNAMICS' ? 'D' : 'S'
  return {
    ...found,
    tags: found.tags.map(({ reference, ...rest }: { reference: { remoteId: string } }) => ({ ...rest, ...reference })),
    why: found.why.filter(({ rule }: { rule: string }) => rule.startsWith(letter)),
  }
}

/** A conversation that begins, and what came of it by itself. */
export async function begin(
  crm: RuleCrm,
  channel: 'CHAT' | 'SMS',
  visitor: object,
): Promise<{ conversation: Conversation; state: LookedUp }> {
  const conversation = await startConversation(crm.running, channel, visitor)
  return { conversation, state: await stateOf(crm, conversation) }
}

export async function updateVisitor(crm: RuleCrm, { id }: Conversation, visitor: object): Promise<void> {
  await crm.running.execute(
    'mutation ($id: ID!, $visitor: VisitorInput!) { updateVisitor(conversationId: $id, visitor: $visitor) { __typename } }',
    { id, visitor },
  )
}

export interface Prefill {
  __typename: string
  code?: string
  message?: string
  firstName?: string | null
  lastName?: string | null
  source?: { remoteId: string; entityName: string } | null
}

/** Names for a thread that is about to begin; in all integrations, or in this one. */
export async function prefill(crm: RuleCrm, phone: string, integrationId?: string): Promise<Prefill> {
  const { prefillVisitor } = await crm.running.execute(
    `query ($phone: String!, $integrationId: ID) {
      prefillVisitor(phone: $phone, integrationId: $integrationId) {
        __typename
        ... on VisitorPrefill { firstName lastName source { remoteId entityName } }
        ... on Error { code message }
      }
    }`,
    { phone, integrationId },
    await crm.agent(),
  )
  return prefillVisitor
}

/** The requests that reached the CRM while `work` ran, and the part of each that looks for the digits given. */
export async function requestsFor(crm: RuleCrm, digits: string, work: () => Promise<unknown>): Promise<string[]> {
  await crm.control.clearCalls()
  await work()
  const texts = (await crm.control.calls()).map(({ query, parts }) =>
    decodeURIComponent([query, ...(parts ?? []).map(({ path }) => path)].join(' ').replaceAll('+', ' ')),
  )
  return texts.filter((text) => text.replace(/\D/g, '').includes(digits))
}
