import type { FieldType } from '../../../graphql/generated/graphql.ts'
import type { DocumentChange } from '../settings-context.ts'
import type { DocumentField } from '../settings-document.ts'

/** What the form of a search field or a detail field holds. What the chosen type does not ask for is kept, and not sent. */
export interface ShownFieldValues {
  label: string
  /** Global ID. */
  entityTypeId: string
  name: string
  fieldType: FieldType
  filtered: boolean
  filterValue: string
  relatedEntity: string
}

/** The field as the API takes it. */
export function inputOf({ label, entityTypeId, name, fieldType, ...values }: ShownFieldValues) {
  return { label, entityTypeId, name, fieldType, filter: filterOf({ name, fieldType, ...values }) }
}

type Filtered = Pick<ShownFieldValues, 'name' | 'fieldType' | 'filtered' | 'filterValue' | 'relatedEntity'>

function filterOf({ name, fieldType, filtered, filterValue, relatedEntity }: Filtered) {
  if (!filtered) return null
  // Left out where it is blank, so that what is missing is said where it is.
  const points = fieldType === 'LOOKUP' && relatedEntity.trim() !== ''
  return { field: name, value: filterValue, ...(points && { relatedEntity }) }
}

/**
 * The settings with a field as the form has it; as they are, while the form is not filled in.
 *
 * @param entityType the CRM's own name of the entity type whose field it is
 * @param before the field that is edited; null: it is added
 */
export function withShownField(
  list: 'searchFields' | 'detailFields',
  entityType: string,
  values: ShownFieldValues,
  before: { entityType: string; name: string } | null,
): DocumentChange {
  const { label, name, fieldType, filtered, filterValue } = values
  const asked = [label, name, entityType, ...(filtered ? [filterValue] : [])]
  if (asked.some((text) => text.trim() === '')) return (same) => same
  const filter = filterOf(values)
  const field: DocumentField = {
    entityType,
    name: name.trim(),
    label: label.trim(),
    fieldType,
    ...(filter && { filter }),
  }
  return (document) => {
    const fields = document[list]
    const place = fields.findIndex((it) => it.entityType === before?.entityType && it.name === before?.name)
    return { ...document, [list]: place < 0 ? [...fields, field] : fields.with(place, field) }
  }
}
