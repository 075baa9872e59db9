import { ProviderError } from '@backchannel/providers'
import { expect, test, vi } from 'vitest'
import { openPushWorld } from '../testing/push-world.ts'
import { ourFault } from './fault.ts'
import { createPauseStore } from './pause-store.ts'
import { createPushQueue } from './queue-store.ts'

const eventually = (check: () => void | Promise<void>) => vi.waitFor(check, { timeout: 20_000, interval: 10 })

const unavailable = () => new ProviderError('CRM_UNAVAILABLE', { message: 'The CRM is down.', outcome: 'UNKNOWN' })

test('D-PSH-04: a tagged SMS thread arrives at once, as one activity on the record, with the subject of its kind', async () => {
  const world = await openPushWorld()
  world.startWorker()
  const id = await world.start('SMS')
  await world.say(id, 'a', 'b')
  await world.tag(id, ['DYNAMICS 1'])
  await eventually(async () => expect(await world.states()).toEqual(['DELIVERED']))
  const [activity] = world.crms.DYNAMICS.activities.all()
  expect(activity?.regarding.remoteId).toBe('dynamics-contact-1')
  expect(activity?.subject).toBe('Alive SMS with Dana Fox, 2026-01-31')
  expect(activity?.body).toBe('[2026-01-31 14:00] Dana: a\n[2026-01-31 14:00] Dana: b')
})

test('S-PSH-05: later messages of a tagged SMS thread follow into the same activity without another tag', async () => {
  const world = await openPushWorld()
  world.startWorker()
  const id = await world.start('SMS')
  await world.say(id, 'a')
  await world.tag(id, ['SALESFORCE 1'])
  for (const text of ['b', 'c', 'd']) await world.say(id, text)
  await eventually(() => expect(world.held('SALESFORCE')).toEqual([['a', 'b', 'c', 'd']]))
  await eventually(async () => expect(await world.states()).toEqual(['DELIVERED']))
})

test('S-PSH-06: a running chat that is tagged for its end arrives when it has ended, and not before', async () => {
  const world = await openPushWorld()
  world.startWorker()
  const id = await world.start('CHAT')
  await world.say(id, 'a')
  await world.tag(id, ['DYNAMICS 1'], { afterEnd: true })
  await world.say(id, 'b')
  expect(await world.states()).toEqual(['WAITING_FOR_END'])
  await world.conversations.end({ workspaceId: world.workspaceId, conversationIds: null }, id)
  await eventually(() => expect(world.held('DYNAMICS')).toEqual([['a', 'b']]))
  expect(world.crms.DYNAMICS.activities.all()[0]?.subject).toMatch(/^Alive Chat/)
})

test('A-51: a message that comes after the end extends the open activity', async () => {
  const world = await openPushWorld()
  world.startWorker()
  const id = await world.start('CHAT')
  await world.say(id, 'a')
  await world.conversations.end({ workspaceId: world.workspaceId, conversationIds: null }, id)
  await world.tag(id, ['DYNAMICS 1'])
  await eventually(() => expect(world.held('DYNAMICS')).toEqual([['a']]))
  await world.say(id, 'late')
  await eventually(() => expect(world.held('DYNAMICS')).toEqual([['a', 'late']]))
})

test('a transcript that outgrows the field continues in a further activity, and no character is lost', async () => {
  const world = await openPushWorld()
  world.startWorker()
  const id = await world.start('SMS')
  const texts = Array.from({ length: 60 }, (_, index) => `${index} ${'x'.repeat(100)}`)
  await world.say(id, ...texts)
  await world.tag(id, ['DYNAMICS 1'])
  await eventually(async () => expect(await world.states()).toEqual(['DELIVERED']))
  expect(world.held('DYNAMICS').length).toBeGreaterThan(1)
  expect(world.held('DYNAMICS').flat()).toEqual(texts)
})

