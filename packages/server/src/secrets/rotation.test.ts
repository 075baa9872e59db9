import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import type { PrismaClient } from '../database/index.ts'
import { openTestDatabase } from '../testing/database.ts'
import { createKeysJob } from './keys-job.ts'
import { LASTING_KEYS_ID, openSecrets } from './lasting-keys.ts'
import { rotate } from './rotation.ts'
import { createRotationStore, type RotationStore } from './rotation-store.ts'
import { rotationSentences } from './rotation-words.ts'
import { sealed } from './sealed-columns.ts'
import { createSecretBox, type SecretBox } from './secret-box.ts'

const [k1, k_2] = ['k1', 'k_2'].map((id) => `${id}:${randomBytes(32).toString('base64')}`)
const both = `${k_2},${k1}`
const running = { signal: new AbortController().signal }

async function plant(prisma: PrismaClient, secrets: SecretBox, workspaceId: string, count: number) {
  const ids = Array.from({ length: count }, (_, index) => `c${String(index).padStart(4, '0')}`)
  await prisma.conversation.createMany({
    data: ids.map((id) => ({
      ...{ id, workspaceId, externalId: id, channel: 'CHAT', status: 'ACTIVE', startedAt: new Date() },
      visitorSealed: secrets.seal(sealed.visitor.identity(id), `visitor of ${id}`),
      variablesSealed: secrets.seal(sealed.variables.identity(id), '[]'),
    })),
  })
  return ids
}

async function openWorld(count = 250) {
  const { prisma, workspaceId } = await openTestDatabase()
  const { secrets: before } = await openSecrets(prisma, k1 ?? '')
  const ids = await plant(prisma, before, workspaceId, count)
  const { secrets } = await openSecrets(prisma, both)
  const rows = () => prisma.conversation.findMany({ orderBy: { id: 'asc' } })
  return { prisma, workspaceId, before, secrets, ids, rows, store: createRotationStore(prisma) }
}

test('a rotation seals all anew, and a second one finds nothing to do', async () => {
  const { prisma, workspaceId, secrets, ids, rows, store } = await openWorld()
  // The visitor and the variables of each, and the lasting keys.
  expect(await rotate(store, secrets, running)).toEqual({
    ...{ rotated: 501, left: 0, unreadable: [] },
    byWorkspace: new Map([[workspaceId, 500]]),
  })
  const { secrets: after } = await openSecrets(prisma, k_2 ?? '')
  const opened = (await rows()).map(({ id, visitorSealed }) => after.open(sealed.visitor.identity(id), visitorSealed))
  expect(opened).toEqual(ids.map((id) => `visitor of ${id}`))
  expect(await rotate(store, secrets, running)).toMatchObject({ rotated: 0, left: 0 })
})

test('what is found by a hash is still found when the key that was there first is gone', async () => {
  const { prisma, before, secrets, store } = await openWorld(1)
  await rotate(store, secrets, running)
  const { secrets: after, sessionSecret } = await openSecrets(prisma, k_2 ?? '')
  expect(after.hash('phone', '1')).toBe(before.hash('phone', '1'))
  expect(sessionSecret).toBe((await openSecrets(prisma, both)).sessionSecret)
  expect(createSecretBox(k_2 ?? '').hash('phone', '1')).not.toBe(after.hash('phone', '1'))
})

test('a rotation that is stopped says what is left, and the next one goes on', async () => {
  const { secrets, store } = await openWorld()
  const stopping = new AbortController()
  const first = await rotate(store, secrets, { signal: stopping.signal, onProgress: () => stopping.abort() })
  expect(first.rotated).toBeGreaterThan(0)
  expect(first.left).toBe(501 - first.rotated)
  const second = await rotate(store, secrets, running)
  expect(second).toMatchObject({ rotated: first.left, left: 0, unreadable: [] })
})

