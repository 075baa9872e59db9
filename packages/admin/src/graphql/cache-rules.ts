/** How the normalised cache keeps what the gateway answers. */
import type { CacheExchangeOpts, KeyGenerator } from '@urql/exchange-graphcache'
import { relayPagination } from '@urql/exchange-graphcache/extras'
import { possibleTypes } from './generated/possible-types.ts'

/** Part of what they stand in: two of one name need not be one thing. */
const embedded: KeyGenerator = () => null

export const cacheRules: CacheExchangeOpts = {
  possibleTypes,
  keys: {
    Attachment: embedded,
    AutoChatPush: embedded,
    AutoChatRule: embedded,
    AutoSmsPush: embedded,
    ChatVariable: embedded,
    ConnectField: embedded,
    ConnectMethod: embedded,
    ConversationMatch: embedded,
    CrmLimits: embedded,
    CrmMetadata: embedded,
    EntityDescriptor: embedded,
    EntityRecords: embedded,
    Explanation: embedded,
    FieldDescriptor: embedded,
    FieldFilter: embedded,
    FieldOption: embedded,
    FieldTypeDescriptor: embedded,
    InstallationTrouble: embedded,
    IntegrationProblem: embedded,
    LookupSpec: embedded,
    LookupValue: embedded,
    MessageRange: embedded,
    PlanNote: embedded,
    ProviderDescriptor: ({ provider }) => (typeof provider === 'string' ? provider : null),
    ProviderError: embedded,
    PushCount: embedded,
    PushedActivity: embedded,
    RecordReference: embedded,
    RecordTypeDescriptor: embedded,
    SearchHit: embedded,
    SettingsDescriptor: embedded,
    VariableValue: embedded,
    Viewer: embedded,
    Visitor: embedded,
  },
  resolvers: {
    Conversation: { messages: relayPagination() },
    // The list of pushes puts its pages together itself, since it is live.
    Query: { conversations: relayPagination() },
  },
  updates: {
    Subscription: {
      integrationEvents(result, _args, cache) {
        const event = result['integrationEvents']
        if (!isEvent(event)) return
        const key = cache.keyOfEntity({ __typename: 'Integration', id: event.integration.id })
        const known = cache.resolve('Query', 'integrations')
        // One that another admin has just connected.
        if (Array.isArray(known) && !known.some((it) => it === key)) cache.invalidate('Query', 'integrations')
        if (event.__typename !== 'SettingsChanged') return
        // Whoever shows its settings asks anew: the event does not carry them. What it carries must stay to be read.
        for (const { fieldName, arguments: given } of cache.inspectFields(key)) {
          if (!(fieldName in event.integration)) cache.invalidate(key, fieldName, given)
        }
      },
    },
  },
}

interface IntegrationEvent {
  __typename: string
  integration: { id: string }
}

function isEvent(value: unknown): value is IntegrationEvent {
  return typeof value === 'object' && value !== null && '__typename' in value && 'integration' in value
}