test('one CRM that is down does not stop the same conversation on its way to the other', async () => {
  const world = await openPushWorld()
  world.hindrances.DYNAMICS = () => {
    throw unavailable()
  }
  world.startWorker()
  const id = await world.start('SMS')
  await world.say(id, 'a')
  await world.tag(id, ['DYNAMICS 1', 'SALESFORCE 1'])
  await eventually(async () => expect((await world.states()).sort()).toEqual(['DELIVERED', 'RETRYING CRM_UNAVAILABLE']))
  expect(world.held('SALESFORCE')).toEqual([['a']])
  delete world.hindrances.DYNAMICS
  world.skip(60_000)
  await eventually(async () => expect(await world.states()).toEqual(['DELIVERED', 'DELIVERED']))
  expect(world.held('DYNAMICS')).toEqual([['a']])
})

test('what the CRM refuses fails with its words and is not tried again', async () => {
  const world = await openPushWorld()
  world.hindrances.DYNAMICS = () => {
    throw new ProviderError('CRM_REJECTED', { message: 'A plug-in says no.', providerCode: '0x80040265' })
  }
  world.startWorker()
  const id = await world.start('SMS')
  await world.tag(id, ['DYNAMICS 1'])
  await eventually(async () => expect(await world.states()).toEqual(['FAILED CRM_REJECTED']))
  const [push] = await world.prisma.push.findMany()
  expect(push).toMatchObject({
    errorProviderCode: '0x80040265',
    nextAttemptAt: null,
  })
  expect(world.pushes.errorOf(push ?? { id: '', errorSealed: null })).toBe('A plug-in says no.')
  world.skip(3_600_000)
  await new Promise((resolve) => setTimeout(resolve, 100))
  expect(world.crms.DYNAMICS.requests).toEqual(['fileActivity'])
})

test('F12: a Retry-After is waited for', async () => {
  const world = await openPushWorld()
  world.hindrances.DYNAMICS = () => {
    throw new ProviderError('CRM_RATE_LIMITED', { message: 'Slow down.', retryAfter: 120 })
  }
  world.startWorker()
  const id = await world.start('SMS')
  await world.tag(id, ['DYNAMICS 1'])
  await eventually(async () => expect(await world.states()).toEqual(['RETRYING CRM_RATE_LIMITED']))
  delete world.hindrances.DYNAMICS
  world.skip(90_000)
  await new Promise((resolve) => setTimeout(resolve, 100))
  expect(await world.states()).toEqual(['RETRYING CRM_RATE_LIMITED'])
  world.skip(44_000)
  await eventually(async () => expect(await world.states()).toEqual(['DELIVERED']))
})

test('a push to a CRM that was disconnected waits, and goes on when it is connected again', async () => {
  const world = await openPushWorld()
  const id = await world.start('SMS')
  await world.say(id, 'a')
  await world.tag(id, ['DYNAMICS 1'])
  await world.prisma.integration.update({ where: { id: 'DYNAMICS' }, data: { status: 'DISCONNECTED' } })
  world.startWorker()
  await eventually(async () => expect(await world.states()).toEqual(['WAITING_FOR_INTEGRATION']))
  expect(await world.pushes.countWaiting(world.workspaceId, 'DYNAMICS')).toBe(1)
  expect(world.crms.DYNAMICS.requests).toEqual([])
  await world.prisma.integration.update({ where: { id: 'DYNAMICS' }, data: { status: 'CONNECTED' } })
  await world.events.publish({
    workspaceId: world.workspaceId,
    kind: 'INTEGRATION_CHANGED',
    integrationId: 'DYNAMICS',
  })
  await eventually(() => expect(world.held('DYNAMICS')).toEqual([['a']]))
})

