import { expect, onTestFinished, test } from 'vitest'
import { createEventBus } from '../events/bus.ts'
import { openTestDatabase } from '../testing/database.ts'
import { createSessionStore } from './session-store.ts'
import { createSessionWatch } from './sessions.ts'
import type { SalesforceOptions } from './settings.ts'
import { defaultSalesforceOptions } from './settings.ts'
import type { IntegrationSnapshot } from './snapshot.ts'
import { createIntegrationStore } from './store.ts'

const minute = 60_000
const workspaceId = 'workspace-1'

/** Processes on one database, with one integration whose session nothing renews. */
async function openProcesses(count: number, salesforce: SalesforceOptions | null = defaultSalesforceOptions) {
  const { prisma } = await openTestDatabase()
  let time = 1_000_000_000_000
  await createIntegrationStore(prisma).create(
    workspaceId,
    'org',
    {
      ...{ provider: 'SALESFORCE', name: 'Org', url: 'https://o.example', orgId: 'o', emulated: false },
      ...{ connectedAs: 'Ines', connectedAt: new Date(time), problems: [], entityTypes: [], defaultFields: [] },
      ...{ dynamics: null, salesforce: defaultSalesforceOptions },
    },
    '',
  )
  const where = { integrationId: 'org' }
  await prisma.integrationToken.update({ where, data: { lastUsedAt: new Date(time) } })
  const events = createEventBus({ prisma, pollMs: 60_000 })
  onTestFinished(() => events.close())
  const ended: number[] = []
  const processes = Array.from({ length: count }, (_, index) => {
    const lastCalls = new Map<string, number>()
    const watch = createSessionWatch({
      store: createSessionStore(prisma),
      registry: { find: async () => ({ settings: { salesforce } }) as unknown as IntegrationSnapshot },
      events,
      lastCalls,
      end: async () => {
        ended.push(index)
        await prisma.integration.update({ where: { id: 'org' }, data: { status: 'DISCONNECTED' } })
      },
      now: () => time,
      onError: (error) => expect.fail(String(error)),
    })
    onTestFinished(() => watch.close())
    return { watch, call: () => lastCalls.set('org', time) }
  })
  return {
    processes,
    ended,
    skip: (ms: number) => {
      time += ms
    },
    settleAll: () => Promise.all(processes.map(({ watch }) => watch.settle())),
    kinds: async () => (await prisma.event.findMany({ orderBy: { id: 'asc' } })).map(({ kind }) => kind),
    session: () => prisma.integrationToken.findUniqueOrThrow({ where }),
  }
}

test('of several processes one asks, and one ends', async () => {
  const { settleAll, skip, kinds, ended } = await openProcesses(3)
  skip(120 * minute)
  await settleAll()
  expect(await kinds()).toEqual(['SESSION_EXPIRING'])
  skip(minute)
  await settleAll()
  expect(ended).toHaveLength(1)
  await settleAll()
  expect(ended).toHaveLength(1)
})

test('a call of the worker counts for everybody, once it is written down', async () => {
  const { processes, settleAll, skip, kinds, session } = await openProcesses(2)
  const [server, worker] = processes
  skip(119 * minute)
  worker?.call()
  await worker?.watch.refresh()
  skip(minute)
  await settleAll()
  await server?.watch.refresh()
  expect(await kinds()).toEqual([])
  expect((await session()).lastUsedAt).toEqual(new Date(1_000_000_000_000 + 119 * minute))
})

test('a call after the question is an answer, of which people are told', async () => {
  const { processes, settleAll, skip, kinds, session, ended } = await openProcesses(1)
  skip(120 * minute)
  await settleAll()
  skip(minute / 2)
  processes[0]?.call()
  skip(minute)
  await processes[0]?.watch.refresh()
  expect(await kinds()).toEqual(['SESSION_EXPIRING', 'INTEGRATION_CHANGED'])
  expect(ended).toEqual([])
  expect((await session()).promptedAt).toBeNull()
})

test('going on begins anew, wherever it is said', async () => {
  const { processes, settleAll, skip, kinds, ended } = await openProcesses(2)
  skip(120 * minute)
  await settleAll()
  await processes[1]?.watch.keep(workspaceId, 'org')
  skip(2 * minute)
  await settleAll()
  expect(ended).toEqual([])
  skip(118 * minute)
  await settleAll()
  expect(await kinds()).toEqual(['SESSION_EXPIRING', 'SESSION_EXPIRING'])
})

test('X-DIF-05: where the vendor has no such timer, nobody is asked', async () => {
  const { settleAll, skip, kinds } = await openProcesses(1, null)
  skip(24 * 60 * minute)
  await settleAll()
  expect(await kinds()).toEqual([])
})
