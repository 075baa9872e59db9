/** CRM records in GraphQL: what they are, and how one is opened. */

import { builder } from '../builder.ts'
import type { GatewayContext } from '../context.ts'
import { crmCall } from '../cost.ts'
import { FieldTypeEnum } from '../integrations/field-type-schema.ts'
import { EntityTypeRef, IntegrationRef } from '../integrations/schema.ts'
import {
  CrmError,
  DuplicateError,
  NotAllowedError,
  NotConnectedError,
  NotFoundError,
  type ReferenceSnapshot,
} from '../shared/errors.ts'
import { ErrorInterface } from '../shared/schema.ts'
import { encodeRecordId, parseRecordNodeId, type RecordKey, recordTypenames } from './record-id.ts'
import { type RecordNode, type ShownField, shownFields } from './record-node.ts'
import { type SelectionInfo, selectedAttributes } from './selected-attributes.ts'
import { everySelected } from './selection.ts'

export const CrmRecordRef = builder.interfaceRef<RecordNode>('CrmRecord')

// ------------------------------------------------------------------------------------------------ references

export const RecordReferenceRef = builder.objectRef<ReferenceSnapshot>('RecordReference').implement({
  description: 'Points at a record, with what is known of it. Only `record` asks the CRM.',
  fields: (t) => ({
    integration: t.field({
      type: IntegrationRef,
      description: 'The CRM org that holds it.',
      resolve: async ({ integrationId }, _args, { services, viewer }) => {
        const integration = await services.integrations.find(viewer.workspaceId, integrationId)
        if (integration === null) throw new Error(`Reference into a missing integration ${integrationId}`)
        return integration
      },
    }),
    entityName: t.exposeString('entityName', { description: "The CRM's own name of its entity type." }),
    remoteId: t.exposeString('remoteId', { description: "The CRM's own key." }),
    name: t.exposeString('name', { nullable: true, description: 'Its name when it was last seen.' }),
    url: t.field({
      type: 'URL',
      nullable: true,
      description: 'Opens it in the CRM.',
      resolve: async (reference, _args, { services, viewer }) => {
        if (reference.url !== null) return reference.url
        const provider = await services.integrations.provider(viewer.workspaceId, reference.integrationId)
        return provider?.recordUrl(reference) ?? null
      },
    }),
    record: t.field({
      type: CrmRecordRef,
      nullable: true,
      description: 'The record as the CRM holds it now; null where it is gone or not set up here.',
      resolve: (reference, _args, context, info) => loadReference(reference, context, info),
    }),
  }),
})

/** A reference leads only to what its reader may see; null for anything else. */
async function loadReference(
  { integrationId, entityName, remoteId }: ReferenceSnapshot,
  { services, viewer, loaders }: GatewayContext,
  info: SelectionInfo,
): Promise<RecordNode | null> {
  const integration = await services.integrations.find(viewer.workspaceId, integrationId)
  const entityType = integration?.entityTypes.find((it) => it.name === entityName)
  if (!entityType) return null
  const id = encodeRecordId({ kind: entityType.kind, integrationId, entityName, remoteId })
  return services.records.get(viewer, id, loaders, selectedAttributes(info, [])).catch(nullIfNotFound)
}

function nullIfNotFound(error: unknown): null {
  if (error instanceof NotFoundError) return null
  throw error
}

builder.objectType(DuplicateError, {
  name: 'DuplicateError',
  description: "The CRM's own duplicate rules found records like this one. Nothing was created.",
  interfaces: [ErrorInterface],
  fields: (t) => ({
    duplicates: t.field({
      type: [RecordReferenceRef],
      description: 'What they found.',
      resolve: (error) => [...error.duplicates],
    }),
  }),
})

// ------------------------------------------------------------------------------------------------ records

const RecordFieldRef = builder.objectRef<ShownField>('RecordField').implement({
  description: 'One field of a record, as it is shown.',
  fields: (t) => ({
    name: t.exposeString('name', { description: "The CRM's own field name." }),
    label: t.exposeString('label', { description: 'Its label.' }),
    type: t.field({ type: FieldTypeEnum, description: 'Its type.', resolve: (field) => field.type }),
    value: t.exposeString('value', { nullable: true, description: 'As people read it.' }),
    raw: t.expose('raw', { type: 'JSON', nullable: true, description: 'As the CRM holds it.' }),
    reference: t.field({
      type: RecordReferenceRef,
      nullable: true,
      description: 'For a look-up: what it points to.',
      resolve: (field) => field.reference,
    }),
  }),
})

const FieldViewEnum = builder.enumType('FieldView', {
  description: 'Which fields of a record.',
  values: {
    SEARCH: { description: 'Those that search results show.' },
    DETAIL: { description: "Those of the record's details." },
  },
})

