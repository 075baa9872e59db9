import type { PrismaClient } from '../database/index.ts'

/**
 * Twenty transactions at once, by turns of two clients on one database, of which each reads a number and writes the next.
 *
 * @returns the number at the end, which is 20 where none of them was lost
 */
export async function countTogether(one: PrismaClient, other: PrismaClient): Promise<number | null> {
  const where = { id: 'counted' }
  await one.workspace.create({ data: { ...where, name: 'Counted', retentionDays: 0 } })
  const steps = Array.from({ length: 20 }, (_, index) =>
    (index % 2 === 0 ? one : other).$transaction(async (transaction) => {
      const { retentionDays } = await transaction.workspace.findUniqueOrThrow({ where })
      await transaction.workspace.update({ where, data: { retentionDays: (retentionDays ?? 0) + 1 } })
    }),
  )
  await Promise.all(steps)
  return (await one.workspace.findUniqueOrThrow({ where })).retentionDays
}
