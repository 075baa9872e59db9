/** The check of what comes back from a form, made from the very fields that were shown (decision 1). Pure. */
import type { FieldValue } from '@backchannel/providers'
import type { FieldError } from '../shared/errors.ts'
import { checkValue } from './field-value.ts'
import type { FormFieldPlan } from './form-field.ts'

export interface FieldValueInput {
  /** The form field's id; or `name`, where that is plain. */
  fieldId?: string | null | undefined
  name?: string | null | undefined
  value?: string | null | undefined
  values?: readonly string[] | null | undefined
}

export interface GivenField {
  readonly field: FormFieldPlan
  readonly value: FieldValue
  readonly input: FieldValueInput
  /** Of the input. */
  readonly path: readonly string[]
}

export interface GivenFields {
  /** Only what holds something. */
  readonly given: readonly GivenField[]
  /** What names none of the fields, with its place among the inputs. */
  readonly unknown: readonly { input: FieldValueInput; path: readonly string[] }[]
  readonly faults: readonly FieldError[]
}

/** What is wrong with an input that names none of the fields. */
export function unknownTo(form: string, { fieldId, name }: FieldValueInput): string {
  return fieldId || !name ? `${form} has no field of this id.` : `${form} has no field ${name}.`
}

/** The field that an input names; the first of them, where a name stands for two. */
function findField(fields: readonly FormFieldPlan[], { fieldId, name }: FieldValueInput): FormFieldPlan | null {
  return fields.find((field) => (fieldId ? field.id === fieldId : field.name === name)) ?? null
}

/**
 * Reads what was given for these fields. Whether required ones are missing is `missingFields`' to say.
 *
 * @param path of the list of inputs: `['input', 'values']`
 */
export function readFields(
  fields: readonly FormFieldPlan[],
  inputs: readonly FieldValueInput[],
  path: readonly string[],
): GivenFields {
  const given: GivenField[] = []
  const unknown: { input: FieldValueInput; path: readonly string[] }[] = []
  const faults: FieldError[] = []
  const seen = new Set<string>()
  inputs.forEach((input, index) => {
    const field = findField(fields, input)
    const place = [...path, String(index), field?.name ?? input.name ?? 'fieldId']
    if (field === null) {
      unknown.push({ input, path: place })
    } else if (seen.has(field.id)) {
      faults.push({ path: place, message: `${field.label} is given twice.` })
    } else {
      seen.add(field.id)
      const { value, fault } = checkValue(field, input)
      if (fault !== null) faults.push({ path: place, message: fault })
      else if (value !== null) given.push({ field, value, input, path: place })
      else if (field.required) faults.push({ path: place, message: `${field.label} is required.` })
    }
  })
  return { given, unknown, faults }
}

/** Required fields that none of the inputs names. */
export function missingFields(
  fields: readonly FormFieldPlan[],
  inputs: readonly FieldValueInput[],
  path: readonly string[],
): FieldError[] {
  const named = new Set(inputs.map((input) => findField(fields, input)))
  return fields
    .filter((field) => field.required && !named.has(field))
    .map((field) => ({ path: [...path, field.name], message: `${field.label} is required.` }))
}
