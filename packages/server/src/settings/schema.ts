/** The settings of an integration in GraphQL: read through Prisma, one query for all that is asked. */
import { builder } from '../builder.ts'
import { IntegrationRef } from '../integrations/schema.ts'
import {
  type AutoChatPush,
  type AutoChatRule,
  type AutoSmsPush,
  defaultDynamicsOptions,
  defaultSalesforceOptions,
  type SearchOrderIdentifier,
} from '../integrations/settings.ts'
import {
  ChatsSaveToEnum,
  MatchIdentifierEnum,
  SearchOrderIdentifierEnum,
} from '../integrations/settings-enums-schema.ts'
import { encodeId, lookUpId } from '../shared/global-id.ts'
import { inFormOrder } from './default-fields.ts'
import { DefaultFieldRef } from './field-schema.ts'

const entityTypeIdOf = (id: string) => encodeId('EntityType', id)

const AutoSmsPushRef = builder.objectRef<AutoSmsPush>('AutoSmsPush').implement({
  description: 'Tags the record of whoever writes a text message, without asking. It needs `fetchCrmData`.',
  fields: (t) => ({
    enabled: t.exposeBoolean('enabled', { description: 'Whether it is on.' }),
    entityTypeId: t.id({
      nullable: true,
      description: 'The entity type that is looked through.',
      resolve: ({ entityTypeId }) => entityTypeId && entityTypeIdOf(entityTypeId),
    }),
    field: t.exposeString('field', { nullable: true, description: 'The field that is compared.' }),
    identifier: t.field({
      type: MatchIdentifierEnum,
      description: 'What of the visitor it is compared with.',
      resolve: (push) => push.identifier,
    }),
  }),
})

const AutoChatRuleRef = builder.objectRef<AutoChatRule>('AutoChatRule').implement({
  description: 'One identifier in one field.',
  fields: (t) => ({
    identifier: t.field({
      type: MatchIdentifierEnum,
      description: 'What of the visitor the field is compared with.',
      resolve: (rule) => rule.identifier,
    }),
    entityTypeId: t.id({
      description: 'The entity type that is looked through.',
      resolve: ({ entityTypeId }) => entityTypeIdOf(entityTypeId),
    }),
    field: t.exposeString('field', { description: 'The field that is compared.' }),
  }),
})

const AutoChatPushRef = builder.objectRef<AutoChatPush>('AutoChatPush').implement({
  description: 'Looks for the record of whoever chats, and offers it.',
  fields: (t) => ({
    enabled: t.exposeBoolean('enabled', { description: 'Whether it is on.' }),
    rules: t.field({
      type: [AutoChatRuleRef],
      description: 'In the order in which they are tried; the first that finds something decides.',
      resolve: ({ rules }) => [...rules],
    }),
    tagSingleMatchUnasked: t.exposeBoolean('tagSingleMatchUnasked', {
      description: 'Whether a single match is tagged without asking.',
    }),
  }),
})

/** By entity type, each in the admin's order. */
const ofEntityType = (entityTypeId: string | null | undefined) => ({
  where: entityTypeId == null ? {} : { entityTypeId: lookUpId('EntityType', entityTypeId) },
  orderBy: [{ entityType: { position: 'asc' as const } }, { position: 'asc' as const }],
})

/** Which vendor's settings they are. */
const withProvider = { integration: { select: { provider: true } } } as const

const CrmSettingsRef = builder.prismaInterface('Settings', {
  name: 'CrmSettings',
  description: 'What the admin has decided for one CRM org.',
  include: withProvider,
  resolveType: ({ integration }) => (integration.provider === 'DYNAMICS' ? 'DynamicsSettings' : 'SalesforceSettings'),
  fields: (t) => ({
    id: t.exposeID('id', { description: 'The global ID.' }),
    version: t.exposeInt('version', { description: 'Counts every change: give it back as `expectedVersion`.' }),
    searchOrder: t.field({
      type: [SearchOrderIdentifierEnum],
      description: 'By what records of a visitor are looked for, in the order in which it is tried.',
      resolve: ({ searchOrder }) => searchOrder as SearchOrderIdentifier[],
    }),
    fetchCrmData: t.exposeBoolean('fetchCrmData', {
      description: 'Whether a new text message looks its number up and fills in the names.',
    }),
    autoSmsPush: t.field({
      type: AutoSmsPushRef,
      description: 'Tagging text messages without asking.',
      resolve: ({ autoSmsEnabled, autoSmsEntityTypeId, autoSmsField, autoSmsIdentifier }) => ({
        enabled: autoSmsEnabled,
        entityTypeId: autoSmsEntityTypeId,
        field: autoSmsField,
        identifier: autoSmsIdentifier,
      }),
    }),
    autoChatPush: t.field({
      type: AutoChatPushRef,
      description: 'Offering the record of whoever chats.',
      select: { autoChatRules: { orderBy: { position: 'asc' } } },
      resolve: ({ autoChatEnabled, autoChatRules, tagSingleMatchUnasked }) => ({
        enabled: autoChatEnabled,
        rules: autoChatRules,
        tagSingleMatchUnasked,
      }),
    }),
    defaultFields: t.field({
      type: [DefaultFieldRef],
      description: 'The built-in fields that can be switched, in the order of the form.',
      select: (_args, _context, nestedSelection) => ({ defaultFields: nestedSelection(true) }),
      resolve: ({ integration, defaultFields }) => inFormOrder(integration.provider, defaultFields),
    }),
    exportFields: t.relation('exportFields', {
      description: 'The fields that are written when a record is made, in order.',
      args: { entityTypeId: t.arg.id({ description: 'Only those of this entity type.' }) },
      query: ({ entityTypeId }) => ofEntityType(entityTypeId),
    }),
    searchFields: t.relation('searchFields', {
      description: 'The fields that agents search by, in order.',
      args: { entityTypeId: t.arg.id({ description: 'Only those of this entity type.' }) },
      query: ({ entityTypeId }) => ofEntityType(entityTypeId),
    }),
    detailFields: t.relation('detailFields', {
      description: 'The lines of details beside the built-in ones, in order.',
      args: { entityTypeId: t.arg.id({ description: 'Only those of this entity type.' }) },
      query: ({ entityTypeId }) => ofEntityType(entityTypeId),
    }),
    backendFields: t.relation('backendFields', {
      description: 'The fields that are written whenever a record is made or tagged, in order.',
      args: { entityTypeId: t.arg.id({ description: 'Only those of this entity type.' }) },
      query: ({ entityTypeId }) => ofEntityType(entityTypeId),
    }),
  }),
})

