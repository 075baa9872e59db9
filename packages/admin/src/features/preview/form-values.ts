/** What is entered into forms of the preview, and what becomes of it. Pure. */
import type { FieldValueInput, FormInput_FieldFragment } from '../../graphql/generated/graphql.ts'

type Field = Pick<FormInput_FieldFragment, 'id' | 'type' | 'multiple' | 'defaultValue'>

/** By the id of the field; what was not touched is not there. */
export type Entered = Readonly<Record<string, readonly string[]>>

/** What an input shows: what was entered, or what the form starts with. */
export function shownValues({ id, defaultValue }: Field, entered: Entered): readonly string[] {
  return entered[id] ?? (defaultValue ? [defaultValue] : [])
}

/** What an agent would send of these fields: nothing of those that are empty. */
export function toFieldValues(fields: readonly Field[], entered: Entered): FieldValueInput[] {
  return fields.flatMap((field): FieldValueInput[] => {
    const values = shownValues(field, entered).filter((value) => value.trim() !== '')
    const [value] = values
    if (value === undefined) return []
    return field.multiple ? [{ fieldId: field.id, values: [...values] }] : [{ fieldId: field.id, value }]
  })
}

/** A moment as an input of the browser takes it: in the browser's own zone, to the minute. */
export function toLocalMoment(value: string): string {
  const at = new Date(value)
  if (Number.isNaN(at.getTime())) return ''
  const local = new Date(at.getTime() - at.getTimezoneOffset() * 60_000)
  return local.toISOString().slice(0, 16)
}

/** ISO 8601 with its zone. */
export function fromLocalMoment(local: string): string {
  return local === '' ? '' : new Date(local).toISOString()
}
