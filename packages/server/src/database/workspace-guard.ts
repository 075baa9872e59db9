/**
 * Every row but those of signing in belongs to a workspace. A query that could reach the rows of more than one is refused
 * here, whoever wrote it (docs/decisions/0013-a-query-names-its-workspace.md).
 */
import { Prisma, type PrismaClient } from '../generated/prisma/client.ts'
import { idsOf, namedWorkspaces } from './names-workspace.ts'
import { reachOnly } from './workspace-scope.ts'

/** The models that have a `workspaceId`, as the client calls them: `pushActivity`. */
export const workspaceModels: ReadonlySet<string> = new Set(
  Object.entries(Prisma).flatMap(([name, value]) => {
    const [, model] = /^(\w+)ScalarFieldEnum$/.exec(name) ?? []
    return model && typeof value === 'object' && 'workspaceId' in value ? [delegateOf(model)] : []
  }),
)

interface Unguarded {
  readonly prisma: PrismaClient
  readonly everywhere: PrismaClient
}

const unguarded = new WeakMap<PrismaClient, Unguarded>()

/**
 * The same client, which refuses what names no workspace. So do its transactions.
 *
 * @param everywhere what `acrossWorkspaces` gives for it: on PostgreSQL the database itself holds the other one to the
 *   workspaces that its queries name
 */
export function guardWorkspaces(prisma: PrismaClient, everywhere = prisma): PrismaClient {
  const guarded = guardClient(prisma, everywhere !== prisma)
  unguarded.set(guarded, { prisma, everywhere })
  return guarded
}

/** The same again, with every query passing through `change` too, within a workspace or across them. For tests. */
export function guardedThrough(guarded: PrismaClient, change: (client: PrismaClient) => PrismaClient): PrismaClient {
  const { prisma, everywhere } = unguarded.get(guarded) ?? { prisma: guarded, everywhere: guarded }
  return guardWorkspaces(change(prisma), change(everywhere))
}

/**
 * For what serves all workspaces (the queue, the log of events, upkeep) or has yet to find out which one it is (signing in),
 * and for SQL of our own. `npm run boundaries` lists by name who may ask for it.
 */
export function acrossWorkspaces(prisma: PrismaClient): PrismaClient {
  return unguarded.get(prisma)?.everywhere ?? prisma
}

/** @param walls whether the database wants to know which workspace a query names */
function guardClient<Client extends Prisma.TransactionClient>(client: Client, walls: boolean): Client {
  const delegates = new Map<string, object>()
  return new Proxy(client, {
    get(_target, property) {
      const value: unknown = Reflect.get(client, property)
      if (typeof property !== 'string') return value
      if (property === '$transaction') return (...given: unknown[]) => inGuardedTransaction(value, client, walls, given)
      if (/^\$(queryRaw|executeRaw|extends)/.test(property)) throw refusal(property)
      if (!isObject(value) || !(workspaceModels.has(property) || (walls && property === 'workspace'))) return value
      const known = delegates.get(property) ?? guardDelegate(property, value, walls)
      delegates.set(property, known)
      return known
    },
  })
}

function guardDelegate(model: string, delegate: object, walls: boolean): object {
  return new Proxy(delegate, {
    get(_target, operation) {
      const run: unknown = Reflect.get(delegate, operation)
      if (typeof run !== 'function' || typeof operation !== 'string') return run
      return (args: unknown) => {
        const ids = model === 'workspace' ? idsOf(args) : namedWorkspaces(operation, args)
        if (ids === null) throw refusal(`${model}.${operation}`)
        const query: unknown = Reflect.apply(run, delegate, [args])
        return walls && isObject(query) ? reachOnly(query, ids, operation.startsWith('findUnique')) : query
      }
    },
  })
}

/** A transaction of several statements is guarded through its client, one of ready statements was so when they were made. */
function inGuardedTransaction(start: unknown, client: object, walls: boolean, [work, ...options]: unknown[]): unknown {
  if (typeof start !== 'function') return undefined
  if (typeof work !== 'function') return Reflect.apply(start, client, [work, ...options])
  const guarded = (transaction: Prisma.TransactionClient) =>
    Reflect.apply(work, undefined, [guardClient(transaction, walls)])
  return Reflect.apply(start, client, [guarded, ...options])
}

function refusal(what: string): Error {
  return new Error(
    `${what} names no workspace: give it a workspaceId or, where it has to reach all of them, ask acrossWorkspaces`,
  )
}

function delegateOf(model: string): string {
  return model.charAt(0).toLowerCase() + model.slice(1)
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}
