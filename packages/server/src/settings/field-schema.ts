/** Fields as the admin set them up, in GraphQL. */
import { builder } from '../builder.ts'
import type { GatewayContext } from '../context.ts'
import { FieldTypeEnum } from '../integrations/field-type-schema.ts'
import { EntityKindEnum, EntityTypeRef } from '../integrations/schema.ts'
import type { EntityTypeSnapshot, FieldFilter, LookupSpec, LookupValue } from '../integrations/settings.ts'
import { BackendTargetEnum, CheckStateEnum, VariableTypeEnum } from '../integrations/settings-enums-schema.ts'
import { FieldFilterRef, LookupSpecRef, LookupValueRef } from '../integrations/settings-values-schema.ts'
import { describeDefaultField } from './default-fields.ts'

interface OfIntegration {
  integrationId: string
}

async function integrationOf({ integrationId }: OfIntegration, { services, viewer }: GatewayContext) {
  const integration = await services.integrations.find(viewer.workspaceId, integrationId)
  if (integration === null) throw new Error(`Settings of a missing integration ${integrationId}`)
  return integration
}

async function entityTypeOf(
  field: OfIntegration & { entityTypeId: string },
  context: GatewayContext,
): Promise<EntityTypeSnapshot> {
  const { entityTypes } = await integrationOf(field, context)
  const entityType = entityTypes.find(({ id }) => id === field.entityTypeId)
  if (!entityType) throw new Error(`A field of a missing entity type ${field.entityTypeId}`)
  return entityType
}

export const DefaultFieldRef = builder.prismaNode('DefaultField', {
  description: 'A built-in field of the create form, and its two switches.',
  id: { field: 'id' },
  nullable: true,
  authScopes: { service: true },
  findUnique: (id, { viewer }) => ({ id, workspaceId: viewer.workspaceId }),
  fields: (t) => ({
    kind: t.expose('kind', { type: EntityKindEnum, description: 'On which form it is.' }),
    name: t.exposeString('name', { description: "The CRM's own name of it." }),
    label: t.string({
      description: 'What agents see.',
      resolve: async (field, _args, context) =>
        describeDefaultField((await integrationOf(field, context)).provider, field)?.label ?? field.name,
    }),
    required: t.exposeBoolean('required', { description: 'Whether agents must fill it in.' }),
    showOnForm: t.exposeBoolean('showOnForm', {
      description: 'Whether it is on the form. What is not on the form is not required either.',
    }),
    demandedByCrm: t.boolean({
      description: 'The CRM refuses a record without it: always required, always shown.',
      resolve: async (field, _args, context) =>
        describeDefaultField((await integrationOf(field, context)).provider, field)?.demandedByCrm ?? false,
    }),
  }),
})

builder.prismaNode('ExportField', {
  description: 'A field that is written when a record is made.',
  id: { field: 'id' },
  nullable: true,
  authScopes: { service: true },
  findUnique: (id, { viewer }) => ({ id, workspaceId: viewer.workspaceId }),
  fields: (t) => ({
    entityType: t.field({
      type: EntityTypeRef,
      description: 'Whose field it is.',
      resolve: (field, _args, context) => entityTypeOf(field, context),
    }),
    name: t.exposeString('name', { description: "The CRM's own name of it." }),
    position: t.exposeInt('position', { description: 'Its place among those of its entity type, from 0.' }),
    check: t.expose('check', { type: CheckStateEnum, description: "What the org's metadata last said of it." }),
    variableType: t.expose('variableType', { type: VariableTypeEnum, description: 'Where its value comes from.' }),
    fieldType: t.expose('fieldType', {
      type: FieldTypeEnum,
      nullable: true,
      description: 'Its type; null for a chat variable where the CRM asks for none.',
    }),
    variable: t.exposeString('variable', { nullable: true, description: 'Which chat variable.' }),
    value: t.exposeString('value', { nullable: true, description: 'The constant, as text.' }),
    values: t.stringList({
      nullable: true,
      description: 'The constants of several options.',
      resolve: ({ values }) => values as string[] | null,
    }),
    lookupValue: t.field({
      type: LookupValueRef,
      nullable: true,
      description: 'The constant of a look-up.',
      resolve: ({ lookupValue }) => lookupValue as LookupValue | null,
    }),
    label: t.exposeString('label', { nullable: true, description: 'What agents see of an input.' }),
    required: t.exposeBoolean('required', { description: 'Whether agents must fill it in.' }),
    maxLength: t.exposeInt('maxLength', { nullable: true, description: 'In characters.' }),
    useCurrentDate: t.exposeBoolean('useCurrentDate', { description: 'Whether the form offers today.' }),
    lookup: t.field({
      type: LookupSpecRef,
      nullable: true,
      description: 'What agents may choose from.',
      resolve: ({ lookup }) => lookup as LookupSpec | null,
    }),
  }),
})

