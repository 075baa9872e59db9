/**
 * F1 to F7 of the failure table (reliability.md 5), each at its exact moment: a process kills itself there, another one
 * finishes, and what the CRM holds is counted. Each kill is one process with one push.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { addBackendField } from '../../packages/server/src/settings/edit/backend-fields.ts'
import type { Bundles } from './bundle.ts'
import { check } from './check.ts'
import { goOn, plant, type Records } from './feed.ts'
import type { GroundKind } from './ground.ts'
import { heldIn } from './held.ts'
import { type ConnectedWorkspace, type Installation, type Org, openInstallation } from './installation.ts'
import type { KillPoint } from './kill-point.ts'
import { type Expected, type Manner, manners, type Thread } from './threads.ts'
import { tellUnsettled } from './unsettled.ts'

export interface KillPointFigures {
  name: string
  /** Processes that died there. */
  hit: number
  /** Of those, how many came to what must be: one activity that holds all, once. */
  one: number
  examples: string[]
}

interface Scene {
  name: string
  orgs: readonly Org[]
  manner: Manner
  /** The process that dies: a worker, or who accepts the conversation. */
  entry: 'killPoint' | 'intake'
  point: (org: Org) => KillPoint
  /** The push is delivered once, and a further message is what the worker is killed over. */
  goesOn?: true
  /** Told to connect again, and delivered once that is done. */
  reconnects?: true
  rotates?: true
  /** A field of the record is written besides. */
  writesField?: true
}

const [notes, , closedTasks] = manners as [Manner, Manner, Manner]
const all: readonly Org[] = ['DYNAMICS', 'SALESFORCE', 'KEYLESS']
const call = (moment: 'BEFORE' | 'DURING' | 'AFTER', method: string, url: string, condition?: string): KillPoint => ({
  kind: 'CALL',
  moment,
  method,
  url,
  ms: 60,
  ...(condition !== undefined && { condition }),
})
const creating = (moment: 'BEFORE' | 'DURING' | 'AFTER') => (org: Org) =>
  org === 'DYNAMICS'
    ? call(moment, 'PATCH', String.raw`/annotations\(`, String.raw`^\*$`)
    : call(moment, 'POST', '/sobjects/Task$')
const writing = (moment: 'BEFORE' | 'AFTER') => (org: Org) =>
  org === 'DYNAMICS'
    ? call(moment, 'PATCH', String.raw`/annotations\(`, '^W/')
    : call(moment, 'PATCH', '/sobjects/Task/')
const closing = (moment: 'BEFORE' | 'AFTER') => () => call(moment, 'PATCH', String.raw`/tasks\(`, String.raw`^(\*|W/)`)
const writingField = (moment: 'BEFORE' | 'AFTER') => () => call(moment, 'PATCH', String.raw`/contacts\(`)
const renewing = (moment: 'BEFORE' | 'AFTER') => () => call(moment, 'POST', '/services/oauth2/token')

const worker = { entry: 'killPoint', manner: notes, orgs: all } as const
const fields = { ...worker, orgs: ['DYNAMICS'], writesField: true } as const
const tokens = { ...worker, orgs: ['SALESFORCE', 'KEYLESS'], rotates: true } as const

export const scenes: readonly Scene[] = [
  {
    ...worker,
    name: 'F1 before the intake commits',
    entry: 'intake',
    point: () => ({ kind: 'WRITE', operation: 'Push.create' }),
  },
  { ...worker, name: 'F2 committed, not answered', entry: 'intake', point: () => ({ kind: 'RETURN' }) },
  { ...worker, name: 'F3 claimed, nothing sent', point: () => call('BEFORE', 'GET', '/data/') },
  { ...worker, name: 'F3 about to be sent', point: creating('BEFORE') },
  { ...worker, name: 'F4 sent, not answered', point: creating('DURING') },
  { ...worker, name: 'F5 answered, not stored', point: creating('AFTER') },
  { ...worker, name: 'F6 before more text', point: writing('BEFORE'), goesOn: true },
  { ...worker, name: 'F6 after more text', point: writing('AFTER'), goesOn: true },
  { ...worker, name: 'F6 before the closing', manner: closedTasks, orgs: ['DYNAMICS'], point: closing('BEFORE') },
  { ...worker, name: 'F6 after the closing', manner: closedTasks, orgs: ['DYNAMICS'], point: closing('AFTER') },
  { ...fields, name: 'F6 before the fields of the record', point: writingField('BEFORE') },
  { ...fields, name: 'F6 after the fields of the record', point: writingField('AFTER') },
  { ...tokens, name: 'F7 before the refresh', point: renewing('BEFORE') },
  { ...tokens, name: 'F7 refreshed, not stored', point: renewing('AFTER'), reconnects: true },
  {
    ...tokens,
    name: 'F7 refreshed and stored',
    point: () => ({ kind: 'WRITE', operation: 'IntegrationToken.updateMany', writes: 'tokensSealed' }),
  },
]

/** @param times how often each is hit */
export async function hitKillPoints(
  bundles: Bundles,
  times: number,
  { wanted = scenes, on = 'sqlite' }: { wanted?: readonly Scene[]; on?: GroundKind } = {},
): Promise<KillPointFigures[]> {
  const installation = await openInstallation({ people: 30, on })
  try {
    const stage = createStage(installation, bundles)
    const figures: KillPointFigures[] = []
    for (const [index, scene] of wanted.entries()) figures.push(await stage.play(scene, index, times))
    return figures
  } finally {
    await installation.close()
  }
}

