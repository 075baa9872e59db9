/** The four changes of a list of fields, the same for each of the four lists. */
import type { BackendField, ExportField, ShownField } from '../../integrations/settings.ts'
import type { SettingsDraft } from '../draft.ts'
import { type Edit, placeAt, type SettingsSection } from './edit.ts'
import { numbered, reorderRows, replaceRow, rowOf } from './rows.ts'

/** The lists, by their names in a draft, and what is in each. */
export interface FieldLists {
  exportFields: ExportField
  searchFields: ShownField
  detailFields: ShownField
  backendFields: BackendField
}

export const fieldLists = {
  exportFields: { section: 'EXPORT', noun: 'export field' },
  searchFields: { section: 'SEARCH', noun: 'search field' },
  detailFields: { section: 'DETAIL', noun: 'detail field' },
  backendFields: { section: 'BACKEND', noun: 'backend field' },
} as const satisfies Record<keyof FieldLists, { section: SettingsSection; noun: string }>

export const fieldListNames = Object.keys(fieldLists) as (keyof FieldLists)[]

export function addField<List extends keyof FieldLists>(
  list: List,
  make: (...given: Parameters<Edit>) => FieldLists[List],
): Edit {
  return (draft, integration) => {
    const field = make(draft, integration)
    return {
      section: fieldLists[list].section,
      summary: `Added the ${fieldLists[list].noun} ${field.name}`,
      changedId: field.id,
      draft: withRows(draft, list, [...rowsOf(draft, list), field]),
      place: placeAt(['field'], field.id),
    }
  }
}

/** A field that moves to another entity type stands behind those that are there. */
export function updateField<List extends keyof FieldLists>(
  list: List,
  id: string,
  make: (before: FieldLists[List], ...given: Parameters<Edit>) => FieldLists[List],
): Edit {
  return (draft, integration) => {
    const rows = rowsOf(draft, list)
    const before = rowOf(rows, id, fieldLists[list].noun)
    const field = make(before, draft, integration)
    const stays = field.entityTypeId === before.entityTypeId
    return {
      section: fieldLists[list].section,
      summary: `Changed the ${fieldLists[list].noun} ${before.name}`,
      changedId: id,
      draft: withRows(draft, list, stays ? replaceRow(rows, field) : [...rows.filter((it) => it.id !== id), field]),
      place: placeAt(['field'], id),
    }
  }
}

export function removeField(list: keyof FieldLists, id: string): Edit {
  return (draft) => {
    const { section, noun } = fieldLists[list]
    const { name } = rowOf<FieldLists[typeof list]>(rowsOf(draft, list), id, noun)
    return {
      section,
      summary: `Removed the ${noun} ${name}`,
      changedId: null,
      draft: withRows(
        draft,
        list,
        rowsOf(draft, list).filter((it) => it.id !== id),
      ),
      place: () => ['id'],
    }
  }
}

/** @param ids all fields of the list, or all of some entity types, in the new order */
export function reorderFields(list: keyof FieldLists, ids: readonly string[]): Edit {
  return (draft) => ({
    section: fieldLists[list].section,
    summary: `Changed the order of the ${fieldLists[list].noun}s`,
    changedId: null,
    draft: withRows(draft, list, reorderRows(rowsOf(draft, list), ids, fieldLists[list].noun)),
    place: () => ['ids'],
  })
}

function rowsOf<List extends keyof FieldLists>(draft: SettingsDraft, list: List): readonly FieldLists[List][] {
  return draft[list] as readonly FieldLists[keyof FieldLists][] as readonly FieldLists[List][]
}

function withRows<List extends keyof FieldLists>(
  draft: SettingsDraft,
  list: List,
  rows: readonly FieldLists[List][],
): SettingsDraft {
  return { ...draft, [list]: numbered(rows) }
}
