/** Retrying, giving up and taking off, where they meet messages and other pushes. No worker runs: rows are what counts. */
import { expect, test } from 'vitest'
import type { Prisma } from '../generated/prisma/client.ts'
import { ConflictError, NotFoundError, ValidationError } from '../shared/errors.ts'
import { admin, openPushWorld } from '../testing/push-world.ts'

async function openWorld({ allowNewCreation = false } = {}) {
  const world = await openPushWorld()
  const { prisma, workspaceId } = world
  const dynamics = { create: { workspaceId, allowNewCreation } }
  const integration = { connect: { id: 'DYNAMICS' } }
  await prisma.settings.create({ data: { id: 'settings-1', workspaceId, searchOrder: [], integration, dynamics } })

  return {
    ...world,
    /** A thread of one message with one tag, and the push of it in this state. */
    async tagged(data: Prisma.PushUpdateInput = {}, externalId = 'conversation-1') {
      const id = await world.start('SMS', externalId)
      await world.say(id, 'a')
      const [outcome] = await world.tag(id, ['DYNAMICS 1'])
      const tagId = outcome?.tagId ?? ''
      const { id: pushId } = await prisma.push.findFirstOrThrow({ where: { tagId } })
      await prisma.push.update({ where: { id: pushId }, data })
      return { id, tagId, pushId }
    },
    /** Those of all tags, by generation: `1 QUEUED due 3`; the last number is how many messages it must hold. */
    async pushesInShort() {
      const rows = await prisma.push.findMany({ orderBy: [{ tagId: 'asc' }, { generation: 'asc' }] })
      return rows.map(
        ({ generation, status, nextAttemptAt, wantedMessages }) =>
          `${generation} ${status}${nextAttemptAt ? ' due' : ''} ${wantedMessages}`,
      )
    },
    kinds: async () => (await prisma.event.findMany({ orderBy: { id: 'asc' } })).map(({ kind }) => kind),
  }
}

const filed = { status: 'DELIVERED', deliveredMessages: 1, nextAttemptAt: null } as const

test.each(['QUEUED', 'RETRYING', 'FAILED', 'DISCARDED'] as const)(
  'a push that is %s is tried at once',
  async (status) => {
    const { tagged, pushes, prisma, now } = await openWorld()
    const later = new Date(now() + 3_600_000)
    const { pushId } = await tagged({ status, nextAttemptAt: later, attempts: 7, failingSince: new Date(0), rank: 2 })
    await pushes.retry(admin, pushId)
    const push = await prisma.push.findUniqueOrThrow({ where: { id: pushId } })
    expect(push).toMatchObject({ status: 'QUEUED', forced: true, attempts: 0, failingSince: null })
    expect(push.nextAttemptAt?.getTime()).toBeLessThanOrEqual(now())
  },
)

test.each([
  ['DELIVERED', { nextAttemptAt: null }, /nothing to try/],
  ['DELIVERING', { leaseOwner: 'a worker', leaseExpiresAt: new Date(9e12) }, /at this moment/],
  ['WAITING_FOR_END', { nextAttemptAt: null }, /still running/],
  ['WAITING_FOR_INTEGRATION', { nextAttemptAt: null }, /Connect it again/],
  ['QUEUED', { nextAttemptAt: null, generation: 2 }, /activity before it/],
  ['QUEUED', { nextAttemptAt: null }, /first message/],
  ['PARTIAL', { nextAttemptAt: null, errorCode: 'CRM_NOT_CLOSABLE' }, /cannot be completed/],
] as const)('a push that is %s is not tried again, and the answer says why', async (status, data, words) => {
  const { tagged, pushes, prisma } = await openWorld()
  const { pushId } = await tagged({ status, ...data })
  const before = await prisma.push.findUniqueOrThrow({ where: { id: pushId } })
  const refused = await pushes.retry(admin, pushId).catch((error: unknown) => error)
  expect(refused).toBeInstanceOf(ConflictError)
  expect((refused as Error).message).toMatch(words)
  expect(await prisma.push.findUniqueOrThrow({ where: { id: pushId } })).toEqual(before)
})

