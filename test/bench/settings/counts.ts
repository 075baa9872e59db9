/**
 * What must hold of settings, counted in a gateway of this process over a database of its own: a warm operation asks the
 * database nothing, who reads after a change sees it, and many readers at once cause one read.
 */
import { lookUpId } from '../../../packages/server/src/shared/global-id.ts'
import { type RunningGateway, startGateway } from '../../gateway/running-gateway.ts'
import { entityTypeOf, type Org, orgsOf } from '../../gateway/searching.ts'
import { updateField } from '../../gateway/setting-up.ts'
import { median, printTable } from '../report.ts'
import { addCustomFields, type FieldCount, fieldCounts, withCustomFields } from './fields.ts'

const warmOperations = 25
const pairs = 1_000
const readersAtOnce = 64
const invalidations = 20
const coldReads = 200

/** An in-process gateway, with its Dynamics 365 integration. */
interface Subject {
  running: RunningGateway
  org: Org
  put(count: FieldCount): Promise<void>
}

/** Prints the counts; false where one of them does not hold. */
export async function countSettings(): Promise<boolean> {
  const running = await startGateway()
  try {
    await addCustomFields(running.crm.dynamics)
    const subject = await openSubject(running)
    const cold: Record<string, string | number>[] = []
    let calls = 0
    for (const count of fieldCounts) {
      await subject.put(count)
      calls += await countWarm(subject)
      cold.push({ 'custom fields': count, 'p50 ms': (await timeColdRead(subject)).toFixed(2) })
    }
    await subject.put(10)
    const mostReads = await countReadsAtOnce(subject)
    const begin = performance.now()
    const stale = await countStale(subject)
    const seconds = ((performance.now() - begin) / 1000).toFixed(1)

    console.log('\nA cold read of the settings of a workspace with both CRMs (E5: at most 1.00)\n')
    printTable(cold)
    const held = [
      holds('E1', `${calls} database calls of warm operations`, calls === 0),
      holds('E2', `${stale} stale reads in ${pairs} pairs of writing and reading, in ${seconds} s`, stale === 0),
      holds('E2', `${mostReads} read of ${readersAtOnce} readers at once after a change`, mostReads === 1),
    ]
    return held.every(Boolean)
  } finally {
    await running.stop()
  }
}

function holds(goal: string, what: string, isSo: boolean): boolean {
  console.log(`${goal}: ${what}: ${isSo ? 'holds' : 'DOES NOT HOLD'}`)
  return isSo
}

async function openSubject(running: RunningGateway): Promise<Subject> {
  const { DYNAMICS: org } = await orgsOf(running)
  const { settings, integrations } = running.gateway.services
  const admin = running.viewer('ADMIN')
  const id = lookUpId('Integration', org.id)
  const initial = (await settings.exportDocument(admin, id)) as Record<string, unknown>
  return {
    running,
    org,
    async put(count) {
      const version = (await integrations.find(running.workspaceId, id))?.settings.version ?? 0
      await settings.importDocument(admin, id, version, withCustomFields(initial, count))
    },
  }
}

// ------------------------------------------------------------------------------------------------ operations

const readForm = async ({ running, org }: Subject): Promise<string[]> => {
  const query = `query ($integrationId: ID!, $entityTypeId: ID!) {
    recordForm(integrationId: $integrationId, entityTypeId: $entityTypeId) {
      ... on RecordForm { fields { label } }
      ... on Error { message }
    }
  }`
  const variables = { integrationId: org.id, entityTypeId: entityTypeOf(org, 'CONTACT') }
  const { recordForm } = await running.execute(query, variables)
  return recordForm.fields.map(({ label }: { label: string }) => label)
}

const readPanel = async ({ running }: Subject): Promise<string[]> => {
  const query = '{ panel { integrations { tabs { columns { label } } searchForm { fields { label } } } } }'
  const { panel } = await running.execute(query)
  return panel.integrations.flatMap(({ tabs }: { tabs: { columns: { label: string }[] }[] }) =>
    tabs.flatMap(({ columns }) => columns.map(({ label }) => label)),
  )
}

const search = async ({ running, org }: Subject, fields: string): Promise<void> => {
  const query = `query ($input: SearchRecordsInput!) {
    searchRecords(input: $input) {
      ... on SearchRecordsSuccess { hits { record { id name phone ${fields} } } }
      ... on Error { message }
    }
  }`
  const input = { phone: '+1 512 555 0143', integrationIds: [org.id] }
  const { searchRecords } = await running.execute(query, { input })
  if (searchRecords.hits.length === 0) throw new Error('The search found nobody')
}

