/** createRecord in GraphQL. */

import { builder } from '../builder.ts'
import { crmCall } from '../cost.ts'
import { TagRef } from '../pushes/tag-schema.ts'
import {
  ActionableError,
  ConflictError,
  CrmError,
  DuplicateError,
  NotAllowedError,
  NotConnectedError,
  NotFoundError,
  ValidationError,
} from '../shared/errors.ts'
import { lookUpId } from '../shared/global-id.ts'
import type { CreateRecordInput, RecordMade } from './create.ts'
import { FieldValueInputRef } from './field-value-schema.ts'
import { AccountKindEnum } from './form-schema.ts'
import { CrmRecordRef } from './schema.ts'
import { selectedAttributes } from './selected-attributes.ts'

export const CreateRecordInputRef = builder.inputType('CreateRecordInput', {
  description: 'A record to make.',
  fields: (t) => ({
    integrationId: t.id({ required: true, description: 'The global ID of the integration.' }),
    entityTypeId: t.id({ required: true, description: 'The global ID of the entity type.' }),
    accountKind: t.field({ type: AccountKindEnum, description: 'As the form was asked for.' }),
    recordType: t.string({ description: 'As the form was asked for.' }),
    values: t.field({ type: [FieldValueInputRef], required: true, description: 'The values of the form.' }),
    backendValues: t.field({
      type: [FieldValueInputRef],
      description: 'The values of its backend fields; they may stand among `values` as well.',
    }),
    conversationId: t.id({ description: 'The new record is tagged with this conversation.' }),
    allowDuplicate: t.boolean({
      defaultValue: false,
      description: "Create it although the CRM's duplicate rules found others, where they let us.",
    }),
    idempotencyKey: t.string({
      description: 'Your own key: the same key with the same input makes one record, however often it is sent.',
    }),
  }),
})

const CreateRecordSuccessRef = builder
  .objectRef<RecordMade & { __typename: 'CreateRecordSuccess' }>('CreateRecordSuccess')
  .implement({
    description: 'The record was made, or this key had made it before.',
    fields: (t) => ({
      record: t.field({
        type: CrmRecordRef,
        description: 'The record as the CRM holds it; as it was written, where the CRM cannot be asked at the moment.',
        resolve: ({ recordId, written }, _args, { services, viewer, loaders }, info) =>
          services.records.get(viewer, recordId, loaders, selectedAttributes(info, [])).catch((error: unknown) => {
            // It was made: to fail now would have the caller make it once more.
            if (error instanceof ActionableError) return written
            throw error
          }),
      }),
      tag: t.prismaField({
        type: TagRef,
        nullable: true,
        description: 'What attaches the conversation to it.',
        resolve: (query, { tagId }, _args, { services, viewer }) =>
          tagId === null ? null : services.pushes.findTag(viewer, tagId, query),
      }),
      warnings: t.exposeStringList('warnings', { description: 'What was done differently from what one may expect.' }),
    }),
  })

const CreateRecordResult = builder.errorUnion('CreateRecordResult', {
  description: 'What making a record can come to.',
  types: [
    CreateRecordSuccessRef,
    ValidationError,
    NotConnectedError,
    NotAllowedError,
    NotFoundError,
    DuplicateError,
    ConflictError,
    CrmError,
  ],
})

export function readCreateInput(input: typeof CreateRecordInputRef.$inferInput): CreateRecordInput {
  return {
    integrationId: lookUpId('Integration', input.integrationId),
    entityTypeId: lookUpId('EntityType', input.entityTypeId),
    conversationId: input.conversationId ? lookUpId('Conversation', input.conversationId) : null,
    accountKind: input.accountKind ?? null,
    recordType: input.recordType ?? null,
    values: input.values,
    backendValues: input.backendValues ?? null,
    allowDuplicate: input.allowDuplicate ?? false,
    idempotencyKey: input.idempotencyKey ?? null,
  }
}

builder.mutationField('createRecord', (t) =>
  t.field({
    type: CreateRecordResult,
    authScopes: { agent: true },
    complexity: crmCall,
    description: 'Makes a record in a CRM, once. Values are checked before the CRM sees them.',
    args: { input: t.arg({ type: CreateRecordInputRef, required: true, description: 'The record.' }) },
    resolve: async (_root, { input }, { services, viewer, signal }) => {
      const made = await services.records.create(viewer, readCreateInput(input), signal)
      return { __typename: 'CreateRecordSuccess' as const, ...made }
    },
  }),
)
