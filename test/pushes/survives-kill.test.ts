import { expect, test, vi } from 'vitest'
import { openInstallation, type ServerProcess, type TestInstallation } from '../support/server-process.ts'
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

const env = { PUSH_LEASE_SECONDS: '2' }

/** A lease has to run out first, and a process to start. */
const patience = { interval: 100, timeout: 60_000 }

const limitMs = 180_000

const delivered = (server: ServerProcess) =>
  expect.poll(() => statuses(server), patience).toEqual(['DELIVERED', 'DELIVERED'])

/** What makes an activity is so often not answered, by both CRMs: before they do it, or after. */
async function hang({ dynamics, salesforce }: TestInstallation, when: 'BEFORE' | 'AFTER', times: number) {
  await dynamics.addFault({ method: 'PATCH', path: 'annotations', times }, { hang: when })
  await salesforce.addFault({ method: 'POST', path: 'Task', times }, { hang: when })
}

/** Both CRMs have been asked, and answered nothing so far. */
async function untilBothHang({ dynamics, salesforce }: TestInstallation) {
  for (const crm of [dynamics, salesforce]) {
    const unanswered = async () => (await crm.calls()).filter(({ method, status }) => method !== 'GET' && status === 0)
    // On a busy machine it was tried again meanwhile.
    await expect.poll(unanswered, patience).not.toHaveLength(0)
  }
}

test(
  'a push that was accepted survives a kill before its delivery, and arrives once',
  async () => {
    const installation = await openInstallation(env)
    const { dynamics, salesforce, start } = installation
    const first = await start()
    // Nothing gets through before the kill.
    await hang(installation, 'BEFORE', 100)
    await tagThread(first)
    await untilBothHang(installation)
    await first.kill()

    for (const crm of [dynamics, salesforce]) await crm.clearFaults()
    await delivered(await start())
    expect((await dynamics.records('annotation')).filter(isOurs('notetext'))).toHaveLength(1)
    expect((await salesforce.records('Task')).filter(isOurs('Description'))).toHaveLength(1)
  },
  limitMs,
)

test(
  'a push whose answer was lost by a kill is recognised and not made again, and later messages follow',
  async () => {
    const installation = await openInstallation(env)
    const { dynamics, salesforce, start } = installation
    const first = await start()
    // The CRM files it, and nobody is told.
    await hang(installation, 'AFTER', 1)
    const id = await tagThread(first)
    await untilBothHang(installation)
    await vi.waitFor(async () => {
      expect((await dynamics.records('annotation')).filter(isOurs('notetext'))).toHaveLength(1)
      expect((await salesforce.records('Task')).filter(isOurs('Description'))).toHaveLength(1)
    }, patience)
    await first.kill()

    const second = await start()
    await say(second, id, 'm2', 'It came just now.')
    await delivered(second)
    const [note, ...otherNotes] = (await dynamics.records('annotation')).filter(isOurs('notetext'))
    const [task, ...otherTasks] = (await salesforce.records('Task')).filter(isOurs('Description'))
    expect([...otherNotes, ...otherTasks]).toEqual([])
    expect(note?.['notetext']).toContain('It came just now.')
    expect(task?.['Description']).toContain('It came just now.')
  },
  limitMs,
)

test(
  'a worker that runs without a server delivers what a server that is gone had accepted, once',
  async () => {
    const installation = await openInstallation(env)
    const { dynamics, salesforce, start, startWorker } = installation
    const server = await start()
    await hang(installation, 'BEFORE', 100)
    await tagThread(server)
    await untilBothHang(installation)
    await startWorker()
    await server.kill()

    for (const crm of [dynamics, salesforce]) await crm.clearFaults()
    const ours = async () => [
      (await dynamics.records('annotation')).filter(isOurs('notetext')).length,
      (await salesforce.records('Task')).filter(isOurs('Description')).length,
    ]
    await expect.poll(() => ours(), patience).toEqual([1, 1])
    await delivered(await start())
    expect(await ours()).toEqual([1, 1])
  },
  limitMs,
)

const isOurs = (field: string) => (row: Record<string, unknown>) => String(row[field]).includes('Where is my order?')
