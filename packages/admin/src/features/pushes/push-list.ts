/** The list of pushes as it is shown while pushes change. Pure. */
import type { PushRow_PushFragment, PushStatus } from '../../graphql/generated/graphql.ts'

/** How many pushes are in a state, whatever states are shown. */
export interface PushCount {
  status: PushStatus
  count: number
}

export interface PushList {
  /** The newest first. */
  rows: readonly PushRow_PushFragment[]
  /** Behind the last row; null where there is none. */
  endCursor: string | null
  hasMore: boolean
}

/** Puts the newest page, read anew, in the place of its rows; what was loaded behind it stays. */
export function withHead(list: PushList | null, head: PushList): PushList {
  const fresh = new Set(head.rows.map(({ id }) => id))
  const last = head.rows.at(-1)
  const isContinued = list?.rows.some(({ id }) => fresh.has(id)) ?? false
  if (!list || !last || !isContinued) return head
  const older = list.rows.filter((row) => !fresh.has(row.id) && isOlder(row, last))
  if (older.length === 0) return head
  return { rows: [...head.rows, ...older], endCursor: list.endCursor, hasMore: list.hasMore }
}

/** Adds the page behind the last row. */
export function withPage(list: PushList, page: PushList): PushList {
  const known = new Set(list.rows.map(({ id }) => id))
  return { ...page, rows: [...list.rows, ...page.rows.filter(({ id }) => !known.has(id))] }
}

/** Puts a push that has changed in its place. One that is not shown is not added: the newest page is read anew. */
export function withPush(list: PushList, push: PushRow_PushFragment): PushList {
  return { ...list, rows: list.rows.map((row) => (row.id === push.id ? push : row)) }
}

/** Shows a state before the server says so. */
export function withStatus(list: PushList, id: string, status: PushStatus): PushList {
  return { ...list, rows: list.rows.map((row) => (row.id === id ? { ...row, status } : row)) }
}

type Place = Pick<PushRow_PushFragment, 'id' | 'createdAt'>

const isOlder = (row: Place, other: Place) =>
  row.createdAt < other.createdAt || (row.createdAt === other.createdAt && row.id < other.id)
