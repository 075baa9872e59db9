/** One CRM with settings that keep much from agents, and an agent whose token is bound to one conversation. */
import { randomUUID } from 'node:crypto'
import type { EntityKind } from '@backchannel/providers'
import { expect } from 'vitest'
import { encodeLookupOption } from '../../packages/server/src/records/lookup-option.ts'
import { encodeRecordId, type RecordKey } from '../../packages/server/src/records/record-id.ts'
import { lookUpId } from '../../packages/server/src/shared/global-id.ts'
import { look, newWord, put, type Value } from '../rules/support/looking.ts'
import type { RuleCrm } from '../rules/support/rules.ts'
import { lookupFields, typedFields } from '../rules/support/typed-fields.ts'
import { type Conversation, startConversation, tag } from './conversing.ts'

export interface AgentWorld {
  crm: RuleCrm
  /** Bound to `own`. */
  agent: string
  own: Conversation
  /** A colleague's conversation, which `closed` and `person` are tagged to. */
  foreign: Conversation
  /** In the names of all records. */
  word: string
  /** Global IDs. */
  ids: {
    open: string
    /** An account that the filter leaves out. */
    closed: string
    /** A contact: they may not be searched. */
    person: string
    /** Of `foreign`. */
    tag: string
    message: string
  }
  /** Values of the look-up: within its filter, and not. */
  lookup: { inside: string; outside: string }
  /** By `List field`, as global IDs of settings. */
  settings: Record<string, string>
  /** By entity name. */
  entityTypes: Record<string, string>
  /** A page that began before there was a filter. */
  cursor: string
}

/** What each CRM calls what the settings name. */
export const fieldsOf = ({ provider, names }: RuleCrm) => {
  const typed = (type: string) => typedFields[provider][type]?.name ?? ''
  const { entity, company, last } = names.lead
  return {
    ...{ account: names.account.entity, contact: names.contact.entity, lead: entity, leadNames: [company, last] },
    ...{ narrowed: typed('TEXT'), fixed: typed('OPTION_SET'), box: typed('CURRENCY'), shown: typed('DATE') },
    ...{ given: typed('TWO_OPTIONS'), lookup: lookupFields[provider].name },
    ofLead: provider === 'DYNAMICS' ? 'jobtitle' : 'Title',
  }
}
export const SECRET = { DYNAMICS: '3', SALESFORCE: 'Matched' }

async function restrict(crm: RuleCrm): Promise<void> {
  const { account, contact, lead, narrowed, fixed, box, shown, given, lookup, ofLead } = fieldsOf(crm)
  const { entityTypes } = await crm.document()
  const constant = { name: fixed, variableType: 'CONSTANT', fieldType: 'OPTION_SET', value: SECRET[crm.provider] }
  const choice = {
    ...{ name: lookup, variableType: 'INPUT', fieldType: 'LOOKUP', label: 'Whom' },
    lookup: { relatedEntity: contact, filter: { field: crm.names.contact.first, value: 'inside' } },
  }
  // In Dynamics, a look-up of a backend field is called what the CRM calls it.
  const { label: _, ...unlabelled } = choice
  const tick = { name: given, variableType: 'INPUT', fieldType: 'TWO_OPTIONS', label: 'Quiet' }
  const word = { name: ofLead, variableType: 'INPUT', fieldType: 'TEXT', label: 'Job' }
  await crm.settings({
    entityTypes: (entityTypes as { name: string }[]).map((it) => ({
      ...it,
      ...(it.name === contact && { searchable: false }),
      ...(it.name === lead && { creatable: false }),
    })),
    exportFields: [
      ...[constant, choice, tick].map((it) => ({ entityType: account, ...it })),
      { entityType: lead, ...word },
    ],
    backendFields: [
      ...[constant, crm.provider === 'DYNAMICS' ? unlabelled : choice].map((it) => ({
        ...it,
        entityType: account,
        overwrite: true,
      })),
      { entityType: lead, overwrite: true, ...word },
    ],
    searchFields: [
      {
        ...{ entityType: account, name: narrowed, label: 'Narrowed', fieldType: 'TEXT' },
        filter: { field: narrowed, value: 'Open' },
      },
      { entityType: account, name: box, label: 'Box', fieldType: 'CURRENCY' },
      { entityType: lead, name: ofLead, label: 'Job', fieldType: 'TEXT' },
    ],
    detailFields: [{ entityType: account, name: shown, label: 'Shown', fieldType: 'DATE' }],
  })
}