test('F16: a session that ended keeps its pushes, and a repaired integration sends them at once', async () => {
  const world = await openPushWorld()
  world.hindrances.SALESFORCE = () => {
    throw new ProviderError('CRM_UNAUTHENTICATED', { message: 'Sign in again.' })
  }
  world.startWorker()
  const id = await world.start('SMS')
  await world.tag(id, ['SALESFORCE 1'])
  await eventually(async () => expect(await world.states()).toEqual(['RETRYING CRM_UNAUTHENTICATED']))
  expect(world.faults).toContain('SALESFORCE CRM_UNAUTHENTICATED')
  delete world.hindrances.SALESFORCE
  await world.prisma.push.updateMany({ data: { nextAttemptAt: new Date(world.now() + 900_000) } })
  await world.events.publish({
    workspaceId: world.workspaceId,
    kind: 'INTEGRATION_CHANGED',
    integrationId: 'SALESFORCE',
  })
  await eventually(async () => expect(await world.states()).toEqual(['DELIVERED']))
})

test('ruling 5: an activity that was deleted in the CRM is followed by another one for what is undelivered', async () => {
  const world = await openPushWorld()
  world.startWorker()
  const id = await world.start('SMS')
  await world.say(id, 'a')
  await world.tag(id, ['DYNAMICS 1'])
  await eventually(async () => expect(await world.states()).toEqual(['DELIVERED']))
  for (const { remoteId } of world.crms.DYNAMICS.activities.all()) world.crms.DYNAMICS.activities.remove(remoteId)
  await world.say(id, 'b')
  await eventually(() => expect(world.held('DYNAMICS')).toEqual([['b']]))
  await world.say(id, 'c')
  await eventually(() => expect(world.held('DYNAMICS')).toEqual([['b', 'c']]))
  await eventually(async () => expect(await world.states()).toEqual(['DELIVERED', 'DELIVERED']))
})

test('F22: two workers at once deliver each push once', async () => {
  const world = await openPushWorld()
  world.startWorker()
  world.startWorker()
  const ids = await Promise.all(Array.from({ length: 12 }, (_, index) => world.start('SMS', `thread-${index}`)))
  for (const id of ids) await world.say(id, `text of ${id}`)
  await Promise.all(ids.map((id) => world.tag(id, ['DYNAMICS 1', 'SALESFORCE 2'])))
  await eventually(async () => expect(new Set(await world.states())).toEqual(new Set(['DELIVERED'])))
  for (const key of ['DYNAMICS', 'SALESFORCE'] as const) {
    expect(world.held(key).flat().sort()).toEqual(ids.map((id) => `text of ${id}`).sort())
    expect(world.crms[key].requests.filter((request) => request === 'fileActivity')).toHaveLength(ids.length)
  }
})

test('F3: what a worker took before it died is taken over when its lease has run out, and delivered once', async () => {
  const world = await openPushWorld()
  const id = await world.start('SMS')
  await world.say(id, 'a')
  await world.tag(id, ['DYNAMICS 1'])
  const { prisma, secrets, now } = world
  const pauses = createPauseStore(prisma, now)
  const dead = createPushQueue(prisma, { secrets, pauses, leaseMs: 30_000, now })
  const claim = await dead.claim('DYNAMICS', { longestDue: false })
  world.startWorker()
  await new Promise((resolve) => setTimeout(resolve, 100))
  expect(world.crms.DYNAMICS.requests).toEqual([])
  world.skip(31_000)
  await eventually(async () => expect(await world.states()).toEqual(['DELIVERED']))
  expect(world.held('DYNAMICS')).toEqual([['a']])

  if (!claim) throw new Error('There was nothing to claim')
  expect(await dead.renew(claim)).toBe(false)
  expect(await dead.retry(claim, ourFault, { at: new Date(), failingSince: new Date() })).toBe(false)
  await expect(dead.savePlan(claim, 'sealed', 'NOTE', 1)).rejects.toThrow('is not ours any more')
  expect(await world.states()).toEqual(['DELIVERED'])
})

