import { expect, test } from 'vitest'
import { NotFoundError, ValidationError } from '../shared/errors.ts'
import { admin, openPushWorld } from '../testing/push-world.ts'
import { createVisitorKeysJob } from '../upkeep/visitor-keys.ts'
import { createVisitorKeysStore } from '../upkeep/visitor-keys-store.ts'
import { createErasureService, type ErasureParts } from './service.ts'
import { createErasureStore, type ErasureStore } from './store.ts'

const visitor = { externalId: 'visitor-7', fullName: 'Dana Fox', phone: '0151 12345678', email: 'Dana@Fox.example' }

async function openErasureWorld(given: Partial<ErasureParts> = {}) {
  const world = await openPushWorld()
  const { prisma, secrets, crms, now } = world
  const keys = createVisitorKeysJob(createVisitorKeysStore(prisma, secrets))
  const eraseWith = (store: ErasureStore) =>
    createErasureService({
      store,
      secrets,
      integrations: { call: (_workspaceId, id, work) => work(crms[id as 'DYNAMICS'].provider) },
      regionOf: async () => 'DE',
      keysCompleted: keys.completed,
      now,
      ...given,
    }).erase
  const start = (externalId: string, of: object = visitor) =>
    world.conversations.start(admin, { externalId, channel: 'SMS', visitor: of })
  /** How many rows name the conversations, by table. */
  async function rows() {
    const counts = await Promise.all([
      prisma.conversation.count(),
      prisma.message.count(),
      prisma.tag.count(),
      prisma.push.count(),
      prisma.pushActivity.count(),
      prisma.visitorKey.count(),
    ])
    return counts.reduce((sum, count) => sum + count, 0)
  }
  return {
    ...world,
    erase: eraseWith(createErasureStore(prisma)),
    eraseWith,
    start,
    rows,
    workspaceId: admin.workspaceId,
  }
}

test.each([
  ['the external id', { externalId: 'visitor-7' }],
  ['the phone number, written otherwise', { phone: '+49 (151) 123-45678' }],
  ['the e-mail address, whatever its case', { email: ' dana@fox.EXAMPLE ' }],
])('all conversations of a visitor are found by %s, and nobody else’s', async (_by, input) => {
  const world = await openErasureWorld()
  const other = await world.start('other', {
    externalId: 'visitor-8',
    phone: '0151 12345679',
    email: 'dana@fox.example.org',
  })
  for (const id of ['one', 'two']) await world.say(await world.start(id), 'hello')
  expect(await world.erase(world.workspaceId, input)).toEqual({ conversations: 2, activities: [] })
  expect((await world.prisma.conversation.findMany()).map(({ id }) => id)).toEqual([other])
  expect(await world.erase(world.workspaceId, input)).toEqual({ conversations: 0, activities: [] })
})

test('a visitor is found by what they were known by before', async () => {
  const world = await openErasureWorld()
  const id = await world.start('one')
  await world.conversations.updateVisitor(admin, id, { phone: '+1 512 555 0143', email: 'new@fox.example' })
  expect(await world.erase(world.workspaceId, { phone: visitor.phone })).toMatchObject({ conversations: 1 })
})

test('a number is found as it was spelled, though the workspace moved to another country since', async () => {
  const world = await openErasureWorld({ regionOf: async () => 'US' })
  await world.start('one')
  expect(await world.erase(world.workspaceId, { phone: '0151-12345678' })).toMatchObject({ conversations: 1 })
})

test('conversations of before there were keys are found too', async () => {
  const world = await openErasureWorld()
  await world.start('one')
  await world.start('nameless', {})
  await world.prisma.visitorKey.deleteMany()
  expect(await world.erase(world.workspaceId, { email: visitor.email })).toMatchObject({ conversations: 1 })
  expect(await world.prisma.conversation.count()).toBe(1)
})

