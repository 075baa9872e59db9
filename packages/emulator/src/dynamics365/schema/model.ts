/** What follows from the definitions: property names, types, navigation, and where a lookup leads. */
import type { MetadataChange } from '../../control.ts'
import type { AttributeDefinition, EntityDefinition } from './definition.ts'

export type EdmType =
  | 'Edm.String'
  | 'Edm.Int32'
  | 'Edm.Int64'
  | 'Edm.Decimal'
  | 'Edm.Double'
  | 'Edm.Boolean'
  | 'Edm.DateTimeOffset'
  | 'Edm.Date'
  | 'Edm.Guid'

/** One column. */
export interface Attribute {
  name: string
  /** Its name in JSON, in queries and in our rows: `telephone1`, and `_parentcustomerid_value` for a lookup. */
  property: string
  edm: EdmType
  definition: AttributeDefinition
}

/** One lookup to one target: a single-valued navigation property here, a collection there. */
export interface Relationship {
  from: Entity
  to: Entity
  attribute: Attribute
  /** Case-sensitive name on the referencing side; the second one is the form inherited from activitypointer. */
  navigations: readonly string[]
  /** Schema name, and the collection's name on the referenced side. */
  name: string
}

export interface Entity {
  name: string
  setName: string
  definition: EntityDefinition
  /** By logical name, in the order of the definition. */
  attributes: ReadonlyMap<string, Attribute>
  /** By property name. */
  properties: ReadonlyMap<string, Attribute>
  /** Single-valued navigation properties. */
  navigations: ReadonlyMap<string, Relationship>
  /** Collection-valued navigation properties. */
  collections: ReadonlyMap<string, Relationship>
}

export interface Model {
  entities: ReadonlyMap<string, Entity>
  sets: ReadonlyMap<string, Entity>
}

/** Where our rows keep which table a lookup points into. */
export const targetField = (attribute: Attribute) => `${attribute.property}.target`

const lookupTypes = new Set(['Lookup', 'Customer', 'Owner'])

export const isLookup = (
  definition: AttributeDefinition,
): definition is Extract<AttributeDefinition, { targets: readonly string[] }> => lookupTypes.has(definition.type)

/** Applies the changes in order and works out the rest. Lookups into tables that are not there lose that target. */
export function buildModel(definitions: readonly EntityDefinition[], changes: readonly MetadataChange[] = []): Model {
  const present = new Map(definitions.map((definition) => [definition.logicalName, definition]))
  for (const change of changes) applyChange(present, change)

  const entities = new Map<string, MutableEntity>()
  for (const definition of present.values()) entities.set(definition.logicalName, toEntity(definition))
  for (const entity of entities.values()) relate(entity, entities)
  return { entities, sets: new Map([...entities.values()].map((entity) => [entity.setName, entity])) }
}

interface MutableEntity extends Entity {
  navigations: Map<string, Relationship>
  collections: Map<string, Relationship>
}

function applyChange(present: Map<string, EntityDefinition>, { entity, field, hide, set }: MetadataChange): void {
  const before = present.get(entity)
  if (field === undefined) {
    if (hide) present.delete(entity)
    else present.set(entity, { ...before, ...set } as EntityDefinition)
  } else if (before) {
    const { [field]: attribute, ...others } = before.attributes
    const attributes = hide
      ? others
      : { ...before.attributes, [field]: { label: field, ...attribute, ...set } as AttributeDefinition }
    present.set(entity, { ...before, attributes })
  }
}

function toEntity(definition: EntityDefinition): MutableEntity {
  const attributes = Object.entries(definition.attributes).map(
    ([name, attribute]): Attribute => ({
      name,
      property: isLookup(attribute) ? `_${name}_value` : name,
      edm: edmType(attribute),
      definition: attribute,
    }),
  )
  return {
    name: definition.logicalName,
    setName: definition.entitySetName,
    definition,
    attributes: new Map(attributes.map((attribute) => [attribute.name, attribute])),
    properties: new Map(attributes.map((attribute) => [attribute.property, attribute])),
    navigations: new Map(),
    collections: new Map(),
  }
}

function edmType(attribute: AttributeDefinition): EdmType {
  switch (attribute.type) {
    case 'String':
    case 'Memo':
    case 'MultiSelectPicklist':
      return 'Edm.String'
    case 'Integer':
    case 'Picklist':
    case 'State':
    case 'Status':
      return 'Edm.Int32'
    case 'BigInt':
      return 'Edm.Int64'
    case 'Decimal':
    case 'Money':
      return 'Edm.Decimal'
    case 'Double':
      return 'Edm.Double'
    case 'Boolean':
      return 'Edm.Boolean'
    case 'DateTime':
      return attribute.dateOnly ? 'Edm.Date' : 'Edm.DateTimeOffset'
    case 'Lookup':
    case 'Customer':
    case 'Owner':
    case 'Uniqueidentifier':
      return 'Edm.Guid'
  }
}

function relate(from: MutableEntity, entities: ReadonlyMap<string, MutableEntity>): void {
  for (const attribute of from.attributes.values()) {
    if (!isLookup(attribute.definition)) continue
    for (const target of targetsOf(attribute, entities)) {
      const to = entities.get(target)
      if (!to) continue
      const navigations = navigationNames(from, attribute, to)
      const relationship = { from, to, attribute, navigations, name: relationshipName(from, attribute, to) }
      for (const name of navigations) from.navigations.set(name, relationship)
      to.collections.set(relationship.name, relationship)
    }
  }
}

function targetsOf({ name, definition }: Attribute, entities: ReadonlyMap<string, Entity>): readonly string[] {
  const all = [...entities.values()]
  if (name === 'regardingobjectid') return all.filter((to) => to.definition.hasActivities).map((to) => to.name)
  if (name === 'objectid') return all.filter((to) => to.definition.hasNotes).map((to) => to.name)
  return isLookup(definition) ? definition.targets : []
}

/** crm-apis.md 1.9: the patterns of bind names. */
function navigationNames(from: Entity, { name, definition }: Attribute, to: Entity): string[] {
  const own = definition.schemaName ?? name
  if (name === 'regardingobjectid') return [`${name}_${to.name}_${from.name}`, `${name}_${to.name}`]
  if (name === 'objectid') return [`${name}_${to.name}`]
  return isLookup(definition) && definition.targets.length > 1 ? [`${own}_${to.name}`] : [own]
}

function relationshipName(from: Entity, { name, definition }: Attribute, to: Entity): string {
  if (isLookup(definition) && definition.relationship) return definition.relationship
  const target = to.definition.isCustom ? to.name : to.definition.schemaName
  if (name === 'objectid') return `${target}_Annotation`
  if (name === 'regardingobjectid') {
    return from.definition.isCustom
      ? `${to.name}_${from.setName}`
      : `${target}_${from.setName.charAt(0).toUpperCase()}${from.setName.slice(1)}`
  }
  if (definition.type === 'Customer') return `${from.name}_customer_${to.setName}`
  return `${from.name}_${name}`
}
