import { expect, test } from 'vitest'
import { openPushWorld } from '../testing/push-world.ts'
import { whyOf } from './plan.ts'

test.each([
  [['a'], 'An earlier activity took the first message and takes no more.'],
  [['a', 'b'], 'An earlier activity took the first 2 messages and takes no more.'],
])('what follows an activity that is gone says what that one took', async (before, words) => {
  const world = await openPushWorld()
  world.startWorker()
  const id = await world.start('SMS')
  for (const text of before) await world.say(id, text)
  await world.tag(id, ['DYNAMICS 1'])
  await expect.poll(() => world.held('DYNAMICS'), { interval: 20 }).toEqual([before])
  for (const { remoteId } of world.crms.DYNAMICS.activities.all()) world.crms.DYNAMICS.activities.remove(remoteId)
  await world.say(id, 'later')
  await expect.poll(() => world.held('DYNAMICS'), { interval: 20 }).toEqual([['later']])

  const push = await world.prisma.push.findFirstOrThrow({ where: { generation: 2 } })
  const plan = world.pushes.planOf(push)
  expect(plan && whyOf(plan)).toContainEqual({ rule: 'A-51', text: words })
})
