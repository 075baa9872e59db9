/** One input of a form: what is shown, and by what its value is checked. Pure. */
import type { FieldDescriptor, FieldOption } from '@backchannel/providers'
import type { BackendField, BackendTarget, ExportField, LookupSpec } from '../integrations/settings.ts'
import { encodeId } from '../shared/global-id.ts'
import type { ValueRules } from './field-value.ts'

export const formGroups = ['SEARCH', 'DEFAULT', 'EXPORT', 'BACKEND'] as const
export type FormGroup = (typeof formGroups)[number]

export interface FormFieldPlan extends ValueRules {
  /** Opaque, the same for the same field. `name` is the CRM's own field name. */
  readonly id: string
  readonly group: FormGroup
  /** ACTIVITY: it goes into the activity, not into the record (I-07). */
  readonly target: BackendTarget
  /** The setting that put it here, as a global ID. */
  readonly settingId: string | null
  readonly required: boolean
  readonly options: readonly FieldOption[]
  readonly defaultValue: string | null
  readonly placeholder: string | null
  readonly help: string | null
  readonly lookup: LookupSpec | null
}

/** What prompts for a date where none is pre-filled (D-EXP-31). */
const datePrompt = 'mm/dd/yyyy'

/** Limits and options as the org's metadata says. */
export function rulesOf(found: FieldDescriptor, label: string): ValueRules {
  const { name, type, maxLength, minimum, maximum, precision, options, restricted, targets } = found
  const multiple = type === 'MULTI_OPTION_SET'
  return { name, label, type, multiple, maxLength, minimum, maximum, precision, options, restricted, targets }
}

/** What an input of the admin's shows, without its default. */
function toInput(found: FieldDescriptor, setting: ExportField | BackendField) {
  const rules = rulesOf(found, setting.label ?? found.label)
  const isDate = found.type === 'DATE' || found.type === 'DATE_TIME'
  const { lookup } = setting
  return {
    ...rules,
    options: optionsOf(found, setting),
    targets: lookup === null ? rules.targets : rules.targets.filter((target) => target === lookup.relatedEntity),
    lookup,
    defaultValue: null,
    placeholder: isDate ? datePrompt : null,
    help: null,
  }
}

/** What the org offers, and what the admin adds where the org restricts nothing (ruling 18). */
function optionsOf({ options, restricted, type }: FieldDescriptor, { values }: ExportField | BackendField) {
  if (restricted || type !== 'OPTION_SET' || values === null) return options
  const added = values.filter((value) => !options.some((option) => option.value === value))
  return [...options, ...added.map((value) => ({ value, label: value }))]
}

const lowest = (...limits: (number | null)[]) => {
  const given = limits.filter((limit) => limit !== null)
  return given.length === 0 ? null : Math.min(...given)
}

/** @param today what the field starts with where its setting asks for the current date */
export function toExportInput(
  found: FieldDescriptor,
  setting: ExportField,
  today: (type: 'DATE' | 'DATE_TIME') => string,
): FormFieldPlan {
  const input = toInput(found, setting)
  const { type } = found
  const isDate = type === 'DATE' || type === 'DATE_TIME'
  return {
    ...input,
    id: encodeId('FormField', `ExportField:${setting.id}`),
    settingId: encodeId('ExportField', setting.id),
    group: 'EXPORT',
    target: 'RECORD',
    required: setting.required || found.required,
    maxLength: lowest(found.maxLength, setting.maxLength),
    defaultValue: isDate && setting.useCurrentDate ? today(type) : null,
    placeholder: setting.useCurrentDate ? null : input.placeholder,
  }
}

/** Backend inputs are never required and have no limit of their own. */
export function toBackendInput(found: FieldDescriptor, setting: BackendField): FormFieldPlan {
  return {
    ...toInput(found, setting),
    id: encodeId('FormField', `BackendField:${setting.id}`),
    settingId: encodeId('BackendField', setting.id),
    group: 'BACKEND',
    target: setting.target,
    required: false,
  }
}

/** The setting that a field of a form comes from; null for a built-in field, and for anything else. */
export function settingOfFormField(nodeId: string): { typename: 'ExportField' | 'BackendField'; id: string } | null {
  const [typename, id, ...rest] = nodeId.split(':')
  if ((typename !== 'ExportField' && typename !== 'BackendField') || !id || rest.length > 0) return null
  return { typename, id }
}
