/** Text that outgrows a CRM's field continues in a further activity (decision 2). Pure. */
import { endsInsideCharacter } from '../shared/cut-text.ts'
import type { Passage } from './transcript.ts'

/** What one activity holds. Its body is the opening, the passages and the ending, one line below the other. */
export interface Part {
  readonly opening: string | null
  readonly passages: readonly Passage[]
  readonly ending: string | null
}

export function bodyOf({ opening, passages, ending }: Part): string {
  return [opening, ...passages.map((passage) => passage.text), ending].filter((text) => text !== null).join('\n')
}

/**
 * Cuts at the borders of messages; one that is too long by itself is cut at the borders of its lines, and a line that is
 * too long between two characters, never inside one. Every body has at most `maxLength` UTF-16 units, which is the
 * strictest way in which either CRM counts. What is appended later leaves the parts before the last one as they are.
 *
 * @param opening first line of the first part
 * @param maxLength at least 200
 */
export function splitPassages(passages: readonly Passage[], maxLength: number, opening: string | null = null): Part[] {
  return fillParts([[]], passages, maxLength, opening)
}

/** Parts as they are, and more behind them: nothing moves from one part to another. */
export function extendParts(parts: readonly Part[], more: readonly Passage[], maxLength: number): Part[] {
  return fillParts(
    parts.map(({ passages }) => [...passages]),
    more,
    maxLength,
    parts[0]?.opening ?? null,
  )
}

/** Whether something that was in one part is in another one then. */
export function movesPassages(before: readonly Part[], after: readonly Part[]): boolean {
  return before.some((part, index) => {
    const kept = new Set(after[index]?.passages.map(identityOf))
    return part.passages.some((passage) => !kept.has(identityOf(passage)))
  })
}

/** Whether something new is in a part that another one follows. */
export function addsBeforeLast(before: readonly Part[], after: readonly Part[]): boolean {
  return before.slice(0, -1).some((part, index) => (after[index]?.passages.length ?? 0) > part.passages.length)
}

const identityOf = ({ arrival, text }: Passage) => `${arrival} ${text}`

function fillParts(
  parts: Passage[][],
  passages: readonly Passage[],
  maxLength: number,
  opening: string | null,
): Part[] {
  const longestPiece = maxLength - Math.max(frame(1, opening), frame(MANY, null))
  const last = parts.at(-1) ?? []
  let room = maxLength - frame(parts.length, parts.length === 1 ? opening : null)
  for (const { text } of last) room -= text.length + 1
  const startPart = () => {
    parts.push([])
    room = maxLength - frame(parts.length, null)
  }
  for (const passage of passages) {
    for (const piece of pieces(passage, longestPiece)) {
      const current = parts.at(-1) ?? []
      if (current.length > 0 && piece.text.length + 1 > room) startPart()
      const target = parts.at(-1) ?? []
      target.push(piece)
      room -= piece.text.length + 1
    }
  }
  return parts.map((part, index) => ({
    opening: index === 0 ? opening : openingOf(index + 1),
    passages: part,
    ending: index + 1 < parts.length ? endingOf(index + 2) : null,
  }))
}

/** No text has more parts than this: its number is as wide as any. */
const MANY = 99_999

const openingOf = (part: number) => `(part ${part}, continued)`
const endingOf = (part: number) => `(continues in part ${part})`

/** What is taken up besides passages: opening and ending, each with its line break. */
function frame(part: number, opening: string | null): number {
  const first = part === 1 ? opening : openingOf(part)
  return (first === null ? 0 : first.length + 1) + endingOf(part + 1).length + 1
}

/** A passage that fits, or as many as it takes. */
function pieces(passage: Passage, maxLength: number): Passage[] {
  if (passage.text.length <= maxLength) return [passage]
  const texts: string[] = []
  let text = ''
  for (const line of passage.text.split('\n')) {
    for (const piece of cutLine(line, maxLength)) {
      if (text !== '' && text.length + 1 + piece.length > maxLength) {
        texts.push(text)
        text = piece
      } else {
        text = text === '' ? piece : `${text}\n${piece}`
      }
    }
  }
  return [...texts, text].map((it) => ({ arrival: passage.arrival, text: it }))
}

function cutLine(line: string, maxLength: number): string[] {
  const cut: string[] = []
  let rest = line
  while (rest.length > maxLength) {
    const end = endsInsideCharacter(rest, maxLength) ? maxLength - 1 : maxLength
    cut.push(rest.slice(0, end))
    rest = rest.slice(end)
  }
  return [...cut, rest]
}
