/** What to do about an activity that is in the CRM already: three ways, between base, theirs and ours (decision 2). Pure. */
import { bodyOf, type Part } from './split.ts'

export interface ReconcileInput {
  /** The text that the CRM holds now. */
  held: string
  /** What should be there. */
  part: Part
  /** Hashes of texts that are ours alone: what we last wrote, and what attempts of unknown outcome meant to write. */
  ours: readonly string[]
  /** A person wrote into it before: never replace. */
  shared: boolean
  /** Messages up to this one were confirmed to be there before; a person may have changed them since. */
  delivered: number
  /** Of the CRM's field. */
  maxLength: number
  hash: (text: string) => string
}

export type Reconciliation =
  | { kind: 'DONE' }
  /** The text is ours alone: write it whole. */
  | { kind: 'REPLACE'; body: string }
  /** A person wrote there: their text stays, followed by what is missing. */
  | { kind: 'ADD'; body: string }
  /** What is missing does not fit behind what a person wrote. */
  | { kind: 'FULL' }

export function reconcile({ held, part, ours, shared, delivered, maxLength, hash }: ReconcileInput): Reconciliation {
  const body = bodyOf(part)
  const heldHash = hash(held)
  if (heldHash === hash(body)) return { kind: 'DONE' }
  if (!shared && ours.includes(heldHash)) return { kind: 'REPLACE', body }
  const missing = missingPassages(held, part).filter((passage) => passage.arrival > delivered)
  if (missing.length === 0) return { kind: 'DONE' }
  const added = [held.trimEnd(), ...missing.map((passage) => passage.text)].join('\n')
  return added.length > maxLength ? { kind: 'FULL' } : { kind: 'ADD', body: added }
}

/**
 * The passages that a text does not hold. An attempt whose answer was lost may have written them, so they are looked for;
 * where several read the same, each must be there by itself.
 */
export function missingPassages(held: string, part: Part): Part['passages'] {
  const heldLines = linesOf(held)
  const wanted = new Map<string, number>()
  return part.passages.filter(({ text }) => {
    const lines = linesOf(text)
    const key = lines.join('\n')
    const ordinal = (wanted.get(key) ?? 0) + 1
    wanted.set(key, ordinal)
    return occurrences(heldLines, lines) < ordinal
  })
}

function occurrences(held: readonly string[], wanted: readonly string[]): number {
  let count = 0
  for (let start = 0; start + wanted.length <= held.length; start++) {
    if (wanted.every((line, index) => held[start + index] === line)) count++
  }
  return count
}

/** A CRM may change blanks, line ends and empty lines of what it keeps; nothing of that is a difference. */
function linesOf(text: string): string[] {
  return text
    .split(/\r\n|[\n\r]/u)
    .map((line) => line.replaceAll(/\s+/gu, ' ').trim())
    .filter((line) => line !== '')
}

/** Text as it is compared: what a CRM's own tidying does not change. */
export function comparableText(text: string): string {
  return linesOf(text).join('\n')
}
