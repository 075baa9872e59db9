import { setTimeout as wait } from 'node:timers/promises'
import { ProviderError, type ProviderErrorCode, type ProviderKey } from '@backchannel/providers'
import { expect, test, vi } from 'vitest'
import { admin, openPushWorld } from '../testing/push-world.ts'

type World = Awaited<ReturnType<typeof openPushWorld>>

// Many pushes over a real database, beside other tests.
vi.setConfig({ testTimeout: 120_000 })
const eventually = (check: () => void | Promise<void>) => vi.waitFor(check, { timeout: 20_000, interval: 10 })

/** Long enough for workers that look every 20 ms to do what they must not do. */
const aWhile = () => wait(100)

/** Threads of one message each, tagged to a record of each CRM that is named. */
async function tagThreads(world: World, count: number, records = ['DYNAMICS 1']): Promise<void> {
  const had = await world.prisma.conversation.count()
  for (let index = had; index < had + count; index++) {
    const id = await world.start('SMS', `thread-${index}`)
    await world.say(id, `${index}`)
    await world.tag(id, records)
  }
}

/** A CRM whose calls are noted, with what they fail by for now. */
function watch(world: World, key: ProviderKey, failure: (() => ProviderError) | null) {
  const crm = { failure, calls: [] as number[], running: 0, most: 0 }
  world.hindrances[key] = async () => {
    crm.calls.push(world.now())
    crm.running++
    crm.most = Math.max(crm.most, crm.running)
    await wait(1)
    crm.running--
    if (crm.failure) throw crm.failure()
  }
  return crm
}

const failing = (code: ProviderErrorCode, retryAfter?: number) => () =>
  new ProviderError(code, { message: 'Not now.', ...(retryAfter !== undefined && { retryAfter }) })

/** Nothing is under way, and nothing that is under way has been forgotten by its worker. */
const quiet = (world: World) =>
  eventually(async () => expect(await world.prisma.push.count({ where: { status: 'DELIVERING' } })).toBe(0))

const integration = (world: World, id: ProviderKey = 'DYNAMICS') =>
  world.prisma.integration.findUniqueOrThrow({ where: { id }, select: { pausedUntil: true, pauseCode: true } })

/** The end of a pause is noted behind what was delivered. */
const goesOn = (world: World, id?: ProviderKey) =>
  eventually(async () => expect(await integration(world, id)).toEqual({ pausedUntil: null, pauseCode: null }))

/** Everything arrives, as time goes on. */
const delivered = (world: World) =>
  eventually(async () => {
    world.skip(5_000)
    await aWhile()
    expect(new Set(await world.states())).toEqual(new Set(['DELIVERED']))
  })

test.each([
  { says: 'seconds', retryAfter: 120, seconds: 120 },
  { says: 'nothing', retryAfter: undefined, seconds: 5 },
  { says: 'an absurd time', retryAfter: 86_400, seconds: 3_600 },
])(
  'F12: while the CRM wants to be left alone and says $says, no worker asks it, and then few do at a time',
  async ({ retryAfter, seconds }) => {
    const world = await openPushWorld()
    const crm = watch(world, 'DYNAMICS', failing('CRM_RATE_LIMITED', retryAfter))
    await tagThreads(world, 6)
    const began = world.now()
    world.startWorker()
    world.startWorker()
    await eventually(async () => expect((await integration(world)).pauseCode).toBe('CRM_RATE_LIMITED'))
    await quiet(world)
    const asked = crm.calls.length
    expect(asked).toBeLessThanOrEqual(4)
    const untried = await world.prisma.push.findMany({ where: { status: 'QUEUED' } })
    expect(untried.length).toBeGreaterThanOrEqual(2)
    expect(untried.every((push) => push.attempts === 0)).toBe(true)

    world.skip(began + seconds * 1_000 - world.now() - 3_000)
    await aWhile()
    expect(crm.calls).toHaveLength(asked)

    let goOn = () => {}
    const held = new Promise<void>((resolve) => {
      goOn = resolve
    })
    crm.failure = null
    const noted = world.hindrances.DYNAMICS
    world.hindrances.DYNAMICS = async (operation) => {
      await noted?.(operation)
      await held
    }
    world.skip(5_000)
    await eventually(() => expect(crm.calls.length).toBeGreaterThan(asked))
    await aWhile()
    // One place for each worker that was told, two for one that was not.
    expect(crm.calls.length).toBeLessThanOrEqual(asked + 3)
    goOn()
    await delivered(world)
    await goesOn(world)
    expect(world.held('DYNAMICS')).toHaveLength(6)
  },
)

