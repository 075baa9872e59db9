import type { Journal } from './journal.ts'

/** One row. Never changed in place: an update puts another object. */
export type Row = Readonly<Record<string, unknown>>

/** One change, as it is journaled: a row put, a row removed, a counter moved. */
export type Change =
  | ['put', table: string, id: string, row: Row]
  | ['remove', table: string, id: string]
  | ['count', name: string, value: number]

/** A plain value as text; nothing for what is none. */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return value
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : ''
}

/** An emulated CRM's rows, in memory. With a journal every change outlives the process. */
export interface Store {
  /** The rows of a table by id, in the order in which they were first put. An unknown table is empty. */
  table(name: string): ReadonlyMap<string, Row>
  put(table: string, id: string, row: Row): void
  remove(table: string, id: string): void
  /**
   * The rows whose field equals the text, without regard to case. Answered from a hash index that is
   * built when a field is first asked for and kept from then on.
   */
  matching(table: string, field: string, text: string): ReadonlySet<Row>
  /** All or nothing: when the work throws, what it changed is undone. Nested, the inner one undoes its own part. */
  transaction<T>(work: () => T): T
  /** The next number of a counter, starting at 1. */
  nextNumber(name: string): number
  /** Back to the seed. */
  reset(): void
  close(): void
}

type Index = Map<string, Set<Row>>

const noRows: ReadonlySet<Row> = new Set()

/** What an index files a value under. */
function indexKey(value: unknown): string | undefined {
  const text = textOf(value)
  return text === '' && value !== '' ? undefined : text.toLowerCase()
}

/**
 * Fills a store from the seed, replays the journal over it, and journals what changes from then on.
 * The seed must put the same rows every time.
 */
export function createStore(seed: (store: Pick<Store, 'put' | 'nextNumber'>) => void, journal?: Journal): Store {
  const tables = new Map<string, Map<string, Row>>()
  const counters = new Map<string, number>()
  const indexes = new Map<string, Map<string, Index>>()
  /** The inverse of each change of the running transactions, oldest first. */
  const undo: (() => void)[] = []
  let pending: Change[] = []
  let depth = 0

  function rowsOf(name: string): Map<string, Row> {
    let rows = tables.get(name)
    if (!rows) {
      rows = new Map()
      tables.set(name, rows)
    }
    return rows
  }

  function fileUnder(index: Index, field: string, row: Row): void {
    const key = indexKey(row[field])
    if (key === undefined) return
    const rows = index.get(key)
    if (rows) rows.add(row)
    else index.set(key, new Set([row]))
  }

  function set(table: string, id: string, row: Row | undefined): void {
    const rows = rowsOf(table)
    const before = rows.get(id)
    if (row) rows.set(id, row)
    else rows.delete(id)
    for (const [field, index] of indexes.get(table) ?? []) {
      const key = before && indexKey(before[field])
      if (before && key !== undefined) index.get(key)?.delete(before)
      if (row) fileUnder(index, field, row)
    }
  }

  function apply(change: Change): void {
    if (change[0] === 'count') counters.set(change[1], change[2])
    else set(change[1], change[2], change[0] === 'put' ? change[3] : undefined)
  }

  function commit(change: Change, inverse: () => void): void {
    if (depth > 0) {
      undo.push(inverse)
      pending.push(change)
    } else {
      // First, so that what could not be kept has not happened.
      journal?.append([change])
    }
    apply(change)
  }

  const store: Store = {
    table: rowsOf,
    put(table, id, row) {
      const before = rowsOf(table).get(id)
      commit(['put', table, id, row], () => set(table, id, before))
    },
    remove(table, id) {
      const before = rowsOf(table).get(id)
      if (before) commit(['remove', table, id], () => set(table, id, before))
    },
    matching(table, field, text) {
      let fields = indexes.get(table)
      if (!fields) {
        fields = new Map()
        indexes.set(table, fields)
      }
      let index = fields.get(field)
      if (!index) {
        index = new Map()
        for (const row of rowsOf(table).values()) fileUnder(index, field, row)
        fields.set(field, index)
      }
      return index.get(text.toLowerCase()) ?? noRows
    },
    transaction(work) {
      const mark = undo.length
      depth += 1
      try {
        const result = work()
        if (depth === 1) {
          if (pending.length > 0) journal?.append(pending)
          undo.length = 0
          pending = []
        }
        return result
      } catch (error) {
        while (undo.length > mark) undo.pop()?.()
        pending.length = mark
        throw error
      } finally {
        depth -= 1
      }
    },
    nextNumber(name) {
      const value = (counters.get(name) ?? 0) + 1
      commit(['count', name, value], () => counters.set(name, value - 1))
      return value
    },
    reset() {
      load()
      journal?.rewrite([])
    },
    close() {
      journal?.close()
    },
  }

  function load(): void {
    tables.clear()
    counters.clear()
    indexes.clear()
    seed({
      put: (table, id, row) => set(table, id, row),
      nextNumber(name) {
        const value = (counters.get(name) ?? 0) + 1
        counters.set(name, value)
        return value
      },
    })
  }

  load()
  if (journal) {
    const changes = journal.read()
    for (const change of changes) apply(change)
    if (journal.isLarge()) journal.rewrite(latest(changes))
  }
  return store
}

/** The changes that still matter: the last one of each row and of each counter. */
function latest(changes: readonly Change[]): Change[] {
  const last = new Map<string, Change>()
  for (const change of changes) {
    const key = change[0] === 'count' ? `#${change[1]}` : `${change[1]}/${change[2]}`
    last.delete(key)
    last.set(key, change)
  }
  return [...last.values()]
}