test('a blank visitor is nobody, and refused; another workspace has none of them', async () => {
  const world = await openErasureWorld()
  const id = await world.start('one')
  for (const input of [{ externalId: ' ' }, { phone: '' }, { email: null }, { externalId: null }]) {
    await expect(world.erase(world.workspaceId, input)).rejects.toThrow(ValidationError)
  }
  for (const input of [{ phone: visitor.phone }, { conversationIds: [id] }]) {
    expect(await world.erase('another-workspace', input)).toEqual({ conversations: 0, activities: [] })
  }
  expect(await world.prisma.conversation.count()).toBe(1)
})

test('nothing is left of them, and the receipt says where their activities are', async () => {
  const world = await openErasureWorld()
  world.startWorker()
  const id = await world.start('one')
  await world.say(id, 'hello', 'again')
  await world.tag(id, ['DYNAMICS 1', 'SALESFORCE 2'])
  await expect.poll(world.states, { interval: 20 }).toEqual(['DELIVERED', 'DELIVERED'])
  const held = [...world.crms.DYNAMICS.activities.all(), ...world.crms.SALESFORCE.activities.all()]
  const bystander = await world.start('bystander', { externalId: 'visitor-8' })
  await world.say(bystander, 'mine')

  const { conversations, activities } = await world.erase(world.workspaceId, { conversationIds: [id, id, 'no-such'] })
  expect(conversations).toBe(1)
  type Identified = { remoteId: string | null }
  const idOf = ({ remoteId }: Identified) => remoteId ?? ''
  const byId = (one: Identified, other: Identified) => (idOf(one) < idOf(other) ? -1 : 1)
  expect(activities.map(({ part, remoteId, url, closed }) => ({ part, remoteId, url, closed })).toSorted(byId)).toEqual(
    held.map(({ remoteId, url }) => ({ part: 1, remoteId, url, closed: false })).toSorted(byId),
  )
  // A conversation, its message and its key.
  expect(await world.rows()).toBe(3)
  expect(await world.prisma.event.count({ where: { conversationId: id } })).toBe(0)
  expect(await world.prisma.event.count({ where: { conversationId: bystander } })).toBeGreaterThan(0)
  await expect(world.say(id, 'too late')).rejects.toThrow(NotFoundError)
})

test('what is being delivered is waited for, stands in the receipt, and is written to no more', async () => {
  const world = await openErasureWorld()
  const operations: string[] = []
  let file = () => {}
  world.hindrances.DYNAMICS = (operation) => {
    operations.push(operation)
    if (operation !== 'fileActivity') return
    return new Promise<void>((resolve) => {
      file = resolve
    })
  }
  world.startWorker()
  const id = await world.start('one')
  await world.say(id, 'hello')
  await world.tag(id, ['DYNAMICS 1'])
  await expect.poll(() => operations, { interval: 20 }).toContain('fileActivity')
  let isErased = false
  const erasing = world.erase(world.workspaceId, { phone: visitor.phone }).finally(() => {
    isErased = true
  })
  // Longer than it takes where nothing is under way.
  await new Promise((resolve) => setTimeout(resolve, 60))
  expect(isErased).toBe(false)
  // It would be due again as soon as it is done.
  await world.say(id, 'and more')
  file()
  const { activities } = await erasing
  const [held, ...others] = world.crms.DYNAMICS.activities.all()
  expect(others).toEqual([])
  expect(activities.map(({ remoteId }) => remoteId)).toEqual([held?.remoteId])
  expect(world.held('DYNAMICS')[0]?.[0]).toBe('hello')
  expect(await world.rows()).toBe(0)
  const before = operations.length
  await new Promise((resolve) => setTimeout(resolve, 60))
  expect(operations.length).toBe(before)
})

/** Whatever is filed in Dynamics waits until it may go on. */
function holdFiling({ hindrances }: Pick<Awaited<ReturnType<typeof openErasureWorld>>, 'hindrances'>) {
  let begun = false
  let release = () => {}
  hindrances.DYNAMICS = (operation) => {
    if (operation !== 'fileActivity') return
    begun = true
    return new Promise<void>((resolve) => {
      release = resolve
    })
  }
  return { hasBegun: () => begun, goOn: () => release() }
}

