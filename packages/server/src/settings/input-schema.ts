/** What admins give to change settings, as GraphQL inputs, and how the edits take it. */
import { builder } from '../builder.ts'
import { FieldTypeEnum } from '../integrations/field-type-schema.ts'
import {
  BackendTargetEnum,
  ChatsSaveToEnum,
  MatchIdentifierEnum,
  SearchOrderIdentifierEnum,
  VariableTypeEnum,
} from '../integrations/settings-enums-schema.ts'
import { lookUpId } from '../shared/global-id.ts'

export const integrationIdOf = (globalId: string) => lookUpId('Integration', globalId)
export const entityTypeIdOf = (globalId: string) => lookUpId('EntityType', globalId)

const expectedVersion = 'The version that was read: where another is in force, nothing is changed.'

// ------------------------------------------------------------------------------------------------ what is not a list

const AutoSmsPushInputRef = builder.inputType('AutoSmsPushInput', {
  description: 'Tagging text messages without asking.',
  fields: (t) => ({
    enabled: t.boolean({ required: true, description: 'Whether it is on.' }),
    entityTypeId: t.id({ description: 'The entity type that is looked through: one of the three default ones.' }),
    field: t.string({ description: 'The field that is compared.' }),
    identifier: t.field({ type: MatchIdentifierEnum, description: 'PHONE, where it is left out.' }),
  }),
})

const AutoChatRuleInputRef = builder.inputType('AutoChatRuleInput', {
  description: 'One identifier in one field.',
  fields: (t) => ({
    identifier: t.field({ type: MatchIdentifierEnum, required: true, description: 'What of the visitor.' }),
    entityTypeId: t.id({ required: true, description: 'The entity type that is looked through.' }),
    field: t.string({ required: true, description: 'The field that is compared.' }),
  }),
})

const AutoChatPushInputRef = builder.inputType('AutoChatPushInput', {
  description: 'Offering the record of whoever chats.',
  fields: (t) => ({
    enabled: t.boolean({ required: true, description: 'Whether it is on.' }),
    rules: t.field({ type: [AutoChatRuleInputRef], description: 'In the order in which they are tried.' }),
    tagSingleMatchUnasked: t.boolean({ description: 'Whether a single match is tagged without asking.' }),
  }),
})

const EntityPermissionInputRef = builder.inputType('EntityPermissionInput', {
  description: 'What agents may do with an entity type. What is left out stays.',
  fields: (t) => ({
    entityTypeId: t.id({ required: true, description: 'The global ID of the entity type.' }),
    searchable: t.boolean({ description: 'Whether agents may search it.' }),
    creatable: t.boolean({ description: 'Whether agents may create records of it.' }),
  }),
})

export const UpdateDynamicsSettingsInputRef = builder.inputType('UpdateDynamicsSettingsInput', {
  description: 'What is to change for a Dynamics 365 org. What is left out stays.',
  fields: (t) => ({
    integrationId: t.id({ required: true, description: 'The global ID of the integration.' }),
    expectedVersion: t.int({ required: true, description: expectedVersion }),
    searchOrder: t.field({ type: [SearchOrderIdentifierEnum], description: 'All three identifiers, in order.' }),
    fetchCrmData: t.boolean({ description: 'Whether a new text message looks its number up.' }),
    autoSmsPush: t.field({ type: AutoSmsPushInputRef, description: 'Tagging text messages without asking.' }),
    autoChatPush: t.field({ type: AutoChatPushInputRef, description: 'Offering the record of whoever chats.' }),
    entityPermissions: t.field({
      type: [EntityPermissionInputRef],
      description: 'What agents may do with entity types, in the same change.',
    }),
    allowNewCreation: t.boolean({ description: 'Whether each new text message makes an activity of its own.' }),
    allowActivityClosing: t.boolean({ description: 'Whether the activity that a tag makes is completed.' }),
    chatsSaveTo: t.field({ type: ChatsSaveToEnum, description: 'As what transcripts are filed.' }),
    activityTypeName: t.string({ description: 'With TASK: "Task". With CUSTOM_ACTIVITY: the name of the type.' }),
  }),
})

export const UpdateSalesforceSettingsInputRef = builder.inputType('UpdateSalesforceSettingsInput', {
  description: 'What is to change for a Salesforce org. What is left out stays.',
  fields: (t) => ({
    integrationId: t.id({ required: true, description: 'The global ID of the integration.' }),
    expectedVersion: t.int({ required: true, description: expectedVersion }),
    searchOrder: t.field({ type: [SearchOrderIdentifierEnum], description: 'All three identifiers, in order.' }),
    fetchCrmData: t.boolean({ description: 'Whether a new text message looks its number up.' }),
    autoSmsPush: t.field({ type: AutoSmsPushInputRef, description: 'Tagging text messages without asking.' }),
    autoChatPush: t.field({ type: AutoChatPushInputRef, description: 'Offering the record of whoever chats.' }),
    entityPermissions: t.field({
      type: [EntityPermissionInputRef],
      description: 'What agents may do with entity types, in the same change.',
    }),
    allowActivitySubjectChange: t.boolean({ description: 'Whether the backend field of the subject counts.' }),
    subjectSuffix: t.string({ description: 'Stands behind a pipe at the end of subjects; null or blank: none.' }),
    personAccountEnabled: t.boolean({ description: 'Whether agents may create person accounts.' }),
    accountNumberUsed: t.boolean({ description: 'Whether the account number is used at all.' }),
    accountEmailField: t.string({ description: 'Holds the e-mail address of a business account; null: none does.' }),
    sessionIdleMinutes: t.int({ description: 'After how long a session that nothing renews is asked about.' }),
    sessionGraceSeconds: t.int({ description: 'How long the answer is waited for.' }),
  }),
})

