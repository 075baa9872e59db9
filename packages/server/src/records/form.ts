/**
 * The form plan (decision 1): what the agent sees when a record is made, and, from the same plan, the check of what
 * comes back, so that form and check cannot differ. Pure.
 */
import type {
  DefaultFieldDescriptor,
  EntityDescriptor,
  FieldDescriptor,
  FieldType,
  FieldValue,
} from '@backchannel/providers'
import type { DefaultFieldSnapshot, EntityTypeSnapshot } from '../integrations/snapshot.ts'
import type { FieldError } from '../shared/errors.ts'
import { encodeId } from '../shared/global-id.ts'
import { checkValue } from './field-value.ts'

export interface FormFieldPlan {
  /** Opaque, the same for the same field. */
  readonly id: string
  /** The CRM's own field name. */
  readonly name: string
  readonly label: string
  readonly type: FieldType
  readonly group: 'DEFAULT'
  readonly required: boolean
  readonly multiple: boolean
  readonly maxLength: number | null
  readonly minimum: number | null
  readonly maximum: number | null
  readonly precision: number | null
  readonly options: readonly { value: string; label: string }[]
  /** Another value than the options is refused. */
  readonly restricted: boolean
  readonly defaultValue: string | null
}

export interface FormPlan {
  readonly submitLabel: string
  readonly fields: readonly FormFieldPlan[]
  /** What an admin should know: a field that the org does not have. */
  readonly notes: readonly string[]
}

/** What is known of a visitor, as it pre-fills a form. */
export interface VisitorValues {
  readonly firstName?: string | null | undefined
  readonly lastName?: string | null | undefined
  readonly fullName?: string | null | undefined
  readonly phone?: string | null | undefined
  readonly email?: string | null | undefined
  readonly accountId?: string | null | undefined
}

export interface FormInput {
  entityType: Pick<EntityTypeSnapshot, 'id' | 'kind' | 'displayName'>
  defaultFields: readonly DefaultFieldDescriptor[]
  switches: readonly DefaultFieldSnapshot[]
  metadata: EntityDescriptor
  visitor: VisitorValues | null
}

export function planForm({ entityType, defaultFields, switches, metadata, visitor }: FormInput): FormPlan {
  const inOrg = new Map(metadata.fields.map((field) => [field.name, field]))
  const fields: FormFieldPlan[] = []
  const notes: string[] = []
  for (const builtIn of defaultFields) {
    if (builtIn.kind !== entityType.kind) continue
    const found = inOrg.get(builtIn.name)
    if (found === undefined) {
      notes.push(
        `${builtIn.label} is left out: the org has no field ${builtIn.name}, or our user there may not see it.`,
      )
      continue
    }
    const demanded = builtIn.demandedByCrm || found.required
    const chosen = switchesOf(builtIn, switches)
    // Hidden wins over required, except where the CRM itself demands the field.
    if (!demanded && !chosen.showOnForm) continue
    fields.push(toFormField(entityType.id, builtIn, found, demanded || chosen.required, visitor))
  }
  return { submitLabel: `Save ${entityType.displayName}`, fields, notes }
}

function switchesOf(builtIn: DefaultFieldDescriptor, switches: readonly DefaultFieldSnapshot[]) {
  const stored = switches.find((it) => it.kind === builtIn.kind && it.name === builtIn.name)
  return builtIn.switchable && stored ? stored : { required: false, showOnForm: true }
}

function toFormField(
  entityTypeId: string,
  builtIn: DefaultFieldDescriptor,
  found: FieldDescriptor,
  required: boolean,
  visitor: VisitorValues | null,
): FormFieldPlan {
  return {
    id: encodeId('FormField', `${entityTypeId}:${builtIn.name}`),
    name: builtIn.name,
    label: builtIn.label,
    type: found.options.length > 0 ? found.type : builtIn.type,
    group: 'DEFAULT',
    required,
    multiple: found.type === 'MULTI_OPTION_SET',
    maxLength: found.maxLength,
    minimum: found.minimum,
    maximum: found.maximum,
    precision: found.precision,
    options: found.options,
    restricted: found.restricted,
    defaultValue: visitor && prefill(builtIn, visitor, found.maxLength),
  }
}

function prefill(builtIn: DefaultFieldDescriptor, visitor: VisitorValues, maxLength: number | null): string | null {
  const names = splitName(visitor)
  const value = {
    FIRST_NAME: names.firstName,
    LAST_NAME: names.lastName,
    FULL_NAME: names.fullName,
    PHONE: visitor.phone,
    EMAIL: visitor.email,
    NONE: null,
  }[builtIn.prefill ?? 'NONE']
  // A value that the field cannot hold would only be refused when it comes back.
  return value && (maxLength === null || value.length <= maxLength) ? value : null
}

/** the last word of a full name is the last name, the rest the first name; a single word is the last name. */
export function splitName(visitor: VisitorValues): {
  firstName: string | null
  lastName: string | null
  fullName: string | null
} {
  const given = [visitor.firstName, visitor.lastName].map((name) => name?.trim() || null)
  const fullName = visitor.fullName?.trim() || given.filter(Boolean).join(' ') || null
  if (given.some(Boolean)) return { firstName: given[0] ?? null, lastName: given[1] ?? null, fullName }
  const words = fullName?.split(/\s+/) ?? []
  return { firstName: words.slice(0, -1).join(' ') || null, lastName: words.at(-1) ?? null, fullName }
}

// ------------------------------------------------------------------------------------------------ what comes back

export interface FieldValueInput {
  fieldId?: string | null | undefined
  name?: string | null | undefined
  value?: string | null | undefined
  values?: readonly string[] | null | undefined
}

/** Checks what came back against the plan. Either the values to write, or every fault with the path of its input. */
export function readForm(
  plan: FormPlan,
  inputs: readonly FieldValueInput[],
): { values: FieldValue[]; faults: FieldError[] } {
  const values: FieldValue[] = []
  const faults: FieldError[] = []
  const seen = new Set<string>()
  inputs.forEach((input, index) => {
    const field = plan.fields.find((it) => (input.fieldId ? it.id === input.fieldId : it.name === input.name))
    const path = ['input', 'values', String(index), field?.name ?? input.name ?? 'fieldId']
    if (field === undefined) {
      faults.push({ path, message: 'This form has no such field. Take names or ids from recordForm.' })
    } else if (seen.has(field.name)) {
      faults.push({ path, message: `${field.label} is given twice.` })
    } else {
      seen.add(field.name)
      const { value, fault } = checkValue(field, input)
      if (fault !== null) faults.push({ path, message: fault })
      else if (value !== null) values.push(value)
      else if (field.required) faults.push({ path, message: `${field.label} is required.` })
    }
  })
  for (const field of plan.fields) {
    if (!field.required || seen.has(field.name)) continue
    faults.push({ path: ['input', 'values', field.name], message: `${field.label} is required.` })
  }
  return { values, faults }
}
