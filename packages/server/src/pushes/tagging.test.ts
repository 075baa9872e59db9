import { expect, test } from 'vitest'
import {
  ConflictError,
  CrmError,
  NotConnectedError,
  NotEndedError,
  NotFoundError,
  ValidationError,
} from '../shared/errors.ts'
import { admin, openPushWorld } from '../testing/push-world.ts'

const newContact = {
  recordId: 'DYNAMICS 1',
  integrationId: 'DYNAMICS',
  entityName: 'contact',
  remoteId: 'dynamics-contact-1',
}

test('S-PSH-06: tagging a running chat is refused, and no CRM is asked', async () => {
  const { start, tag, crms, prisma } = await openPushWorld()
  const id = await start('CHAT')
  await expect(tag(id, ['DYNAMICS 1'])).rejects.toThrow(NotEndedError)
  expect(crms.DYNAMICS.requests).toEqual([])
  expect(await prisma.tag.count()).toBe(0)
})

test('ruling 19: of several records each has its own fate; one that is not there does not stop the others', async () => {
  const { start, tag, states } = await openPushWorld()
  const id = await start('SMS')
  const outcomes = await tag(id, ['DYNAMICS 1', 'DYNAMICS 99', 'SALESFORCE 2'])
  expect(outcomes.map((outcome) => [outcome.recordId, outcome.tagId !== null, outcome.error?.code ?? null])).toEqual([
    ['DYNAMICS 1', true, null],
    ['DYNAMICS 99', false, 'NOT_FOUND'],
    ['SALESFORCE 2', true, null],
  ])
  expect(await states()).toEqual(['QUEUED', 'QUEUED'])
})

test('ruling 6: tagging the same record again, alone, twice in one call or many at once, is the same tag', async () => {
  const { start, tag, prisma } = await openPushWorld()
  const id = await start('SMS')
  const all = await Promise.all(Array.from({ length: 10 }, () => tag(id, ['DYNAMICS 1', 'DYNAMICS 1'])))
  expect(new Set(all.flat().map((outcome) => outcome.tagId)).size).toBe(1)
  expect(await prisma.push.count()).toBe(1)
})

test("D-CON-01: with no record's CRM connected it is refused; with one of them it is that record's own fate", async () => {
  const { start, tag, prisma } = await openPushWorld()
  const id = await start('SMS')
  await prisma.integration.update({ where: { id: 'DYNAMICS' }, data: { status: 'DISCONNECTED' } })
  await expect(tag(id, ['DYNAMICS 1', 'DYNAMICS 2'])).rejects.toThrow(NotConnectedError)
  const outcomes = await tag(id, ['DYNAMICS 1', 'SALESFORCE 1'])
  expect(outcomes.map((outcome) => outcome.error?.code ?? null)).toEqual(['NOT_CONNECTED', null])
})

test('fifty records are tagged in one call, twice at once, and each has one tag and one push', async () => {
  const { start, pushes, prisma, asked } = await openPushWorld()
  const id = await start('SMS')
  const recordIds = Array.from({ length: 50 }, (_, index) => `contact-${index}`)
  const references = async (ids: readonly string[]) =>
    ids.map((remoteId) => ({ integrationId: 'DYNAMICS', entityName: 'contact', remoteId, name: null, url: null }))
  const input = { conversationId: id, recordIds, backendValues: [], afterEnd: false, idempotencyKey: 'fifty' }
  const answers = await Promise.all([1, 2].map(() => pushes.tag(admin, input, { ...asked, references })))
  expect(new Set(answers.flat().map(({ tagId }) => tagId)).size).toBe(50)
  expect(await prisma.push.count()).toBe(50)
})

test('a chat that ends while it is being tagged is not forgotten', async () => {
  const { start, tag, conversations, states } = await openPushWorld()
  for (let round = 0; round < 5; round++) {
    const id = await start('CHAT', `chat-${round}`)
    await Promise.all([tag(id, ['DYNAMICS 1'], { afterEnd: true }), conversations.end(admin, id)])
  }
  expect(new Set(await states())).toEqual(new Set(['QUEUED']))
})

