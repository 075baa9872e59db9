/** How long what an admin types may be. */
import type { Fault } from './fault.ts'

export const NAME_LENGTH = 128
export const LABEL_LENGTH = 100
export const VALUE_LENGTH = 4_000
export const SUFFIX_LENGTH = 100
/** As Salesforce has it. */
export const SUBJECT_LENGTH = 255
/** Values of one constant, and search fields of one look-up. */
export const LIST_LENGTH = 200
/** Of automatic chat push. */
export const MOST_RULES = 20
/** More characters than a field of either CRM takes. */
export const MOST_CHARACTERS = 1_048_576

/** Something must be there, and not too much. */
export function checkLength(path: readonly string[], text: string, most: number, fault: Fault): void {
  if (text === '') fault(path, 'This must be filled.')
  else checkOptional(path, text, most, fault)
}

export function checkOptional(path: readonly string[], text: string | null, most: number, fault: Fault): void {
  if (text !== null && text.length > most) fault(path, `This is too long: at most ${most} characters.`)
}
