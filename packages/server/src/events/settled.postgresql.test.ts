import { expect, test } from 'vitest'
import { openDatabase } from '../database/index.ts'
import { openTestDatabase } from '../testing/database.ts'
import { createEventBus } from './bus.ts'
import { createEventStore } from './store.ts'

/** A transaction that has added an event and stays open until it is told to end. */
function openAppend(prisma: Awaited<ReturnType<typeof openTestDatabase>>['prisma'], workspaceId: string) {
  let added: (id: number) => void = () => {}
  let end: (how: 'commit' | 'rollback') => void = () => {}
  const id = new Promise<number>((resolve) => {
    added = resolve
  })
  const ended = new Promise<'commit' | 'rollback'>((resolve) => {
    end = resolve
  })
  const done = prisma
    .$transaction(async (transaction) => {
      added((await transaction.event.create({ data: { workspaceId, kind: 'INTEGRATION_CHANGED' } })).id)
      if ((await ended) === 'rollback') throw new Error('rolled back')
    })
    .catch(() => {})
  return {
    id,
    end(how: 'commit' | 'rollback') {
      end(how)
      return done
    },
  }
}

test('an event that is committed after one with a greater id is not passed over', async () => {
  const { prisma, workspaceId } = await openTestDatabase()
  const store = createEventStore(prisma)
  await store.append({ workspaceId, kind: 'INTEGRATION_CHANGED' })
  const before = await store.latestId()

  const slow = openAppend(prisma, workspaceId)
  const rolledBack = openAppend(prisma, workspaceId)
  const [slowId] = [await slow.id, await rolledBack.id]
  await store.append({ workspaceId, kind: 'SETTINGS_CHANGED' })
  const kinds = ['INTEGRATION_CHANGED', 'SETTINGS_CHANGED'] as const
  const read = async () => ({
    all: (await store.listAll(before, 10)).map(({ id }) => id),
    ofWorkspace: (await store.list(workspaceId, before, { kinds, limit: 10 })).map(({ id }) => id),
    newest: await store.latestId(),
    bounds: (await store.bounds()).newest,
  })
  expect(await read()).toEqual({ all: [], ofWorkspace: [], newest: before, bounds: before })

  await slow.end('commit')
  await rolledBack.end('rollback')
  const late = slowId + 2
  expect(await read()).toEqual({ all: [slowId, late], ofWorkspace: [slowId, late], newest: late, bounds: late })
})

test('what a hundred transactions of two instances add reaches a follower once each, in order', async () => {
  const { prisma, workspaceId, url } = await openTestDatabase()
  const other = await openDatabase(url)
  const bus = createEventBus({ prisma, pollMs: 5 })
  await bus.latestId()
  const seen: number[] = []
  bus.onEvent(({ id }) => seen.push(id))
  await Promise.all(
    Array.from({ length: 100 }, (_, index) =>
      (index % 2 === 0 ? prisma : other.prisma).$transaction(async (transaction) => {
        await transaction.event.create({ data: { workspaceId, kind: 'INTEGRATION_CHANGED' } })
        // Some stay open for longer than others.
        for (let more = index % 5; more > 0; more--) await transaction.workspace.count()
      }),
    ),
  )
  await expect.poll(() => seen.length).toBe(100)
  expect(seen).toEqual(seen.toSorted((a, b) => a - b))
  await bus.close()
  await other.close()
})
