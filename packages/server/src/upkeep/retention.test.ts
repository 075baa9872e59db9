import { ProviderError } from '@backchannel/providers'
import { expect, test } from 'vitest'
import type { BackendField } from '../integrations/settings.ts'
import { checked } from '../testing/integration.ts'
import { admin, openPushWorld } from '../testing/push-world.ts'
import { createRetentionJob } from './retention.ts'
import { createRetentionStore } from './retention-store.ts'

const DAY_MS = 24 * 60 * 60 * 1_000
const phoneOfContacts: BackendField = {
  ...{ ...checked, id: 'phone', target: 'RECORD', entityTypeId: 'dynamics:contact', name: 'telephone1', position: 0 },
  ...{ variableType: 'CONSTANT', fieldType: 'TEXT', value: '+49 30 1', values: null, lookupValue: null },
  ...{ label: null, lookup: null, overwrite: true },
}
const running = new AbortController().signal

/** A workspace that keeps conversations for 30 days; each run comes `days` after what was said before it. */
async function openOldWorld({ days = 31, retentionDays = 30 as number | null } = {}) {
  const world = await openPushWorld()
  await world.prisma.workspace.update({ where: { id: world.workspaceId }, data: { retentionDays } })
  const job = createRetentionJob(createRetentionStore(world.prisma, world.secrets), world.now)
  const purged = async (id: string) => (await world.conversations.get(admin, id)).purgedAt !== null
  const texts = async (id: string) =>
    (await world.conversations.readTranscript(world.workspaceId, id))?.messages.map(({ text }) => text)
  const bodies = () => world.crms.DYNAMICS.activities.all().map(({ body }) => body.split('\n'))
  const settled = (...states: string[]) => expect.poll(world.states, { interval: 20 }).toEqual(states)
  async function run() {
    world.skip(days * DAY_MS)
    await job.run(running)
  }
  return { ...world, run, purged, texts, bodies, settled }
}

test('what is delivered and older than the retention is removed: text, visitor, variables, plan, names, keys', async () => {
  const world = await openOldWorld()
  world.startWorker()
  const id = await world.start('SMS')
  await world.say(id, 'secret one', 'secret two')
  await world.tag(id, ['DYNAMICS 1'])
  await world.settled('DELIVERED')
  await world.run()

  const row = await world.conversations.get(admin, id)
  expect(row.purgedAt?.getTime()).toBeLessThanOrEqual(world.now())
  expect(Object.values(world.conversations.visitorOf(row))).toEqual(Array(7).fill(null))
  expect(world.conversations.variablesOf(row)).toEqual([])
  expect(row).toMatchObject({ matchSealed: null, matchDueAt: null, externalId: 'conversation-1' })
  const messages = await world.prisma.message.findMany({ orderBy: { arrival: 'asc' } })
  expect(messages).toMatchObject([
    { arrival: 1, contentSealed: null },
    { arrival: 2, contentSealed: null },
  ])
  expect((await world.conversations.listMessages(row, { first: 10, after: null })).rows).toEqual([])
  expect(await world.prisma.push.findFirstOrThrow()).toMatchObject({ planSealed: null, deliveredMessages: 2 })
  const tag = await world.prisma.tag.findFirstOrThrow()
  expect(tag.backendValuesSealed).toBeNull()
  expect(world.pushes.referenceOf(tag)).toMatchObject({
    name: null,
    url: 'https://DYNAMICS.example/dynamics-contact-1',
  })
  expect(await world.prisma.visitorKey.count()).toBe(0)
  expect(world.held('DYNAMICS')).toEqual([['secret one', 'secret two']])
})

test.each([
  ['the workspace keeps conversations for good', { retentionDays: null }],
  ['they are younger', { days: 29 }],
])('nothing is removed where %s', async (_case, given) => {
  const world = await openOldWorld(given)
  const id = await world.start('CHAT')
  await world.say(id, 'one')
  await world.run()
  expect(await world.texts(id)).toEqual(['one'])
  expect(await world.purged(id)).toBe(false)
})

test('the period counts from the last message, and from the beginning where there is none', async () => {
  const world = await openOldWorld()
  const silent = await world.start('CHAT', 'silent')
  const long = await world.start('SMS', 'long')
  await world.say(long, 'first')
  world.skip(5 * DAY_MS)
  const late = { externalId: 'late', author: 'VISITOR' as const, text: 'last', sentAt: new Date(world.now()) }
  await world.conversations.append(admin, long, [late])
  world.skip(-5 * DAY_MS)
  await world.run()
  expect([await world.purged(silent), await world.purged(long)]).toEqual([true, false])
})

