/** The model as the metadata service shows it. */
import type { Attribute, Entity, Relationship } from '../schema/index.ts'
import { stableGuid } from '../values.ts'
import { labelOf, type MetadataItem } from './item.ts'
import { optionSetsOf } from './option-sets.ts'

export function describeEntity(entity: Entity): MetadataItem {
  const { definition } = entity
  return {
    type: 'EntityMetadata',
    members: {
      MetadataId: stableGuid(`entity/${entity.name}`),
      LogicalName: entity.name,
      SchemaName: definition.schemaName,
      EntitySetName: entity.setName,
      LogicalCollectionName: entity.setName,
      ObjectTypeCode: definition.objectTypeCode,
      PrimaryIdAttribute: definition.primaryId,
      PrimaryNameAttribute: definition.primaryName,
      IsActivity: definition.isActivity,
      HasNotes: definition.hasNotes,
      HasActivities: definition.hasActivities,
      IsCustomEntity: definition.isCustom,
      IsValidForAdvancedFind: true,
      IsIntersect: false,
      IsPrivate: false,
      IsCustomizable: managed(true, 'iscustomizable'),
      OwnershipType: definition.attributes['ownerid'] ? 'UserOwned' : 'OrganizationOwned',
      ChangeTrackingEnabled: true,
      DisplayName: labelOf(definition.label),
      DisplayCollectionName: labelOf(definition.pluralLabel),
      Description: labelOf(''),
    },
    expand(name) {
      switch (name) {
        case 'Attributes':
          return [...entity.attributes.values()].map((attribute) => describeAttribute(attribute, entity))
        case 'ManyToOneRelationships':
          return relationshipsOf(entity.navigations.values())
        case 'OneToManyRelationships':
          return relationshipsOf(entity.collections.values())
        case 'ManyToManyRelationships':
          return []
        case 'Keys':
          return (definition.alternateKeys ?? []).map((names) => describeKey(names, entity))
        default:
          return undefined
      }
    },
  }
}

/** The members that every kind of column has; more need a cast. */
function describeAttribute(attribute: Attribute, entity: Entity): MetadataItem {
  const { definition, name } = attribute
  const sets = optionSetsOf(attribute, entity)
  return {
    type: metadataType(attribute),
    members: {
      MetadataId: stableGuid(`attribute/${entity.name}/${name}`),
      LogicalName: name,
      SchemaName: definition.schemaName ?? name,
      EntityLogicalName: entity.name,
      AttributeType: definition.type === 'MultiSelectPicklist' ? 'Virtual' : definition.type,
      AttributeTypeName: { Value: `${definition.type}Type` },
      AttributeOf: null,
      DisplayName: labelOf(definition.label),
      Description: labelOf(''),
      RequiredLevel: {
        Value: definition.required ?? 'None',
        CanBeChanged: definition.required !== 'SystemRequired',
        ManagedPropertyLogicalName: 'canmodifyrequirementlevelsettings',
      },
      IsCustomAttribute: name.includes('_') && entity.definition.isCustom,
      IsPrimaryId: name === entity.definition.primaryId,
      IsPrimaryName: name === entity.definition.primaryName,
      IsValidForCreate: !definition.readOnly,
      IsValidForRead: true,
      IsValidForUpdate: !definition.readOnly && !definition.createOnly,
      IsValidForAdvancedFind: managed(true, 'canmodifysearchsettings'),
      IsLogical: false,
      ...membersByType(attribute),
    },
    ...(sets && {
      expand: (set) => (set === 'OptionSet' ? sets.local : set === 'GlobalOptionSet' ? sets.global : undefined),
    }),
  }
}

/** Names of the members that only a cast shows. */
export const castMembers = new Set([
  'MaxLength',
  'Format',
  'FormatName',
  'MinValue',
  'MaxValue',
  'Precision',
  'DefaultValue',
  'DefaultFormValue',
  'DateTimeBehavior',
  'Targets',
])

function membersByType({ definition }: Attribute): Record<string, unknown> {
  switch (definition.type) {
    case 'String': {
      const format = definition.format ?? 'Text'
      return { MaxLength: definition.maxLength, Format: format, FormatName: { Value: format } }
    }
    case 'Memo': {
      const format = definition.format ?? 'TextArea'
      return { MaxLength: definition.maxLength, Format: 'TextArea', FormatName: { Value: format } }
    }
    case 'Integer':
      return { MinValue: definition.min, MaxValue: definition.max, Format: 'None' }
    case 'BigInt':
      return { MinValue: Number.MIN_SAFE_INTEGER, MaxValue: Number.MAX_SAFE_INTEGER }
    case 'Decimal':
    case 'Double':
    case 'Money':
      return { Precision: definition.precision, MinValue: definition.min, MaxValue: definition.max }
    case 'Boolean':
      return { DefaultValue: definition.initially }
    case 'DateTime':
      return {
        Format: definition.dateOnly ? 'DateOnly' : 'DateAndTime',
        DateTimeBehavior: { Value: definition.dateOnly ? 'DateOnly' : 'UserLocal' },
      }
    case 'Picklist':
    case 'MultiSelectPicklist':
      return { DefaultFormValue: definition.initially ?? -1 }
    case 'State':
    case 'Status':
      return { DefaultFormValue: null }
    case 'Lookup':
    case 'Customer':
    case 'Owner':
      return { Targets: definition.targets }
    case 'Uniqueidentifier':
      return {}
  }
}

function metadataType({ definition }: Attribute): string {
  switch (definition.type) {
    case 'Customer':
    case 'Owner':
      return 'LookupAttributeMetadata'
    case 'Uniqueidentifier':
      return 'UniqueIdentifierAttributeMetadata'
    default:
      return `${definition.type}AttributeMetadata`
  }
}

/** A relationship has one entry for each name that it can be bound by. */
function relationshipsOf(relationships: Iterable<Relationship>): MetadataItem[] {
  return [...new Set(relationships)].flatMap((relationship) =>
    relationship.navigations.map((navigation, index) => describeRelationship(relationship, navigation, index)),
  )
}

function describeRelationship(
  { from, to, attribute, name }: Relationship,
  navigation: string,
  index: number,
): MetadataItem {
  const schemaName = index === 0 ? name : `${to.definition.schemaName}_ActivityPointers`
  return {
    type: 'OneToManyRelationshipMetadata',
    members: {
      MetadataId: stableGuid(`relationship/${from.name}/${navigation}`),
      SchemaName: schemaName,
      RelationshipType: 'OneToManyRelationship',
      ReferencedEntity: to.name,
      ReferencedAttribute: to.definition.primaryId,
      ReferencingEntity: from.name,
      ReferencingAttribute: attribute.name,
      ReferencedEntityNavigationPropertyName: name,
      ReferencingEntityNavigationPropertyName: navigation,
      IsCustomRelationship: from.definition.isCustom,
    },
  }
}

function describeKey(names: readonly string[], entity: Entity): MetadataItem {
  const name = `${entity.name}_${names.join('_')}`
  return {
    type: 'EntityKeyMetadata',
    members: {
      MetadataId: stableGuid(`key/${name}`),
      LogicalName: name,
      SchemaName: name,
      EntityLogicalName: entity.name,
      KeyAttributes: names,
      EntityKeyIndexStatus: 'Active',
    },
  }
}

function managed(value: boolean, name: string) {
  return { Value: value, CanBeChanged: false, ManagedPropertyLogicalName: name }
}