builder.prismaNode('Settings', {
  variant: 'DynamicsSettings',
  description: 'What the admin has decided for a Dynamics 365 org.',
  interfaces: [CrmSettingsRef],
  id: { field: 'id' },
  nullable: true,
  authScopes: { service: true },
  include: withProvider,
  findUnique: (id, { viewer }) => ({ id, workspaceId: viewer.workspaceId, dynamics: { isNot: null } }),
  fields: (t) => ({
    allowNewCreation: t.boolean({
      description: 'Whether each new text message makes an activity of its own, with the whole conversation so far.',
      select: { dynamics: true },
      resolve: ({ dynamics }) => (dynamics ?? defaultDynamicsOptions).allowNewCreation,
    }),
    allowActivityClosing: t.boolean({
      description: 'Whether the activity that a tag makes is completed.',
      select: { dynamics: true },
      resolve: ({ dynamics }) => (dynamics ?? defaultDynamicsOptions).allowActivityClosing,
    }),
    chatsSaveTo: t.field({
      type: ChatsSaveToEnum,
      description: 'As what transcripts are filed.',
      select: { dynamics: true },
      resolve: ({ dynamics }) => (dynamics ?? defaultDynamicsOptions).chatsSaveTo,
    }),
    activityTypeName: t.string({
      nullable: true,
      description: 'The name of the activity type; "task" for TASK, null for NOTES.',
      select: { dynamics: true },
      resolve: ({ dynamics }) => (dynamics ?? defaultDynamicsOptions).activityTypeName,
    }),
  }),
})

builder.prismaNode('Settings', {
  variant: 'SalesforceSettings',
  description: 'What the admin has decided for a Salesforce org.',
  interfaces: [CrmSettingsRef],
  id: { field: 'id' },
  nullable: true,
  authScopes: { service: true },
  include: withProvider,
  findUnique: (id, { viewer }) => ({ id, workspaceId: viewer.workspaceId, salesforce: { isNot: null } }),
  fields: (t) => ({
    allowActivitySubjectChange: t.boolean({
      description: 'Whether the backend field of the subject gives the subject of activities.',
      select: { salesforce: true },
      resolve: ({ salesforce }) => (salesforce ?? defaultSalesforceOptions).allowActivitySubjectChange,
    }),
    subjectSuffix: t.string({
      nullable: true,
      description: 'Stands behind a pipe at the end of every subject.',
      select: { salesforce: true },
      resolve: ({ salesforce }) => (salesforce ?? defaultSalesforceOptions).subjectSuffix,
    }),
    personAccountEnabled: t.boolean({
      description: 'Whether agents may create person accounts, where the org has them.',
      select: { salesforce: true },
      resolve: ({ salesforce }) => (salesforce ?? defaultSalesforceOptions).personAccountEnabled,
    }),
    accountNumberUsed: t.boolean({
      description: 'Whether the account number is used at all; its own switches count only then.',
      select: { salesforce: true },
      resolve: ({ salesforce }) => (salesforce ?? defaultSalesforceOptions).accountNumberUsed,
    }),
    accountEmailField: t.string({
      nullable: true,
      description: 'The field that holds the e-mail address of a business account.',
      select: { salesforce: true },
      resolve: ({ salesforce }) => (salesforce ?? defaultSalesforceOptions).accountEmailField,
    }),
    sessionIdleMinutes: t.int({
      description:
        'After how long without a call a person is asked whether to go on, where nothing renews the session.',
      select: { salesforce: true },
      resolve: ({ salesforce }) => (salesforce ?? defaultSalesforceOptions).sessionIdleMinutes,
    }),
    sessionGraceSeconds: t.int({
      description: 'How long the answer is waited for.',
      select: { salesforce: true },
      resolve: ({ salesforce }) => (salesforce ?? defaultSalesforceOptions).sessionGraceSeconds,
    }),
  }),
})

builder.objectField(IntegrationRef, 'settings', (t) =>
  t.prismaField({
    type: CrmSettingsRef,
    authScopes: { service: true },
    description: 'What the admin has decided.',
    resolve: (query, { id, workspaceId }, _args, { services }) => services.settingsRows.get(workspaceId, id, query),
  }),
)