CrmRecordRef.implement({
  description: 'One row in a CRM.',
  interfaces: [builder.nodeInterfaceRef()],
  resolveType: (node) => node.__typename,
  fields: (t) => ({
    integration: t.field({ type: IntegrationRef, description: 'The CRM org.', resolve: (node) => node.integration }),
    entityType: t.field({ type: EntityTypeRef, description: 'What it is there.', resolve: (node) => node.entityType }),
    remoteId: t.string({ description: "The CRM's own key.", resolve: ({ record }) => record.remoteId }),
    name: t.string({ description: 'What people call it.', resolve: ({ record }) => record.name }),
    phone: t.string({
      nullable: true,
      description: 'Its main phone number, as the CRM holds it.',
      resolve: ({ record }) => record.phone,
    }),
    email: t.string({
      nullable: true,
      description: 'Its main e-mail address.',
      resolve: ({ record }) => record.email,
    }),
    url: t.field({ type: 'URL', description: 'Opens it in the CRM.', resolve: ({ record }) => record.url }),
    fields: t.field({
      type: [RecordFieldRef],
      description: 'Its fields as they are shown, in order.',
      args: { view: t.arg({ type: FieldViewEnum, required: true, defaultValue: 'DETAIL', description: 'Which.' }) },
      resolve: (node, { view }) => shownFields(node, view),
    }),
    createdAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it was created in the CRM.',
      resolve: ({ record }) => record.createdAt,
    }),
    modifiedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it was last changed in the CRM.',
      resolve: ({ record }) => record.modifiedAt,
    }),
  }),
})

/** `node(id:)` and `nodes(ids:)` reach a record only as `record(id:)` does. */
function nodeOptions(kind: RecordKey['kind']) {
  return {
    interfaces: [CrmRecordRef],
    id: { resolve: (node: RecordNode) => node.nodeId },
    loadWithoutCache: async (
      nodeId: string,
      { services, viewer, loaders }: GatewayContext,
    ): Promise<RecordNode | null> => {
      const key = parseRecordNodeId(kind, nodeId)
      if (key === null) return null
      return services.records.get(viewer, encodeRecordId(key), loaders, everySelected).catch(nullIfNotFound)
    },
  }
}

const AccountRef = builder.objectRef<RecordNode>(recordTypenames.ACCOUNT)
builder.node(AccountRef, {
  ...nodeOptions('ACCOUNT'),
  description: 'A company, or a person account.',
  fields: (t) => ({
    accountNumber: t.string({
      nullable: true,
      description: 'Its number.',
      resolve: ({ record }) => record.accountNumber,
    }),
    description: t.string({ nullable: true, description: 'Free text.', resolve: ({ record }) => record.description }),
    isPersonAccount: t.boolean({
      description: 'Whether it is a person (Salesforce).',
      resolve: ({ record }) => record.isPersonAccount,
    }),
  }),
})

const firstName = {
  nullable: true,
  description: 'First name.',
  resolve: ({ record }: RecordNode) => record.firstName,
} as const
const lastName = {
  nullable: true,
  description: 'Last name.',
  resolve: ({ record }: RecordNode) => record.lastName,
} as const

const ContactRef = builder.objectRef<RecordNode>(recordTypenames.CONTACT)
builder.node(ContactRef, {
  ...nodeOptions('CONTACT'),
  description: 'A person.',
  fields: (t) => ({
    firstName: t.string(firstName),
    lastName: t.string(lastName),
    account: t.field({
      type: AccountRef,
      nullable: true,
      description: 'The account that the contact belongs to.',
      resolve: async ({ integration, record: { account } }, _args, context, info) => {
        if (account === null) return null
        const node = await loadReference({ ...account, integrationId: integration.id }, context, info)
        // A contact of Dynamics may belong to another contact instead.
        return node?.__typename === recordTypenames.ACCOUNT ? node : null
      },
    }),
  }),
})

const LeadRef = builder.objectRef<RecordNode>(recordTypenames.LEAD)
builder.node(LeadRef, {
  ...nodeOptions('LEAD'),
  description: 'A person or company that may become a customer.',
  fields: (t) => ({
    firstName: t.string(firstName),
    lastName: t.string(lastName),
    company: t.string({ nullable: true, description: 'Its company.', resolve: ({ record }) => record.company }),
    status: t.string({ nullable: true, description: 'How far it is.', resolve: ({ record }) => record.status }),
  }),
})

builder.node(builder.objectRef<RecordNode>(recordTypenames.CUSTOM), {
  ...nodeOptions('CUSTOM'),
  description: 'A record of an entity type that the admin added.',
})

// ------------------------------------------------------------------------------------------------ opening one

const RecordSuccessRef = builder
  .objectRef<{ __typename: 'RecordSuccess'; record: RecordNode }>('RecordSuccess')
  .implement({
    description: 'The record.',
    fields: (t) => ({
      record: t.field({ type: CrmRecordRef, description: 'As the CRM holds it now.', resolve: (it) => it.record }),
    }),
  })

const RecordResult = builder.errorUnion('RecordResult', {
  description: 'What opening a record can come to.',
  types: [RecordSuccessRef, NotFoundError, NotAllowedError, NotConnectedError, CrmError],
})

builder.queryField('record', (t) =>
  t.field({
    type: RecordResult,
    authScopes: { agent: true },
    complexity: crmCall,
    description: 'One record by its global ID, as the CRM holds it now.',
    args: { id: t.arg.id({ required: true, description: 'The global ID of the record.' }) },
    resolve: async (_root, { id }, { services, viewer, loaders }, info) => ({
      __typename: 'RecordSuccess' as const,
      record: await services.records.get(viewer, id, loaders, selectedAttributes(info, ['record'])),
    }),
  }),
)