export async function buildAgentWorld(crm: RuleCrm): Promise<AgentWorld> {
  const { names, running } = crm
  const { narrowed } = fieldsOf(crm)
  const word = newWord()
  const text = (name: string, value: string): Value => ({ name, type: 'TEXT', value })
  const account = (label: string) =>
    put(crm, 'ACCOUNT', names.account.entity, [text(names.account.name, `${word} ${label}`), text(narrowed, label)])
  const contact = (first: string) =>
    put(crm, 'CONTACT', names.contact.entity, [text(names.contact.first, first), text(names.contact.last, word)])
  const [open, closed, inside, outside] = [
    await account('Open'),
    await account('Closed'),
    await contact('inside'),
    await contact('outside'),
  ]
  const idOf = (kind: EntityKind, entityName: string, remoteId: string) => recordId(crm, { kind, entityName, remoteId })

  await crm.settings({})
  const before = await look(crm, { term: word, first: 1, kinds: ['ACCOUNT'] }, await running.key('SERVICE'))
  const cursor = before.entityTypes[0]?.moreCursor
  if (!cursor) throw new Error('There is no second page')
  await restrict(crm)

  const [own, foreign] = [await startConversation(running, 'SMS', {}), await startConversation(running, 'SMS', {})]
  const ids = {
    open: idOf('ACCOUNT', names.account.entity, open),
    closed: idOf('ACCOUNT', names.account.entity, closed),
    person: idOf('CONTACT', names.contact.entity, inside),
  }
  const { outcomes } = await tag(running, foreign, [ids.closed, ids.person])
  expect(outcomes?.map(({ error }) => error)).toEqual([null, null])
  const { conversation } = await running.execute(
    'query ($id: ID!) { conversation(id: $id) { tags { id } messages { edges { node { id } } } } }',
    { id: foreign.id },
  )
  const option = (remoteId: string) => encodeLookupOption({ entityName: names.contact.entity, remoteId })
  return {
    ...{ crm, own, foreign, word, cursor },
    agent: await crm.agent([own.id]),
    ids: { ...ids, tag: conversation.tags[0].id, message: conversation.messages.edges[0].node.id },
    lookup: { inside: option(inside), outside: option(outside) },
    ...(await settingsOf(crm)),
  }
}

/** A global ID, right or forged, of the CRM's integration unless another one is given. */
export function recordId({ org }: RuleCrm, key: Omit<RecordKey, 'integrationId'> & { integrationId?: string }): string {
  return encodeRecordId({ integrationId: lookUpId('Integration', org.id), ...key })
}

async function settingsOf({ running, org }: RuleCrm): Promise<Pick<AgentWorld, 'settings' | 'entityTypes'>> {
  type Row = { id: string; name: string; entityType?: { name: string } }
  const field = '{ id name entityType { name } }'
  const { integration } = await running.execute(
    `query ($id: ID!) { integration(id: $id) { entityTypes { id name } settings {
      ... on Node { id } defaultFields { id name }
      exportFields ${field} backendFields ${field} searchFields ${field} detailFields ${field}
    } } }`,
    { id: org.id },
  )
  const { id, ...lists } = integration.settings as { id: string } & Record<string, Row[]>
  const rows = Object.entries(lists).flatMap(([list, all]) =>
    all.map((row) => [[list, row.entityType?.name, row.name].filter(Boolean).join(' '), row.id] as const),
  )
  return {
    settings: { ...Object.fromEntries(rows), all: id },
    entityTypes: Object.fromEntries(integration.entityTypes.map((it: Row) => [it.name, it.id])),
  }
}

/** What the CRM was asked while `work` ran: its calls for data, and those of them that write. */
export async function watch<T>({ crm }: AgentWorld, work: () => Promise<T>) {
  await crm.control.clearCalls()
  const answer = await work()
  const calls = (await crm.control.calls()).flatMap((call) => [...(call.parts ?? [call])])
  const data = calls.filter(({ path }) => !/token|describe|EntityDefinitions|recordTypes/i.test(path))
  return { answer, reads: data.map(({ path }) => path), writes: data.filter(({ method }) => method !== 'GET') }
}

export const someGuid = () => randomUUID()