test('an attempt that does not end is taken from its worker: it is named by its key, and what comes of it is noted nowhere', async () => {
  const world = await openErasureWorld({ patienceMs: 60 })
  const filing = holdFiling(world)
  world.startWorker()
  const id = await world.start('one')
  await world.say(id, 'hello')
  await world.tag(id, ['DYNAMICS 1'])
  await expect.poll(filing.hasBegun, { interval: 20 }).toBe(true)
  const { activities } = await world.erase(world.workspaceId, { conversationIds: [id] })
  expect(activities).toMatchObject([{ part: 1, url: 'https://DYNAMICS.example', closed: false }])
  expect(await world.rows()).toBe(0)
  filing.goOn()
  await expect.poll(() => world.crms.DYNAMICS.activities.all().length, { interval: 20 }).toBe(1)
  // What landed late is what the receipt names.
  const late = await world.crms.DYNAMICS.provider.findActivityByKey({ type: 'NOTE' }, activities[0]?.remoteId ?? '')
  expect(late).toMatchObject({ remoteId: world.crms.DYNAMICS.activities.all()[0]?.remoteId })
  expect(await world.rows()).toBe(0)
  expect(world.faults).toEqual([])
})

test('what begins between the stopping and the removing is stopped too, and stands in the receipt', async () => {
  const world = await openErasureWorld()
  const filing = holdFiling(world)
  const store = createErasureStore(world.prisma)
  const erase = world.eraseWith({
    ...store,
    async listUnknown(workspaceId, id) {
      const unknown = await store.listUnknown(workspaceId, id)
      // Once: a person tags it at this moment, and a worker is quick.
      if (filing.hasBegun()) return unknown
      await world.tag(id, ['DYNAMICS 1'])
      await expect.poll(filing.hasBegun, { interval: 5 }).toBe(true)
      setTimeout(filing.goOn, 100)
      return unknown
    },
  })
  world.startWorker()
  const id = await world.start('one')
  await world.say(id, 'hello')
  const { activities } = await erase(world.workspaceId, { conversationIds: [id] })
  await expect.poll(() => world.crms.DYNAMICS.activities.all().length, { interval: 20 }).toBe(1)
  expect(activities).toMatchObject([{ remoteId: world.crms.DYNAMICS.activities.all()[0]?.remoteId }])
  expect(await world.rows()).toBe(0)
})

test('a create whose outcome is not known is looked for in the CRM', async () => {
  const world = await openErasureWorld()
  world.startWorker()
  const ids = await Promise.all(['there', 'lost', 'recent', 'unreachable'].map((name) => world.start(name)))
  for (const id of ids) await world.say(id, 'hello')
  for (const id of ids) await world.tag(id, ['DYNAMICS 1'])
  await expect.poll(world.states, { interval: 20 }).toEqual(Array(4).fill('DELIVERED'))
  const known = await world.prisma.pushActivity.findMany({ include: { push: true } })
  const of = (id: string | undefined) => known.find(({ push }) => push.conversationId === id)
  const long = new Date(world.now() - 3_600_000)
  await world.prisma.pushActivity.updateMany({ data: { remoteId: null, url: null, attemptedAt: long } })
  await world.prisma.pushActivity.update({
    where: { id: of(ids[2])?.id ?? '' },
    data: { attemptedAt: new Date(world.now() - 10_000) },
  })
  for (const id of [ids[1], ids[2]]) world.crms.DYNAMICS.activities.remove(of(id)?.remoteId ?? '')

  const receiptOf = async (id: string | undefined) =>
    (await world.erase(world.workspaceId, { conversationIds: [id ?? ''] })).activities
  expect(await receiptOf(ids[0])).toMatchObject([{ remoteId: of(ids[0])?.remoteId, url: of(ids[0])?.url }])
  expect(await receiptOf(ids[1])).toEqual([])
  expect(await receiptOf(ids[2])).toMatchObject([{ url: 'https://DYNAMICS.example' }])
  world.hindrances.DYNAMICS = () => {
    throw new Error('out of reach')
  }
  expect(await receiptOf(ids[3])).toMatchObject([{ url: 'https://DYNAMICS.example' }])
  expect(await world.rows()).toBe(0)
})
