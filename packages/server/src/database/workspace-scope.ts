/**
 * Whose rows a statement on PostgreSQL reaches (docs/decisions/0017-a-second-wall-between-workspaces.md). The guard says it
 * while a query runs, Prisma's client writes it behind the statements that come of it, as a comment, and the connection takes
 * the comment off and sets it (`scoped-connections.ts`). What runs in between knows no caller: connections are waited for.
 */
import { AsyncLocalStorage } from 'node:async_hooks'
import type { SqlCommenterPlugin } from '@prisma/client/runtime/client'

/** What a client says that serves all workspaces. */
export const tellEverywhere: SqlCommenterPlugin = () => ({ [TAG]: '*' })

/** What a client says that serves one workspace at a time: the one that the query names. */
export const tellNamed: SqlCommenterPlugin = () => ({ [TAG]: scopeOf(running.getStore() ?? []) })

/** A statement, and what a client wrote behind it; empty where that is nothing: then it reaches no row. */
export function readScope(statement: string): { text: string; scope: string } {
  const found = COMMENT.exec(statement)
  return {
    text: found ? statement.slice(0, found.index).trimEnd() : statement,
    scope: decodeURIComponent(found?.[1] ?? ''),
  }
}

/**
 * The same query, which reaches the rows of these workspaces alone.
 *
 * @param query of Prisma: it begins when it is awaited, or together with others in a `$transaction`
 * @param gathered Prisma asks for things by their keys together with whatever else is asked for by key at the moment
 */
export function reachOnly(query: object, ids: readonly string[], gathered: boolean): object {
  let begun = false
  /** A query goes on as it was begun, whoever waits for it afterwards. */
  function begin(): void {
    const then: unknown = Reflect.get(query, 'then')
    if (begun || typeof then !== 'function') return
    begun = true
    const run = () =>
      new Promise<void>((resolve) => void Reflect.apply(then, query, [() => resolve(), () => resolve()]))
    void (gathered ? runGathered(ids, run) : running.run(ids, run))
  }
  return new Proxy(query, {
    get(_target, property) {
      const value: unknown = Reflect.get(query, property)
      if (typeof value !== 'function') return value
      return (...given: unknown[]) => {
        if (property === 'requestTransaction') return runGathered(ids, async () => Reflect.apply(value, query, given))
        begin()
        return Reflect.apply(value, query, given)
      }
    },
  })
}

const running = new AsyncLocalStorage<Iterable<string>>()
/** The workspaces of the queries that may be gathered now, each as often as there are queries. */
const gathering = new Map<string, number>()

/** Of queries that are gathered, only one is known to have begun it: each reaches what all of them name. */
async function runGathered<T>(ids: readonly string[], run: () => Promise<T>): Promise<T> {
  for (const id of ids) gathering.set(id, (gathering.get(id) ?? 0) + 1)
  try {
    return await running.run({ [Symbol.iterator]: () => gathering.keys() }, run)
  } finally {
    for (const id of ids) {
      const left = (gathering.get(id) ?? 1) - 1
      if (left > 0) gathering.set(id, left)
      else gathering.delete(id)
    }
  }
}

const TAG = 'workspace'
const COMMENT = /\/\*workspace='([^']*)'\*\/$/

function scopeOf(ids: Iterable<string>): string {
  const distinct = [...new Set(ids)].sort()
  for (const id of distinct) if (!/^[\w-]+$/.test(id)) throw new Error(`"${id}" is no id of a workspace`)
  return distinct.join(' ')
}
