/** Whether a setting still finds in the org the field that it names, and a field of its type. Pure. */
import type { EntityDescriptor, FieldDescriptor, FieldType } from '@backchannel/providers'
import { fieldsByName } from '../integrations/metadata-fields.ts'
import type { SettingFieldType } from '../integrations/settings.ts'
import type { PlanNote } from '../plans/plan.ts'

/** What metadata may call a field of each type that a setting may have. The org's type decides from then on. */
const fitting: Record<SettingFieldType, readonly FieldType[]> = {
  TEXT: ['TEXT', 'EMAIL', 'PHONE', 'URL', 'MULTILINE_TEXT'],
  WHOLE_NUMBER: ['WHOLE_NUMBER', 'DECIMAL'],
  // Salesforce knows no other numbers among its types (S-EXP-10).
  CURRENCY: ['CURRENCY', 'DECIMAL', 'WHOLE_NUMBER'],
  DATE: ['DATE', 'DATE_TIME'],
  DATE_TIME: ['DATE', 'DATE_TIME'],
  TWO_OPTIONS: ['TWO_OPTIONS'],
  OPTION_SET: ['OPTION_SET', 'STATUS_REASON'],
  MULTI_OPTION_SET: ['MULTI_OPTION_SET'],
  STATUS_REASON: ['STATUS_REASON', 'OPTION_SET'],
  LOOKUP: ['LOOKUP'],
}

export function fits(setting: SettingFieldType, type: FieldType): boolean {
  return fitting[setting].includes(type)
}

/** A setting that names a field of the org. */
export interface FieldSetting {
  readonly name: string
  /** Null: any type (a chat variable is coerced). */
  readonly fieldType: SettingFieldType | null
}

/**
 * The field, or why what the setting says cannot be done with it.
 *
 * @param label what people call the field
 */
export function findWritable(
  metadata: EntityDescriptor,
  { name, fieldType }: FieldSetting,
  { label, settingId }: { label: string; settingId: string },
): { field: FieldDescriptor; note: null } | { field: null; note: PlanNote } {
  const field = fieldsByName(metadata).get(name)
  const refuse = (code: string, reason: string) => ({
    field: null,
    note: { code, text: `${label} is left out: ${reason}`, settingId },
  })
  if (field === undefined) {
    return refuse('FIELD_MISSING', `the org has no field ${name} on ${metadata.label}, or our user may not see it.`)
  }
  if (!field.writable) return refuse('FIELD_NOT_WRITABLE', `our user in the org may not write ${name}.`)
  if (fieldType !== null && !fits(fieldType, field.type)) {
    return refuse('FIELD_TYPE_CHANGED', `${name} is of another type in the org now.`)
  }
  return { field, note: null }
}