test('a retry plans anew where nothing is in the CRM, and keeps the plan where something may be', async () => {
  const { tagged, pushes, prisma, workspaceId } = await openWorld()
  const { pushId } = await tagged({ status: 'FAILED', planSealed: 'sealed', plannedMessages: 1 })
  const part = { id: 'part', workspaceId, pushId, part: 1, attemptedAt: new Date() }
  await prisma.pushActivity.create({ data: part })
  const plan = async () => (await prisma.push.findUniqueOrThrow({ where: { id: pushId } })).planSealed
  await pushes.retry(admin, pushId)
  expect(await plan()).toBe('sealed')
  await prisma.pushActivity.update({ where: { id: 'part' }, data: { attemptedAt: null } })
  await pushes.retry(admin, pushId)
  expect(await plan()).toBeNull()
})

test('what was discarded is taken up with the messages that came meanwhile', async () => {
  const { tagged, pushes, say, pushesInShort } = await openWorld()
  const { id, pushId } = await tagged()
  await pushes.discard(admin, pushId)
  await say(id, 'b', 'c')
  expect(await pushesInShort()).toEqual(['1 DISCARDED 1'])
  await pushes.retry(admin, pushId)
  expect(await pushesInShort()).toEqual(['1 QUEUED due 3'])
})

test('an activity that is given up lets the one behind it go, and a later one that is given up is passed over', async () => {
  const { tagged, pushes, say, prisma, pushesInShort } = await openWorld({ allowNewCreation: true })
  const { id, tagId, pushId } = await tagged()
  await say(id, 'b', 'c', 'd')
  expect(await pushesInShort()).toEqual(['1 QUEUED due 1', '2 QUEUED 2', '3 QUEUED 3', '4 QUEUED 4'])
  const second = await prisma.push.findFirstOrThrow({ where: { tagId, generation: 2 } })
  await pushes.discard(admin, second.id)
  expect(await pushesInShort()).toEqual(['1 QUEUED due 1', '2 DISCARDED 2', '3 QUEUED 3', '4 QUEUED 4'])
  await pushes.discard(admin, pushId)
  expect(await pushesInShort()).toEqual(['1 DISCARDED 1', '2 DISCARDED 2', '3 QUEUED due 3', '4 QUEUED 4'])
})

test('activities of one tag that are retried together stay in their order', async () => {
  const { tagged, pushes, say, prisma, pushesInShort } = await openWorld({ allowNewCreation: true })
  const { id } = await tagged()
  await say(id, 'b', 'c')
  await prisma.push.updateMany({ data: { status: 'FAILED', nextAttemptAt: null } })
  expect(await pushes.retryAll(admin, { status: ['FAILED'] })).toBe(3)
  expect(await pushesInShort()).toEqual(['1 QUEUED due 1', '2 QUEUED 2', '3 QUEUED 3'])
  expect(await prisma.push.count({ where: { forced: true } })).toBe(0)
})

test('a discarded newest activity ends new creation for its thread, until it is retried', async () => {
  const { tagged, pushes, say, pushesInShort } = await openWorld({ allowNewCreation: true })
  const { id, pushId } = await tagged()
  await pushes.discard(admin, pushId)
  await say(id, 'b')
  expect(await pushesInShort()).toEqual(['1 DISCARDED 1'])
  await pushes.retry(admin, pushId)
  await say(id, 'c')
  expect(await pushesInShort()).toEqual(['1 QUEUED due 2', '2 QUEUED 3'])
})

test('what is in the CRM is not discarded; discarding twice is discarding once', async () => {
  const { tagged, pushes, prisma } = await openWorld()
  const { pushId } = await tagged(filed)
  await expect(pushes.discard(admin, pushId)).rejects.toThrow(/stays there/)
  await prisma.push.update({ where: { id: pushId }, data: { status: 'FAILED' } })
  await pushes.discard(admin, pushId)
  const events = await prisma.event.count()
  await pushes.discard(admin, pushId)
  expect(await prisma.event.count()).toBe(events)
})

