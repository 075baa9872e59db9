import { expect, it } from 'vitest'
import { addBacklog } from './backlog.ts'
import { createMetrics } from './metrics.ts'

it('one look at the metrics counts the waiting pushes once', async () => {
  const metrics = createMetrics()
  let counted = 0
  addBacklog(metrics, {
    ping: async () => {},
    async pushes() {
      counted += 1
      return { counts: { queued: 7 }, oldestDueSeconds: 42 }
    },
    lookUps: async () => 0,
    integrations: async () => ({}),
  })
  const text = await metrics.registry.metrics()
  expect(text).toContain('backchannel_pushes{state="queued"} 7')
  expect(text).toContain('backchannel_push_oldest_due_seconds 42')
  expect(counted).toBe(1)
  await metrics.registry.metrics()
  expect(counted).toBe(2)
})