interface EntityTypeInputs {
  autoSmsPush?: typeof AutoSmsPushInputRef.$inferInput | null | undefined
  autoChatPush?: typeof AutoChatPushInputRef.$inferInput | null | undefined
  entityPermissions?: readonly (typeof EntityPermissionInputRef.$inferInput)[] | null | undefined
}

/** What names entity types, with row ids in place of global ones. */
export function withRowIds({ autoSmsPush, autoChatPush, entityPermissions }: EntityTypeInputs) {
  return {
    entityPermissions: entityPermissions?.map((it) => ({ ...it, entityTypeId: entityTypeIdOf(it.entityTypeId) })),
    autoSmsPush: autoSmsPush && {
      ...autoSmsPush,
      entityTypeId: autoSmsPush.entityTypeId && entityTypeIdOf(autoSmsPush.entityTypeId),
    },
    autoChatPush: autoChatPush && {
      ...autoChatPush,
      rules: autoChatPush.rules?.map((rule) => ({ ...rule, entityTypeId: entityTypeIdOf(rule.entityTypeId) })),
    },
  }
}

const DefaultFieldInputRef = builder.inputType('DefaultFieldInput', {
  description: 'The switches of a built-in field. What is left out stays.',
  fields: (t) => ({
    id: t.id({ required: true, description: 'The global ID of the default field.' }),
    required: t.boolean({ description: 'Whether agents must fill it in.' }),
    showOnForm: t.boolean({ description: 'Whether it is on the form.' }),
  }),
})

export const UpdateDefaultFieldsInputRef = builder.inputType('UpdateDefaultFieldsInput', {
  description:
    'Which built-in fields are to change, and what else the form of an account depends on. What is left out stays.',
  fields: (t) => ({
    integrationId: t.id({ required: true, description: 'The global ID of the integration.' }),
    expectedVersion: t.int({ required: true, description: expectedVersion }),
    fields: t.field({ type: [DefaultFieldInputRef], required: true, description: 'Those that change.' }),
    personAccountEnabled: t.boolean({ description: 'Whether agents may create person accounts (Salesforce).' }),
    accountNumberUsed: t.boolean({ description: 'Whether the account number is used at all (Salesforce).' }),
    accountEmailField: t.string({
      description: 'Holds the e-mail address of a business account (Salesforce); null: none does.',
    }),
  }),
})

// ------------------------------------------------------------------------------------------------ entity types

export const AddEntityInputRef = builder.inputType('AddEntityInput', {
  description: 'A further entity type that agents may work with.',
  fields: (t) => ({
    integrationId: t.id({ required: true, description: 'The global ID of the integration.' }),
    expectedVersion: t.int({ required: true, description: expectedVersion }),
    name: t.string({ required: true, description: 'Spelled exactly as in the CRM: logical name or API name.' }),
    displayName: t.string({ required: true, description: 'What agents see.' }),
    primaryField: t.string({ required: true, description: 'The field that names a record, spelled as in the CRM.' }),
    primaryFieldLabel: t.string({ required: true, description: 'What agents see of it.' }),
    searchable: t.boolean({ description: 'Whether agents may search it (Dynamics 365); yes, where it is left out.' }),
    creatable: t.boolean({ description: 'Whether agents may create records of it; yes, where it is left out.' }),
  }),
})

export const UpdateEntityInputRef = builder.inputType('UpdateEntityInput', {
  description: 'What is to change of an entity type. What is left out stays.',
  fields: (t) => ({
    id: t.id({ required: true, description: 'The global ID of the entity type.' }),
    expectedVersion: t.int({ required: true, description: expectedVersion }),
    displayName: t.string({ description: 'What agents see.' }),
    primaryField: t.string({ description: 'The field that names a record; of an added entity type only.' }),
    primaryFieldLabel: t.string({ description: 'What agents see of it.' }),
    searchable: t.boolean({ description: 'Whether agents may search it.' }),
    creatable: t.boolean({ description: 'Whether agents may create records of it.' }),
  }),
})

// ------------------------------------------------------------------------------------------------ fields