test.each([
  ['1970', 29, false],
  ['1970', 31, true],
  ['2999', 29, false],
  ['2999', 31, true],
])(
  'a clock that stands at %s neither hastens the end of the period nor puts it off: %i days',
  async (year, days, isOver) => {
    const world = await openOldWorld({ days })
    const sentAt = new Date(`${year}-01-31T13:00:00Z`)
    const input = { externalId: 'lying', channel: 'SMS' as const, visitor: {}, startedAt: sentAt }
    const silent = await world.conversations.start(admin, { ...input, externalId: 'silent' })
    const id = await world.conversations.start(admin, input)
    await world.conversations.append(admin, id, [{ externalId: 'm', author: 'VISITOR', text: 'one', sentAt }])
    await world.run()
    expect(await world.texts(id)).toEqual(isOver ? [] : ['one'])
    expect([await world.purged(id), await world.purged(silent)]).toEqual([isOver, isOver])
  },
)

test('what is not delivered keeps its text, however old: waiting, failed, disconnected', async () => {
  const world = await openOldWorld({ days: 400 })
  const waiting = await world.start('CHAT', 'waiting')
  await world.say(waiting, 'one')
  await world.tag(waiting, ['DYNAMICS 1'], { afterEnd: true })
  const failed = await world.start('SMS', 'failed')
  await world.say(failed, 'one')
  await world.tag(failed, ['SALESFORCE 1'])
  await world.prisma.push.updateMany({ where: { conversationId: failed }, data: { status: 'FAILED' } })
  await world.run()
  expect([await world.texts(waiting), await world.texts(failed)]).toEqual([['one'], ['one']])

  await world.prisma.push.updateMany({ data: { status: 'DISCARDED' } })
  await world.run()
  expect([await world.texts(waiting), await world.texts(failed)]).toEqual([[], []])
})

test('a later message of a purged thread makes a new activity with only it, and the first stays as it is', async () => {
  const world = await openOldWorld()
  world.startWorker()
  const id = await world.start('SMS')
  await world.say(id, 'one', 'two')
  await world.tag(id, ['DYNAMICS 1'])
  await world.settled('DELIVERED')
  const before = world.bodies()
  await world.run()

  await world.say(id, 'three')
  await world.settled('DELIVERED', 'DELIVERED')
  expect(world.bodies()[0]).toEqual(before[0])
  expect(world.bodies()[1]?.[0]).toBe('(continues an earlier activity: what was said before is not kept any more)')
  expect(world.held('DYNAMICS')).toEqual([['one', 'two'], ['three']])
  expect(await world.purged(id)).toBe(false)

  await world.say(id, 'four')
  await expect
    .poll(() => world.held('DYNAMICS'), { interval: 20 })
    .toEqual([
      ['one', 'two'],
      ['three', 'four'],
    ])
  await world.settled('DELIVERED', 'DELIVERED')
  await world.run()
  await world.say(id, 'five')
  await expect
    .poll(() => world.held('DYNAMICS'), { interval: 20 })
    .toEqual([['one', 'two'], ['three', 'four'], ['five']])
})

test('a message of before that is sent again is known still', async () => {
  const world = await openOldWorld()
  const id = await world.start('SMS')
  const message = { externalId: 'm', author: 'VISITOR' as const, text: 'one', sentAt: new Date() }
  await world.conversations.append(admin, id, [message])
  await world.run()
  await world.conversations.append(admin, id, [message])
  expect(await world.texts(id)).toEqual([])
  expect(await world.purged(id)).toBe(true)
})

test('a purged thread that is tagged is filed with what is kept, and says that the rest is not', async () => {
  const world = await openOldWorld()
  world.startWorker()
  const id = await world.start('SMS')
  await world.say(id, 'one')
  await world.run()
  await world.tag(id, ['DYNAMICS 1'])
  await world.settled('DELIVERED')
  expect(world.bodies()).toEqual([['(what was said before is not kept any more)']])
  await world.say(id, 'two')
  await expect
    .poll(world.bodies, { interval: 20 })
    .toEqual([['(what was said before is not kept any more)', expect.stringMatching(/two$/)]])
})

test('a record that is tagged once more after the purge gets its fields, no second activity, and its first keeps its text', async () => {
  const world = await openOldWorld()
  world.settings.DYNAMICS = { backendFields: [phoneOfContacts] }
  world.startWorker()
  const contact = world.crms.DYNAMICS.rows.get('dynamics-contact-1') ?? expect.unreachable()
  const id = await world.start('SMS')
  await world.say(id, 'one')
  await world.tag(id, ['DYNAMICS 1'])
  await world.settled('DELIVERED')
  await world.run()
  contact.values = { telephone1: 'changed by a person' }
  await world.tag(id, ['DYNAMICS 1'])
  await world.settled('DELIVERED')
  expect(contact.values['telephone1']).toBe('+49 30 1')
  expect(world.held('DYNAMICS')).toEqual([['one']])
  await world.say(id, 'two')
  await world.settled('DELIVERED', 'DELIVERED')
  expect(world.held('DYNAMICS')).toEqual([['one'], ['two']])
})

