import type { FieldType } from '../../../graphql/generated/graphql.ts'
import type { SavedField } from './field-draft.ts'

/** What is set of a field, in a few words. */
export function detailsOf(field: SavedField, typeName: (type: FieldType) => string): string[] {
  return [
    field.fieldType ? typeName(field.fieldType) : null,
    field.variable ? `from “${field.variable}”` : null,
    constantOf(field),
    field.required ? 'required' : null,
    field.maxLength ? `${field.maxLength} characters at most` : null,
    field.useCurrentDate ? 'begins with today' : null,
    field.lookup ? lookupOf(field.lookup) : null,
    overwriteOf(field),
  ].filter((text) => text !== null)
}

function constantOf({ variableType, fieldType, value, values, lookupValue }: SavedField): string | null {
  if (variableType === 'CHAT_VARIABLE') return null
  if (variableType === 'INPUT') return values && values.length > 0 ? `also ${values.join(', ')}` : null
  if (lookupValue) return `always ${lookupValue.name}`
  if (fieldType === 'TWO_OPTIONS') return value === 'true' ? 'always yes' : 'always no'
  return `always ${values ? values.join(', ') : value}`
}

function lookupOf({ relatedEntity, filter }: NonNullable<SavedField['lookup']>): string {
  return filter ? `of ${relatedEntity} where ${filter.field} is ${filter.value}` : `of ${relatedEntity}`
}

/** Only backend fields know it; the subject of an activity is always written. */
function overwriteOf({ overwrite, entityType }: SavedField): string | null {
  if (overwrite === undefined || !entityType) return null
  return overwrite ? 'overwrites' : 'fills only what is empty'
}