test('F12: an attempt that is on its way already begins no write in a pause that another one has caused', async () => {
  const world = await openPushWorld()
  let goOn = () => {}
  const held = new Promise<void>((resolve) => {
    goOn = resolve
  })
  const { describeActivityType } = world.crms.DYNAMICS.provider
  world.crms.DYNAMICS.provider.describeActivityType = async (...asked) => {
    await held
    return describeActivityType(...asked)
  }
  await tagThreads(world, 1)
  world.startWorker()
  await eventually(async () => expect(await world.states()).toEqual(['DELIVERING']))
  const pausedUntil = new Date(world.now() + 60_000)
  await world.prisma.integration.update({
    where: { id: 'DYNAMICS' },
    data: { pausedUntil, pauseCode: 'CRM_RATE_LIMITED' },
  })
  goOn()
  await eventually(async () => expect(await world.states()).toEqual(['QUEUED']))
  expect(world.crms.DYNAMICS.requests).not.toContain('fileActivity')
  expect(await world.prisma.push.findFirst()).toMatchObject({ attempts: 0, errorCode: null, failingSince: null })
  expect((await integration(world)).pausedUntil).toEqual(pausedUntil)
})

test.each(['CRM_UNREACHABLE', 'CRM_UNAVAILABLE', 'CRM_TIMEOUT'] as const)(
  'F8, F13: after ten failures in a row (%s) the CRM is left alone, and others are not tried in vain',
  async (code) => {
    const world = await openPushWorld()
    const crm = watch(world, 'DYNAMICS', failing(code))
    await tagThreads(world, 20)
    world.startWorker()
    await eventually(async () => expect((await integration(world)).pauseCode).toBe(code))
    await quiet(world)
    await aWhile()
    expect(crm.calls.length).toBeGreaterThanOrEqual(10)
    expect(crm.calls.length).toBeLessThanOrEqual(11)
    expect(await world.prisma.push.count({ where: { attempts: 0, status: 'QUEUED' } })).toBeGreaterThanOrEqual(9)
    crm.failure = null
    await delivered(world)
    expect(world.held('DYNAMICS')).toHaveLength(20)
  },
)

test('F14: a CRM that is down for an hour delays nothing else, is asked at most every 30 s, and gets all of it afterwards', async () => {
  const world = await openPushWorld()
  const dynamics = watch(world, 'DYNAMICS', failing('CRM_UNAVAILABLE'))
  const salesforce = watch(world, 'SALESFORCE', null)
  const began = world.now()
  world.startWorker()
  world.startWorker()
  await tagThreads(world, 50, ['DYNAMICS 1', 'SALESFORCE 1'])
  await eventually(() => expect(world.held('SALESFORCE')).toHaveLength(50))
  await quiet(world)

  const atFirst = dynamics.calls.length
  // Two workers count for themselves.
  expect(atFirst).toBeLessThanOrEqual(24 + (world.now() - began) / 30_000)
  for (let step = 0; step < 30; step++) {
    world.skip(10_000)
    await wait(60)
    await quiet(world)
  }
  const probes = dynamics.calls.slice(atFirst)
  expect(probes.length).toBeGreaterThanOrEqual(5)
  const gaps = probes.slice(1).map((at, index) => at - (probes[index] ?? 0))
  expect(Math.min(...gaps)).toBeGreaterThanOrEqual(30_000)
  world.skip(began + 3_600_000 - world.now())
  await quiet(world)

  dynamics.failure = null
  dynamics.most = 0
  await delivered(world)
  expect(dynamics.most).toBeLessThanOrEqual(10)
  expect(world.held('DYNAMICS').flat().sort()).toEqual(Array.from({ length: 50 }, (_, index) => `${index}`).sort())
  expect(salesforce.calls.length).toBeLessThanOrEqual(100)
})

test('a used-up budget of calls is not asked for again by every push, but by one in a quarter of an hour', async () => {
  const world = await openPushWorld()
  const crm = watch(world, 'SALESFORCE', failing('CRM_QUOTA_EXHAUSTED'))
  await tagThreads(world, 8, ['SALESFORCE 1'])
  world.startWorker()
  await eventually(async () => expect((await integration(world, 'SALESFORCE')).pauseCode).toBe('CRM_QUOTA_EXHAUSTED'))
  await quiet(world)
  const asked = crm.calls.length
  expect(asked).toBeLessThanOrEqual(2)
  for (let quarter = 1; quarter <= 3; quarter++) {
    world.skip(890_000)
    await aWhile()
    expect(crm.calls).toHaveLength(asked + quarter - 1)
    world.skip(15_000)
    await eventually(() => expect(crm.calls).toHaveLength(asked + quarter))
    await quiet(world)
  }
  crm.failure = null
  world.skip(900_000)
  await delivered(world)
  expect(world.held('SALESFORCE')).toHaveLength(8)
})

