/** Search fields and detail fields: they are set in the same way. */
import type { FieldType } from '@backchannel/providers'
import { v7 as uuid } from 'uuid'
import type { ShownField } from '../../integrations/settings.ts'
import { type Edit, settingType } from './edit.ts'
import { addField, updateField } from './field-list.ts'
import { type FieldFilterInput, fieldFilter } from './values.ts'

export interface ShownFieldInput {
  entityTypeId: string
  name: string
  label: string
  fieldType: FieldType
  filter?: FieldFilterInput | null | undefined
}

export function addShownField(list: 'searchFields' | 'detailFields', input: ShownFieldInput): Edit {
  return addField(list, () => shownField(input, null))
}

export function updateShownField(list: 'searchFields' | 'detailFields', id: string, input: ShownFieldInput): Edit {
  return updateField(list, id, (before) => shownField(input, before))
}

export function shownField(input: ShownFieldInput, before: ShownField | null): ShownField {
  return {
    id: before?.id ?? uuid(),
    entityTypeId: input.entityTypeId,
    name: input.name.trim(),
    label: input.label.trim(),
    fieldType: settingType(input.fieldType, ['field', 'fieldType']),
    filter: input.filter ? fieldFilter(input.filter) : null,
    position: before?.position ?? 0,
    check: 'UNCHECKED',
    problem: null,
    brokenSince: null,
  }
}