builder.prismaNode('BackendField', {
  description: 'A field that is written whenever a record is made or tagged; or the subject of the activity.',
  id: { field: 'id' },
  nullable: true,
  authScopes: { service: true },
  findUnique: (id, { viewer }) => ({ id, workspaceId: viewer.workspaceId }),
  fields: (t) => ({
    target: t.expose('target', { type: BackendTargetEnum, description: 'What it is written to.' }),
    entityType: t.field({
      type: EntityTypeRef,
      nullable: true,
      description: 'Whose field it is; null where it is written to the activity.',
      resolve: ({ integrationId, entityTypeId }, _args, context) =>
        entityTypeId === null ? null : entityTypeOf({ integrationId, entityTypeId }, context),
    }),
    name: t.exposeString('name', { description: "The CRM's own name of it." }),
    position: t.exposeInt('position', { description: 'Its place among those of its entity type, from 0.' }),
    check: t.expose('check', { type: CheckStateEnum, description: "What the org's metadata last said of it." }),
    variableType: t.expose('variableType', { type: VariableTypeEnum, description: 'Where its value comes from.' }),
    fieldType: t.expose('fieldType', { type: FieldTypeEnum, description: 'Its type.' }),
    value: t.exposeString('value', { nullable: true, description: 'The constant, as text.' }),
    values: t.stringList({
      nullable: true,
      description: 'The constants of several options; of a subject, the choices that agents have.',
      resolve: ({ values }) => values as string[] | null,
    }),
    lookupValue: t.field({
      type: LookupValueRef,
      nullable: true,
      description: 'The constant of a look-up.',
      resolve: ({ lookupValue }) => lookupValue as LookupValue | null,
    }),
    label: t.exposeString('label', { nullable: true, description: 'What agents see of an input.' }),
    overwrite: t.exposeBoolean('overwrite', {
      description: 'Whether a value that the CRM holds already is replaced; otherwise it is kept.',
    }),
    lookup: t.field({
      type: LookupSpecRef,
      nullable: true,
      description: 'What agents may choose from.',
      resolve: ({ lookup }) => lookup as LookupSpec | null,
    }),
  }),
})

builder.prismaNode('SearchField', {
  description: 'A field that agents search by, or that narrows what they find; a column of the results too.',
  id: { field: 'id' },
  nullable: true,
  authScopes: { service: true },
  findUnique: (id, { viewer }) => ({ id, workspaceId: viewer.workspaceId }),
  fields: (t) => ({
    entityType: t.field({
      type: EntityTypeRef,
      description: 'Whose field it is.',
      resolve: (field, _args, context) => entityTypeOf(field, context),
    }),
    name: t.exposeString('name', { description: "The CRM's own name of it." }),
    label: t.exposeString('label', { description: 'What agents see.' }),
    fieldType: t.expose('fieldType', { type: FieldTypeEnum, description: 'Its type.' }),
    filter: t.field({
      type: FieldFilterRef,
      nullable: true,
      description: 'It narrows what is found, rather than being searched by.',
      resolve: ({ filter }) => filter as FieldFilter | null,
    }),
    position: t.exposeInt('position', { description: 'Its place among those of its entity type, from 0.' }),
    check: t.expose('check', { type: CheckStateEnum, description: "What the org's metadata last said of it." }),
  }),
})

builder.prismaNode('DetailField', {
  description: 'A line of the details of a record, behind the built-in ones. It is searched by too, or narrows.',
  id: { field: 'id' },
  nullable: true,
  authScopes: { service: true },
  findUnique: (id, { viewer }) => ({ id, workspaceId: viewer.workspaceId }),
  fields: (t) => ({
    entityType: t.field({
      type: EntityTypeRef,
      description: 'Whose field it is.',
      resolve: (field, _args, context) => entityTypeOf(field, context),
    }),
    name: t.exposeString('name', { description: "The CRM's own name of it." }),
    label: t.exposeString('label', { description: 'What agents see.' }),
    fieldType: t.expose('fieldType', { type: FieldTypeEnum, description: 'Its type.' }),
    filter: t.field({
      type: FieldFilterRef,
      nullable: true,
      description: 'It narrows what is found, rather than being searched by.',
      resolve: ({ filter }) => filter as FieldFilter | null,
    }),
    position: t.exposeInt('position', { description: 'Its place among those of its entity type, from 0.' }),
    check: t.expose('check', { type: CheckStateEnum, description: "What the org's metadata last said of it." }),
  }),
})
