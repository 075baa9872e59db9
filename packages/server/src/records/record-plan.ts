/** The record plan (decision 1): what is written when a record is made, each value with its origin. Pure. */
import type { CreateRecordRequest, EntityDescriptor } from '@backchannel/providers'
import type { Variable } from '../conversations/conversation.ts'
import type { EntityTypeSnapshot, ExportField } from '../integrations/settings.ts'
import type { IntegrationSnapshot } from '../integrations/snapshot.ts'
import type { Plan, PlanNote, PlannedValue } from '../plans/plan.ts'
import { encodeId } from '../shared/global-id.ts'
import type { AccountKind } from './account-kind.ts'
import { planBackendValues } from './backend-plan.ts'
import { findWritable } from './field-fit.ts'
import type { FormRead } from './form.ts'
import { planConstant, planVariable, toPlanned } from './planned-value.ts'

export interface RecordPlanInput {
  integration: IntegrationSnapshot
  entityType: EntityTypeSnapshot
  metadata: EntityDescriptor
  accountKind: AccountKind | null
  recordType: string | null
  /** What the form gave. */
  read: FormRead
  /** Null: it is made outside of any conversation. */
  variables: readonly Variable[] | null
}

export interface RecordPlan extends Plan {
  readonly request: Omit<CreateRecordRequest, 'key' | 'allowDuplicate'>
}

export function planRecord(input: RecordPlanInput): RecordPlan {
  const { integration, entityType, metadata, accountKind, recordType, read } = input
  const exported = exportValues(input)
  const backend = planBackendValues({
    ...{ integration, entityType, metadata },
    given: read.given.filter(({ field }) => field.group === 'BACKEND').map(({ input: given }) => given),
  })
  const values = merge([...givenValues(read), ...exported.values], backend.values)
  const { name: entityName, kind } = entityType
  return {
    steps: [{ kind: 'CREATE_RECORD', target: null, entityName, values, subject: null, body: null }],
    notes: [...new Set([...read.notes, ...exported.notes, ...backend.notes])],
    request: {
      entityName,
      kind,
      values: values.map(({ write }) => write),
      ...(accountKind !== null && { accountKind }),
      ...(recordType !== null && { recordType }),
    },
  }
}

function givenValues({ given }: FormRead): PlannedValue[] {
  return given
    .filter(({ field }) => field.group !== 'BACKEND')
    .map(({ field, value }) => {
      const kind = field.group === 'DEFAULT' ? 'DEFAULT' : 'INPUT'
      const text = kind === 'DEFAULT' ? 'Given on the form' : `Given for the export field ${field.label}`
      return toPlanned(field, value, { kind, settingId: field.settingId, text }, false)
    })
}

/** There is nothing to keep in a new record: a backend field that does not overwrite gives way to what else is written. */
function merge(values: readonly PlannedValue[], backend: readonly PlannedValue[]): PlannedValue[] {
  const byName = new Map(values.map((value) => [value.name, value]))
  for (const value of backend) {
    if (!value.keepExisting || !byName.has(value.name)) byName.set(value.name, { ...value, keepExisting: false })
  }
  return [...byName.values()]
}

function exportValues({ integration, entityType, metadata, variables }: RecordPlanInput) {
  const values: PlannedValue[] = []
  const notes: PlanNote[] = []
  for (const setting of integration.settings.exportFields) {
    if (setting.entityTypeId !== entityType.id || setting.variableType === 'INPUT') continue
    const settingId = encodeId('ExportField', setting.id)
    const isVariable = setting.variableType === 'CHAT_VARIABLE'
    const named = isVariable ? { name: setting.name, fieldType: null } : setting
    const { field, note } = findWritable(metadata, named, { label: setting.name, settingId })
    if (note !== null) {
      notes.push(note)
      continue
    }
    if (!isVariable) {
      const origin = { kind: 'CONSTANT', settingId, text: `Constant of the export field ${field.label}` } as const
      const planned = planConstant(field, setting, origin, false)
      notes.push(...planned.notes)
      if (planned.value !== null) values.push(planned.value)
      continue
    }
    const variable = variables?.find((it) => it.name === setting.variable)
    if (variable === undefined) {
      if (variables !== null) notes.push(notGiven(setting, field.label, variables, settingId))
      continue
    }
    const origin = { kind: 'CHAT_VARIABLE', settingId, text: `The chat variable ${variable.name}` } as const
    const planned = planVariable(field, variable, origin)
    notes.push(...planned.notes)
    if (planned.value !== null) values.push(planned.value)
  }
  return { values, notes }
}

/** Names count as they are spelled: one that differs by case only is worth a word. */
function notGiven({ variable }: ExportField, label: string, given: readonly Variable[], settingId: string): PlanNote {
  const alike = given.find((it) => it.name.toLowerCase() === variable?.toLowerCase())
  const why = alike
    ? `it gave ${alike.name}, and names must be spelled alike.`
    : 'neither the call that began it nor the page address gave it.'
  return {
    code: alike ? 'VARIABLE_MISSPELLED' : 'VARIABLE_NOT_GIVEN',
    text: `${label} is left empty: this conversation has no chat variable ${variable}; ${why}`,
    settingId,
  }
}
