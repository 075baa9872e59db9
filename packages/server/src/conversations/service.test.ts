import { expect, test } from 'vitest'
import { ConflictError, NotAllowedError, NotFoundError, ValidationError } from '../shared/errors.ts'
import { admin, openPushWorld } from '../testing/push-world.ts'

const start = (given: object = {}) => ({
  externalId: 'chat-1',
  channel: 'CHAT' as const,
  visitor: { fullName: 'Dana Fox' },
  ...given,
})
const message = (externalId: string, given: object = {}) => ({
  externalId,
  author: 'VISITOR' as const,
  text: `text of ${externalId}`,
  sentAt: new Date('2026-01-31T13:00:00Z'),
  ...given,
})
const faultsOf = async (work: Promise<unknown>) => {
  const error = await work.then(
    () => null,
    (reason: unknown) => reason,
  )
  if (!(error instanceof ValidationError)) throw error
  return error.fields.map((field) => field.path.join('.'))
}

test('the same external id begins one conversation, also when it comes many times at once', async () => {
  const { conversations, prisma } = await openPushWorld()
  const ids = await Promise.all(Array.from({ length: 20 }, () => conversations.start(admin, start())))
  expect(new Set(ids).size).toBe(1)
  expect(await prisma.conversation.count()).toBe(1)
})

test('beginning it again fills in what was not known and replaces nothing', async () => {
  const { conversations } = await openPushWorld()
  await conversations.start(admin, start({ variables: [{ name: 'Location', value: 'Berlin' }] }))
  const again = { visitor: { fullName: 'Somebody', phone: '+49 151', email: ' ' } }
  const variables = [
    { name: 'Location', value: 'Rome' },
    { name: 'Plan', value: 'Pro' },
  ]
  const row = await conversations.get(admin, await conversations.start(admin, start({ ...again, variables })))
  expect(conversations.visitorOf(row)).toMatchObject({ fullName: 'Dana Fox', phone: '+49 151', email: null })
  expect(conversations.variablesOf(row)).toEqual([
    { name: 'Location', value: 'Berlin' },
    { name: 'Plan', value: 'Pro' },
  ])
})

test('beginning it again gives it the address that was not known, and replaces none', async () => {
  const { conversations } = await openPushWorld()
  const urlOf = async (id: string) => (await conversations.get(admin, id)).url
  const id = await conversations.start(admin, start())
  expect(await urlOf(id)).toBeNull()
  for (const url of ['https://chat.example/1', 'https://chat.example/2']) {
    await conversations.start(admin, start({ url }))
    expect(await urlOf(id)).toBe('https://chat.example/1')
  }
})

test('what a visitor writes arrives, with characters too that a database refuses; an id with one is refused', async () => {
  const { conversations } = await openPushWorld()
  const nul = 'a\u0000b'
  const variables = [{ name: 'Page', value: nul }]
  const id = await conversations.start(admin, start({ visitor: { fullName: nul }, variables }))
  await conversations.append(admin, id, [message('m', { text: nul, authorName: nul })])
  const row = await conversations.get(admin, id)
  const { rows } = await conversations.listMessages(row, { first: 2, after: null })
  expect(rows.map((it) => conversations.contentOf(it).text)).toEqual([nul])
  expect(conversations.variablesOf(row)).toEqual(variables)
  expect(await faultsOf(conversations.start(admin, start({ externalId: nul })))).toEqual(['input.externalId'])
  expect(await faultsOf(conversations.append(admin, id, [message(nul)]))).toEqual(['messages.0.externalId'])
})

test('a conversation does not change its channel', async () => {
  const { conversations } = await openPushWorld()
  await conversations.start(admin, start())
  await expect(conversations.start(admin, start({ channel: 'SMS' }))).rejects.toThrow(ConflictError)
})

test('updating a visitor replaces what is given and keeps the rest, also under two writers', async () => {
  const { conversations } = await openPushWorld()
  const id = await conversations.start(admin, start())
  await Promise.all([
    conversations.updateVisitor(admin, id, { phone: '+49 151' }),
    conversations.updateVisitor(admin, id, { email: 'dana@fox.example', fullName: 'Dana R. Fox' }),
  ])
  expect(conversations.visitorOf(await conversations.get(admin, id))).toMatchObject({
    fullName: 'Dana R. Fox',
    phone: '+49 151',
    email: 'dana@fox.example',
  })
})

test('F23: a message that is sent many times, alone or among others, is one message', async () => {
  const { conversations, prisma } = await openPushWorld()
  const id = await conversations.start(admin, start())
  const names = Array.from({ length: 10 }, (_, index) => `m${index}`)
  await Promise.all(
    names.flatMap((name) => [
      conversations.append(admin, id, [message(name)]),
      conversations.append(admin, id, [message(name), message('m0'), message(name)]),
    ]),
  )
  const rows = await prisma.message.findMany({ orderBy: { arrival: 'asc' } })
  expect(rows.map((row) => row.externalId).sort()).toEqual(names)
  expect(rows.map((row) => row.arrival)).toEqual(names.map((_, index) => index + 1))
})

test('an id that UTF-8 cannot hold is refused: it would be kept as another one', async () => {
  const { conversations } = await openPushWorld()
  const half = 'm\ud800'
  expect(await faultsOf(conversations.start(admin, start({ externalId: half })))).toEqual(['input.externalId'])
  const id = await conversations.start(admin, start())
  expect(await faultsOf(conversations.append(admin, id, [message(half)]))).toEqual(['messages.0.externalId'])
})

