/** Custom fields of the emulated Dynamics 365, and settings that use so many of them. */
import type { ControlClient } from '@backchannel/emulator'

/** Of each entity type: spread evenly over search, detail, export and backend fields. */
export const fieldCounts = [0, 10, 200] as const
export type FieldCount = (typeof fieldCounts)[number]
export const mostFields = 200

const entityNames = ['account', 'contact', 'lead'] as const
const lists = ['searchFields', 'detailFields', 'exportFields', 'backendFields'] as const

interface CustomField {
  name: string
  label: string
  list: (typeof lists)[number]
  fieldType: 'TEXT' | 'WHOLE_NUMBER' | 'OPTION_SET'
  /** What records hold. */
  value: string
  /** As the emulated org writes it down. */
  definition: Record<string, unknown>
}

const kinds = [
  { fieldType: 'TEXT', value: 'Some words', definition: { type: 'String', maxLength: 100 } },
  { fieldType: 'WHOLE_NUMBER', value: '4711', definition: { type: 'Integer', min: 0, max: 1_000_000 } },
  {
    fieldType: 'OPTION_SET',
    value: '3',
    definition: {
      type: 'Picklist',
      options: Array.from({ length: 10 }, (_, value) => ({ value, label: `Option ${value}` })),
    },
  },
] as const

const customFields: readonly CustomField[] = Array.from({ length: mostFields }, (_, index) => {
  const list = lists[index % lists.length] ?? 'searchFields'
  const kind = kinds[Math.floor(index / lists.length) % kinds.length] ?? kinds[0]
  const number = String(index).padStart(3, '0')
  return { ...kind, name: `new_bench${number}`, label: labelOf(index), list }
})

function labelOf(index: number): string {
  return `Custom field ${index}`
}

/** The last one that a list shows; null where it has none. */
export function lastLabel(list: CustomField['list'], count: number): string | null {
  return customFields.slice(0, count).findLast((field) => field.list === list)?.label ?? null
}

/** Gives the org all of them. */
export async function addCustomFields(control: ControlClient): Promise<void> {
  for (const entity of entityNames) {
    for (const { name, label, definition } of customFields) {
      await control.changeMetadata({ entity, field: name, set: { label, ...definition } })
    }
  }
}

type SettingsDocument = Record<string, unknown>

/** The settings with so many custom fields of each entity type. */
export function withCustomFields(document: SettingsDocument, count: FieldCount): SettingsDocument {
  const used = customFields.slice(0, count)
  const rowsOf = (wanted: CustomField['list'], row: (field: CustomField) => object) =>
    entityNames.flatMap((entityType) =>
      used.filter(({ list }) => list === wanted).map((field) => ({ entityType, ...row(field) })),
    )
  const shown = ({ name, label, fieldType }: CustomField) => ({ name, label, fieldType })
  const input = (field: CustomField) => ({ ...shown(field), variableType: 'INPUT' })
  return {
    ...document,
    searchFields: rowsOf('searchFields', shown),
    detailFields: rowsOf('detailFields', shown),
    exportFields: rowsOf('exportFields', input),
    backendFields: rowsOf('backendFields', (field) => ({ ...input(field), overwrite: true })),
  }
}

/** The settings with so many search fields of accounts, and nothing else of them. */
export function searchingCustomFields(document: SettingsDocument, count: number): SettingsDocument {
  const searchFields = customFields
    .slice(0, count)
    .map(({ name, label, fieldType }) => ({ entityType: 'account', name, label, fieldType }))
  return { ...document, searchFields }
}

/** The settings under which each new record gets a value in every custom field. */
export function fillingCustomFields(document: SettingsDocument): SettingsDocument {
  const exportFields = entityNames.flatMap((entityType) =>
    customFields.map(({ name, fieldType, value }) => ({
      ...{ entityType, name, fieldType, value },
      variableType: 'CONSTANT',
    })),
  )
  return { ...document, exportFields }
}
