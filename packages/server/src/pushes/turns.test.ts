import { setTimeout as wait } from 'node:timers/promises'
import { expect, onTestFinished, test, vi } from 'vitest'
import { isOnPostgresql } from '../database/kind.ts'
import { Prisma } from '../generated/prisma/client.ts'
import { createLogger } from '../shared/logger.ts'
import { openPushWorld } from '../testing/push-world.ts'
import type { Claim } from './claim-store.ts'
import { type CandidateRequest, candidates, dueIntegrations } from './due-store.ts'
import { createPauseStore } from './pause-store.ts'
import { createPushQueue, type PushQueue } from './queue-store.ts'
import { pushRank } from './rank.ts'
import { startPushWorker } from './worker.ts'

const eventually = (check: () => void | Promise<void>) => vi.waitFor(check, { timeout: 20_000, interval: 10 })

type World = Awaited<ReturnType<typeof openPushWorld>>

interface Row {
  integrationId?: string
  status?: 'QUEUED' | 'RETRYING'
  rank?: number
  /** Seconds ago; null: at no time. */
  due?: number | null
}

/** Pushes as they wait, named `${prefix}0`, `${prefix}1`, …; nothing stands behind them that could be delivered. */
async function addRows(world: World, prefix: string, rows: readonly Row[]): Promise<void> {
  const { prisma, workspaceId } = world
  const conversationId = await world.start('SMS', prefix)
  const tag = { id: prefix, workspaceId, conversationId, integrationId: 'DYNAMICS' }
  await prisma.tag.create({ data: { ...tag, entityName: 'contact', remoteId: '1', snapshotSealed: '' } })
  await prisma.push.createMany({
    data: rows.map(({ integrationId = 'DYNAMICS', status = 'QUEUED', rank = pushRank.itself, due = 1 }, index) => ({
      ...{ id: `${prefix}${index}`, workspaceId, conversationId, integrationId, status, rank },
      ...{ tagId: tag.id, generation: index + 1, activityType: 'NOTE' },
      nextAttemptAt: due === null ? null : new Date(world.now() - due * 1_000),
    })),
  })
}

const openQueue = ({ prisma, secrets, now }: World) =>
  createPushQueue(prisma, { secrets, pauses: createPauseStore(prisma, now), leaseMs: 30_000, now })

/** A worker whose attempts end when a test says so. */
function startIdleWorker(
  world: World,
  { queue = openQueue(world), ...options }: { perIntegration: number; overall: number; queue?: PushQueue },
) {
  const started: Claim[] = []
  const open = new Map<string, () => void>()
  const worker = startPushWorker({
    queue,
    attempt: (claim) => {
      started.push(claim)
      return new Promise((resolve) => open.set(claim.id, resolve))
    },
    traffic: {
      places: () => options.perIntegration,
      takePlace: async () => ({ stay() {}, leave() {} }),
      unheard: async () => {},
    },
    events: world.events,
    logger: createLogger('silent'),
    leaseMs: 30_000,
    pollMs: 20,
    overall: options.overall,
  })
  const end = async (id: string) => {
    await world.prisma.push.update({ where: { id }, data: { status: 'DELIVERED', nextAttemptAt: null } })
    open.get(id)?.()
  }
  onTestFinished(() => worker.stop(0))
  return { started, end, worker }
}

test('an agent comes before what is made by itself, that before what is tried again, and the longest due first', async () => {
  const world = await openPushWorld()
  await addRows(world, 'p', [
    { status: 'RETRYING', rank: pushRank.retry, due: 900 },
    { rank: pushRank.itself, due: 800 },
    { rank: pushRank.person, due: 5 },
    { rank: pushRank.person, due: 6 },
    { rank: pushRank.person, due: null },
    { rank: pushRank.person, due: -60 },
    { rank: pushRank.forced, due: 1 },
    { integrationId: 'SALESFORCE', rank: pushRank.person, due: 7 },
  ])
  const queue = openQueue(world)
  const order: string[] = []
  for (;;) {
    const claim = await queue.claim('DYNAMICS', { longestDue: false })
    if (claim === null) break
    order.push(claim.id)
  }
  expect(order).toEqual(['p6', 'p3', 'p2', 'p1', 'p0'])
})

