import { expect, test, vi } from 'vitest'
import { openTestDatabase } from '../testing/database.ts'
import { addBacklog } from './backlog.ts'
import { createBacklogStore } from './backlog-store.ts'
import { createMetrics } from './metrics.ts'

test('one look at the metrics counts the waiting pushes once', async () => {
  const { prisma } = await openTestDatabase()
  const metrics = createMetrics()
  const store = createBacklogStore(prisma, Date.now)
  const pushes = vi.spyOn(store, 'pushes')
  const readings = () => new Set(pushes.mock.results.map(({ value }) => value))
  addBacklog(metrics, store)
  const text = await metrics.registry.metrics()
  expect(text).toContain('backchannel_pushes{state="queued"} 0')
  expect(text).toContain('backchannel_push_oldest_due_seconds 0')
  expect(pushes).toHaveBeenCalledTimes(2)
  expect(readings().size).toBe(1)
  await metrics.registry.metrics()
  expect(readings().size).toBe(2)
})
