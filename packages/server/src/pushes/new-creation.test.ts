/** Allow New Creation, where deliveries and messages meet. */
import { ProviderError } from '@backchannel/providers'
import { expect, test, vi } from 'vitest'
import { admin, openPushWorld } from '../testing/push-world.ts'

const eventually = (check: () => void | Promise<void>) => vi.waitFor(check, { timeout: 20_000, interval: 10 })

async function openWorld({ allowNewCreation = true } = {}) {
  const world = await openPushWorld()
  const { prisma, workspaceId } = world
  const dynamics = { create: { workspaceId, allowNewCreation } }
  const integration = { connect: { id: 'DYNAMICS' } }
  await prisma.settings.create({ data: { id: 'settings-1', workspaceId, searchOrder: [], integration, dynamics } })
  const allow = () => prisma.dynamicsSettings.updateMany({ data: { allowNewCreation: true } })
  return { ...world, allow }
}

test('activities of one thread are made in the order of its messages, however long the first one takes', async () => {
  const world = await openWorld()
  world.hindrances.DYNAMICS = () => {
    throw new ProviderError('CRM_RATE_LIMITED', { message: 'Slow down.' })
  }
  world.startWorker()
  const id = await world.start('SMS')
  await world.say(id, 'a')
  await world.tag(id, ['DYNAMICS 1'])
  await eventually(async () => expect(await world.states()).toEqual(['RETRYING CRM_RATE_LIMITED']))
  delete world.hindrances.DYNAMICS
  await world.say(id, 'b', 'c')
  await new Promise((resolve) => setTimeout(resolve, 200))
  expect(world.held('DYNAMICS')).toEqual([])
  world.skip(60_000)
  await eventually(() => expect(world.held('DYNAMICS')).toEqual([['a'], ['a', 'b'], ['a', 'b', 'c']]))
  await eventually(async () => expect(await world.states()).toEqual(['DELIVERED', 'DELIVERED', 'DELIVERED']))
})

test('an activity that a person has to look at does not hold up those behind it', async () => {
  const world = await openWorld()
  let refused = false
  world.hindrances.DYNAMICS = (operation) => {
    if (refused || operation !== 'fileActivity') return
    refused = true
    throw new ProviderError('CRM_REJECTED', { message: 'A plug-in says no.' })
  }
  const id = await world.start('SMS')
  await world.say(id, 'a')
  await world.tag(id, ['DYNAMICS 1'])
  await world.say(id, 'b', 'c')
  world.startWorker()
  await eventually(() =>
    expect(world.held('DYNAMICS')).toEqual([
      ['a', 'b'],
      ['a', 'b', 'c'],
    ]),
  )
})

test('an activity that takes no more gives way to those that later messages have made', async () => {
  const world = await openWorld({ allowNewCreation: false })
  const first = world.startWorker()
  const id = await world.start('SMS')
  await world.say(id, 'a')
  await world.tag(id, ['DYNAMICS 1'])
  await eventually(async () => expect(await world.states()).toEqual(['DELIVERED']))
  await first.stop()
  for (const { remoteId } of world.crms.DYNAMICS.activities.all()) world.crms.DYNAMICS.activities.remove(remoteId)
  await world.say(id, 'b')
  await world.allow()
  await world.say(id, 'c')
  world.startWorker()
  await eventually(() => expect(world.held('DYNAMICS')).toEqual([['a', 'b', 'c']]))
  await eventually(async () => expect(await world.states()).toEqual(['DELIVERED', 'DELIVERED']))
})

test('a message that comes while an activity is planned is not in it, but in one of its own', async () => {
  const world = await openWorld()
  const id = await world.start('SMS')
  await world.say(id, 'a')
  await world.tag(id, ['DYNAMICS 1'])
  const { readTranscript } = world.conversations
  let said = false
  world.conversations.readTranscript = async (...args) => {
    if (!said) {
      said = true
      await world.say(id, 'b')
    }
    return readTranscript(...args)
  }
  world.startWorker()
  await eventually(() => expect(world.held('DYNAMICS')).toEqual([['a'], ['a', 'b']]))
})

test('A-12: closing governs the tagging alone; what comes later is in open activities of their own', async () => {
  const world = await openWorld()
  const closing = { chatsSaveTo: 'TASK', activityTypeName: 'Task', allowActivityClosing: true } as const
  world.settings.DYNAMICS = { dynamics: { ...closing, allowNewCreation: true } }
  world.startWorker()
  const id = await world.start('SMS')
  await world.say(id, 'a')
  await world.tag(id, ['DYNAMICS 1'])
  await world.say(id, 'b')
  await world.say(id, 'c')
  await eventually(() => expect(world.held('DYNAMICS')).toEqual([['a'], ['a', 'b'], ['a', 'b', 'c']]))
  await eventually(async () => expect(await world.states()).toEqual(['DELIVERED', 'DELIVERED', 'DELIVERED']))
  expect(world.crms.DYNAMICS.activities.all().map(({ closed }) => closed)).toEqual([true, false, false])
})

test('messages of several calls at once each make one activity, in their order', async () => {
  const world = await openWorld()
  world.startWorker()
  world.startWorker()
  const id = await world.start('SMS')
  await world.tag(id, ['DYNAMICS 1', 'DYNAMICS 2'])
  await Promise.all(['a', 'b', 'c', 'd'].map((text) => world.say(id, text)))
  await eventually(async () => expect(await world.states()).toEqual(Array.from({ length: 10 }, () => 'DELIVERED')))
  const { activities } = world.crms.DYNAMICS
  for (const number of [1, 2]) {
    const ofOne = activities.all().filter(({ regarding }) => regarding.remoteId === `dynamics-contact-${number}`)
    const lines = ofOne.map(({ body }) => body.split('\n').filter((line) => line.startsWith('[')).length)
    expect(lines).toEqual([0, 1, 2, 3, 4])
  }
})

test('a thread that a rule tagged before its first message has one activity for each message, from the first on', async () => {
  const world = await openWorld()
  const id = await world.start('SMS')
  const [record] = await world.lookUp(['DYNAMICS 1'])
  if (record === undefined || record instanceof Error) throw new Error('There is no record')
  await world.pushes.tagAutomatically(admin.workspaceId, id, record)
  world.startWorker()
  await world.say(id, 'a')
  await eventually(() => expect(world.held('DYNAMICS')).toEqual([['a']]))
  await world.say(id, 'b')
  await eventually(() => expect(world.held('DYNAMICS')).toEqual([['a'], ['a', 'b']]))
})