test('A-51: messages come back in the order of the conversation, page by page', async () => {
  const { conversations } = await openPushWorld()
  const id = await conversations.start(admin, start())
  await conversations.append(
    admin,
    id,
    [3, 1, 2].map((sequence) => message(`m${sequence}`, { sequence })),
  )
  const row = await conversations.get(admin, id)
  const first = await conversations.listMessages(row, { first: 2, after: null })
  expect(first.rows.map((it) => it.externalId)).toEqual(['m1', 'm2'])
  expect(first).toMatchObject({ before: false, more: true })
  const second = await conversations.listMessages(row, { first: 2, after: first.rows.at(-1)?.arrival ?? null })
  expect(second.rows.map((it) => it.externalId)).toEqual(['m3'])
  expect(second).toMatchObject({ before: true, more: false })
  for (const after of [99, Number.NaN]) {
    expect(await faultsOf(conversations.listMessages(row, { first: 2, after }))).toEqual(['after'])
  }
})

test('ending twice changes nothing, and later messages are taken all the same', async () => {
  const { conversations, skip } = await openPushWorld()
  const id = await conversations.start(admin, start())
  await conversations.end(admin, id)
  const ended = await conversations.get(admin, id)
  skip(60_000)
  await conversations.end(admin, id)
  expect(await conversations.get(admin, id)).toEqual(ended)
  await conversations.append(admin, id, [message('late')])
  expect((await conversations.readTranscript(admin.workspaceId, id))?.messages).toHaveLength(1)
})

test('what is wrong is named by its path, all of it at once, and nothing is kept', async () => {
  const { conversations, prisma } = await openPushWorld()
  expect(
    await faultsOf(
      conversations.start(admin, start({ externalId: ' ', url: 'ftp://x', variables: [{ name: '', value: '' }] })),
    ),
  ).toEqual(['input.externalId', 'input.url', 'input.variables.0.name'])
  expect(await prisma.conversation.count()).toBe(0)

  const id = await conversations.start(admin, start())
  const tooLong = message('m2', { text: 'x'.repeat(100_001) })
  expect(
    await faultsOf(conversations.append(admin, id, [message('m1'), tooLong, message('m3', { text: ' ' })])),
  ).toEqual(['messages.1.text', 'messages.2.text'])
  expect(await faultsOf(conversations.append(admin, id, []))).toEqual(['messages'])
  expect(await faultsOf(conversations.updateVisitor(admin, id, { phone: '1'.repeat(51) }))).toEqual(['visitor.phone'])
  expect(await prisma.message.count()).toBe(0)
})

test('what people say and who they are is unreadable in the database', async () => {
  const { conversations, prisma } = await openPushWorld()
  const id = await conversations.start(
    admin,
    start({
      visitor: { fullName: 'Canary Name', phone: '+49 canary' },
      variables: [{ name: 'Location', value: 'Canary' }],
    }),
  )
  await conversations.append(admin, id, [message('m1', { text: 'canary text', authorName: 'Canary' })])
  const stored = JSON.stringify([await prisma.conversation.findMany(), await prisma.message.findMany()])
  expect(stored.toLowerCase()).not.toContain('canary')
})

test('an agent that is bound to conversations sees and changes those alone; another workspace sees none', async () => {
  const { conversations } = await openPushWorld()
  const [own, other] = [
    await conversations.start(admin, start()),
    await conversations.start(admin, start({ externalId: 'chat-2' })),
  ]
  const agent = { ...admin, conversationIds: [own] }
  const foreigner = { ...admin, workspaceId: 'workspace-2' }
  const everything = { status: null, channel: null, tagged: null, since: null }

  expect(await conversations.start(agent, start())).toBe(own)
  await expect(conversations.start(agent, start({ externalId: 'chat-3' }))).rejects.toThrow(NotAllowedError)
  expect((await conversations.list(agent, everything, {})).map((it) => it.id)).toEqual([own])
  expect(await conversations.list(foreigner, everything, {})).toEqual([])
  for (const caller of [agent, foreigner]) {
    expect(await conversations.find(caller, { id: other })).toBeNull()
    expect(await conversations.find(caller, { externalId: 'chat-2' })).toBeNull()
    await expect(conversations.append(caller, other, [message('m')])).rejects.toThrow(NotFoundError)
    await expect(conversations.updateVisitor(caller, other, {})).rejects.toThrow(NotFoundError)
    await expect(conversations.end(caller, other)).rejects.toThrow(NotFoundError)
  }
})

test('conversations are listed by what is asked for, the latest first', async () => {
  const { conversations, tag } = await openPushWorld()
  const everything = { status: null, channel: null, tagged: null, since: null }
  const days = [1, 2, 3].map((day) => new Date(Date.UTC(2026, 0, day)))
  const ids = await Promise.all(
    days.map((startedAt, index) =>
      conversations.start(admin, start({ externalId: `c${index}`, startedAt, channel: index === 1 ? 'SMS' : 'CHAT' })),
    ),
  )
  await conversations.end(admin, ids[0] ?? '')
  await tag(ids[1] ?? '', ['DYNAMICS 1'])
  const list = async (filter: object) =>
    (await conversations.list(admin, { ...everything, ...filter }, {})).map((it) => ids.indexOf(it.id))
  expect(await list({})).toEqual([2, 1, 0])
  expect(await list({ status: 'ENDED' })).toEqual([0])
  expect(await list({ channel: 'CHAT' })).toEqual([2, 0])
  expect(await list({ tagged: true })).toEqual([1])
  expect(await list({ tagged: false })).toEqual([2, 0])
  expect(await list({ since: days[1] })).toEqual([2, 1])
})
