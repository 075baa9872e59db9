/** Values that settings hold, in GraphQL. */
import { builder } from '../builder.ts'
import type { FieldFilter, LookupSpec, LookupValue } from './settings.ts'

export const FieldFilterRef = builder.objectRef<FieldFilter>('FieldFilter').implement({
  description: 'Only records that hold a value in a field.',
  fields: (t) => ({
    field: t.exposeString('field', { description: 'Its name in the CRM.' }),
    value: t.exposeString('value', {
      description: 'The value, as text. For a look-up: the key or the name of the record that it points to.',
    }),
    relatedEntity: t.exposeString('relatedEntity', {
      nullable: true,
      description: 'For a look-up: the entity type that it points to.',
    }),
  }),
})

export const LookupSpecRef = builder.objectRef<LookupSpec>('LookupSpec').implement({
  description: 'What an agent may choose from in a look-up.',
  fields: (t) => ({
    relatedEntity: t.exposeString('relatedEntity', { description: 'The entity type that it points to.' }),
    searchFields: t.stringList({
      description: "Where the agent's term is looked for; empty: in the field that names a record.",
      resolve: (lookup) => [...lookup.searchFields],
    }),
    displayField: t.exposeString('displayField', { nullable: true, description: 'Shown beside the name.' }),
    filter: t.field({
      type: FieldFilterRef,
      nullable: true,
      description: 'Only these may be chosen.',
      resolve: (lookup) => lookup.filter,
    }),
  }),
})

export const LookupValueRef = builder.objectRef<LookupValue>('LookupValue').implement({
  description: 'A record that the admin chose.',
  fields: (t) => ({
    entityName: t.exposeString('entityName', { description: "The CRM's name of its entity type." }),
    remoteId: t.exposeString('remoteId', { description: "The CRM's own key of it." }),
    name: t.exposeString('name', { description: 'As it was called when it was chosen.' }),
  }),
})
