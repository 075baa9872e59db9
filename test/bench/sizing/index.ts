/**
 * What 1,000 workspaces with 10,000 agents and 1 million messages a day need: bytes of rows with their indexes, rows and
 * calls of each message, measured here on PostgreSQL and the emulated CRMs, and from them the calculation of `sizing.ts`.
 */

import { goOn, plant } from '../../soak/feed.ts'
import { type ConnectedWorkspace, type Installation, openInstallation } from '../../soak/installation.ts'
import { manners, type Thread } from '../../soak/threads.ts'
import { seedWaiting } from '../backlog/seed.ts'
import { printTable } from '../report.ts'
import { type Load, type Means, type Measured, sizeOf } from './sizing.ts'

const SEEDED = 20_000
const THREADS = 10
/** Messages of each thread that follow the first. */
const LATER = 3

/** What the issue of several machines asks for, and what we take a chat product to be like. */
const load: Load = {
  workspaces: 1_000,
  agents: 10_000,
  messagesPerDay: 1_000_000,
  messagesPerConversation: 20,
  smsShare: 0.3,
  tagsPerConversation: 1.2,
  searchesPerConversation: 1.5,
  peakHourShare: 0.15,
  peakMinuteFactor: 2,
  largestShare: 0.1,
  retentionDays: 90,
  crmSeconds: 0.3,
}

/** One gateway and worker for each core of a few machines; limits of the vendors as their documentation has them. */
const means: Means = {
  gateways: 3,
  workers: 3,
  connectionsPerProcess: 10,
  mostConnections: 100,
  placesPerWorker: 32,
  placesPerIntegration: 5,
  eventDays: 7,
  dynamicsCallsPerFiveMinutes: 6_000,
  salesforceCallsPerDay: 100_000,
  salesforceCallsPerLicence: 1_000,
}

/**
 * A search in `--only instances`, and an append beside 20,000 conversations on PostgreSQL, both on 2 processors that did
 * much else: a quiet machine needs less.
 */
const processorTime = { cpuUsPerSearch: 2_700, cpuUsPerMessage: 6_000 }

export async function measureSizing(): Promise<void> {
  const installation = await openInstallation({ people: 50, on: 'postgresql' })
  try {
    const workspace = await installation.connect('SALESFORCE')
    const flow = await measureFlow(installation, workspace)
    await seedWaiting(installation, [workspace], SEEDED)
    const measured: Measured = { ...(await measureBytes(installation, workspace)), ...flow, ...processorTime }
    print(measured)
  } finally {
    await installation.close()
  }
}

/** SMS conversations that are tagged in both CRMs and go on, each message delivered before the next. */
async function measureFlow(installation: Installation, workspace: ConnectedWorkspace) {
  const { prisma, orgs } = installation
  const [manner] = manners
  if (!manner) throw new Error('There is no manner of filing')
  const idOf = async (org: 'DYNAMICS' | 'SALESFORCE', table: string, key: string) =>
    String((await orgs[org].records(table))[0]?.[key])
  const records = {
    dynamics: await idOf('DYNAMICS', 'contact', 'contactid'),
    salesforce: await idOf('SALESFORCE', 'Contact', 'Id'),
  }
  const isDelivered = async () => (await prisma.push.count({ where: { status: { not: 'DELIVERED' } } })) === 0
  const callsOf = async () => {
    const calls = await Promise.all([orgs.DYNAMICS.calls(), orgs.SALESFORCE.calls()])
    return calls.flat().filter(({ path }) => path.includes('/data/')).length
  }
  const threads = Array.from({ length: THREADS }, (_, index): Thread => {
    return { externalId: `size${index}`, manner, before: 1, later: LATER }
  })
  const taken = new Map<Thread, string>()
  const calls = [await callsOf()]
  for (const thread of threads) taken.set(thread, await plant(installation, workspace, thread, records))
  const eventsBefore = await prisma.event.count()
  await installation.finish(isDelivered)
  calls.push(await callsOf())
  const eventsOfPushes = (await prisma.event.count()) - eventsBefore
  const appended = await prisma.event.count({ where: { kind: 'MESSAGE_APPENDED' } })
  for (let number = 2; number <= 1 + LATER; number++) {
    for (const [thread, id] of taken) await goOn(installation, workspace, thread, id, number)
    await installation.finish(isDelivered)
  }
  calls.push(await callsOf())
  const [before = 0, first = 0, all = 0] = calls
  const pushes = THREADS * 2
  return {
    eventsPerMessage: appended / THREADS,
    // That it was made, that it is taken, that it is delivered.
    eventsPerPush: 1 + eventsOfPushes / pushes,
    callsPerFirstWrite: (first - before) / pushes,
    callsPerLaterWrite: (all - first) / (pushes * LATER),
  }
}