test('F16: where an admin must put the integration right, one push asks now and then, and all go on when it has happened', async () => {
  const world = await openPushWorld()
  const crm = watch(world, 'SALESFORCE', failing('CRM_UNAUTHENTICATED'))
  await tagThreads(world, 6, ['SALESFORCE 1'])
  world.startWorker()
  await eventually(async () => expect((await integration(world, 'SALESFORCE')).pauseCode).toBe('CRM_UNAUTHENTICATED'))
  await quiet(world)
  expect(crm.calls.length).toBeLessThanOrEqual(2)
  crm.failure = null
  await world.events.publish({
    workspaceId: world.workspaceId,
    kind: 'INTEGRATION_CHANGED',
    integrationId: 'SALESFORCE',
  })
  await eventually(async () => expect(new Set(await world.states())).toEqual(new Set(['DELIVERED'])))
  await goesOn(world, 'SALESFORCE')
})

test('a Retry-After stands when an admin changes the integration, and is over when it is disconnected', async () => {
  const world = await openPushWorld()
  const crm = watch(world, 'DYNAMICS', failing('CRM_RATE_LIMITED', 300))
  await tagThreads(world, 3)
  world.startWorker()
  await eventually(async () => expect((await integration(world)).pauseCode).toBe('CRM_RATE_LIMITED'))
  await quiet(world)
  const asked = crm.calls.length
  const changed = { workspaceId: world.workspaceId, kind: 'INTEGRATION_CHANGED', integrationId: 'DYNAMICS' } as const
  await world.events.publish(changed)
  await aWhile()
  expect(crm.calls).toHaveLength(asked)
  await world.prisma.integration.update({ where: { id: 'DYNAMICS' }, data: { status: 'DISCONNECTED' } })
  await world.events.publish(changed)
  await eventually(async () => expect(await world.states()).toContain('WAITING_FOR_INTEGRATION'))
  await goesOn(world)
  expect(crm.calls).toHaveLength(asked)
})

test('ruling 15: what a person asks for is tried once in a pause of ours, by calls that the lane lets through', async () => {
  const world = await openPushWorld()
  const crm = watch(world, 'DYNAMICS', failing('CRM_QUOTA_EXHAUSTED'))
  await tagThreads(world, 4)
  const forced: unknown[] = []
  const { fileActivity } = world.crms.DYNAMICS.provider
  world.crms.DYNAMICS.provider.fileActivity = (draft, options) => {
    forced.push(options?.force)
    return fileActivity(draft, options)
  }
  world.startWorker()
  await eventually(async () => expect((await integration(world)).pauseCode).toBe('CRM_QUOTA_EXHAUSTED'))
  await quiet(world)
  const asked = crm.calls.length
  const [last] = await world.prisma.push.findMany({ orderBy: { createdAt: 'desc' }, take: 1 })
  const retry = () => world.pushes.retry(admin, last?.id ?? '')
  await retry()
  await eventually(() => expect(crm.calls).toHaveLength(asked + 1))
  await quiet(world)
  expect(forced.at(-1)).toBe(true)
  const state = await world.prisma.push.findUniqueOrThrow({ where: { id: last?.id ?? '' } })
  expect(state).toMatchObject({ status: 'RETRYING', forced: false, rank: 2 })
  await aWhile()
  expect(crm.calls).toHaveLength(asked + 1)

  crm.failure = null
  await retry()
  // The CRM has answered: that ends the pause for all of them.
  await goesOn(world)
  world.skip(900_000)
  await delivered(world)
})

test('ruling 15: a Retry-After that the CRM gave holds back what a person asks for, too', async () => {
  const world = await openPushWorld()
  const crm = watch(world, 'DYNAMICS', failing('CRM_RATE_LIMITED', 60))
  await tagThreads(world, 1)
  world.startWorker()
  await eventually(async () => expect(await world.states()).toEqual(['RETRYING CRM_RATE_LIMITED']))
  const [push] = await world.prisma.push.findMany()
  await world.pushes.retry(admin, push?.id ?? '')
  await aWhile()
  expect(crm.calls).toHaveLength(1)
  crm.failure = null
  world.skip(61_000)
  await eventually(async () => expect(await world.states()).toEqual(['DELIVERED']))
})

test('where the one push that tries fails before the CRM is asked, the next one tries at once', async () => {
  const world = await openPushWorld()
  const { describeActivityType } = world.crms.DYNAMICS.provider
  let described = 0
  world.crms.DYNAMICS.provider.describeActivityType = async (...asked) =>
    ++described === 1 ? null : describeActivityType(...asked)
  await tagThreads(world, 2)
  await world.prisma.integration.update({
    where: { id: 'DYNAMICS' },
    data: { pausedUntil: new Date(world.now() - 1_000), pauseCode: 'CRM_QUOTA_EXHAUSTED' },
  })
  world.startWorker()
  await eventually(async () => expect((await world.states()).toSorted()).toEqual(['DELIVERED', 'FAILED NOT_FOUND']))
  await goesOn(world)
})
