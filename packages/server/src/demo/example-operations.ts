/**
 * The tabs of GraphiQL. What they name is in the seeded CRMs, and ids are looked up when the page is asked for; only the
 * last one, which connects an org of one's own, needs values that nobody else has.
 */
import type { Services } from '../context.ts'
import type { ExampleOperation } from '../http/graphiql.ts'
import { everySelected } from '../records/selection.ts'
import { encodeId } from '../shared/global-id.ts'
import type { Viewer } from '../viewers/viewer.ts'
import {
  CONNECT,
  CONVERSE,
  CREATE,
  FOLLOW,
  FORM,
  INTEGRATIONS,
  OPEN,
  PUSHES,
  SEARCH,
  SETTINGS,
  TAG,
  WATCH,
} from './example-queries.ts'

/** Ada Lovelace-Byrne: a contact of both CRMs, and a lead in one of them. */
const PHONE = '+1 512 555 0143'
const CONVERSATION = 'demo-sms-1'

/** Global IDs that the examples' variables need; without them the variables say what goes there. */
export interface ExampleIds {
  readonly recordIds?: readonly string[]
  readonly conversationId?: string
  readonly integrationId?: string
  readonly entityTypeId?: string
  /** Contacts of that integration. */
  readonly contactIds?: readonly string[]
  /** Of its settings. */
  readonly settingsVersion?: number
}

export async function findExampleIds(services: Services, viewer: Viewer): Promise<ExampleIds> {
  const { conversations, integrations, search } = services
  const conversationId = await conversations.start(viewer, {
    externalId: CONVERSATION,
    channel: 'SMS',
    visitor: { firstName: 'Ada', phone: PHONE },
  })
  const orgs = await integrations.list(viewer.workspaceId)
  const org = orgs.find(({ provider }) => provider === 'DYNAMICS')
  const contactType = org?.entityTypes.find(({ kind }) => kind === 'CONTACT')
  const found = await search
    .searchRecords(viewer, { phone: PHONE, kinds: ['CONTACT'], first: 5 }, everySelected, AbortSignal.timeout(3_000))
    .catch(() => null)
  const records = (found?.hits ?? []).map(({ record }) => record)
  const idsOf = (some: typeof records) => some.map(({ __typename, nodeId }) => encodeId(__typename, nodeId))
  return {
    recordIds: idsOf(records),
    conversationId: encodeId('Conversation', conversationId),
    ...(org &&
      contactType && {
        integrationId: encodeId('Integration', org.id),
        entityTypeId: encodeId('EntityType', contactType.id),
        contactIds: idsOf(records.filter(({ integration }) => integration.id === org.id)),
        settingsVersion: org.settings.version,
      }),
  }
}

export function exampleOperations(ids: ExampleIds): readonly ExampleOperation[] {
  const { recordIds = [], conversationId = 'the id of a conversation' } = ids
  const [recordId = 'the id of a record that you found'] = recordIds
  const { integrationId = 'the id of an integration', entityTypeId = 'the id of its entity type' } = ids
  return [
    { query: SEARCH, variables: { phone: PHONE } },
    { query: OPEN, variables: { id: recordId } },
    { query: FORM, variables: { integrationId, entityTypeId, conversationId } },
    {
      query: CREATE,
      variables: {
        input: {
          integrationId,
          entityTypeId,
          values: [
            { name: 'firstname', value: 'Edith' },
            { name: 'lastname', value: 'Clarke' },
            { name: 'emailaddress1', value: 'edith.clarke@example.com' },
            { name: 'telephone1', value: '+1 512 555 0111' },
          ],
        },
      },
    },
    {
      query: CONVERSE,
      variables: {
        input: { externalId: CONVERSATION, channel: 'SMS', visitor: { phone: PHONE } },
        conversationId,
        messages: [
          {
            externalId: 'demo-1',
            author: 'VISITOR',
            text: 'Hello, is my order on its way?',
            sentAt: '2026-01-31T14:05:00Z',
          },
          {
            externalId: 'demo-2',
            author: 'AGENT',
            authorName: 'Anna',
            text: 'It left this morning.',
            sentAt: '2026-01-31T14:06:00Z',
          },
        ],
      },
    },
    { query: TAG, variables: { conversationId, recordIds } },
    { query: WATCH },
    { query: FOLLOW, variables: { conversationIds: [conversationId] } },
    { query: PUSHES, variables: { filter: { conversationId } } },
    {
      query: SETTINGS,
      variables: {
        preview: { integrationId, settings: TRIED_SETTINGS, conversation: TRIED_CONVERSATION },
        entityTypeId,
        recordIds: ids.contactIds ?? [],
        integrationId,
        expectedVersion: ids.settingsVersion ?? 1,
        field: { entityTypeId, ...JOB_TITLE },
      },
    },
    { query: INTEGRATIONS },
    { query: CONNECT, variables: { input: { appRegistration: CONNECT_APP } } },
  ]
}

const JOB_TITLE = { name: 'jobtitle', variableType: 'INPUT', fieldType: 'TEXT', label: 'Job title' }

/** As a settings document: what it leaves out stays as it is. */
const TRIED_SETTINGS = {
  provider: 'DYNAMICS',
  chatsSaveTo: 'TASK',
  activityTypeName: 'Task',
  exportFields: [{ entityType: 'contact', ...JOB_TITLE }],
  backendFields: [
    {
      entityType: 'contact',
      name: 'description',
      variableType: 'CONSTANT',
      fieldType: 'TEXT',
      value: 'Wrote to us by SMS',
    },
  ],
}

const TRIED_CONVERSATION = {
  channel: 'SMS',
  visitor: { firstName: 'Ada', phone: PHONE },
  messages: [{ externalId: '1', author: 'VISITOR', text: 'Hello?', sentAt: '2026-01-31T14:05:00Z' }],
}

const CONNECT_APP = {
  applicationUrl: 'https://your-org.crm.dynamics.com',
  tenantId: 'directory (tenant) ID',
  clientId: 'application (client) ID',
  clientSecret: 'the value of a client secret',
}
