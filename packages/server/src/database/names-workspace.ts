/** Whether a query says whose rows it is about. Pure. */

/**
 * The workspaces whose rows it is about; null where it could reach the rows of others too.
 *
 * @param operation Prisma's name of it: `findMany`, `create`, …
 * @param args what it was asked with
 */
export function namedWorkspaces(operation: string, args: unknown): string[] | null {
  const { where, data } = asObject(args)
  const ids = operation.startsWith('create') ? rowsOf(data).map((row) => asObject(row)['workspaceId']) : [pinned(where)]
  return ids.every(isId) ? ids : null
}

/** The same for a query about workspaces themselves. */
export function idsOf(args: unknown): string[] {
  const { where, data } = asObject(args)
  return [where, ...rowsOf(data)].map((part) => asObject(part)['id']).filter(isId)
}

/**
 * Lets only rows of this workspace through, and has none looked for by it: with a list of ids beside it, SQLite would
 * otherwise read the whole workspace.
 */
export const alsoIn = (workspaceId: string) => ({ NOT: { workspaceId: { not: workspaceId } } })

/** The one workspace whose rows a filter lets through. */
function pinned(where: unknown): unknown {
  const { workspaceId, AND, NOT, ...others } = asObject(where)
  // A key of several columns: `workspaceId_idempotencyKey: { … }`.
  const keys = Object.entries(others).filter(([name]) => /^workspaceId_/.test(name))
  const named = [
    workspaceId,
    alsoInOf(NOT),
    ...(Array.isArray(AND) ? AND : [AND]).filter((part) => part !== undefined).map(pinned),
    ...keys.map(([, key]) => asObject(key)['workspaceId']),
  ]
  return named.find(isId)
}

function alsoInOf(not: unknown): unknown {
  const { workspaceId, ...others } = asObject(not)
  return Object.keys(others).length === 0 ? asObject(workspaceId)['not'] : undefined
}

const rowsOf = (data: unknown): unknown[] => (Array.isArray(data) ? data : [data])

const isId = (value: unknown): value is string => typeof value === 'string' && value !== ''

function asObject(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}
