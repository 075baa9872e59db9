import { expect, test } from 'vitest'
import { openTestDatabase } from '../testing/database.ts'
import { createPruneJobs } from './prune.ts'
import { createPruneStore } from './prune-store.ts'

const DAY_MS = 24 * 60 * 60 * 1_000
const now = Date.parse('2026-03-01T12:00:00Z')
const daysAgo = (days: number) => new Date(now - days * DAY_MS)

async function openPruned() {
  const { prisma, workspaceId } = await openTestDatabase()
  const store = createPruneStore(prisma, 10)
  const jobs = createPruneJobs(store, () => now)
  const run = async (signal = new AbortController().signal) => {
    for (const job of jobs) await job.run(signal)
  }
  const addEvents = (count: number, at: Date) =>
    prisma.event.createMany({ data: Array.from({ length: count }, () => ({ workspaceId, kind: 'PUSH_UPDATED', at })) })
  return { prisma, store, workspaceId, run, addEvents }
}

test('events are kept for 7 days; what is older goes, however much it is', async () => {
  const { prisma, run, addEvents } = await openPruned()
  await addEvents(23, daysAgo(8))
  await addEvents(5, daysAgo(6.9))
  await run()
  const left = await prisma.event.findMany({ orderBy: { id: 'asc' } })
  expect(left.map(({ id }) => id)).toEqual([24, 25, 26, 27, 28])
})

test('the newest event stays however old it is, and ids go on counting behind those that are gone', async () => {
  const { prisma, run, addEvents } = await openPruned()
  await addEvents(3, daysAgo(30))
  await run()
  expect((await prisma.event.findMany()).map(({ id }) => id)).toEqual([3])
  await prisma.event.deleteMany()
  await addEvents(1, daysAgo(0))
  expect((await prisma.event.findMany()).map(({ id }) => id)).toEqual([4])
})

test('keys of tag requests are kept for 30 days', async () => {
  const { prisma, workspaceId, run } = await openPruned()
  for (const days of [31, 30.1, 29.9]) {
    const row = { workspaceId, idempotencyKey: `${days}`, inputHash: '', createdAt: daysAgo(days) }
    await prisma.tagRequest.create({ data: row })
  }
  await run()
  expect((await prisma.tagRequest.findMany()).map((row) => row.idempotencyKey)).toEqual(['29.9'])
})

test('intents to create a record go 30 days after they ended; one whose outcome is not known stays', async () => {
  const { prisma, workspaceId, run } = await openPruned()
  for (const [key, status, days] of [
    ['done', 'DONE', 31],
    ['failed', 'FAILED', 31],
    ['unknown', 'STARTED', 31],
    ['young', 'DONE', 29],
  ] as const) {
    const row = { workspaceId, integrationId: 'i', idempotencyKey: key, inputHash: '', entityName: 'contact', status }
    await prisma.recordIntent.create({ data: { ...row, id: key, updatedAt: daysAgo(days) } })
  }
  await run()
  const left = await prisma.recordIntent.findMany({ orderBy: { id: 'asc' } })
  expect(left.map(({ id }) => id)).toEqual(['unknown', 'young'])
})

test('sessions, sign-ins and confirmations go when they have expired', async () => {
  const { prisma, workspaceId, run } = await openPruned()
  await prisma.user.create({ data: { id: 'ada', name: 'Ada', email: 'ada@example.com' } })
  for (const [id, days] of [
    ['old', 0.1],
    ['good', -0.1],
  ] as const) {
    const expiresAt = daysAgo(days)
    await prisma.session.create({ data: { id, token: id, userId: 'ada', expiresAt } })
    await prisma.verification.create({ data: { id, identifier: id, value: '', expiresAt } })
    const attempt = { stateHash: id, workspaceId, provider: 'DYNAMICS', detailSealed: '', expiresAt } as const
    await prisma.signInAttempt.create({ data: attempt })
  }
  await run()
  expect((await prisma.session.findMany()).map(({ id }) => id)).toEqual(['good'])
  expect((await prisma.verification.findMany()).map(({ id }) => id)).toEqual(['good'])
  expect((await prisma.signInAttempt.findMany()).map(({ stateHash }) => stateHash)).toEqual(['good'])
})

test('a job that is told to stop ends after the step under way, and goes on next time', async () => {
  const { prisma, store, run, addEvents } = await openPruned()
  await addEvents(25, daysAgo(8))
  await addEvents(1, daysAgo(0))
  const stopping = new AbortController()
  const { removeEvents } = store
  store.removeEvents = (before) => {
    stopping.abort()
    return removeEvents(before)
  }
  await run(stopping.signal)
  expect(await prisma.event.count()).toBe(16)
  store.removeEvents = removeEvents
  await run()
  expect(await prisma.event.count()).toBe(1)
})
