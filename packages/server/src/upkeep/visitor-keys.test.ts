import { expect, test } from 'vitest'
import { admin, openPushWorld } from '../testing/push-world.ts'
import { createVisitorKeysJob } from './visitor-keys.ts'
import { createVisitorKeysStore } from './visitor-keys-store.ts'

const running = new AbortController().signal

async function openKeylessWorld() {
  const world = await openPushWorld()
  const start = (externalId: string, visitor: object) =>
    world.conversations.start(admin, { externalId, channel: 'CHAT', visitor })
  const keys = async () => {
    const rows = await world.prisma.visitorKey.findMany({ orderBy: [{ conversationId: 'asc' }, { hash: 'asc' }] })
    return rows.map(({ conversationId, hash }) => `${conversationId} ${hash}`)
  }
  const newJob = () => createVisitorKeysJob(createVisitorKeysStore(world.prisma, world.secrets))
  return { ...world, start, keys, newJob }
}

test('conversations of before get the keys that they would have got, and nothing is done twice', async () => {
  const { prisma, start, keys, newJob } = await openKeylessWorld()
  await prisma.workspace.update({ where: { id: admin.workspaceId }, data: { countryCode: 'DE' } })
  for (let index = 0; index < 103; index++)
    await start(`chat-${index}`, { phone: '0151 12345678', externalId: `v${index}` })
  await start('nobody', {})
  const given = await keys()
  // The number as it is and as it is spelled, and the visitor's own id; of nobody, a note that there is nothing.
  expect(given).toHaveLength(103 * 3 + 1)
  await prisma.visitorKey.deleteMany()
  await newJob().run(running)
  expect(await keys()).toEqual(given)
  await newJob().run(running)
  expect(await keys()).toEqual(given)
})

test('a visitor who cannot be read keeps nobody else from their keys, and is told', async () => {
  const { prisma, start, newJob } = await openKeylessWorld()
  const unreadable = await start('one', { email: 'a@b.example' })
  const readable = await start('two', { email: 'c@d.example' })
  await prisma.visitorKey.deleteMany()
  await prisma.conversation.update({ where: { id: unreadable }, data: { visitorSealed: '1.gone.AAAA' } })
  await expect(newJob().run(running)).rejects.toThrow('1 visitors cannot be read')
  expect((await prisma.visitorKey.findMany()).map((key) => key.conversationId)).toEqual([readable])
  await newJob().completed()
})

test('a visitor who is erased, or whose time is over, while they are read gets no keys, and keeps nobody else from theirs', async () => {
  const { prisma, secrets, start, keys } = await openKeylessWorld()
  const visitor = { email: 'a@b.example' }
  const [erased, purged, there] = [
    await start('one', visitor),
    await start('two', visitor),
    await start('three', visitor),
  ]
  const given = (await keys()).filter((key) => key.startsWith(there))
  await prisma.visitorKey.deleteMany()
  const meanwhile = new Proxy(prisma, {
    get(target, name) {
      if (name !== '$transaction') return Reflect.get(target, name)
      return async (work: Parameters<typeof target.$transaction>[0]) => {
        await prisma.conversation.deleteMany({ where: { id: erased } })
        await prisma.conversation.update({ where: { id: purged }, data: { purgedAt: new Date() } })
        return target.$transaction(work)
      }
    },
  })
  await createVisitorKeysJob(createVisitorKeysStore(meanwhile, secrets)).completed()
  expect(await keys()).toEqual(given)
})
