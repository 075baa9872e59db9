/**
 * The tabs of GraphiQL. What they name is in the seeded CRMs, and ids are looked up when the page is asked for; only the
 * last one, which connects an org of one's own, needs values that nobody else has.
 */
import type { Services } from '../context.ts'
import type { ExampleOperation } from '../http/graphiql.ts'
import { everySelected } from '../records/selection.ts'
import { encodeId } from '../shared/global-id.ts'
import type { Viewer } from '../viewers/viewer.ts'

/** Ada Lovelace-Byrne: a contact of both CRMs, and a lead in one of them. */
const PHONE = '+1 512 555 0143'
const CONVERSATION = 'demo-sms-1'

/** Global IDs that the examples' variables need; without them the variables say what goes there. */
export interface ExampleIds {
  readonly recordIds?: readonly string[]
  readonly conversationId?: string
  readonly integrationId?: string
  readonly entityTypeId?: string
}

export async function findExampleIds(services: Services, viewer: Viewer): Promise<ExampleIds> {
  const { conversations, integrations, search } = services
  const conversationId = await conversations.start(viewer, {
    externalId: CONVERSATION,
    channel: 'SMS',
    visitor: { firstName: 'Ada', phone: PHONE },
  })
  const orgs = await integrations.list(viewer.workspaceId)
  const contactTypes = orgs.flatMap((org) => org.entityTypes).filter((type) => type.kind === 'CONTACT')
  const [contactType] = contactTypes
  const found = await search
    .searchRecords(viewer, { phone: PHONE, kinds: ['CONTACT'], first: 5 }, everySelected, AbortSignal.timeout(3_000))
    .catch(() => null)
  return {
    recordIds: (found?.hits ?? []).map(({ record }) => encodeId(record.__typename, record.nodeId)),
    conversationId: encodeId('Conversation', conversationId),
    ...(contactType && {
      integrationId: encodeId('Integration', contactType.integrationId),
      entityTypeId: encodeId('EntityType', contactType.id),
    }),
  }
}

export function exampleOperations(ids: ExampleIds): readonly ExampleOperation[] {
  const { recordIds = [], conversationId = 'the id of a conversation' } = ids
  const [recordId = 'the id of a record that you found'] = recordIds
  return [
    { query: SEARCH, variables: { phone: PHONE } },
    { query: OPEN, variables: { id: recordId } },
    {
      query: CREATE,
      variables: {
        input: {
          integrationId: ids.integrationId ?? 'the id of an integration',
          entityTypeId: ids.entityTypeId ?? 'the id of its entity type',
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
    { query: INTEGRATIONS },
    { query: CONNECT, variables: { input: { appRegistration: CONNECT_APP } } },
  ]
}

const CONNECT_APP = {
  applicationUrl: 'https://your-org.crm.dynamics.com',
  tenantId: 'directory (tenant) ID',
  clientId: 'application (client) ID',
  clientSecret: 'the value of a client secret',
}

const SEARCH = `# Who calls from this number? Both CRMs are asked at once.
query SearchByPhone($phone: String!) {
  searchRecords(input: { phone: $phone }) {
    __typename
    ... on SearchRecordsSuccess {
      hits {
        exact
        matchedBy
        record {
          __typename
          id
          name
          phone
          url
          integration { name provider }
        }
      }
      integrations {
        integration { name }
        failure { code message }
      }
    }
    ... on Error { code message }
  }
}
`

const OPEN = `# Open one of them. Its account comes along in the same round.
query OpenRecord($id: ID!) {
  record(id: $id) {
    __typename
    ... on RecordSuccess {
      record {
        __typename
        id
        name
        phone
        email
        url
        ... on Contact {
          firstName
          lastName
          account { id name }
        }
      }
    }
    ... on Error { code message }
  }
}
`

const CREATE = `# Create a contact. Leave the last name out to see how a field's fault is answered.
mutation CreateContact($input: CreateRecordInput!) {
  createRecord(input: $input) {
    __typename
    ... on CreateRecordSuccess { record { id name url } warnings }
    ... on ValidationError { message fields { path message } }
    ... on DuplicateError { message duplicates { name url } }
    ... on Error { code message }
  }
}
`

const CONVERSE = `# Begin a conversation and add to it. Sent twice, it is the same conversation with the same messages.
mutation Converse($input: StartConversationInput!, $conversationId: ID!, $messages: [MessageInput!]!) {
  startConversation(input: $input) {
    ... on ConversationSuccess { conversation { id channel status } }
    ... on Error { code message }
  }
  appendMessages(conversationId: $conversationId, messages: $messages) {
    ... on ConversationSuccess { conversation { id } }
    ... on Error { code message }
  }
}
`

const TAG = `# Tag it with records: the transcript is written into each CRM, once.
mutation TagConversation($conversationId: ID!, $recordIds: [ID!]!) {
  tagConversation(conversationId: $conversationId, recordIds: $recordIds) {
    __typename
    ... on TagConversationSuccess {
      outcomes {
        recordId
        tag { pushes { edges { node { id status activities { url } } } } }
        error { code message }
      }
    }
    ... on Error { code message }
  }
}
`

const WATCH = `# Watch it arrive: run this, then tag in the other tab.
subscription WatchPushes {
  pushEvents {
    id
    at
    push {
      id
      status
      subject
      activities { url closed }
      error { code message }
    }
  }
}
`

const INTEGRATIONS = `# Which CRMs are connected?
query Integrations {
  integrations {
    id
    provider
    name
    url
    emulated
    status
    problems { code message }
    entityTypes { id kind displayName }
  }
}
`

const CONNECT = `# Connect an environment of your own: put its values into the variables first (docs/connect-dynamics.md).
mutation ConnectDynamics($input: ConnectDynamicsInput!) {
  connectDynamics(input: $input) {
    __typename
    ... on ConnectSuccess { integration { id name connectedAs problems { code message } } }
    ... on ValidationError { message fields { path message } }
    ... on Error { code message }
  }
}
`