const operations: ((subject: Subject) => Promise<unknown>)[] = [
  readForm,
  readPanel,
  (subject) => search(subject, ''),
  (subject) => search(subject, 'fields(view: SEARCH) { name value }'),
]

// ------------------------------------------------------------------------------------------------ what is counted

/**
 * E1. How often warm operations ask the database. Several tries: now and then something else asks it in the background.
 */
async function countWarm(subject: Subject): Promise<number> {
  const times = async (operation: (typeof operations)[number]) => {
    for (let run = 0; run < warmOperations; run += 1) await operation(subject)
  }
  let calls = 0
  for (const operation of operations) {
    await operation(subject)
    const tries: number[] = []
    while (tries.length < 3 && tries.at(-1) !== 0) tries.push((await callsOf(subject, () => times(operation))).length)
    calls += Math.min(...tries)
  }
  return calls
}

/** Without the event bus, which looks for other processes' events twice a second. */
async function callsOf({ running }: Subject, work: () => Promise<unknown>): Promise<string[]> {
  return (await running.databaseCalls(work)).filter((call) => call !== 'Event.findMany')
}

/** E2. Fields get new names one after the other, and each is read at once, while somebody else keeps reading. */
async function countStale(subject: Subject): Promise<number> {
  const { running, org } = subject
  const query = `query ($id: ID!, $entityTypeId: ID!) { integration(id: $id) { settings {
    version
    exportFields(entityTypeId: $entityTypeId) { id name fieldType }
    searchFields(entityTypeId: $entityTypeId) { id name fieldType }
  } } }`
  const entityTypeId = entityTypeOf(org, 'CONTACT')
  const { settings } = (await running.execute(query, { id: org.id, entityTypeId })).integration
  let { version } = settings
  let isOver = false
  const readOn = async () => {
    while (!isOver) {
      await readForm(subject)
      await readPanel(subject)
    }
  }
  const other = readOn()

  let stale = 0
  for (let pair = 0; pair < pairs; pair += 1) {
    const isForm = pair % 2 === 0
    const [{ id, ...field }] = isForm ? settings.exportFields : settings.searchFields
    const label = `Called ${pair}`
    const written = { ...field, entityTypeId, label, ...(isForm && { variableType: 'INPUT' }) }
    const answer = await updateField(running, isForm ? 'ExportField' : 'SearchField', id, version, written)
    if (!answer.integration) throw new Error(`A change of settings was refused: ${JSON.stringify(answer)}`)
    ;({ version } = answer.integration.settings)
    const labels = await (isForm ? readForm(subject) : readPanel(subject))
    if (!labels.includes(label)) stale += 1
  }
  isOver = true
  await other
  return stale
}

/** E2. The most reads of the settings that many readers at once caused after something had changed them. */
async function countReadsAtOnce(subject: Subject): Promise<number> {
  const reads: number[] = []
  for (let time = 0; time < invalidations; time += 1) {
    await invalidate(subject)
    const calls = await callsOf(subject, () =>
      Promise.all(Array.from({ length: readersAtOnce }, () => readPanel(subject))),
    )
    reads.push(calls.filter((call) => call === 'Integration.findMany').length)
  }
  return Math.max(...reads)
}

/** E5. Milliseconds, p50. */
async function timeColdRead(subject: Subject): Promise<number> {
  const { running } = subject
  const durations: number[] = []
  for (let read = 0; read < coldReads; read += 1) {
    await invalidate(subject)
    const begin = performance.now()
    await running.gateway.services.integrations.list(running.workspaceId)
    durations.push(performance.now() - begin)
  }
  return median(durations)
}

/** As when another process has changed something: what is kept in memory is dropped. */
async function invalidate({ running: { gateway, workspaceId }, org }: Subject): Promise<void> {
  const { events } = gateway.services
  const integrationId = lookUpId('Integration', org.id)
  const heard = new Promise<void>((resolve) => {
    // Told after the registry, which was here first.
    const stop = events.onEvent(({ kind }) => {
      if (kind !== 'INTEGRATION_CHANGED') return
      stop()
      resolve()
    })
  })
  await events.publish({ workspaceId, kind: 'INTEGRATION_CHANGED', integrationId })
  await heard
}