test('A-39: a record that was just made is tagged also while its chat still runs', async () => {
  const { start, pushes, lookUp, states } = await openPushWorld()
  const id = await start('CHAT')
  const tagId = await pushes.tagNewRecord(admin, id, newContact, [], lookUp)
  expect(await states()).toEqual(['WAITING_FOR_END'])
  const tag = await pushes.findTag(admin, tagId)
  expect(tag?.taggedBy).toBe('Ada')
  expect(tag && pushes.referenceOf(tag)).toMatchObject({ remoteId: 'dynamics-contact-1', name: 'DYNAMICS 1' })
})

test('A-39: a record that was just made is tagged also where its CRM cannot say any more what it is called', async () => {
  const { start, pushes, states } = await openPushWorld()
  const id = await start('SMS')
  const lost = new CrmError('DYNAMICS', { code: 'CRM_UNAVAILABLE', message: 'The CRM is down.' })
  const tag = await pushes.findTag(admin, await pushes.tagNewRecord(admin, id, newContact, [], async () => [lost]))
  expect(tag && pushes.referenceOf(tag)).toMatchObject({ remoteId: 'dynamics-contact-1', name: null, url: null })
  expect(await states()).toEqual(['QUEUED'])
})

test('an idempotency key answers the same input again, and refuses another', async () => {
  const { start, tag } = await openPushWorld()
  const id = await start('SMS')
  const first = await tag(id, ['DYNAMICS 1', 'DYNAMICS 2'], { key: 'k' })
  expect(await tag(id, ['DYNAMICS 1', 'DYNAMICS 2'], { key: 'k' })).toEqual(first)
  await expect(tag(id, ['DYNAMICS 1'], { key: 'k'.repeat(256) })).rejects.toThrow(ValidationError)
  const refused = await tag(id, ['DYNAMICS 1'], { key: 'k' }).catch((error: unknown) => error)
  expect(refused).toBeInstanceOf(ConflictError)
  expect(refused).toMatchObject({ code: 'IDEMPOTENCY_CONFLICT' })
})

test("bad input, forged ids and other people's conversations are refused before any CRM is asked", async () => {
  const { start, tag, pushes, asked, crms } = await openPushWorld()
  const id = await start('SMS')
  const input = {
    conversationId: id,
    recordIds: ['DYNAMICS 1'],
    backendValues: [],
    afterEnd: false,
    idempotencyKey: null,
  }
  await expect(tag(id, [])).rejects.toThrow(ValidationError)
  await expect(
    tag(
      id,
      Array.from({ length: 51 }, (_, index) => `DYNAMICS ${index}`),
    ),
  ).rejects.toThrow(ValidationError)
  await expect(tag('forged', ['DYNAMICS 1'])).rejects.toThrow(NotFoundError)
  await expect(pushes.tag({ ...admin, conversationIds: ['another'] }, input, asked)).rejects.toThrow(NotFoundError)
  await expect(pushes.tag({ ...admin, workspaceId: 'another' }, input, asked)).rejects.toThrow(NotFoundError)
  expect(crms.DYNAMICS.requests).toEqual([])
})

test('names of records are unreadable in the database', async () => {
  const { start, tag, prisma } = await openPushWorld()
  await tag(await start('SMS'), ['DYNAMICS 1'])
  expect(JSON.stringify(await prisma.tag.findMany())).not.toContain('DYNAMICS 1')
})

test('a conversation that is removed while it is tagged is not found, and nothing of it comes back', async () => {
  const { start, pushes, asked, prisma } = await openPushWorld()
  const conversationId = await start('SMS')
  const references: typeof asked.references = async (names) => {
    const found = await asked.references(names)
    await prisma.conversation.delete({ where: { id: conversationId } })
    return found
  }
  const input = { conversationId, recordIds: ['DYNAMICS 1'], backendValues: [], afterEnd: false, idempotencyKey: null }
  await expect(pushes.tag(admin, input, { ...asked, references })).rejects.toThrow(NotFoundError)
  expect(await prisma.tag.count()).toBe(0)
})