const FieldFilterInputRef = builder.inputType('FieldFilterInput', {
  description: 'Only records that hold a value in a field.',
  fields: (t) => ({
    field: t.string({ required: true, description: 'Its name in the CRM.' }),
    value: t.string({ required: true, description: 'The value as text; of a look-up, the key or name of a record.' }),
    relatedEntity: t.string({ description: 'Of a look-up: the entity type that it points to.' }),
  }),
})

const LookupSpecInputRef = builder.inputType('LookupSpecInput', {
  description: 'What agents may choose from in a look-up.',
  fields: (t) => ({
    relatedEntity: t.string({ required: true, description: 'The entity type that it points to.' }),
    searchFields: t.stringList({ description: "Where the agent's term is looked for; the name, where left out." }),
    displayField: t.string({ description: 'Shown beside the name.' }),
    filter: t.field({ type: FieldFilterInputRef, description: 'Only these may be chosen.' }),
  }),
})

const LookupValueInputRef = builder.inputType('LookupValueInput', {
  description: 'A record as a constant.',
  fields: (t) => ({
    entityName: t.string({ required: true, description: "The CRM's name of its entity type." }),
    remoteId: t.string({ required: true, description: "The CRM's own key of it." }),
  }),
})

export const ExportFieldInputRef = builder.inputType('ExportFieldInput', {
  description: 'A field that is written when a record is made.',
  fields: (t) => ({
    entityTypeId: t.id({ required: true, description: 'The global ID of the entity type whose field it is.' }),
    name: t.string({ required: true, description: 'Spelled exactly as in the CRM.' }),
    variableType: t.field({ type: VariableTypeEnum, required: true, description: 'Where its value comes from.' }),
    fieldType: t.field({
      type: FieldTypeEnum,
      description: 'Its type; of chat variables only where the CRM asks for it.',
    }),
    variable: t.string({ description: 'CHAT_VARIABLE: which; case counts.' }),
    value: t.string({ description: 'CONSTANT: the value, as text.' }),
    values: t.stringList({ description: 'CONSTANT of several options: their values.' }),
    lookupValue: t.field({ type: LookupValueInputRef, description: 'CONSTANT of a look-up: the record.' }),
    label: t.string({ description: 'INPUT: what agents see.' }),
    required: t.boolean({ description: 'INPUT: whether agents must fill it in.' }),
    maxLength: t.int({ description: 'INPUT: in characters.' }),
    useCurrentDate: t.boolean({ description: 'INPUT of a date: whether the form offers today.' }),
    lookup: t.field({ type: LookupSpecInputRef, description: 'INPUT of a look-up: what may be chosen.' }),
  }),
})

export const BackendFieldInputRef = builder.inputType('BackendFieldInput', {
  description: 'A field that is written whenever a record is made or tagged.',
  fields: (t) => ({
    target: t.field({ type: BackendTargetEnum, defaultValue: 'RECORD', description: 'What it is written to.' }),
    entityTypeId: t.id({ description: 'RECORD: the global ID of the entity type whose field it is.' }),
    name: t.string({ required: true, description: 'Spelled exactly as in the CRM.' }),
    variableType: t.field({ type: VariableTypeEnum, required: true, description: 'CONSTANT or INPUT.' }),
    fieldType: t.field({ type: FieldTypeEnum, required: true, description: 'Its type.' }),
    value: t.string({ description: 'CONSTANT: the value, as text.' }),
    values: t.stringList({ description: 'CONSTANT of several options: their values. Of a subject: its choices.' }),
    lookupValue: t.field({ type: LookupValueInputRef, description: 'CONSTANT of a look-up: the record.' }),
    label: t.string({ description: 'INPUT: what agents see.' }),
    overwrite: t.boolean({
      description: 'Whether a value that the CRM holds already is replaced; no, where left out.',
    }),
    lookup: t.field({ type: LookupSpecInputRef, description: 'INPUT of a look-up: what may be chosen.' }),
  }),
})

export const ShownFieldInputRef = builder.inputType('ShownFieldInput', {
  description: 'A search field or a detail field.',
  fields: (t) => ({
    entityTypeId: t.id({ required: true, description: 'The global ID of the entity type whose field it is.' }),
    name: t.string({ required: true, description: 'Spelled exactly as in the CRM.' }),
    label: t.string({ required: true, description: 'What agents see.' }),
    fieldType: t.field({ type: FieldTypeEnum, required: true, description: 'Its type.' }),
    filter: t.field({
      type: FieldFilterInputRef,
      description: 'It narrows what is found, rather than be searched by.',
    }),
  }),
})

export const SettingsDocumentInputRef = builder.inputType('SettingsDocumentInput', {
  description: 'All settings of an integration as one document.',
  fields: (t) => ({
    integrationId: t.id({ required: true, description: 'The global ID of the integration.' }),
    expectedVersion: t.int({ required: true, description: expectedVersion }),
    document: t.field({ type: 'JSON', required: true, description: 'As `settingsDocument` answers it.' }),
  }),
})