async function measureBytes({ prisma }: Installation, { viewer, dynamics }: ConnectedWorkspace) {
  const { workspaceId } = viewer
  await prisma.$executeRaw`INSERT INTO "PushActivity" ("id", "workspaceId", "pushId", "part", "remoteId", "url", "textHash")
    SELECT gen_random_uuid()::text, "workspaceId", "id", 1, gen_random_uuid()::text, repeat('u', 90), repeat('h', 43)
    FROM "Push" WHERE "status" = 'QUEUED'`
  await prisma.$executeRaw`INSERT INTO "Event" ("workspaceId", "kind", "conversationId", "pushId", "integrationId")
    SELECT ${workspaceId}, 'PUSH_UPDATED', "conversationId", "id", ${dynamics} FROM "Push" WHERE "status" = 'QUEUED'`
  const bytesOf = async (table: string) => {
    const [row] = await prisma.$queryRawUnsafe<{ bytes: number }[]>(
      `SELECT pg_total_relation_size('"${table}"')::float8 / (SELECT count(*) FROM "${table}") AS "bytes"`,
    )
    return Math.round(row?.bytes ?? 0)
  }
  const [content] = await prisma.$queryRaw<{ bytes: number }[]>`
    SELECT avg(octet_length("contentSealed"))::float8 AS "bytes" FROM "Message"`
  return {
    bytes: {
      conversation: await bytesOf('Conversation'),
      message: await bytesOf('Message'),
      tag: await bytesOf('Tag'),
      push: await bytesOf('Push'),
      activity: await bytesOf('PushActivity'),
      event: await bytesOf('Event'),
    },
    messageContentBytes: Math.round(content?.bytes ?? 0),
  }
}

function print(measured: Measured): void {
  const { bytes, messageContentBytes, ...each } = measured
  console.log(`\nBytes of a row with its indexes on PostgreSQL, of some ${SEEDED} (a message of 100 characters)\n`)
  printTable([{ ...bytes, 'content of a message': messageContentBytes }])
  console.log('\nFor each message and push, measured with the emulated CRMs; processor time from earlier runs\n')
  printTable([Object.fromEntries(Object.entries(each).map(([name, value]) => [name, value.toFixed(1)]))])
  const size = sizeOf(load, measured, means)
  console.log(`\n${load.workspaces} workspaces, ${load.agents} agents, ${load.messagesPerDay} messages a day\n`)
  printTable([
    {
      'rows a day': Math.round(Object.values(size.rowsPerDay).reduce((sum, count) => sum + count, 0)),
      'GB a day': size.gigabytesPerDay.toFixed(2),
      'GB that retention frees': size.gigabytesGoAgain.toFixed(0),
      'GB of events': size.gigabytesOfEvents.toFixed(1),
      'messages/s': size.messagesPerSecond.toFixed(0),
      'searches/s': size.searchesPerSecond.toFixed(1),
      'writes/s': size.writesPerSecond.toFixed(0),
      'under way': size.underWay.toFixed(0),
      'CRM calls a day': Math.round(size.crmCallsPerDay),
    },
  ])
  console.log('\nIn the busiest minute, the scarcest first: what passes 100 % breaks first\n')
  printTable(
    size.needs.map(({ what, needed, given, unit }) => ({
      what,
      needed: needed < 10 ? needed.toFixed(1) : Math.round(needed),
      given: `${given} ${unit}`,
      used: `${((needed / given) * 100).toFixed(0)} %`,
    })),
  )
}
