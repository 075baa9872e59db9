/** Whether a query says whose rows it is about. Pure. */

/**
 * @param operation Prisma's name of it: `findMany`, `create`, …
 * @param args what it was asked with
 */
export function namesWorkspace(operation: string, args: unknown): boolean {
  const { where, data } = asObject(args)
  if (!operation.startsWith('create')) return pins(where)
  const rows = Array.isArray(data) ? data : [data]
  return rows.every((row) => isId(asObject(row)['workspaceId']))
}

/**
 * Lets only rows of this workspace through, and has none looked for by it: with a list of ids beside it, SQLite would
 * otherwise read the whole workspace.
 */
export const alsoIn = (workspaceId: string) => ({ NOT: { workspaceId: { not: workspaceId } } })

/** Whether a filter lets only rows of one workspace through. */
function pins(where: unknown): boolean {
  const { workspaceId, AND, NOT, ...others } = asObject(where)
  if (isId(workspaceId) || isAlsoIn(NOT)) return true
  if (Array.isArray(AND) ? AND.some(pins) : AND !== undefined && pins(AND)) return true
  // A key of several columns: `workspaceId_idempotencyKey: { … }`.
  return Object.entries(others).some(([name, key]) => /^workspaceId_/.test(name) && isId(asObject(key)['workspaceId']))
}

function isAlsoIn(not: unknown): boolean {
  const { workspaceId, ...others } = asObject(not)
  return Object.keys(others).length === 0 && isId(asObject(workspaceId)['not'])
}

const isId = (value: unknown) => typeof value === 'string' && value !== ''

function asObject(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}
