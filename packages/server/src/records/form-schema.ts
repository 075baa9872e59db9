/** The forms that make and tag records, in GraphQL. */

import { builder } from '../builder.ts'
import { crmCall, crmCallFor, crmSearch } from '../cost.ts'
import { FieldTypeEnum } from '../integrations/field-type-schema.ts'
import { FieldOptionRef, RecordTypeRef } from '../integrations/metadata-schema.ts'
import { EntityTypeRef, IntegrationRef } from '../integrations/schema.ts'
import { LookupSpecRef } from '../integrations/settings-values-schema.ts'
import { CrmError, NotAllowedError, NotConnectedError, NotFoundError, ValidationError } from '../shared/errors.ts'
import { lookUpId } from '../shared/global-id.ts'
import type { AccountKind } from './account-kind.ts'
import type { FormFieldPlan, FormGroup } from './form-field.ts'
import type { LookupOption, RecordForm, TagFormSection } from './service.ts'

const FormGroupEnum = builder.enumType('FormGroup', {
  description: 'Where a field of a form comes from.',
  values: {
    SEARCH: { description: 'A search field that the admin added.' },
    DEFAULT: { description: 'A built-in field.' },
    EXPORT: { description: 'An export field that the admin added.' },
    BACKEND: { description: 'A backend field that the admin added.' },
  } satisfies Record<FormGroup, { description: string }>,
})

export const AccountKindEnum = builder.enumType('AccountKind', {
  description: 'What kind of account (Salesforce).',
  values: {
    BUSINESS: { description: 'A company.' },
    PERSON: { description: 'A person account.' },
  } satisfies Record<AccountKind, { description: string }>,
})

export const FormFieldRef = builder.objectRef<FormFieldPlan>('FormField').implement({
  description: 'One input of a form.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Names the field when its value comes back.' }),
    name: t.exposeString('name', { description: "The CRM's own field name." }),
    label: t.exposeString('label', { description: 'Its label.' }),
    type: t.field({ type: FieldTypeEnum, description: 'What it takes.', resolve: (field) => field.type }),
    group: t.field({ type: FormGroupEnum, description: 'Where it comes from.', resolve: (field) => field.group }),
    required: t.exposeBoolean('required', { description: 'Without it, nothing is created.' }),
    multiple: t.exposeBoolean('multiple', { description: 'It takes several values.' }),
    maxLength: t.exposeInt('maxLength', { nullable: true, description: 'In characters.' }),
    minimum: t.exposeFloat('minimum', { nullable: true, description: 'The smallest number that it takes.' }),
    maximum: t.exposeFloat('maximum', { nullable: true, description: 'The largest number that it takes.' }),
    precision: t.exposeInt('precision', { nullable: true, description: 'Digits behind the decimal point.' }),
    options: t.field({
      type: [FieldOptionRef],
      description: 'The choices of an option set.',
      resolve: (field) => [...field.options],
    }),
    defaultValue: t.exposeString('defaultValue', {
      nullable: true,
      description: "What it starts with: of the conversation's visitor, or the current date.",
    }),
    placeholder: t.exposeString('placeholder', { nullable: true, description: 'What the empty input shows.' }),
    help: t.exposeString('help', { nullable: true, description: 'What to know when it is filled in.' }),
    lookup: t.field({
      type: LookupSpecRef,
      nullable: true,
      description: 'For a look-up: what lookupRecords offers.',
      resolve: (field) => field.lookup,
    }),
  }),
})

const RecordFormRef = builder.objectRef<RecordForm & { __typename: 'RecordForm' }>('RecordForm').implement({
  description: 'The form that makes a record: draw it from this, and send its values to createRecord.',
  fields: (t) => ({
    entityType: t.field({ type: EntityTypeRef, description: 'What it makes.', resolve: (form) => form.entityType }),
    submitLabel: t.string({ description: 'The label of its button.', resolve: (form) => form.plan.submitLabel }),
    fields: t.field({
      type: [FormFieldRef],
      description: 'Its inputs, in order.',
      resolve: (form) => [...form.plan.fields],
    }),
    notes: t.stringList({
      description: 'What an admin should know, such as a field that the org does not have.',
      resolve: (form) => form.plan.notes.map((note) => note.text),
    }),
    accountKinds: t.field({
      type: [AccountKindEnum],
      description:
        'Between which kinds of account one chooses, the one that is picked first in front; empty for no choice.',
      resolve: (form) => [...form.plan.accountKinds],
    }),
    recordTypes: t.field({
      type: [RecordTypeRef],
      description: 'Between which record types one chooses (Salesforce).',
      resolve: (form) => [...form.plan.recordTypes],
    }),
  }),
})

export const RecordFormResult = builder.errorUnion('RecordFormResult', {
  description: 'What asking for a form can come to.',
  types: [RecordFormRef, ValidationError, NotConnectedError, NotAllowedError, NotFoundError, CrmError],
})