test('of many, those are retried that are in trouble, or that are named and can be; others are left alone', async () => {
  const { tagged, pushes, prisma } = await openWorld()
  const states = [
    'FAILED',
    'RETRYING',
    'DELIVERED',
    'PARTIAL',
    'DISCARDED',
    'WAITING_FOR_INTEGRATION',
    'QUEUED',
  ] as const
  const later = new Date(Date.now() + 3_600_000)
  for (const status of states)
    await tagged({ status, nextAttemptAt: later, errorCode: 'CRM_REJECTED', errorSealed: 'sealed' }, status)
  const statuses = async () => (await prisma.push.findMany({ orderBy: { createdAt: 'asc' } })).map((it) => it.status)
  expect(await pushes.retryAll(admin, {})).toBe(2)
  expect(await statuses()).toEqual(['QUEUED', 'QUEUED', ...states.slice(2)])
  expect(await pushes.retryAll(admin, { status: ['PARTIAL', 'DISCARDED', 'DELIVERED', 'DELIVERING'] })).toBe(2)
  expect(await statuses()).toEqual([
    ...['QUEUED', 'QUEUED', 'DELIVERED', 'QUEUED', 'QUEUED', 'WAITING_FOR_INTEGRATION', 'QUEUED'],
  ])
  expect(await pushes.retryAll(admin, { status: ['DELIVERED'] })).toBe(0)
})

test('many are discarded by what the filter says, never by an empty one, and never more than it says', async () => {
  const { tagged, pushes, prisma, pushesInShort } = await openWorld()
  await tagged({ status: 'FAILED' }, 'one')
  const { id } = await tagged({}, 'two')
  await expect(pushes.discardAll(admin, {})).rejects.toThrow(ValidationError)
  await expect(pushes.discardAll(admin, { status: [] })).rejects.toThrow(ValidationError)
  const [since, until] = [new Date(2), new Date(1)]
  await expect(pushes.discardAll(admin, { since, until })).rejects.toThrow(ValidationError)
  for (const nothing of [{ integrationId: '' }, { conversationId: '' }, { integrationId: 'SALESFORCE' }]) {
    expect(await pushes.discardAll(admin, nothing)).toBe(0)
  }
  expect(await pushes.discardAll({ ...admin, workspaceId: 'another' }, { status: ['FAILED'] })).toBe(0)
  expect(await pushes.discardAll(admin, { conversationId: id })).toBe(1)
  expect((await pushesInShort()).map((it) => it.split(' ')[1]).sort()).toEqual(['DISCARDED', 'FAILED'])
  expect(await prisma.push.count({ where: { conversationId: id, status: 'DISCARDED' } })).toBe(1)
})

test('a thousand are retried in transactions of at most 200, each with its event', async () => {
  const { tagged, pushes, prisma, workspaceId } = await openWorld()
  const { id: conversationId, tagId } = await tagged({ status: 'FAILED' })
  await prisma.push.createMany({
    data: Array.from({ length: 999 }, (_, index) => ({
      ...{ workspaceId, conversationId, tagId, integrationId: 'DYNAMICS' },
      ...{ id: `push-${index}`, generation: index + 2, status: 'FAILED' as const, activityType: 'NOTE' },
    })),
  })
  await prisma.event.deleteMany()
  expect(await pushes.retryAll(admin, { status: ['FAILED'] })).toBe(1_000)
  expect(await prisma.push.count({ where: { status: 'QUEUED' } })).toBe(1_000)
  expect(await prisma.event.count({ where: { kind: 'PUSH_UPDATED' } })).toBe(1_000)
})

test('a record that is taken off gets nothing more: what waits is discarded, what is delivered stays', async () => {
  const { tagged, pushes, say, prisma, pushesInShort, kinds } = await openWorld()
  const { id, tagId } = await tagged(filed)
  const other = await tagged({}, 'another')
  expect(await pushes.untag(admin, tagId)).toBe(id)
  expect(await pushes.untag(admin, tagId)).toBe(id)
  await pushes.untag(admin, other.tagId)
  await say(id, 'b')
  expect(await pushesInShort()).toEqual(['1 DELIVERED 1', '1 DISCARDED 1'])
  expect((await kinds()).filter((kind) => kind === 'RECORD_UNTAGGED')).toHaveLength(2)
  expect(await prisma.tag.findUniqueOrThrow({ where: { id: tagId } })).toMatchObject({
    removedBy: 'Ada',
    removedAt: expect.any(Date),
  })
  expect(await pushes.taggedRecords(admin, id)).toEqual([])
  await expect(pushes.retry(admin, other.pushId)).rejects.toThrow(/taken off/)
})

