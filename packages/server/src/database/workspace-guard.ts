/**
 * Every row but those of signing in belongs to a workspace. A query that could reach the rows of more than one is refused
 * here, whoever wrote it (docs/decisions/0013-a-query-names-its-workspace.md).
 */
import { Prisma, type PrismaClient } from '../generated/prisma/client.ts'
import { namesWorkspace } from './names-workspace.ts'

/** The models that have a `workspaceId`, as the client calls them: `pushActivity`. */
export const workspaceModels: ReadonlySet<string> = new Set(
  Object.entries(Prisma).flatMap(([name, value]) => {
    const [, model] = /^(\w+)ScalarFieldEnum$/.exec(name) ?? []
    return model && typeof value === 'object' && 'workspaceId' in value ? [delegateOf(model)] : []
  }),
)

const unguarded = new WeakMap<PrismaClient, PrismaClient>()

/** The same client, which refuses what names no workspace. So do its transactions. */
export function guardWorkspaces(prisma: PrismaClient): PrismaClient {
  const guarded = guardClient(prisma)
  unguarded.set(guarded, prisma)
  return guarded
}

/**
 * For what serves all workspaces (the queue, the log of events, upkeep) or has yet to find out which one it is (signing in),
 * and for SQL of our own. `npm run boundaries` lists by name who may ask for it.
 */
export function acrossWorkspaces(prisma: PrismaClient): PrismaClient {
  return unguarded.get(prisma) ?? prisma
}

function guardClient<Client extends Prisma.TransactionClient>(client: Client): Client {
  const delegates = new Map<string, object>()
  return new Proxy(client, {
    get(_target, property) {
      const value: unknown = Reflect.get(client, property)
      if (typeof property !== 'string') return value
      if (property === '$transaction') return (...given: unknown[]) => inGuardedTransaction(value, client, given)
      if (/^\$(queryRaw|executeRaw|extends)/.test(property)) throw refusal(property)
      if (!workspaceModels.has(property) || !isObject(value)) return value
      const known = delegates.get(property) ?? guardDelegate(property, value)
      delegates.set(property, known)
      return known
    },
  })
}

function guardDelegate(model: string, delegate: object): object {
  return new Proxy(delegate, {
    get(_target, operation) {
      const run: unknown = Reflect.get(delegate, operation)
      if (typeof run !== 'function' || typeof operation !== 'string') return run
      return (args: unknown) => {
        if (!namesWorkspace(operation, args)) throw refusal(`${model}.${operation}`)
        return Reflect.apply(run, delegate, [args])
      }
    },
  })
}

/** A transaction of several statements is guarded through its client, one of ready statements was so when they were made. */
function inGuardedTransaction(start: unknown, client: object, [work, ...options]: unknown[]): unknown {
  if (typeof start !== 'function') return undefined
  if (typeof work !== 'function') return Reflect.apply(start, client, [work, ...options])
  const guarded = (transaction: Prisma.TransactionClient) => Reflect.apply(work, undefined, [guardClient(transaction)])
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
