/** What both databases answer alike: this file runs on each of them. */
import { expect, test } from 'vitest'
import { openTestDatabase } from '../testing/database.ts'
import { anyCase } from './kind.ts'

async function open(names: readonly string[] = []) {
  const { prisma, workspaceId } = await openTestDatabase()
  await prisma.chatVariable.createMany({ data: names.map((name) => ({ workspaceId, name })) })
  return { prisma, workspaceId }
}

test('texts are in the order of their bytes, whatever language the server speaks', async () => {
  const names = ['10', '9', 'B', '_', 'a', 'ab', 'z', 'ß', 'Ä', 'ä', 'Ω', '中', '😀']
  const { prisma } = await open(names.toSorted())
  const found = await prisma.chatVariable.findMany({ orderBy: { name: 'asc' } })
  const bytes = names.toSorted((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other)))
  expect(found.map(({ name }) => name)).toEqual(bytes)
})

test('matching in any case knows the letters a to z; beyond them a case is another letter', async () => {
  const { prisma } = await open(['Ines', 'INES', 'inés', 'Änne', 'änne', 'İnes'])
  const matching = async (contains: string) => {
    const found = await prisma.chatVariable.findMany({
      where: { name: { contains, ...anyCase(prisma) } },
      orderBy: { name: 'asc' },
    })
    return found.map(({ name }) => name)
  }
  expect(await matching('iNeS')).toEqual(['INES', 'Ines'])
  expect(await matching('äNNE')).toEqual(['änne'])
  expect(await matching('NE')).toEqual(['INES', 'Ines', 'Änne', 'änne', 'İnes'].toSorted())
})

test('JSON comes back with its keys in their order and its numbers as they were', async () => {
  const { prisma, workspaceId } = await open()
  const problems = {
    z: 1,
    a: { y: [0.1, -0, 1e21, Number.MAX_SAFE_INTEGER, 5e-324], b: null },
    10: 'ten',
    text: 'a\u0000b "q" \\ 😀 \u2028',
    empty: {},
  }
  await prisma.integration.create({
    data: {
      id: 'integration',
      workspaceId,
      provider: 'DYNAMICS',
      name: 'Test',
      url: 'https://crm.example',
      status: 'CONNECTED',
      configSealed: '',
      problems,
    },
  })
  const kept = await prisma.integration.findFirstOrThrow()
  expect(JSON.stringify(kept.problems)).toBe(JSON.stringify(problems))
})

test('times are kept to the millisecond, long ago and far ahead, and compared as times', async () => {
  const { prisma, workspaceId } = await open()
  const times = [
    '0099-03-01T23:59:59.999Z',
    '1969-12-31T23:59:59.001Z',
    '2026-03-29T01:30:00.500Z',
    '9999-12-31T00:00:00.007Z',
  ]
  const rows = times.toReversed().map((at) => ({ workspaceId, kind: 'TEST', at: new Date(at) }))
  for (const data of rows) await prisma.event.create({ data })
  const found = await prisma.event.findMany({ orderBy: { at: 'asc' } })
  expect(found.map(({ at }) => at.toISOString())).toEqual(times)
  const [, second, third] = times.map((at) => new Date(at))
  expect(await prisma.event.count({ where: { at: { gt: second ?? new Date(), lte: third ?? new Date() } } })).toBe(1)
})

test('a list of 70,000 names is looked for as one of two', async () => {
  const { prisma, workspaceId } = await open(['1', '69999', '70000'])
  const names = Array.from({ length: 70_000 }, (_, index) => String(index))
  const found = await prisma.chatVariable.findMany({ where: { workspaceId, name: { in: names } } })
  expect(found.map(({ name }) => name).toSorted()).toEqual(['1', '69999'])
})

test('entries of the audit log are neither changed nor removed, by whoever asks the database itself', async () => {
  const { prisma, workspaceId } = await open()
  const entry = { id: 'entry', workspaceId, at: new Date(0), actor: 'operator', action: 'MEMBER_JOINED' }
  await prisma.auditEntry.create({ data: entry })
  await expect(prisma.$executeRaw`UPDATE "AuditEntry" SET "actor" = 'nobody'`).rejects.toThrow('never changed')
  await expect(prisma.$executeRaw`DELETE FROM "AuditEntry"`).rejects.toThrow('never removed')
  expect(await prisma.auditEntry.findMany()).toMatchObject([entry])
})
