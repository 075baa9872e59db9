import type { DocumentChange } from '../settings-context.ts'
import type { DocumentField, SettingsDocument } from '../settings-document.ts'

/** The lists of the document that hold what is written. */
export type WrittenList = Extract<keyof SettingsDocument, 'exportFields' | 'backendFields'>

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
export function withField(list: WrittenList, before: RowKey | null, field: DocumentField): DocumentChange {
  return (document) => {
    const rows = document[list]
    const place = before === null ? -1 : rows.findIndex((row) => isRow(row, before))
    const stays = place >= 0 && (field.entityType ?? null) === before?.entityType
    const others = rows.filter((_, index) => index !== place)
    return { ...document, [list]: stays ? rows.with(place, field) : [...others, field] }
  }
}

const isRow = (row: DocumentField, { entityType, name }: RowKey) =>
  (row.entityType ?? null) === entityType && row.name === name
