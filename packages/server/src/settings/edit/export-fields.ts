import type { FieldType } from '@backchannel/providers'
import { v7 as uuid } from 'uuid'
import type { ExportField, SettingFieldType, VariableType } from '../../integrations/settings.ts'
import type { IntegrationSnapshot } from '../../integrations/snapshot.ts'
import { descriptorOf, type Edit, settingType, text } from './edit.ts'
import { addField, updateField } from './field-list.ts'
import { type ValueInput, valueSetting } from './values.ts'

export interface ExportFieldInput extends ValueInput {
  entityTypeId: string
  name: string
  variableType: VariableType
  fieldType?: FieldType | null | undefined
  variable?: string | null | undefined
  required?: boolean | null | undefined
  maxLength?: number | null | undefined
  useCurrentDate?: boolean | null | undefined
}

export function addExportField(input: ExportFieldInput): Edit {
  return addField('exportFields', (_, integration) => exportField(integration, input, null))
}

export function updateExportField(id: string, input: ExportFieldInput): Edit {
  return updateField('exportFields', id, (before, _, integration) => exportField(integration, input, before))
}

export function exportField(
  integration: IntegrationSnapshot,
  input: ExportFieldInput,
  before: ExportField | null,
): ExportField {
  return {
    id: before?.id ?? uuid(),
    entityTypeId: input.entityTypeId,
    name: input.name.trim(),
    position: before?.position ?? 0,
    check: 'UNCHECKED',
    problem: null,
    brokenSince: null,
    variableType: input.variableType,
    fieldType: fieldType(integration, input),
    variable: text(input.variable),
    ...valueSetting(input, before),
    required: input.required ?? false,
    maxLength: input.maxLength ?? null,
    useCurrentDate: input.useCurrentDate ?? false,
  }
}

/** A chat variable goes with the vendor's one type, or with none. */
function fieldType(integration: IntegrationSnapshot, input: ExportFieldInput): SettingFieldType | null {
  const ofVariable = descriptorOf(integration).settings.variableFieldType
  const given = input.fieldType ?? (input.variableType === 'CHAT_VARIABLE' ? ofVariable : null)
  return given === null ? null : settingType(given, ['field', 'fieldType'])
}