test('what was missing beside a text cannot be tried again once it is not known any more: it stays PARTIAL', async () => {
  const world = await openOldWorld()
  world.settings.DYNAMICS = { backendFields: [phoneOfContacts] }
  world.hindrances.DYNAMICS = (operation) => {
    if (operation === 'updateRecord') throw new ProviderError('CRM_REJECTED', { message: 'No.' })
  }
  world.startWorker()
  const id = await world.start('SMS')
  await world.say(id, 'one')
  await world.tag(id, ['DYNAMICS 1'])
  await world.settled('PARTIAL CRM_REJECTED')
  await world.run()
  world.hindrances.DYNAMICS = () => {}
  const { id: pushId } = await world.prisma.push.findFirstOrThrow()
  await expect(world.pushes.retry(admin, pushId)).rejects.toThrow(/retention period is over: tag .* again/)
  expect(await world.pushes.retryAll(admin, { status: ['PARTIAL'], conversationId: id })).toBe(0)
  expect(await world.states()).toEqual(['PARTIAL CRM_REJECTED'])
  await world.tag(id, ['DYNAMICS 1'])
  await world.settled('DELIVERED')
  expect(world.crms.DYNAMICS.rows.get('dynamics-contact-1')?.values['telephone1']).toBe('+49 30 1')
})

test('with Allow New Creation each later message makes an activity of all that is kept', async () => {
  const world = await openOldWorld()
  await world.prisma.settings.create({
    data: {
      ...{ id: 'settings', workspaceId: world.workspaceId, integrationId: 'DYNAMICS', searchOrder: [] },
      dynamics: { create: { workspaceId: world.workspaceId, allowNewCreation: true } },
    },
  })
  world.startWorker()
  const id = await world.start('SMS')
  await world.say(id, 'one')
  await world.tag(id, ['DYNAMICS 1'])
  await world.settled('DELIVERED')
  await world.run()
  await world.say(id, 'two')
  await world.say(id, 'three')
  await world.settled('DELIVERED', 'DELIVERED', 'DELIVERED')
  expect(world.held('DYNAMICS')).toEqual([['one'], ['two'], ['two', 'three']])
})

test('a tag that cannot be read any more, since its key was lost, does not keep what is old', async () => {
  const world = await openOldWorld()
  world.startWorker()
  const id = await world.start('SMS')
  await world.say(id, 'one')
  await world.tag(id, ['DYNAMICS 1'])
  await world.settled('DELIVERED')
  await world.prisma.tag.updateMany({ data: { snapshotSealed: '1.gone.AAAA' } })
  const other = await world.start('CHAT', 'other')
  await world.run()
  expect([await world.purged(id), await world.purged(other)]).toEqual([true, true])
  expect(world.pushes.referenceOf(await world.prisma.tag.findFirstOrThrow())).toMatchObject({ name: null, url: null })
})

test('two processes that run it at once do no harm', async () => {
  const world = await openOldWorld()
  const ids = await Promise.all(Array.from({ length: 12 }, (_, index) => world.start('CHAT', `chat-${index}`)))
  await Promise.all([world.run(), world.run(), world.run()])
  expect(await Promise.all(ids.map(world.purged))).toEqual(ids.map(() => true))
})

test('a visitor who is told of again after the purge is known again, until the next run', async () => {
  const world = await openOldWorld()
  const id = await world.start('CHAT')
  await world.run()
  await world.start('CHAT')
  const visitorOf = async () => world.conversations.visitorOf(await world.conversations.get(admin, id))
  expect(await visitorOf()).toMatchObject({ fullName: 'Dana Fox' })
  expect(await world.purged(id)).toBe(false)
  await world.run()
  expect(await visitorOf()).toMatchObject({ fullName: null })
})

test('what was given up half-way and is retried after the purge fails at once, in words, and is not tried for ever', async () => {
  const world = await openOldWorld()
  const worker = world.startWorker()
  world.hindrances.DYNAMICS = (operation) => {
    if (operation !== 'fileActivity') return
    throw new ProviderError('CRM_TIMEOUT', { message: 'No answer.', outcome: 'UNKNOWN' })
  }
  const id = await world.start('SMS')
  await world.say(id, 'secret')
  await world.tag(id, ['DYNAMICS 1'])
  await world.settled('RETRYING CRM_TIMEOUT')
  const push = await world.prisma.push.findFirstOrThrow()
  await world.pushes.discard(admin, push.id)
  await world.run()
  expect(await world.purged(id)).toBe(true)
  delete world.hindrances.DYNAMICS
  await world.pushes.retry(admin, push.id)
  await world.settled('FAILED CONFLICT')
  await worker.stop()
  expect(await world.prisma.push.findFirstOrThrow()).toMatchObject({ attempts: 1 })
  expect(world.pushes.errorOf(await world.prisma.push.findFirstOrThrow())).toContain('the retention period is over')
  expect(world.held('DYNAMICS')).toEqual([])
})
