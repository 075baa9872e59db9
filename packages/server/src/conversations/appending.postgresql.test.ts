import { randomUUID } from 'node:crypto'
import { expect, test, vi } from 'vitest'
import { acrossWorkspaces } from '../database/workspace-guard.ts'
import { openTestDatabase } from '../testing/database.ts'
import { openPushWorld } from '../testing/push-world.ts'
import { type ConversationFollowUps, createConversationStore, type NewMessageRow } from './store.ts'

function message(externalId: string): NewMessageRow {
  return { id: randomUUID(), externalId, author: 'VISITOR', sentAt: new Date(), sequence: null, contentSealed: '' }
}

/** Conversations of an empty database, in a store whose follow-ups note when they are asked. */
async function openStore(count: number, followMessages: ConversationFollowUps['followMessages'] = async () => false) {
  const { prisma, workspaceId } = await openTestDatabase()
  const store = createConversationStore(prisma, {
    followMessages,
    messagesAppended: async () => {},
    ended: async () => {},
  })
  const ids = Array.from({ length: count }, () => randomUUID())
  for (const id of ids) {
    const sealed = { visitorSealed: '', variablesSealed: '', visitorKeys: [] }
    const conversation = {
      id,
      externalId: id,
      channel: 'CHAT',
      status: 'ACTIVE',
      startedAt: new Date(),
      ...sealed,
    } as const
    await store.create(workspaceId, conversation)
  }
  return { prisma, workspaceId, store, ids }
}

test('messages of many conversations at once are written in one go each, also in small tables', async () => {
  let tries = 0
  const { prisma, workspaceId, store, ids } = await openStore(20, async () => {
    tries++
    return false
  })
  for (let count = 0; count < 3; count++) {
    const append = (id: string) => {
      const rows = [message(`${id} ${count}`)]
      return store.append(workspaceId, { id, channel: 'CHAT' }, { count, followed: false, rows, at: new Date() })
    }
    expect(new Set(await Promise.all(ids.map(append)))).toEqual(new Set([true]))
  }
  expect(tries).toBe(60)
  expect(await prisma.message.count({ where: { workspaceId } })).toBe(60)
})

test('messages of one conversation that come at once are all there, once, numbered without gaps, each with its event', async () => {
  const world = await openPushWorld()
  const id = await world.start('CHAT')
  await Promise.all(Array.from({ length: 20 }, (_, index) => world.say(id, `${index}`)))
  const messages = await world.prisma.message.findMany({ where: { conversationId: id }, orderBy: { arrival: 'asc' } })
  expect(messages.map(({ arrival }) => arrival)).toEqual(Array.from({ length: 20 }, (_, index) => index + 1))
  const events = await world.prisma.event.findMany({ where: { kind: 'MESSAGE_APPENDED' }, orderBy: { id: 'asc' } })
  expect(events.map(({ messageId }) => messageId)).toEqual(messages.map((row) => row.id))
})

test('a record that is tagged while a message is written gets that message', async () => {
  const world = await openPushWorld()
  const { prisma, workspaceId } = world
  const id = await world.start('SMS')
  let goOn = () => {}
  let written = () => {}
  const held = new Promise<void>((resolve) => {
    goOn = resolve
  })
  const isWritten = new Promise<void>((resolve) => {
    written = resolve
  })
  const store = createConversationStore(prisma, {
    // The last that it asks before it writes: nobody follows it yet.
    async followMessages() {
      written()
      await held
      return false
    },
    messagesAppended: async () => {},
    ended: async () => {},
  })
  const rows = [message('first')]
  const appending = store.append(
    workspaceId,
    { id, channel: 'SMS' },
    { count: 0, followed: false, rows, at: new Date() },
  )
  await isWritten
  let isTagged = false
  const tagging = world.tag(id, ['DYNAMICS 1']).then(() => {
    isTagged = true
  })
  await vi.waitFor(async () => expect(isTagged || (await waitsForLock(prisma))).toBe(true), { timeout: 20_000 })
  goOn()
  expect(await appending).toBe(true)
  await tagging
  expect(await prisma.push.findMany({ select: { wantedMessages: true } })).toEqual([{ wantedMessages: 1 }])
})

test('records that are tagged and messages that are written at once come to as many messages as there are', async () => {
  const world = await openPushWorld()
  const ids = await Promise.all(Array.from({ length: 10 }, (_, index) => world.start('SMS', `thread-${index}`)))
  await Promise.all(ids.flatMap((id) => [world.say(id, 'one'), world.tag(id, ['DYNAMICS 1']), world.say(id, 'two')]))
  const pushes = await world.prisma.push.findMany({ select: { wantedMessages: true } })
  expect(pushes).toEqual(ids.map(() => ({ wantedMessages: 2 })))
})

async function waitsForLock(prisma: Parameters<typeof acrossWorkspaces>[0]): Promise<boolean> {
  const [row] = await acrossWorkspaces(prisma).$queryRaw<{ waits: boolean }[]>`
    SELECT EXISTS (
      SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'
    ) AS "waits"`
  return row?.waits ?? false
}
