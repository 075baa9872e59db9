/** The create form in GraphQL. */
import { builder } from '../builder.ts'
import { FieldTypeEnum } from '../integrations/field-type-schema.ts'
import { FieldOptionRef } from '../integrations/metadata-schema.ts'
import { EntityTypeRef } from '../integrations/schema.ts'
import { CrmError, NotAllowedError, NotConnectedError, NotFoundError, ValidationError } from '../shared/errors.ts'
import { lookUpId } from '../shared/global-id.ts'
import type { FormFieldPlan } from './form.ts'
import type { RecordForm } from './service.ts'

const FormGroupEnum = builder.enumType('FormGroup', {
  description: 'Where a field of a form comes from.',
  values: { DEFAULT: { description: 'A built-in field.' } },
})

const FormFieldRef = builder.objectRef<FormFieldPlan>('FormField').implement({
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
      description: "Pre-filled from the conversation's visitor.",
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
      resolve: (form) => [...form.plan.notes],
    }),
  }),
})

const RecordFormResult = builder.errorUnion('RecordFormResult', {
  description: 'What asking for a form can come to.',
  types: [RecordFormRef, ValidationError, NotConnectedError, NotAllowedError, NotFoundError, CrmError],
})

builder.queryField('recordForm', (t) =>
  t.field({
    type: RecordFormResult,
    authScopes: { agent: true },
    description: 'The form that makes a record of an entity type, pre-filled from a conversation.',
    args: {
      integrationId: t.arg.id({ required: true, description: 'The global ID of the integration.' }),
      entityTypeId: t.arg.id({ required: true, description: 'The global ID of the entity type.' }),
      conversationId: t.arg.id({ description: 'The global ID of the conversation whose visitor pre-fills it.' }),
    },
    resolve: async (_root, args, { services, viewer, signal }) => {
      const request = {
        integrationId: lookUpId('Integration', args.integrationId),
        entityTypeId: lookUpId('EntityType', args.entityTypeId),
        conversationId: args.conversationId ? lookUpId('Conversation', args.conversationId) : null,
      }
      return { __typename: 'RecordForm' as const, ...(await services.records.form(viewer, request, signal)) }
    },
  }),
)
