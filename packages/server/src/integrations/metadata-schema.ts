/** The metadata of an org, for pickers: by search, never the whole of it (decision 6). */

import type {
  EntityDescriptor,
  EntitySummary,
  FieldDescriptor,
  FieldOption,
  RecordTypeDescriptor,
} from '@backchannel/providers'
import { builder } from '../builder.ts'
import type { Services } from '../context.ts'
import { crmCall, crmPage, page } from '../cost.ts'
import { FieldTypeEnum } from './field-type-schema.ts'
import type { IntegrationSnapshot } from './snapshot.ts'

/** What is asked for in a picker stays short. */
const maxFirst = 500

export const FieldOptionRef = builder.objectRef<FieldOption>('FieldOption').implement({
  description: 'One choice of an option set.',
  fields: (t) => ({
    value: t.exposeString('value', { description: 'As the CRM wants it.' }),
    label: t.exposeString('label', { description: 'As people read it.' }),
  }),
})

export const RecordTypeRef = builder.objectRef<RecordTypeDescriptor>('RecordTypeDescriptor').implement({
  description: 'A record type of a Salesforce object.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Its API name.' }),
    label: t.exposeString('label', { description: 'Its label.' }),
    isPerson: t.exposeBoolean('isPerson', { description: 'Whether it makes person accounts.' }),
    isDefault: t.exposeBoolean('isDefault', { description: 'Whether the CRM takes it where none is named.' }),
  }),
})

const FieldDescriptorRef = builder.objectRef<FieldDescriptor>('FieldDescriptor').implement({
  description: 'A field that the org has.',
  fields: (t) => ({
    name: t.exposeString('name', { description: "The CRM's own name of it." }),
    label: t.exposeString('label', { description: 'Its label.' }),
    type: t.field({ type: FieldTypeEnum, description: 'Its type.', resolve: (field) => field.type }),
    required: t.exposeBoolean('required', { description: 'The CRM refuses a record without it.' }),
    writable: t.exposeBoolean('writable', { description: 'It may be given when a record is created.' }),
    maxLength: t.exposeInt('maxLength', { nullable: true, description: 'In characters.' }),
    options: t.field({
      type: [FieldOptionRef],
      description: 'The choices of an option set.',
      resolve: (field) => field.options,
    }),
    targets: t.exposeStringList('targets', { description: 'The entity types that a lookup may point to.' }),
  }),
})

/** An entity type of one org; its fields are asked for only where they are selected. */
interface EntityNode {
  integration: IntegrationSnapshot
  summary: EntitySummary
  descriptor?: EntityDescriptor
}

export const EntityDescriptorRef = builder.objectRef<EntityNode>('EntityDescriptor')

EntityDescriptorRef.implement({
  description: 'An entity type that the org has.',
  fields: (t) => ({
    name: t.string({ description: 'Logical name or API name.', resolve: ({ summary }) => summary.name }),
    label: t.string({ description: 'Its label.', resolve: ({ summary }) => summary.label }),
    isActivity: t.boolean({
      description: 'Whether transcripts can be filed as it.',
      resolve: ({ summary }) => summary.isActivity,
    }),
    creatable: t.boolean({
      description: 'Whether we may create records of it.',
      resolve: ({ summary }) => summary.creatable,
    }),
    recordTypes: t.field({
      type: [RecordTypeRef],
      complexity: crmCall,
      description: 'Its record types (Salesforce).',
      resolve: async (node, _args, { services, signal }) => {
        const descriptor = await describe(node, services, signal)
        return descriptor?.recordTypes ?? []
      },
    }),
    fields: t.field({
      type: [FieldDescriptorRef],
      complexity: page(100),
      description: 'Its fields, those whose name or label holds `search`.',
      args: {
        search: t.arg.string({ description: 'Part of a name or label.' }),
        types: t.arg({ type: [FieldTypeEnum], description: 'Only these types.' }),
        writable: t.arg.boolean({ description: 'Only those that may be given on create, or only those that may not.' }),
        first: t.arg.int({ defaultValue: 100, description: 'How many, 500 at most.' }),
      },
      resolve: async (node, { search, types, writable, first }, { services, signal }) => {
        const descriptor = await describe(node, services, signal)
        return (descriptor?.fields ?? [])
          .filter((field) => matches(field, search))
          .filter((field) => !types || types.includes(field.type))
          .filter((field) => writable == null || field.writable === writable)
          .slice(0, bounded(first))
      },
    }),
  }),
})

export const MetadataRef = builder.objectRef<IntegrationSnapshot>('CrmMetadata').implement({
  description: 'What the org really has.',
  fields: (t) => ({
    entityTypes: t.field({
      type: [EntityDescriptorRef],
      complexity: crmPage(50),
      description: 'Entity types whose name or label holds `search`.',
      args: {
        search: t.arg.string({ description: 'Part of a name or label.' }),
        isActivity: t.arg.boolean({ description: 'Only activities, or only what is none.' }),
        first: t.arg.int({ defaultValue: 50, description: 'How many, 500 at most.' }),
      },
      resolve: async (integration, { search, isActivity, first }, { services, signal }) => {
        const summaries = await services.integrations.call(integration.workspaceId, integration.id, (provider) =>
          provider.listEntityTypes({ signal }),
        )
        return summaries
          .filter((summary) => matches(summary, search))
          .filter((summary) => isActivity == null || summary.isActivity === isActivity)
          .slice(0, bounded(first))
          .map((summary) => ({ integration, summary }))
      },
    }),
    entityType: t.field({
      type: EntityDescriptorRef,
      nullable: true,
      complexity: crmCall,
      description: 'One entity type by its name.',
      args: { name: t.arg.string({ required: true, description: 'Logical name or API name.' }) },
      resolve: async (integration, { name }, { services, signal }) => {
        const { workspaceId, id } = integration
        const descriptor = await services.integrations.describe(workspaceId, id, name, { signal })
        return descriptor && { integration, summary: descriptor, descriptor }
      },
    }),
  }),
})

function describe(
  { integration, summary, descriptor }: EntityNode,
  services: Pick<Services, 'integrations'>,
  signal: AbortSignal,
): Promise<EntityDescriptor | null> | EntityDescriptor {
  if (descriptor) return descriptor
  return services.integrations.describe(integration.workspaceId, integration.id, summary.name, { signal })
}

function matches({ name, label }: { name: string; label: string }, search: string | null | undefined): boolean {
  const part = search?.toLowerCase() ?? ''
  return name.toLowerCase().includes(part) || label.toLowerCase().includes(part)
}

const bounded = (first: number | null | undefined) => Math.min(Math.max(first ?? maxFirst, 0), maxFirst)
