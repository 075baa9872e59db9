/** What differs between two settings documents, for people. Pure; a document that somebody wrote may hold anything. */
import { memberLabel } from './member-labels.ts'

export interface Difference {
  /** What it is about: "Export fields: Industry of account". */
  subject: string
  kind: 'ADDED' | 'REMOVED' | 'CHANGED' | 'MOVED'
  /** As text; null where there was none. */
  before: string | null
  after: string | null
}

type Members = Readonly<Record<string, unknown>>

const isMembers = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const isRows = (value: unknown): value is readonly Members[] => Array.isArray(value) && value.every(isMembers)
const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b)

/** @param after members that are left out count as unchanged where `partial` */
export function differencesOf(before: unknown, after: unknown, { partial = false } = {}): Difference[] {
  const old = isMembers(before) ? before : {}
  const now = isMembers(after) ? after : {}
  const names = Object.keys(partial ? now : { ...old, ...now })
  return names.flatMap((name) => memberDifferences(memberLabel(name), old[name], now[name]))
}

function memberDifferences(subject: string, before: unknown, after: unknown): Difference[] {
  if (same(before, after)) return []
  if (isRows(before ?? []) && isRows(after ?? []) && (isKeyed(before) || isKeyed(after))) {
    return rowDifferences(subject, isRows(before) ? before : [], isRows(after) ? after : [])
  }
  if (isMembers(before) && isMembers(after)) {
    return Object.keys({ ...before, ...after }).flatMap((name) =>
      memberDifferences(name === 'enabled' ? subject : `${subject}: ${memberLabel(name)}`, before[name], after[name]),
    )
  }
  return [{ subject, kind: 'CHANGED', before: textOf(before), after: textOf(after) }]
}

/** Rows that have a name of their own are told by it. */
const isKeyed = (rows: unknown) => isRows(rows) && rows.some(({ name }) => typeof name === 'string')

const keyOf = ({ target, entityType, name }: Members) => JSON.stringify([target ?? null, entityType ?? null, name])

function rowDifferences(list: string, before: readonly Members[], after: readonly Members[]): Difference[] {
  const old = new Map(before.map((row) => [keyOf(row), row]))
  const now = new Map(after.map((row) => [keyOf(row), row]))
  const subject = (row: Members) => `${list}: ${rowName(row)}`
  const removed = before
    .filter((row) => !now.has(keyOf(row)))
    .map((row): Difference => ({ subject: subject(row), kind: 'REMOVED', before: rowText(row), after: null }))
  const others = after.flatMap((row): Difference[] => {
    const known = old.get(keyOf(row))
    if (!known) return [{ subject: subject(row), kind: 'ADDED', before: null, after: rowText(row) }]
    const names = Object.keys({ ...known, ...row })
    return names.flatMap((name) => memberDifferences(`${subject(row)}, ${memberLabel(name)}`, known[name], row[name]))
  })
  const order = (rows: readonly Members[], among: ReadonlyMap<string, Members>) =>
    rows.filter((row) => among.has(keyOf(row))).map(rowName)
  const [was, is] = [order(before, now), order(after, old)]
  if (same(was, is)) return [...removed, ...others]
  return [
    ...removed,
    ...others,
    { subject: `${list}: order`, kind: 'MOVED', before: was.join(', '), after: is.join(', ') },
  ]
}

function rowName({ target, entityType, name }: Members): string {
  const owner = entityType ?? target
  return typeof owner === 'string' ? `${String(name)} of ${owner.toLowerCase()}` : String(name)
}

/** What is set of a row, but for what names it. */
function rowText(row: Members): string {
  const members = Object.entries(row).filter(([name]) => !['target', 'entityType', 'name'].includes(name))
  return members.map(([name, value]) => `${memberLabel(name)}: ${textOf(value) ?? 'none'}`).join(' · ')
}

function textOf(value: unknown): string | null {
  if (value === undefined || value === null || value === '') return null
  if (typeof value === 'boolean') return value ? 'On' : 'Off'
  if (Array.isArray(value)) return value.length === 0 ? null : value.map((it) => textOf(it) ?? 'none').join(', ')
  if (isMembers(value)) return rowTextOf(value)
  // FULL_NAME → Full name
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  if (!/^[A-Z]+(_[A-Z]+)*$/.test(text)) return text
  return text.slice(0, 1) + text.slice(1).toLowerCase().replaceAll('_', ' ')
}

function rowTextOf(members: Members): string {
  return Object.entries(members)
    .filter(([, value]) => textOf(value) !== null)
    .map(([name, value]) => `${memberLabel(name)} ${textOf(value)}`)
    .join(', ')
}
