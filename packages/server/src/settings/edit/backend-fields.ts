import type { FieldType } from '@backchannel/providers'
import { v7 as uuid } from 'uuid'
import type { BackendField, BackendTarget, VariableType } from '../../integrations/settings.ts'
import { ValidationError } from '../../shared/errors.ts'
import { type Edit, settingType } from './edit.ts'
import { addField, updateField } from './field-list.ts'
import { type ValueInput, valueSetting } from './values.ts'

export interface BackendFieldInput extends ValueInput {
  /** RECORD unless given. */
  target?: BackendTarget | null | undefined
  entityTypeId?: string | null | undefined
  name: string
  variableType: VariableType
  fieldType: FieldType
  overwrite?: boolean | null | undefined
}

export function addBackendField(input: BackendFieldInput): Edit {
  return addField('backendFields', () => backendField(input, null))
}

export function updateBackendField(id: string, input: BackendFieldInput): Edit {
  return updateField('backendFields', id, (before) => backendField(input, before))
}

/** @throws ValidationError below `path` */
export function backendField(
  input: BackendFieldInput,
  before: BackendField | null,
  path: readonly string[] = ['field'],
): BackendField {
  if (input.variableType === 'CHAT_VARIABLE') {
    const message = 'A backend field is a constant or an input. Chat variables fill export fields.'
    throw new ValidationError([{ path: [...path, 'variableType'], message }])
  }
  return {
    id: before?.id ?? uuid(),
    target: input.target ?? 'RECORD',
    entityTypeId: input.entityTypeId ?? null,
    name: input.name.trim(),
    position: before?.position ?? 0,
    check: 'UNCHECKED',
    problem: null,
    brokenSince: null,
    variableType: input.variableType,
    fieldType: settingType(input.fieldType, [...path, 'fieldType']),
    ...valueSetting(input, before),
    overwrite: input.overwrite ?? false,
  }
}
