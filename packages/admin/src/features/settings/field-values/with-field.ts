import type { DocumentChange } from '../settings-context.ts'
import type { DocumentField } from '../settings-document.ts'
import type { FieldList } from './shape.ts'

/** How a row is known in the document; `entityType` null: it is of the activity. */
interface RowKey {
  entityType: string | null
  name: string
}

/**
 * The settings with a field as the form has it: in its place, or behind all others where it is new or moves to another
 * entity type.
 *
 * @param before the field that is edited; null: it is added
 */
export function withField(list: FieldList, before: RowKey | null, field: DocumentField): DocumentChange {
  const member = list === 'EXPORT' ? 'exportFields' : 'backendFields'
  return (document) => {
    const rows = document[member]
    const place = before === null ? -1 : rows.findIndex((row) => isRow(row, before))
    const stays = place >= 0 && (field.entityType ?? null) === before?.entityType
    const others = rows.filter((_, index) => index !== place)
    return { ...document, [member]: stays ? rows.with(place, field) : [...others, field] }
  }
}

const isRow = (row: DocumentField, { entityType, name }: RowKey) =>
  (row.entityType ?? null) === entityType && row.name === name
