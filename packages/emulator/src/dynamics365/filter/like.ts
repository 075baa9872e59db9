/** SQL's LIKE, which is what Dataverse makes of `contains`, `startswith` and `endswith` (crm-apis.md 1.5). */
import type { TextFunction } from './ast.ts'

type Piece =
  | { kind: 'any' }
  | { kind: 'one' }
  | { kind: 'text'; text: string }
  | { kind: 'set'; negated: boolean; test: (character: string) => boolean }

/**
 * Whether a text matches, without regard to case. In the value `%` stands for any text, `_` for one character,
 * `[a-z]` and `[^a-z]` for one of a set; in brackets a character stands for itself.
 */
export function createLike(name: TextFunction, value: string): (text: string) => boolean {
  const pieces = parsePattern(value.toLowerCase())
  if (name !== 'startswith') pieces.unshift({ kind: 'any' })
  if (name !== 'endswith') pieces.push({ kind: 'any' })
  const plain = asPlainParts(pieces)
  if (plain) return (text) => matchesPlain(plain, text.toLowerCase())
  return (text) => matches(pieces, text.toLowerCase())
}

function parsePattern(pattern: string): Piece[] {
  const pieces: Piece[] = []
  for (let at = 0; at < pattern.length; at += 1) {
    const character = pattern.charAt(at)
    const close = character === '[' ? pattern.indexOf(']', at + 2) : -1
    if (character === '%') pieces.push({ kind: 'any' })
    else if (character === '_') pieces.push({ kind: 'one' })
    else if (close !== -1) {
      pieces.push(parseSet(pattern.slice(at + 1, close)))
      at = close
    } else {
      const last = pieces.at(-1)
      if (last?.kind === 'text') last.text += character
      else pieces.push({ kind: 'text', text: character })
    }
  }
  return pieces
}

function parseSet(inside: string): Piece {
  const negated = inside.startsWith('^') && inside.length > 1
  const members = negated ? inside.slice(1) : inside
  if (!negated && members.length === 1) return { kind: 'text', text: members }
  const singles = new Set<string>()
  const ranges: [from: string, to: string][] = []
  for (let at = 0; at < members.length; at += 1) {
    const from = members.charAt(at)
    const to = members[at + 1] === '-' ? members[at + 2] : undefined
    if (to === undefined) singles.add(from)
    else {
      ranges.push([from, to])
      at += 2
    }
  }
  return {
    kind: 'set',
    negated,
    test: (character) => singles.has(character) || ranges.some(([from, to]) => character >= from && character <= to),
  }
}

interface PlainParts {
  parts: readonly string[]
  anchoredStart: boolean
  anchoredEnd: boolean
}

/** The common case: literal texts with `%` between them needs nothing but searching for one after the other. Never anchored at both ends. */
function asPlainParts(pieces: readonly Piece[]): PlainParts | undefined {
  const parts: string[] = []
  let joined = false
  for (const piece of pieces) {
    if (piece.kind === 'any') joined = false
    else if (piece.kind === 'text') {
      if (joined) parts[parts.length - 1] += piece.text
      else parts.push(piece.text)
      joined = true
    } else return undefined
  }
  return { parts, anchoredStart: pieces[0]?.kind === 'text', anchoredEnd: pieces.at(-1)?.kind === 'text' }
}

function matchesPlain({ parts, anchoredStart, anchoredEnd }: PlainParts, text: string): boolean {
  let at = 0
  for (let index = 0; index < parts.length; index += 1) {
    const part = parts[index] as string
    const isLast = index === parts.length - 1
    if (index === 0 && anchoredStart) {
      if (!text.startsWith(part)) return false
      at = part.length
    } else if (isLast && anchoredEnd) {
      return text.length - part.length >= at && text.endsWith(part)
    } else {
      const found = text.indexOf(part, at)
      if (found === -1) return false
      at = found + part.length
    }
  }
  return true
}

/** Goes back to the last `%` only, so that no pattern costs more than text times pattern. */
function matches(pieces: readonly Piece[], text: string): boolean {
  let at = 0
  let piece = 0
  let retryPiece = -1
  let retryAt = 0
  for (;;) {
    const current = pieces[piece]
    if (!current && at === text.length) return true
    if (current?.kind === 'any') {
      retryPiece = piece + 1
      retryAt = at
      piece += 1
      continue
    }
    const taken = current ? lengthAt(current, text, at) : -1
    if (taken !== -1) {
      at += taken
      piece += 1
    } else if (retryPiece !== -1 && retryAt < text.length) {
      retryAt += 1
      at = retryAt
      piece = retryPiece
    } else return false
  }
}

function lengthAt(piece: Exclude<Piece, { kind: 'any' }>, text: string, at: number): number {
  if (piece.kind === 'text') return text.startsWith(piece.text, at) ? piece.text.length : -1
  if (at >= text.length) return -1
  if (piece.kind === 'one') return 1
  return piece.test(text.charAt(at)) !== piece.negated ? 1 : -1
}