test('what is tried again has its turn although agents never rest', async () => {
  const world = await openPushWorld()
  await addRows(
    world,
    'agent',
    Array.from({ length: 30 }, () => ({ rank: pushRank.person, due: 1 })),
  )
  await addRows(world, 'again', [
    { status: 'RETRYING', rank: pushRank.retry, due: 60 },
    { status: 'RETRYING', rank: pushRank.retry, due: 50 },
  ])
  const { started, end } = startIdleWorker(world, { perIntegration: 1, overall: 4 })
  for (let count = 1; count <= 8; count++) {
    await eventually(() => expect(started).toHaveLength(count))
    await end(started.at(-1)?.id ?? '')
  }
  const again = started.slice(0, 8).flatMap(({ id }, index) => (id.startsWith('again') ? [`${index} ${id}`] : []))
  expect(again).toEqual(['3 again0', '7 again1'])
})

test('integrations have their turns: a single push waits for one of a flooded integration at most', async () => {
  const world = await openPushWorld()
  await addRows(
    world,
    'flood',
    Array.from({ length: 50 }, () => ({ due: 100 })),
  )
  const { started, end } = startIdleWorker(world, { perIntegration: 10, overall: 2 })
  await eventually(() => expect(started).toHaveLength(2))
  await addRows(world, 'single', [{ integrationId: 'SALESFORCE', rank: pushRank.retry, status: 'RETRYING', due: 1 }])
  await wait(60)
  await end('flood0')
  await eventually(() => expect(started).toHaveLength(3))
  await end('flood1')
  await eventually(() => expect(started).toHaveLength(4))
  expect(started.slice(2).map(({ id }) => id)).toContain('single0')
})

test('an integration whose places are all taken by slow calls holds up no other', async () => {
  const world = await openPushWorld()
  await addRows(
    world,
    'slow',
    Array.from({ length: 20 }, () => ({ due: 100 })),
  )
  await addRows(
    world,
    'fast',
    Array.from({ length: 20 }, () => ({ integrationId: 'SALESFORCE', due: 1 })),
  )
  const { started, end } = startIdleWorker(world, { perIntegration: 2, overall: 4 })
  for (let index = 0; index < 20; index++) {
    await eventually(() => expect(started.some(({ id }) => id === `fast${index}`)).toBe(true))
    await end(`fast${index}`)
  }
  expect(started.filter(({ id }) => id.startsWith('slow'))).toHaveLength(2)
})

/** Each look at the pushes is a search in the index: of which columns, its condition says. */
async function expectIndexOnSqlite({ prisma }: World, sql: Record<'byRank' | 'forced' | 'due', Prisma.Sql>) {
  const plan = async (query: Prisma.Sql) =>
    (await prisma.$queryRaw<{ detail: string }[]>(Prisma.sql`EXPLAIN QUERY PLAN ${query}`)).map((it) => it.detail)
  const toPush = (details: string[]) => details.filter((it) => /\b(p|Push)\b/.test(it))
  const byIndex = /^SEARCH \w+ USING (COVERING )?INDEX Push_integrationId_status_rank_nextAttemptAt_idx/
  const exactly = /\(integrationId=\? AND status=\? AND rank=\? AND nextAttemptAt<\?\)$/
  const underLease = /\(integrationId=\? AND status=\?\)$/

  const next = toPush(await plan(sql.byRank))
  expect(next).toHaveLength(9)
  for (const step of next) expect(step).toMatch(byIndex)
  expect(next.filter((step) => exactly.test(step))).toHaveLength(8)
  expect(next.filter((step) => underLease.test(step))).toHaveLength(1)
  // A list that is sorted is a list that is read whole.
  expect(await plan(sql.forced)).not.toContainEqual(expect.stringContaining('TEMP B-TREE'))

  const due = toPush(await plan(sql.due))
  expect(due).toHaveLength(10)
  for (const step of due) expect(step).toMatch(byIndex)
  expect(due.filter((step) => exactly.test(step))).toHaveLength(9)
}

/** The same of PostgreSQL, which chooses by what it has counted. */
async function expectIndexOnPostgresql({ prisma }: World, queries: readonly Prisma.Sql[]) {
  await prisma.$executeRaw`ANALYZE "Push"`
  for (const query of queries) {
    const rows = await prisma.$queryRaw<{ 'QUERY PLAN': string }[]>(Prisma.sql`EXPLAIN ${query}`)
    const looks = rows.map((row) => row['QUERY PLAN']).filter((line) => / on "Push"/.test(line))
    expect(looks.length).toBeGreaterThan(0)
    for (const look of looks) {
      expect(look).toMatch(/Index (Only )?Scan using "Push_integrationId_status_rank_nextAttemptAt_idx" on "Push"/)
    }
  }
}