test('what somebody else changes meanwhile is theirs, and is sealed anew as they left it', async () => {
  const { prisma, before, secrets, rows, store } = await openWorld(1)
  const later = before.seal(sealed.visitor.identity('c0000'), 'changed meanwhile')
  let isChanged = false
  const meanwhile: RotationStore = {
    ...store,
    async replace(column, changes) {
      if (column === sealed.visitor && !isChanged) {
        isChanged = true
        await prisma.conversation.updateMany({ data: { visitorSealed: later } })
      }
      return store.replace(column, changes)
    },
  }
  expect(await rotate(meanwhile, secrets, running)).toMatchObject({ left: 0 })
  const [row] = await rows()
  expect(secrets.open(sealed.visitor.identity('c0000'), row?.visitorSealed ?? '')).toBe('changed meanwhile')
})

test('texts that were changed or moved are told, and keep none of the others from being sealed anew (T16)', async () => {
  const { prisma, secrets, rows, store } = await openWorld(4)
  const [one, two, three] = await rows()
  const put = (id: string, visitorSealed = '') => prisma.conversation.update({ where: { id }, data: { visitorSealed } })
  await put('c0000', two?.visitorSealed)
  await put('c0001', one?.visitorSealed)
  const text = three?.visitorSealed ?? ''
  await put('c0002', text.slice(0, 40) + (text[40] === 'A' ? 'B' : 'A') + text.slice(41))
  const report = await rotate(store, secrets, running)
  expect(report).toMatchObject({ rotated: 6, left: 3 })
  expect(report.unreadable.map((sentence) => sentence.split(' ')[0])).toEqual(
    ['c0000', 'c0001', 'c0002'].map((id) => sealed.visitor.identity(id)),
  )
  const said = rotationSentences(report, 'k_2', ['k1']).join('\n')
  expect(said).toContain('3 cannot be opened')
  expect(said).not.toContain('take it out')
})

test('a process that runs on with the older key alone says so, and what it seals is found by the next rotation (T17)', async () => {
  const { prisma, workspaceId, before, secrets, store } = await openWorld(1)
  const { signal } = running
  const job = createKeysJob(prisma, before)
  await job.run(signal)
  await rotate(store, secrets, running)
  await expect(job.run(signal)).rejects.toThrow('start it anew with the present BACKCHANNEL_KEYS')
  await createKeysJob(prisma, secrets).run(signal)

  await prisma.conversation.create({
    data: {
      ...{ id: 'late', workspaceId, externalId: 'late', channel: 'CHAT', status: 'ACTIVE', startedAt: new Date() },
      visitorSealed: before.seal(sealed.visitor.identity('late'), 'visitor of late'),
      variablesSealed: before.seal(sealed.variables.identity('late'), '[]'),
    },
  })
  expect(await rotate(store, secrets, running)).toMatchObject({ rotated: 2, left: 0 })
  const { secrets: after } = await openSecrets(prisma, k_2 ?? '')
  const row = await prisma.conversation.findUniqueOrThrow({ where: { id: 'late' } })
  expect(after.open(sealed.visitor.identity('late'), row.visitorSealed)).toBe('visitor of late')
})

test('keys that do not belong to the database are refused before anything is sealed with them (T17)', async () => {
  const { prisma } = await openTestDatabase()
  await openSecrets(prisma, k1 ?? '')
  await expect(openSecrets(prisma, k_2 ?? '')).rejects.toMatchObject({
    name: 'WrongKeysError',
    message: expect.stringContaining('add the key that it was used with'),
  })
})

test('several processes that open a new database at once share its lasting keys', async () => {
  const { prisma } = await openTestDatabase()
  const opened = await Promise.all(Array.from({ length: 5 }, () => openSecrets(prisma, k1 ?? '')))
  expect(new Set(opened.map(({ secrets }) => secrets.hash('a', 'b'))).size).toBe(1)
  expect(await prisma.verification.count({ where: { id: LASTING_KEYS_ID } })).toBe(1)
  // They are drawn: nobody who knows the master key alone can make them.
  expect(opened[0]?.secrets.hash('a', 'b')).not.toBe(createSecretBox(k1 ?? '').hash('a', 'b'))
})

test('a database of before there were lasting keys goes on with the hashes that it has', async () => {
  const { prisma, workspaceId } = await openTestDatabase()
  const before = createSecretBox(k1 ?? '')
  await plant(prisma, before, workspaceId, 1)
  const { secrets } = await openSecrets(prisma, both)
  expect(secrets.hash('a', 'b')).toBe(before.hash('a', 'b'))
})