test('a record that is tagged again goes on where it was: the same tag, the same activity, what came meanwhile', async () => {
  const { tagged, pushes, say, tag, pushesInShort, kinds } = await openWorld()
  const { id, tagId } = await tagged(filed)
  await pushes.untag(admin, tagId)
  await say(id, 'b', 'c')
  const [outcome] = await tag(id, ['DYNAMICS 1'])
  expect(outcome?.tagId).toBe(tagId)
  expect(await pushesInShort()).toEqual(['1 QUEUED due 3'])
  expect((await kinds()).filter((kind) => kind === 'RECORD_TAGGED')).toHaveLength(2)
  expect(await pushes.findTag(admin, tagId)).toMatchObject({ removedAt: null, removedBy: null, taggedBy: 'Ada' })
})

test('tagged again with nothing new, a delivered record stays as it is', async () => {
  const { tagged, pushes, tag, pushesInShort } = await openWorld()
  const { id, tagId } = await tagged(filed)
  await pushes.untag(admin, tagId)
  await tag(id, ['DYNAMICS 1'])
  expect(await pushesInShort()).toEqual(['1 DELIVERED 1'])
})

test('with new creation, what came while the record was off is in one further activity', async () => {
  const { tagged, pushes, say, tag, pushesInShort } = await openWorld({ allowNewCreation: true })
  const { id, tagId } = await tagged(filed)
  await pushes.untag(admin, tagId)
  await say(id, 'b', 'c')
  await tag(id, ['DYNAMICS 1'])
  expect(await pushesInShort()).toEqual(['1 DELIVERED 1', '2 QUEUED due 3'])
})

test('a request that is repeated does not put back what was taken off since', async () => {
  const { pushes, start, say, tag } = await openWorld()
  const id = await start('SMS')
  await say(id, 'a')
  const [first] = await tag(id, ['DYNAMICS 1'], { key: 'k' })
  await pushes.untag(admin, first?.tagId ?? '')
  expect(await tag(id, ['DYNAMICS 1'], { key: 'k' })).toEqual([first])
  expect((await pushes.findTag(admin, first?.tagId ?? ''))?.removedAt).not.toBeNull()
})

test('a rule tags what nobody tagged, once, and not what a person took off', async () => {
  const { pushes, start, prisma, lookUp, states } = await openWorld()
  const id = await start('CHAT')
  const [record] = await lookUp(['DYNAMICS 1'])
  if (record === undefined || record instanceof Error) throw new Error('There is no record')
  const tagAll = () => Promise.all([1, 2].map(() => pushes.tagAutomatically(admin.workspaceId, id, record)))
  const [tagId, again] = await tagAll()
  expect(again).toBe(tagId)
  expect(await prisma.tag.findMany()).toMatchObject([{ id: tagId, automatic: true, taggedBy: null }])
  expect(await states()).toEqual(['WAITING_FOR_END'])
  expect(await prisma.push.findMany()).toMatchObject([{ rank: 1 }])
  await pushes.untag(admin, tagId ?? '')
  expect(await tagAll()).toEqual([null, null])
  expect(await states()).toEqual(['DISCARDED'])
})

test("other people's tags and pushes are not there", async () => {
  const { tagged, pushes } = await openWorld()
  const { tagId, pushId, id } = await tagged({ status: 'FAILED' })
  for (const viewer of [
    { ...admin, workspaceId: 'another' },
    { ...admin, conversationIds: ['another'] },
  ]) {
    await expect(pushes.untag(viewer, tagId)).rejects.toThrow(NotFoundError)
    await expect(pushes.retry(viewer, pushId)).rejects.toThrow(NotFoundError)
    await expect(pushes.discard(viewer, pushId)).rejects.toThrow(NotFoundError)
  }
  await pushes.untag({ ...admin, conversationIds: [id] }, tagId)
})