test('F4: an answer that was lost after the CRM had filed ends in one activity', async () => {
  const world = await openPushWorld()
  const { fileActivity } = world.crms.DYNAMICS.provider
  let lost = false
  world.crms.DYNAMICS.provider.fileActivity = async (draft) => {
    const filed = await fileActivity(draft)
    if (lost) return filed
    lost = true
    throw unavailable()
  }
  world.startWorker()
  const id = await world.start('SMS')
  await world.say(id, 'a')
  await world.tag(id, ['DYNAMICS 1'])
  await eventually(async () => expect(await world.states()).toEqual(['RETRYING CRM_UNAVAILABLE']))
  await world.say(id, 'b')
  world.skip(60_000)
  await eventually(async () => expect(await world.states()).toEqual(['DELIVERED']))
  expect(world.held('DYNAMICS')).toEqual([['a', 'b']])
})

test('a message that comes while its thread is being delivered follows right behind', async () => {
  const world = await openPushWorld()
  let goOn = () => {}
  const held = new Promise<void>((resolve) => {
    goOn = resolve
  })
  world.hindrances.DYNAMICS = () => held
  world.startWorker()
  const id = await world.start('SMS')
  await world.say(id, 'a')
  await world.tag(id, ['DYNAMICS 1'])
  await eventually(() => expect(world.crms.DYNAMICS.requests).toEqual(['fileActivity']))
  await world.say(id, 'b')
  goOn()
  await eventually(() => expect(world.held('DYNAMICS')).toEqual([['a', 'b']]))
  await eventually(async () => expect(await world.states()).toEqual(['DELIVERED']))
})

test('a CRM that hangs fills its own places only', async () => {
  const world = await openPushWorld()
  world.hindrances.DYNAMICS = () => new Promise(() => {})
  world.startWorker({ perIntegration: 2, overall: 3 })
  for (let index = 0; index < 5; index++) {
    const id = await world.start('SMS', `thread-${index}`)
    await world.tag(id, ['DYNAMICS 1', 'SALESFORCE 1'])
  }
  await eventually(async () => expect((await world.states()).filter((state) => state === 'DELIVERED')).toHaveLength(5))
  expect(world.crms.DYNAMICS.requests).toHaveLength(2)
})

test('a worker that is stopped in the middle hands its work back, and the next one takes it at once', async () => {
  const world = await openPushWorld()
  const { fileActivity } = world.crms.DYNAMICS.provider
  world.crms.DYNAMICS.provider.fileActivity = (_draft, options) =>
    new Promise((_, reject) => {
      options?.signal?.addEventListener('abort', () => reject(unavailable()))
    })
  const first = world.startWorker()
  const id = await world.start('SMS')
  await world.say(id, 'a')
  await world.tag(id, ['DYNAMICS 1'])
  await eventually(async () => expect(await world.states()).toEqual(['DELIVERING']))
  await eventually(async () => expect(await world.prisma.pushActivity.count()).toBe(1))
  await first.stop(10)
  expect(await world.states()).toEqual(['QUEUED'])
  world.crms.DYNAMICS.provider.fileActivity = fileActivity
  world.startWorker()
  await eventually(() => expect(world.held('DYNAMICS')).toEqual([['a']]))
})

test('what fails by a fault of ours says so, blames no CRM, and is tried again', async () => {
  const world = await openPushWorld()
  world.hindrances.DYNAMICS = () => {
    throw new TypeError('Cannot read properties of undefined')
  }
  world.startWorker()
  const id = await world.start('SMS')
  await world.say(id, 'a')
  await world.tag(id, ['DYNAMICS 1'])
  await eventually(async () => expect(await world.states()).toEqual(['RETRYING INTERNAL']))
  const [push] = await world.prisma.push.findMany()
  expect(world.pushes.errorOf(push ?? { id: '', errorSealed: null })).toBe(ourFault.message)
  delete world.hindrances.DYNAMICS
  world.skip(60_000)
  await eventually(async () => expect(await world.states()).toEqual(['DELIVERED']))
})