function createStage(installation: Installation, bundles: Bundles) {
  const { orgs, prisma } = installation

  async function die(entry: Scene['entry'], env: Record<string, string>): Promise<boolean> {
    const child = spawn(process.execPath, [bundles.of(entry)], {
      env: { ...installation.workerEnv, PUSH_LEASE_SECONDS: '3600', CRM_TIMEOUT_SECONDS: '10', ...env },
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    const late = setTimeout(() => child.kill('SIGTERM'), 120_000)
    const [, signal] = await once(child, 'exit')
    clearTimeout(late)
    return signal === 'SIGKILL'
  }

  const isSettled = async () =>
    (await prisma.push.count({ where: { status: { notIn: ['DELIVERED', 'PARTIAL'] } } })) === 0

  /** Every contact that a conversation is tagged with gets this title. */
  async function writeTitles({ viewer, dynamics }: ConnectedWorkspace, title: string): Promise<void> {
    const { integrations, settings } = installation.services
    const integration = await integrations.find(viewer.workspaceId, dynamics)
    const entityTypeId = integration?.entityTypes.find(({ kind }) => kind === 'CONTACT')?.id ?? ''
    const field = { name: 'jobtitle', variableType: 'CONSTANT', fieldType: 'TEXT', value: title } as const
    await settings.change(
      viewer,
      dynamics,
      integration?.settings.version ?? 1,
      addBackendField({ ...field, entityTypeId, overwrite: true }),
    )
  }

  async function titleOf(contact: string): Promise<unknown> {
    const [row] = await orgs.DYNAMICS.records('contact', { contactid: contact })
    return row?.['jobtitle']
  }

  async function kill(scene: Scene, workspace: ConnectedWorkspace, org: Org, externalId: string, time: number) {
    const { manner, goesOn, rotates, reconnects, entry } = scene
    const thread: Thread = { externalId, manner, before: 2, later: goesOn ? 1 : 0 }
    const record = await someRecord(org, time)
    const records: Records = org === 'DYNAMICS' ? { dynamics: record } : { salesforce: record }
    const intake = () => plant(installation, workspace, thread, records)
    if (entry === 'killPoint') {
      const id = await intake()
      if (goesOn) {
        await installation.finish(isSettled)
        await goOn(installation, workspace, thread, id, 3)
      }
    }
    if (rotates) await orgs[org].setSwitches({ rotateRefreshTokens: true, expireTokens: true })
    if (scene.point(org).kind === 'CALL') await orgs[org].setLatency({ ms: scene.name.startsWith('F4') ? 150 : 0 })
    const hit = await die(entry, {
      KILL_POINT: JSON.stringify(scene.point(org)),
      INTAKE: JSON.stringify({ workspace, thread, records }),
    })
    await orgs[org].setLatency({ ms: 0 })
    // The caller had no answer, and asks again.
    if (entry === 'intake') await intake()
    let isReady = !reconnects
    const isDone = async () => {
      if (!isReady && (await toldOf(workspace)).length > 0) {
        if ((await heldOf(thread, org)).length > 0) throw new Error(`${externalId} was filed without a token`)
        await installation.reconnect(workspace)
        isReady = true
      }
      return isReady && (await isSettled())
    }
    await installation.finish(isDone).catch(async (error: Error) => {
      const told = [`${scene.name}, ${externalId}: ${error.message}`, ...(await tellUnsettled(installation))]
      throw new Error(told.join('\n'), { cause: error })
    })
    const numbers = [1, 2, ...(goesOn ? [3] : [])]
    const table = org === 'DYNAMICS' ? manner.table : 'Task'
    const expected: Expected = { thread, org, table, recordId: record, activities: [numbers], status: 'DELIVERED' }
    const faults =
      scene.writesField && (await titleOf(record)) !== scene.name ? [`${externalId}: no field written`] : []
    return { hit, expected, faults }
  }

  async function someRecord(org: Org, time: number): Promise<string> {
    const [table, id] = org === 'DYNAMICS' ? ['contact', 'contactid'] : ['Contact', 'Id']
    return String((await orgs[org].records(table))[time]?.[id])
  }

  /** What an admin is told is wrong with a workspace's Salesforce. */
  async function toldOf({ salesforce }: ConnectedWorkspace): Promise<string[]> {
    const row = await prisma.integration.findUniqueOrThrow({ where: { id: salesforce } })
    return row.status === 'CONNECTED' ? [] : [row.status]
  }

  async function heldOf(thread: Thread, org: Org) {
    const held = await heldIn(orgs[org], org === 'DYNAMICS' ? thread.manner.table : 'Task')
    return held.filter(({ text }) => text.includes(`mark-${thread.externalId}-`))
  }

  return {
    async play(scene: Scene, index: number, times: number): Promise<KillPointFigures> {
      const figures: KillPointFigures = { name: scene.name, hit: 0, one: 0, examples: [] }
      const workspaces = {
        SALESFORCE: await installation.connect('SALESFORCE', scene.manner.settings),
        KEYLESS: await installation.connect('KEYLESS', scene.manner.settings),
      }
      if (scene.writesField) await writeTitles(workspaces.SALESFORCE, scene.name)
      for (let time = 0; time < times; time++) {
        const org = scene.orgs[time % scene.orgs.length] ?? 'DYNAMICS'
        const workspace = workspaces[org === 'DYNAMICS' ? 'SALESFORCE' : org]
        const { hit, expected, faults } = await kill(scene, workspace, org, `k${index}x${time}`, time)
        if (hit) figures.hit += 1
        const examples = [...faults, ...check([expected], await heldOf(expected.thread, org)).examples]
        if (examples.length === 0) figures.one += 1
        figures.examples.push(...examples)
      }
      return figures
    },
  }
}
