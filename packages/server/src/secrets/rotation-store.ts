/** What is sealed, row by row: found by the key that sealed it, and changed only where nobody else has changed it. */
import { acrossWorkspaces } from '../database/workspace-guard.ts'
import { Prisma, type PrismaClient } from '../generated/prisma/client.ts'
import { LASTING_KEYS_ID } from './lasting-keys.ts'
import type { SealedColumn } from './sealed-columns.ts'

export interface SealedText {
  readonly key: string
  readonly text: string
  /** Null for what belongs to none. */
  readonly workspaceId: string | null
}

export interface ChangedText extends SealedText {
  /** What was read. */
  readonly before: string
}

export interface RotationStore {
  /** Some texts that do not begin like this, in the order of their rows' keys, from behind `after`. */
  findOthers(column: SealedColumn, prefix: string, after: string, atMost: number): Promise<SealedText[]>
  countOthers(column: SealedColumn, prefix: string): Promise<number>
  /** Puts each new text in the place of what was read, where that still stands. Answers which were put. */
  replace(column: SealedColumn, changes: readonly ChangedText[]): Promise<ChangedText[]>
}

export function createRotationStore(prisma: PrismaClient): RotationStore {
  const everywhere = acrossWorkspaces(prisma)
  return {
    findOthers(column, prefix, after, atMost) {
      const { key, text, workspace } = names(column)
      return everywhere.$queryRaw<SealedText[]>`
        SELECT ${key} AS "key", ${text} AS "text", ${workspace} AS "workspaceId" FROM ${others(column, prefix)} AND ${key} > ${after}
        ORDER BY ${key} LIMIT ${atMost}`
    },

    async countOthers(column, prefix) {
      const [row] = await everywhere.$queryRaw<{ count: bigint | number }[]>`
        SELECT COUNT(*) AS "count" FROM ${others(column, prefix)}`
      return Number(row?.count ?? 0)
    },

    async replace(column, changes) {
      const { table, key, text } = names(column)
      const counts = await everywhere.$transaction(
        changes.map(
          (change) => everywhere.$executeRaw`
            UPDATE ${table} SET ${text} = ${change.text} WHERE ${key} = ${change.key} AND ${text} = ${change.before}`,
        ),
      )
      return changes.filter((_change, index) => counts[index] === 1)
    },
  }
}

function others(column: SealedColumn, prefix: string): Prisma.Sql {
  const { table, key, text } = names(column)
  const ours = column.table === 'Verification' ? Prisma.sql`${key} = ${LASTING_KEYS_ID}` : Prisma.sql`1 = 1`
  return Prisma.sql`${table} WHERE ${ours} AND ${text} IS NOT NULL AND SUBSTR(${text}, 1, ${prefix.length}) <> ${prefix}`
}

/** Names of the list alone, so that they may stand in SQL. */
function names({ table, key, column }: SealedColumn): Record<'table' | 'key' | 'text' | 'workspace', Prisma.Sql> {
  const quoted = (name: string) => Prisma.raw(`"${name}"`)
  const workspace = table === 'Verification' ? Prisma.sql`NULL` : quoted('workspaceId')
  return { table: quoted(table), key: quoted(key), text: quoted(column), workspace }
}