test('R9: with 10,000 waiting, the next push and the integrations that have one are read from the index', async () => {
  const world = await openPushWorld()
  await addRows(world, 'w', [{ rank: pushRank.person, due: 60 }])
  await world.prisma.$executeRaw`
    WITH RECURSIVE "n" ("i") AS (SELECT 1 UNION ALL SELECT "i" + 1 FROM "n" WHERE "i" < 9999)
    INSERT INTO "Push" ("id", "workspaceId", "conversationId", "integrationId", "tagId", "status", "generation",
      "activityType", "rank", "nextAttemptAt", "createdAt", "updatedAt")
    SELECT 'w' || "i", "workspaceId", "conversationId", "integrationId", "tagId", "status", "i" + 1,
      "activityType", 1 + "i" % 2, CASE WHEN "i" % 3 > 0 THEN "nextAttemptAt" END, "createdAt", "updatedAt"
    FROM "n", "Push" WHERE "id" = 'w0'`
  expect(await world.prisma.push.count()).toBe(10_000)
  const now = new Date(world.now())
  const next = (order: CandidateRequest['order']) => candidates({ integrationId: 'DYNAMICS', now, limit: 8, order })
  if (isOnPostgresql(world.prisma))
    await expectIndexOnPostgresql(world, [next('BY_RANK'), next('FORCED'), dueIntegrations(now)])
  else await expectIndexOnSqlite(world, { byRank: next('BY_RANK'), forced: next('FORCED'), due: dueIntegrations(now) })

  const { started } = startIdleWorker(world, { perIntegration: 1, overall: 4 })
  await eventually(() => expect(started.map(({ id }) => id)).toEqual(['w0']))
})

test('a worker that starts sets thousands due that waited for their CRM, and delivers meanwhile', async () => {
  const world = await openPushWorld()
  await addRows(
    world,
    'late',
    Array.from({ length: 1_200 }, () => ({})),
  )
  await world.prisma.push.updateMany({ data: { status: 'WAITING_FOR_INTEGRATION', nextAttemptAt: null } })
  await addRows(world, 'due', [{ integrationId: 'SALESFORCE' }])
  const { started } = startIdleWorker(world, { perIntegration: 2, overall: 4 })
  await eventually(() => expect(started.map(({ id }) => id)).toContain('due0'))
  await eventually(async () =>
    expect(await world.prisma.push.count({ where: { status: 'WAITING_FOR_INTEGRATION' } })).toBe(0),
  )
  await eventually(() => expect(started).toHaveLength(3))
})

test('what waited for its CRM is set due although the database was busy when that came back', async () => {
  const world = await openPushWorld()
  await addRows(world, 'late', [{}])
  await world.prisma.push.updateMany({ data: { status: 'WAITING_FOR_INTEGRATION', nextAttemptAt: null } })
  const queue = openQueue(world)
  const { integrationsChanged } = queue
  queue.integrationsChanged = vi.fn(integrationsChanged).mockRejectedValueOnce(new Error('The database is locked'))
  const { started } = startIdleWorker(world, { perIntegration: 2, overall: 4, queue })
  await eventually(() => expect(started.map(({ id }) => id)).toEqual(['late0']))
})

test('a worker that is stopped hands back what does not listen, and nothing that comes of it later is written', async () => {
  const world = await openPushWorld()
  await addRows(world, 'p', [{ rank: pushRank.person }])
  const { started, worker } = startIdleWorker(world, { perIntegration: 2, overall: 4 })
  await eventually(() => expect(started).toHaveLength(1))
  await worker.stop(0)
  const row = { status: 'QUEUED', attempts: 0, rank: pushRank.person, leaseOwner: null }
  expect(await world.prisma.push.findFirst()).toMatchObject(row)
  const [claim] = started
  if (!claim) throw new Error('Nothing was claimed')
  expect(await openQueue(world).waitForIntegration(claim)).toBe(false)
  const next = startIdleWorker(world, { perIntegration: 2, overall: 4 })
  await eventually(() => expect(next.started.map(({ id }) => id)).toEqual(['p0']))
})
