import { expect, onTestFinished, test } from 'vitest'
import { createLogger } from '../shared/logger.ts'
import { openPushWorld } from '../testing/push-world.ts'
import type { LookUpClaim } from './look-up-store.ts'
import { createLookUpQueue } from './look-up-store.ts'
import { startLookUpWorker } from './worker.ts'

test('a workspace whose CRM is slow does not hold up the look-ups of another one', async () => {
  const world = await openPushWorld()
  const { prisma, secrets, conversations, events, now } = world
  await prisma.workspace.create({ data: { id: 'workspace-2', name: 'Other' } })
  const start = (workspaceId: string, externalId: string) =>
    conversations.start({ workspaceId, conversationIds: null }, { externalId, channel: 'CHAT', visitor: {} })
  for (let number = 0; number < 20; number++) await start(world.workspaceId, `slow-${number}`)
  const other = await start('workspace-2', 'quick')

  const queue = createLookUpQueue(prisma, { secrets, leaseMs: 60_000, now })
  const under: LookUpClaim[] = []
  let most = 0
  const done: string[] = []
  const slow: (() => void)[] = []
  const worker = startLookUpWorker({
    ...{ queue, events, logger: createLogger('silent'), now, pollMs: 10 },
    async job(claim) {
      under.push(claim)
      most = Math.max(most, under.filter(({ workspaceId }) => workspaceId === world.workspaceId).length)
      if (claim.workspaceId === world.workspaceId) await new Promise<void>((resolve) => slow.push(resolve))
      under.splice(under.indexOf(claim), 1)
      await queue.giveBack(claim, null)
      done.push(claim.id)
    },
  })
  onTestFinished(async () => {
    for (const goOn of slow) goOn()
    await worker.stop()
  })
  await expect.poll(() => done, { interval: 10 }).toEqual([other])
  expect(most).toBe(8)

  // Each that ends makes room for the next one, until none is left.
  await expect
    .poll(
      () => {
        for (const goOn of slow.splice(0)) goOn()
        return done.length
      },
      { timeout: 20_000, interval: 5 },
    )
    .toBe(21)
  expect(most).toBe(8)
})
