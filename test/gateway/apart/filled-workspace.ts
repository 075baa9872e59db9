/** A workspace that has one of everything that an id can name. */
import { randomUUID } from 'node:crypto'
import { encodeId } from '../../../packages/server/src/shared/global-id.ts'
import { connectDynamics } from '../connecting.ts'
import { startConversation, tag } from '../conversing.ts'
import type { RunningGateway } from '../running-gateway.ts'
import { entityTypeOf, type Org, searchRecords } from '../searching.ts'
import { addField, textFields, versionOf } from '../setting-up.ts'
import { crawl } from './crawling.ts'
import type { Kind } from './places.ts'

export interface FilledWorkspace {
  readonly id: string
  /** An ADMIN key of it. */
  readonly admin: string
  readonly org: Org
  /** An id of each kind. */
  readonly ids: Readonly<Record<Exclude<Kind, 'Outside'>, string>>
  /** All global IDs that its admin comes by, with their types. */
  readonly all: ReadonlyMap<string, string>
}

const PHONE = '+1 512 555 0143'

/** @param admin a key of a workspace with nothing in it but, it may be, a connected Dynamics 365 org */
export async function fillWorkspace(gateway: RunningGateway, id: string, admin: string): Promise<FilledWorkspace> {
  const own: RunningGateway = {
    ...gateway,
    execute: (query, variables, bearer = admin) => gateway.execute(query, variables, bearer),
  }
  const dynamics = async (): Promise<Org | undefined> =>
    (await own.execute('{ integrations { id provider status entityTypes { id kind name } } }')).integrations.find(
      (it: Org) => it.provider === 'DYNAMICS',
    )
  if (!(await dynamics())) await connectDynamics(own)
  const org = await dynamics()
  if (!org) throw new Error('Dynamics 365 is not connected')
  const changeId = await setUp(own, org)
  await addPeople(gateway, id)

  const conversation = await startConversation(own, 'SMS', { externalId: `visitor-${id}`, phone: PHONE })
  await startConversation(own, 'CHAT', { phone: PHONE })
  const { hits } = await searchRecords(own, { phone: PHONE, kinds: ['CONTACT'], integrationIds: [org.id] })
  const record = hits[0]?.record.id ?? ''
  await tag(own, conversation, [record])
  const { entityTypes, conversations, integration, recordForm, pushes, eventCursor } = await own.execute(
    `query ($org: [ID!], $id: ID!, $account: ID!) {
      entityTypes: searchRecords(input: { term: "a", first: 1, integrationIds: $org }) {
        ... on SearchRecordsSuccess { integrations { entityTypes { moreCursor } } }
      }
      conversations(first: 1) { edges { cursor node { messages(first: 1) { edges { cursor } } } } }
      integration(id: $id) { settingsHistory(first: 1) { edges { cursor } } }
      recordForm(integrationId: $id, entityTypeId: $account) { ... on RecordForm { fields { id type } } }
      pushes(first: 1) { edges { cursor node { id tag { id } } } }
      eventCursor
    }`,
    { org: [org.id], id: org.id, account: entityTypeOf(org, 'ACCOUNT') },
  )
  const entries = await gateway.database.auditEntry.findMany({ where: { workspaceId: id } })
  // Which only owners see, and no key.
  const audited = entries.map((entry) => [encodeId('AuditEntry', entry.id), 'AuditEntry'] as const)
  const all = new Map([...(await crawl(gateway, admin)).ids, ...audited])
  const idOf = (typename: string) => [...all].find(([, it]) => it === typename)?.[0] ?? ''
  return {
    ...{ id, admin, org, all },
    ids: {
      Integration: org.id,
      EntityType: entityTypeOf(org, 'ACCOUNT'),
      Conversation: conversation.id,
      Record: record,
      Push: pushes.edges[0].node.id,
      Tag: pushes.edges[0].node.tag.id,
      SettingsChange: changeId,
      Node: conversation.id,
      ApiKey: idOf('ApiKey'),
      User: idOf('User'),
      Invite: idOf('Invite'),
      ExportField: idOf('ExportField'),
      SearchField: idOf('SearchField'),
      DetailField: idOf('DetailField'),
      BackendField: idOf('BackendField'),
      DefaultField: idOf('DefaultField'),
      EventCursor: eventCursor,
      FormField: recordForm.fields.find((it: { type: string }) => it.type === 'LOOKUP').id,
      MessageCursor: conversations.edges[0].node.messages.edges[0].cursor,
      ConversationCursor: conversations.edges[0].cursor,
      PushCursor: pushes.edges[0].cursor,
      ChangeCursor: integration.settingsHistory.edges[0].cursor,
      AuditCursor: entries[0]?.id ?? '',
      MoreCursor: entityTypes.integrations[0].entityTypes.find((it: { moreCursor: string | null }) => it.moreCursor)
        ?.moreCursor,
      ConversationExternalId: conversation.mark,
      VisitorExternalId: `visitor-${id}`,
    },
  }
}

/** A row in each list of settings; answers a change of them. */
async function setUp(own: RunningGateway, org: Org): Promise<string> {
  const [city, country] = textFields.DYNAMICS
  const text = { entityTypeId: entityTypeOf(org, 'ACCOUNT'), name: city, fieldType: 'TEXT' }
  const shown = { ...text, label: 'City' }
  const lookup = { relatedEntity: 'contact' }
  const input = { entityTypeId: text.entityTypeId, variableType: 'INPUT', fieldType: 'LOOKUP', label: 'Whom', lookup }
  for (const [list, field] of [
    ['SearchField', shown],
    ['DetailField', { ...shown, name: country }],
    ['ExportField', { ...input, name: 'primarycontactid' }],
    ['BackendField', { ...text, variableType: 'CONSTANT', value: 'x', overwrite: true }],
  ] as const) {
    const added = await addField(own, list, org.id, await versionOf(own, org), field)
    if (added.__typename !== 'SettingsSuccess') throw new Error(`${list}: ${JSON.stringify(added)}`)
  }
  const query = 'query ($id: ID!) { integration(id: $id) { settingsHistory(first: 1) { edges { node { id } } } } }'
  return (await own.execute(query, { id: org.id })).integration.settingsHistory.edges[0].node.id
}

/** A member, and somebody who was asked to become one: they come in by pages, not by the API. */
async function addPeople({ database }: RunningGateway, workspaceId: string): Promise<void> {
  const [id, email] = [randomUUID(), `person@${workspaceId}.example`]
  const member = { create: { id: randomUUID(), workspaceId, role: 'ADMIN' } } as const
  await database.user.create({ data: { id, name: 'Person', email, member } })
  const times = { createdAt: new Date(), expiresAt: new Date(Date.now() + 86_400_000) }
  const invite = {
    id: randomUUID(),
    workspaceId,
    email: `guest@${workspaceId}.example`,
    role: 'ADMIN',
    tokenHash: randomUUID(),
  } as const
  await database.invite.create({ data: { ...invite, ...times, invitedBy: 'Owner' } })
}

/** An id of the same kind that nobody has. */
export function guessed(kind: Kind, like: string): string {
  const typename = Buffer.from(like, 'base64').toString('utf8').split(':')[0] ?? ''
  if (kind === 'Record') return encodeId(typename, `${randomUUID()}:contact:${randomUUID()}`)
  return kind.endsWith('ExternalId') ? randomUUID() : encodeId(typename, randomUUID())
}
