import { expect, test } from 'vitest'
import { openPushWorld } from '../testing/push-world.ts'
import { createFarTimesJob } from './far-times.ts'

const HOUR_MS = 60 * 60 * 1_000

test('F30: what a clock that was a year ahead has left is delivered, whether it waits, was taken or is paused', async () => {
  const world = await openPushWorld()
  const { prisma, now } = world
  for (const name of ['waiting', 'taken']) {
    const id = await world.start('SMS', name)
    await world.say(id, name)
    await world.tag(id, ['DYNAMICS 1'])
  }
  const inAYear = new Date(now() + 365 * 24 * HOUR_MS)
  const [waiting, taken] = await prisma.push.findMany({ orderBy: { createdAt: 'asc' } })
  await prisma.push.update({ where: { id: waiting?.id ?? '' }, data: { nextAttemptAt: inAYear } })
  await prisma.push.update({
    where: { id: taken?.id ?? '' },
    data: { status: 'DELIVERING', leaseOwner: 'gone', leaseExpiresAt: inAYear },
  })
  await prisma.integration.update({
    where: { id: 'DYNAMICS' },
    data: { pausedUntil: inAYear, pauseCode: 'CRM_RATE_LIMITED' },
  })
  await createFarTimesJob(prisma, now).run(new AbortController().signal)
  world.startWorker()
  await expect.poll(() => world.held('DYNAMICS').flat().toSorted()).toEqual(['taken', 'waiting'])
})

test('what waits for an hour, as a CRM may ask for, goes on waiting', async () => {
  const { prisma, now, start, say, tag } = await openPushWorld()
  const id = await start('SMS')
  await say(id, 'a')
  await tag(id, ['DYNAMICS 1'])
  const inAnHour = new Date(now() + HOUR_MS)
  await prisma.push.updateMany({ data: { nextAttemptAt: inAnHour } })
  await prisma.integration.updateMany({ data: { pausedUntil: inAnHour } })
  await createFarTimesJob(prisma, now).run(new AbortController().signal)
  expect(await prisma.push.findFirst()).toMatchObject({ nextAttemptAt: inAnHour })
  expect(await prisma.integration.findFirst()).toMatchObject({ pausedUntil: inAnHour })
})
