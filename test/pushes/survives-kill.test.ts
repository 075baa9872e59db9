import { expect, test, vi } from 'vitest'
import { openInstallation, type ServerProcess } from '../support/server-process.ts'
import { say, tagThread } from './operations.ts'

interface PushState {
  id: string
  status: string
}

async function statuses(server: ServerProcess): Promise<string[]> {
  const { pushes } = await server.execute<{ pushes: { edges: { node: PushState }[] } }>(
    '{ pushes { edges { node { id status } } } }',
  )
  return pushes.edges.map(({ node }) => node.status)
}

const delivered = (server: ServerProcess) =>
  expect.poll(() => statuses(server), { interval: 100 }).toEqual(['DELIVERED', 'DELIVERED'])

test('a push that was accepted survives a kill before its delivery, and arrives once', async () => {
  const { dynamics, salesforce, start } = await openInstallation({ PUSH_LEASE_SECONDS: '2' })
  const first = await start()
  // Nothing gets through before the kill.
  for (const crm of [dynamics, salesforce]) {
    await crm.addFault({ method: 'POST|PATCH', path: 'annotations|Task', times: 100 }, { hang: 'BEFORE' })
  }
  await tagThread(first)
  await expect.poll(() => statuses(first)).toEqual(['DELIVERING', 'DELIVERING'])
  await first.kill()

  for (const crm of [dynamics, salesforce]) await crm.clearFaults()
  await delivered(await start())
  expect((await dynamics.records('annotation')).filter(isOurs('notetext'))).toHaveLength(1)
  expect((await salesforce.records('Task')).filter(isOurs('Description'))).toHaveLength(1)
})

test('a push whose answer was lost by a kill is recognised and not made again, and later messages follow', async () => {
  const { dynamics, salesforce, start } = await openInstallation({ PUSH_LEASE_SECONDS: '2' })
  const first = await start()
  // The CRM files it, and nobody is told.
  for (const crm of [dynamics, salesforce]) {
    await crm.addFault({ method: 'POST|PATCH', path: 'annotations|Task', times: 1 }, { hang: 'AFTER' })
  }
  const id = await tagThread(first)
  await vi.waitFor(async () => {
    expect((await dynamics.records('annotation')).filter(isOurs('notetext'))).toHaveLength(1)
    expect((await salesforce.records('Task')).filter(isOurs('Description'))).toHaveLength(1)
  }, 20_000)
  await first.kill()

  const second = await start()
  await say(second, id, 'm2', 'It came just now.')
  await delivered(second)
  const [note, ...otherNotes] = (await dynamics.records('annotation')).filter(isOurs('notetext'))
  const [task, ...otherTasks] = (await salesforce.records('Task')).filter(isOurs('Description'))
  expect([...otherNotes, ...otherTasks]).toEqual([])
  expect(note?.['notetext']).toContain('It came just now.')
  expect(task?.['Description']).toContain('It came just now.')
})

test('a worker that runs without a server delivers what a server that is gone had accepted, once', async () => {
  const { dynamics, salesforce, start, startWorker } = await openInstallation({ PUSH_LEASE_SECONDS: '2' })
  const server = await start()
  for (const crm of [dynamics, salesforce]) {
    await crm.addFault({ method: 'POST|PATCH', path: 'annotations|Task', times: 100 }, { hang: 'BEFORE' })
  }
  await tagThread(server)
  await expect.poll(() => statuses(server)).toEqual(['DELIVERING', 'DELIVERING'])
  await startWorker()
  await server.kill()

  for (const crm of [dynamics, salesforce]) await crm.clearFaults()
  const ours = async () => [
    (await dynamics.records('annotation')).filter(isOurs('notetext')).length,
    (await salesforce.records('Task')).filter(isOurs('Description')).length,
  ]
  await expect.poll(() => ours(), { interval: 100 }).toEqual([1, 1])
  await delivered(await start())
  expect(await ours()).toEqual([1, 1])
})

const isOurs = (field: string) => (row: Record<string, unknown>) => String(row[field]).includes('Where is my order?')
