/**
 * What every place of the schema that takes an id takes. A new place has no line here yet, and fails the first test of
 * `whole-schema.test.ts`: whoever adds it says what it takes, and it is tried with ids of another workspace from then on.
 */
import {
  type GraphQLInputType,
  type GraphQLSchema,
  getNamedType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
} from 'graphql'

/** What an id names: a type of the schema, any node, or where a list goes on. */
export type Kind =
  | ('Integration' | 'EntityType' | 'Conversation' | 'Record' | 'Push' | 'Tag' | 'ApiKey' | 'User' | 'Invite')
  | ('ExportField' | 'SearchField' | 'DetailField' | 'BackendField' | 'DefaultField' | 'SettingsChange')
  | ('FormField' | 'Node')
  | (
      | 'EventCursor'
      | 'MessageCursor'
      | 'ConversationCursor'
      | 'PushCursor'
      | 'ChangeCursor'
      | 'AuditCursor'
      | 'MoreCursor'
    )
  /** The chat product's own id of a conversation, and of its visitor. */
  | ('ConversationExternalId' | 'VisitorExternalId')
  /** Something of the outside, which names no row of ours: an agent, an app registration, a conversation to be. */
  | 'Outside'

/** By coordinate: `Type.field(argument:)` or `Input.field`. */
export const places: Readonly<Record<string, Kind>> = {
  'AddEntityInput.integrationId': 'Integration',
  'AutoChatRuleInput.entityTypeId': 'EntityType',
  'AutoSmsPushInput.entityTypeId': 'EntityType',
  'BackendFieldInput.entityTypeId': 'EntityType',
  'BeginSignInInput.clientId': 'Outside',
  'BeginSignInInput.integrationId': 'Integration',
  'ConnectAppRegistrationInput.clientId': 'Outside',
  'ConnectAppRegistrationInput.integrationId': 'Integration',
  'ConnectAppRegistrationInput.tenantId': 'Outside',
  'ConnectOnPremisesInput.clientId': 'Outside',
  'ConnectOnPremisesInput.integrationId': 'Integration',
  'Conversation.messages(after:)': 'MessageCursor',
  'CreateRecordInput.conversationId': 'Conversation',
  'CreateRecordInput.entityTypeId': 'EntityType',
  'CreateRecordInput.integrationId': 'Integration',
  'CrmSettings.backendFields(entityTypeId:)': 'EntityType',
  'CrmSettings.detailFields(entityTypeId:)': 'EntityType',
  'CrmSettings.exportFields(entityTypeId:)': 'EntityType',
  'CrmSettings.searchFields(entityTypeId:)': 'EntityType',
  'DefaultFieldInput.id': 'DefaultField',
  'EntityPermissionInput.entityTypeId': 'EntityType',
  'EraseVisitorInput.conversationIds': 'Conversation',
  'EraseVisitorInput.externalId': 'VisitorExternalId',
  'ExportFieldInput.entityTypeId': 'EntityType',
  'FieldValueInput.fieldId': 'FormField',
  'Integration.settingsHistory(after:)': 'ChangeCursor',
  'Integration.settingsHistory(before:)': 'ChangeCursor',
  'LookupValueInput.remoteId': 'Outside',
  'MessageInput.externalId': 'Outside',
  'Mutation.addBackendField(integrationId:)': 'Integration',
  'Mutation.addDetailField(integrationId:)': 'Integration',
  'Mutation.addExportField(integrationId:)': 'Integration',
  'Mutation.addSearchField(integrationId:)': 'Integration',
  'Mutation.appendMessages(conversationId:)': 'Conversation',
  'Mutation.changeMemberRole(userId:)': 'User',
  'Mutation.checkIntegration(id:)': 'Integration',
  'Mutation.discardPush(id:)': 'Push',
  'Mutation.disconnectIntegration(id:)': 'Integration',
  'Mutation.endConversation(id:)': 'Conversation',
  'Mutation.issueAgentToken(agentId:)': 'Outside',
  'Mutation.issueAgentToken(conversationIds:)': 'Conversation',
  'Mutation.keepSession(integrationId:)': 'Integration',
  'Mutation.removeBackendField(id:)': 'BackendField',
  'Mutation.removeDetailField(id:)': 'DetailField',
  'Mutation.removeEntity(id:)': 'EntityType',
  'Mutation.removeExportField(id:)': 'ExportField',
  'Mutation.removeMember(userId:)': 'User',
  'Mutation.removeSearchField(id:)': 'SearchField',
  'Mutation.reorderBackendFields(ids:)': 'BackendField',
  'Mutation.reorderBackendFields(integrationId:)': 'Integration',
  'Mutation.reorderDetailFields(ids:)': 'DetailField',
  'Mutation.reorderDetailFields(integrationId:)': 'Integration',
  'Mutation.reorderEntities(ids:)': 'EntityType',
  'Mutation.reorderEntities(integrationId:)': 'Integration',
  'Mutation.reorderExportFields(ids:)': 'ExportField',
  'Mutation.reorderExportFields(integrationId:)': 'Integration',
  'Mutation.reorderSearchFields(ids:)': 'SearchField',
  'Mutation.reorderSearchFields(integrationId:)': 'Integration',
  'Mutation.restoreSettings(changeId:)': 'SettingsChange',
  'Mutation.retryPush(id:)': 'Push',
  'Mutation.revokeApiKey(id:)': 'ApiKey',
  'Mutation.tagConversation(conversationId:)': 'Conversation',
  'Mutation.tagConversation(recordIds:)': 'Record',
  'Mutation.untagConversation(tagId:)': 'Tag',
  'Mutation.updateBackendField(id:)': 'BackendField',
  'Mutation.updateDetailField(id:)': 'DetailField',
  'Mutation.updateExportField(id:)': 'ExportField',
  'Mutation.updateSearchField(id:)': 'SearchField',
  'Mutation.updateVisitor(conversationId:)': 'Conversation',
  'Mutation.withdrawInvite(id:)': 'Invite',
  'Preview.lookupRecords(fieldId:)': 'FormField',
  'Preview.planPush(recordIds:)': 'Record',
  'Preview.recordForm(entityTypeId:)': 'EntityType',
  'Preview.tagForm(recordIds:)': 'Record',
  'PreviewInput.conversationId': 'Conversation',
  'PreviewInput.integrationId': 'Integration',
  'PushFilter.conversationId': 'Conversation',
  'PushFilter.integrationId': 'Integration',
  'Query.auditEntries(after:)': 'AuditCursor',
  'Query.auditEntries(before:)': 'AuditCursor',
  'Query.conversation(externalId:)': 'ConversationExternalId',
  'Query.conversation(id:)': 'Conversation',
  'Query.conversations(after:)': 'ConversationCursor',
  'Query.conversations(before:)': 'ConversationCursor',
  'Query.integration(id:)': 'Integration',
  'Query.lookupRecords(fieldId:)': 'FormField',
  'Query.moreRecords(cursor:)': 'MoreCursor',
  'Query.node(id:)': 'Node',
  'Query.nodes(ids:)': 'Node',
  'Query.panel(conversationId:)': 'Conversation',
  'Query.prefillVisitor(integrationId:)': 'Integration',
  'Query.pushes(after:)': 'PushCursor',
  'Query.record(id:)': 'Record',
  'Query.recordForm(conversationId:)': 'Conversation',
  'Query.recordForm(entityTypeId:)': 'EntityType',
  'Query.recordForm(integrationId:)': 'Integration',
  'Query.settingsDocument(integrationId:)': 'Integration',
  'Query.tagForm(conversationId:)': 'Conversation',
  'Query.tagForm(recordIds:)': 'Record',
  'SearchRecordsInput.conversationId': 'Conversation',
  'SearchRecordsInput.entityTypeIds': 'EntityType',
  'SearchRecordsInput.integrationIds': 'Integration',
  'SettingsDocumentInput.integrationId': 'Integration',
  'ShownFieldInput.entityTypeId': 'EntityType',
  'StartConversationInput.externalId': 'Outside',
  'Subscription.conversationEvents(after:)': 'EventCursor',
  'Subscription.conversationEvents(conversationIds:)': 'Conversation',
  'Subscription.integrationEvents(after:)': 'EventCursor',
  'Subscription.pushEvents(after:)': 'EventCursor',
  'Subscription.pushEvents(integrationId:)': 'Integration',
  'Tag.pushes(after:)': 'PushCursor',
  'UpdateDefaultFieldsInput.integrationId': 'Integration',
  'UpdateDynamicsSettingsInput.integrationId': 'Integration',
  'UpdateEntityInput.id': 'EntityType',
  'UpdateSalesforceSettingsInput.integrationId': 'Integration',
  'VisitorInput.accountId': 'Outside',
  'VisitorInput.externalId': 'Outside',
}

/** Every place that takes an id, or a text that serves as one. */
export function placesOf(schema: GraphQLSchema): string[] {
  return Object.values(schema.getTypeMap())
    .filter((type) => !isIntrospectionType(type))
    .flatMap((type) => {
      if (isInputObjectType(type))
        return Object.values(type.getFields()).map((it) => [`${type.name}.${it.name}`, it] as const)
      if (!isObjectType(type) && !isInterfaceType(type)) return []
      // What an interface has is tried there.
      const inherited = new Set(type.getInterfaces().flatMap((it) => Object.keys(it.getFields())))
      const own = Object.values(type.getFields()).filter(({ name }) => !inherited.has(name))
      return own.flatMap((field) => field.args.map((it) => [`${type.name}.${field.name}(${it.name}:)`, it] as const))
    })
    .filter(([, { name, type }]) => takesId(name, type))
    .map(([place]) => place)
    .sort()
}

const takesId = (name: string, type: GraphQLInputType) =>
  getNamedType(type).name === 'ID' ||
  (getNamedType(type).name === 'String' && /(^|[a-z])(Ids?|id|ids|cursor|after|before)$/.test(name))
