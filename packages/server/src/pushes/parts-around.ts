/** Text in several parts, one of which is not ours to change any more: the others give way (decision 2). Pure. */
import { extendParts, type Part } from './split.ts'

export interface PartsAround {
  /** What was delivered last. */
  before: readonly Part[]
  /** What should be there, where text may move from one part to another. */
  wanted: readonly Part[]
  /**
   * The parts that stay as they are, by index: a person wrote there, closed it or deleted it. Each with whether it holds
   * what is wanted already, rather than what was there before.
   */
  fixed: ReadonlyMap<number, 'BEFORE' | 'WANTED'>
  maxLength: number
}

/** Each message once: those of a fixed part stay there, the others where they were, and new ones come behind them all. */
export function partsAround({ before, wanted, fixed, maxLength }: PartsAround): Part[] {
  const kept = before.map((part, index) => (fixed.get(index) === 'WANTED' ? (wanted[index] ?? part) : part))
  const inFixed = new Set(
    [...fixed.keys()].flatMap((index) => kept[index]?.passages.map((passage) => passage.arrival) ?? []),
  )
  const cleared = kept.map((part, index) =>
    fixed.has(index) ? part : { ...part, passages: part.passages.filter(({ arrival }) => !inFixed.has(arrival)) },
  )
  const placed = new Set(cleared.flatMap((part) => part.passages.map(({ arrival }) => arrival)))
  const all = wanted.flatMap((part) => part.passages)
  return extendParts(
    cleared,
    all.filter(({ arrival }) => !placed.has(arrival)),
    maxLength,
  )
}