builder.queryField('recordForm', (t) =>
  t.field({
    type: RecordFormResult,
    authScopes: { agent: true },
    complexity: crmCall,
    description: 'The form that makes a record of an entity type, pre-filled from a conversation.',
    args: {
      integrationId: t.arg.id({ required: true, description: 'The global ID of the integration.' }),
      entityTypeId: t.arg.id({ required: true, description: 'The global ID of the entity type.' }),
      conversationId: t.arg.id({ description: 'The global ID of the conversation whose visitor pre-fills it.' }),
      accountKind: t.arg({
        type: AccountKindEnum,
        description: 'Of an account: the first of accountKinds if left out.',
      }),
      recordType: t.arg.string({ description: 'The name of the record type, whose options are offered.' }),
    },
    resolve: async (_root, args, { services, viewer, signal }) => {
      const request = {
        integrationId: lookUpId('Integration', args.integrationId),
        entityTypeId: lookUpId('EntityType', args.entityTypeId),
        conversationId: args.conversationId ? lookUpId('Conversation', args.conversationId) : null,
        accountKind: args.accountKind ?? null,
        recordType: args.recordType ?? null,
      }
      return { __typename: 'RecordForm' as const, ...(await services.records.form(viewer, request, signal)) }
    },
  }),
)

// ------------------------------------------------------------------------------------------------ tagging

const TagFormSectionRef = builder.objectRef<TagFormSection>('TagFormSection').implement({
  description: 'What is asked of the records of one entity type.',
  fields: (t) => ({
    integration: t.field({ type: IntegrationRef, description: 'Their CRM org.', resolve: (it) => it.integration }),
    entityType: t.field({ type: EntityTypeRef, description: 'What they are.', resolve: (it) => it.entityType }),
    recordIds: t.idList({ description: 'Their global IDs.', resolve: (section) => [...section.recordIds] }),
    fields: t.field({
      type: [FormFieldRef],
      description: 'Their backend inputs, in order; none where nothing is asked.',
      resolve: (section) => [...section.fields],
    }),
  }),
})

const TagFormRef = builder
  .objectRef<{ __typename: 'TagForm'; sections: readonly TagFormSection[] }>('TagForm')
  .implement({
    description: 'What is asked when records are tagged: send its values to tagConversation.',
    fields: (t) => ({
      sections: t.field({
        type: [TagFormSectionRef],
        description: 'One for each entity type.',
        resolve: (form) => [...form.sections],
      }),
    }),
  })

export const TagFormResult = builder.errorUnion('TagFormResult', {
  description: 'What asking for the form of tagging can come to.',
  types: [TagFormRef, ValidationError, NotConnectedError, NotAllowedError, NotFoundError, CrmError],
})

builder.queryField('tagForm', (t) =>
  t.field({
    type: TagFormResult,
    authScopes: { agent: true },
    complexity: ({ recordIds }) => crmCallFor(recordIds),
    description: 'What is asked when these records are tagged.',
    args: {
      recordIds: t.arg.idList({ required: true, description: 'The global IDs of the records.' }),
      conversationId: t.arg.id({ description: 'The global ID of the conversation that they are to be tagged with.' }),
    },
    resolve: async (_root, { recordIds, conversationId }, { services, viewer, signal }) => {
      const request = {
        recordIds: recordIds.map(String),
        conversationId: conversationId ? lookUpId('Conversation', conversationId) : null,
      }
      return { __typename: 'TagForm' as const, sections: await services.records.tagForm(viewer, request, signal) }
    },
  }),
)

// ------------------------------------------------------------------------------------------------ look-ups

const LookupOptionRef = builder.objectRef<LookupOption>('LookupOption').implement({
  description: 'A record that a look-up input may point to.',
  fields: (t) => ({
    value: t.exposeID('value', { description: "What to send back as the field's value." }),
    name: t.exposeString('name', { description: 'What people call it.' }),
    detail: t.exposeString('detail', { nullable: true, description: 'What tells it apart, as the settings say.' }),
  }),
})

const LookupRecordsSuccessRef = builder
  .objectRef<{ __typename: 'LookupRecordsSuccess'; options: readonly LookupOption[] }>('LookupRecordsSuccess')
  .implement({
    description: 'What was found.',
    fields: (t) => ({
      options: t.field({
        type: [LookupOptionRef],
        description: 'What may be chosen.',
        resolve: (found) => [...found.options],
      }),
    }),
  })

export const LookupRecordsResult = builder.errorUnion('LookupRecordsResult', {
  description: 'What looking for records of a look-up input can come to.',
  types: [LookupRecordsSuccessRef, ValidationError, NotConnectedError, NotAllowedError, CrmError],
})

builder.queryField('lookupRecords', (t) =>
  t.field({
    type: LookupRecordsResult,
    authScopes: { agent: true },
    complexity: crmSearch,
    description: 'Records that a look-up input of a form may point to: only what its settings allow.',
    args: {
      fieldId: t.arg.id({ required: true, description: "The form field's id." }),
      term: t.arg.string({ required: true, description: 'What was typed.' }),
      first: t.arg.int({ defaultValue: 10, description: 'How many at most.' }),
    },
    resolve: async (_root, { fieldId, term, first }, { services, viewer, signal }) => ({
      __typename: 'LookupRecordsSuccess' as const,
      options: await services.records.lookUp(viewer, { fieldId, term, first: first ?? 10 }, signal),
    }),
  }),
)
