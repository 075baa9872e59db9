import { randomUUID } from 'node:crypto'
import { expect, test, vi } from 'vitest'
import { createPushFollowUps } from '../pushes/follow-up-store.ts'
import { admin, openPushWorld } from '../testing/push-world.ts'
import { createConversationStore, type NewMessageRow } from './store.ts'

type World = Awaited<ReturnType<typeof openPushWorld>>

function message(externalId: string): NewMessageRow {
  return { id: randomUUID(), externalId, author: 'VISITOR', sentAt: new Date(), sequence: null, contentSealed: '' }
}

/** A store of text message threads, which tells when all that a message means for its pushes is written. */
function openStore(world: World, followed: () => void | Promise<void>) {
  const followUps = createPushFollowUps(world.now)
  const store = createConversationStore(world.prisma, {
    ...followUps,
    async messagesAppended(...given) {
      await followUps.messagesAppended(...given)
      await followed()
    },
  })
  return (id: string, count: number) => {
    const rows = [message(`message ${count} of ${id}`)]
    return store.append(world.workspaceId, { id, channel: 'SMS' }, { count, rows, at: new Date(world.now()) })
  }
}

const startThreads = (world: World, count: number) =>
  Promise.all(Array.from({ length: count }, (_, index) => world.start('SMS', `thread-${index}`)))

const wanted = async (world: World) =>
  (await world.prisma.push.findMany({ select: { wantedMessages: true } })).map((push) => push.wantedMessages)

test.each([{ tagged: false }, { tagged: true }])(
  'messages of many conversations at once are written in one go each, also in small tables (tagged: $tagged)',
  async ({ tagged }) => {
    const world = await openPushWorld()
    const ids = await startThreads(world, 20)
    if (tagged) for (const id of ids) await world.tag(id, ['DYNAMICS 1'])
    let tries = 0
    const append = openStore(world, () => void tries++)
    for (let count = 0; count < 3; count++) {
      expect(new Set(await Promise.all(ids.map((id) => append(id, count))))).toEqual(new Set([true]))
    }
    expect(tries).toBe(60)
    expect(await world.prisma.message.count()).toBe(60)
    expect(await wanted(world)).toEqual(tagged ? ids.map(() => 3) : [])
  },
)

test('messages of one conversation that come at once are all there, once, numbered without gaps, each with its event', async () => {
  const world = await openPushWorld()
  const id = await world.start('CHAT')
  await Promise.all(Array.from({ length: 20 }, (_, index) => world.say(id, `${index}`)))
  const messages = await world.prisma.message.findMany({ where: { conversationId: id }, orderBy: { arrival: 'asc' } })
  expect(messages.map(({ arrival }) => arrival)).toEqual(Array.from({ length: 20 }, (_, index) => index + 1))
  const events = await world.prisma.event.findMany({ where: { kind: 'MESSAGE_APPENDED' }, orderBy: { id: 'asc' } })
  expect(events.map(({ messageId }) => messageId)).toEqual(messages.map((row) => row.id))
})

/** What somebody does while a second message is written, and what becomes of the record's push by both. */
const meanwhile = {
  'is tagged while a message is written gets that message': {
    prepare: async () => {},
    act: (world: World, id: string) => world.tag(id, ['DYNAMICS 1']),
    outcome: { status: 'QUEUED', wantedMessages: 2 },
  },
  'is taken off while a message is written gets nothing more': {
    prepare: async (world: World, id: string) => {
      await world.tag(id, ['DYNAMICS 1'])
      await world.prisma.push.updateMany({ data: { status: 'DELIVERED', deliveredMessages: 1, nextAttemptAt: null } })
    },
    act: async (world: World) => {
      const tag = await world.prisma.tag.findFirstOrThrow()
      await world.pushes.untag(admin, tag.id)
    },
    outcome: { status: 'DISCARDED' },
  },
  'is taken up again while a message is written gets that message': {
    prepare: async (world: World, id: string) => {
      await world.tag(id, ['DYNAMICS 1'])
      await world.prisma.push.updateMany({ data: { status: 'DISCARDED', nextAttemptAt: null } })
    },
    act: async (world: World) => {
      const push = await world.prisma.push.findFirstOrThrow()
      await world.pushes.retry(admin, push.id)
    },
    outcome: { status: 'QUEUED', wantedMessages: 2 },
  },
} as const

test.each(Object.entries(meanwhile))('a record that %s', async (_says, { prepare, act, outcome }) => {
  const world = await openPushWorld()
  const [id = ''] = await startThreads(world, 1)
  await world.say(id, 'first')
  await prepare(world, id)
  let goOn = () => {}
  let written = () => {}
  const held = new Promise<void>((resolve) => {
    goOn = resolve
  })
  const isWritten = new Promise<void>((resolve) => {
    written = resolve
  })
  const append = openStore(world, () => {
    written()
    return held
  })
  const appending = append(id, 1)
  await isWritten
  let isDone = false
  const acting = act(world, id).then(() => {
    isDone = true
  })
  await vi.waitFor(async () => expect(isDone || (await waitsForLock(world))).toBe(true), { timeout: 20_000 })
  goOn()
  expect(await appending).toBe(true)
  await acting
  expect(await world.prisma.push.findMany()).toMatchObject([outcome])
})

test('records that are tagged and messages that are written at once come to as many messages as there are', async () => {
  const world = await openPushWorld()
  const ids = await startThreads(world, 10)
  await Promise.all(ids.flatMap((id) => [world.say(id, 'one'), world.tag(id, ['DYNAMICS 1']), world.say(id, 'two')]))
  expect(await wanted(world)).toEqual(ids.map(() => 2))
})

async function waitsForLock({ prisma }: World): Promise<boolean> {
  const [row] = await prisma.$queryRaw<{ waits: boolean }[]>`
    SELECT EXISTS (
      SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'
    ) AS "waits"`
  return row?.waits ?? false
}
