import { expect, test } from 'vitest'
import { openTestDatabase } from '../testing/database.ts'
import { createRecordIntentStore } from './intent-store.ts'

test('of requests at the same moment with one key, one keeps its intent and the others are answered that', async () => {
  const { prisma, workspaceId } = await openTestDatabase()
  const { begin } = createRecordIntentStore(prisma)
  const intent = { integrationId: 'i', idempotencyKey: 'key', entityName: 'contact' }
  for (const turn of ['a', 'b', 'c', 'd', 'e']) {
    const given = Array.from({ length: 8 }, (_, index) => ({
      ...{ ...intent, idempotencyKey: turn },
      ...{ id: `${turn}${index}`, inputHash: `hash ${index}` },
    }))
    const kept = await Promise.all(given.map((it) => begin(workspaceId, it)))
    expect(new Set(kept.map(({ id }) => id)).size).toBe(1)
    expect(kept[0]).toMatchObject({ inputHash: `hash ${kept[0]?.id.slice(1)}`, status: 'STARTED' })
  }
})
