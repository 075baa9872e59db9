/** Accepts conversations as the chat product sends them, through the gateway's own services. */
import { isBusyDatabase } from '../../packages/server/src/database/index.ts'
import type { ConnectedWorkspace, Installation } from './installation.ts'
import { markOf, type Thread } from './threads.ts'

const beginning = Date.parse('2026-01-31T13:00:00Z')

function message({ externalId }: Thread, number: number) {
  return {
    externalId: `m${number}`,
    author: 'VISITOR' as const,
    authorName: 'Dana Fox',
    text: `Where is my order? ${markOf(externalId, number)} 🙂`,
    sentAt: new Date(beginning + number * 1_000),
  }
}

const range = (from: number, to: number) => Array.from({ length: Math.max(0, to - from + 1) }, (_, it) => from + it)

/** One conversation to be accepted. Plain data. */
export interface Intake {
  readonly workspace: ConnectedWorkspace
  readonly thread: Thread
  readonly records: Records
}

/** The records that it is tagged to. */
export interface Records {
  readonly dynamics?: string
  readonly salesforce?: string
}

/** A chat product that is told to try again does so. */
async function untilTaken<T>(send: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await send()
    } catch (error) {
      if (!isBusyDatabase(error)) throw error
    }
  }
}

/** The conversation with its first messages, tagged. Accepting it again changes nothing. Answers its id. */
export function plant(...intake: Parameters<typeof plantOnce>): Promise<string> {
  return untilTaken(() => plantOnce(...intake))
}

async function plantOnce(
  { services }: Pick<Installation, 'services'>,
  { viewer, dynamics, salesforce }: ConnectedWorkspace,
  thread: Thread,
  records: Records,
): Promise<string> {
  const { conversations, pushes } = services
  const { externalId, manner, before } = thread
  const visitor = { fullName: 'Dana Fox', phone: '+1 512 555 0143' }
  const id = await conversations.start(viewer, {
    externalId,
    channel: manner.channel,
    visitor,
    startedAt: new Date(beginning),
  })
  await conversations.append(
    viewer,
    id,
    range(1, before).map((number) => message(thread, number)),
  )
  if (manner.channel === 'CHAT') await conversations.end(viewer, id)
  const reference = (integrationId: string, entityName: string, remoteId: string | undefined) =>
    remoteId === undefined ? [] : [{ integrationId, entityName, remoteId, name: 'Dana Fox', url: null }]
  const references = [
    ...reference(dynamics, 'contact', records.dynamics),
    ...reference(salesforce, 'Contact', records.salesforce),
  ]
  const input = {
    conversationId: id,
    recordIds: references.map(({ remoteId }) => remoteId),
    backendValues: [],
    afterEnd: false,
    idempotencyKey: null,
  }
  await pushes.tag(viewer, input, { references: async () => references, checkLookups: async () => [] })
  return id
}

/** The next message of a conversation that goes on. */
export async function goOn(
  { services }: Pick<Installation, 'services'>,
  { viewer }: ConnectedWorkspace,
  thread: Thread,
  conversationId: string,
  number: number,
): Promise<void> {
  await untilTaken(() => services.conversations.append(viewer, conversationId, [message(thread, number)]))
}
