import { beforeEach, expect, it } from 'vitest'
import { Prisma } from '../generated/prisma/client.ts'
import { openTestDatabase } from '../testing/database.ts'
import type { PrismaClient } from './index.ts'
import { acrossWorkspaces, guardWorkspaces, workspaceModels } from './workspace-guard.ts'

let prisma: PrismaClient
let workspaceId: string

beforeEach(async () => {
  const database = await openTestDatabase()
  workspaceId = database.workspaceId
  prisma = guardWorkspaces(database.prisma)
})

const key = () => ({ id: 'k', workspaceId, name: 'Key', scope: 'AGENT', preview: 'bck', hash: 'h' }) as const

it('holds every model but those of signing in, and the workspace itself', () => {
  const free = Object.values(Prisma.ModelName).filter(
    (name) => !workspaceModels.has(name.charAt(0).toLowerCase() + name.slice(1)),
  )
  expect(free.sort()).toEqual(['AuthAccount', 'Session', 'TwoFactor', 'User', 'Verification', 'Workspace'])
})

it('lets through what names a workspace, in a transaction and out of it (T1)', async () => {
  await prisma.apiKey.create({ data: key() })
  expect(await prisma.apiKey.findMany({ where: { workspaceId } })).toHaveLength(1)
  const inside = await prisma.$transaction(async (transaction) => {
    await transaction.apiKey.updateMany({ where: { workspaceId }, data: { name: 'Renamed' } })
    return transaction.apiKey.findUnique({ where: { id: 'k', workspaceId } })
  })
  expect(inside?.name).toBe('Renamed')
  expect(await prisma.$transaction([prisma.apiKey.count({ where: { workspaceId } })])).toEqual([1])
  expect(await prisma.workspace.count()).toBe(1)
})

it('refuses what names none, in a transaction and out of it, and nothing is asked or changed (T1)', async () => {
  await prisma.apiKey.create({ data: key() })
  const refusal = 'names no workspace'
  expect(() => prisma.apiKey.findMany()).toThrow(refusal)
  expect(() => prisma.apiKey.findUnique({ where: { id: 'k' } })).toThrow(refusal)
  expect(() => prisma.apiKey.updateMany({ data: { name: 'x' } })).toThrow(refusal)
  expect(() => prisma.$queryRaw`SELECT * FROM ApiKey`).toThrow(refusal)
  expect(() => prisma.$executeRawUnsafe('DELETE FROM ApiKey')).toThrow(refusal)
  expect(() => prisma.$extends({})).toThrow(refusal)
  await expect(prisma.$transaction((transaction) => transaction.apiKey.deleteMany())).rejects.toThrow(refusal)
  await expect(prisma.$transaction((transaction) => transaction.$queryRaw`SELECT 1`)).rejects.toThrow(refusal)
  expect(await prisma.apiKey.findMany({ where: { workspaceId } })).toMatchObject([{ name: 'Key' }])
})

it('lets those reach all workspaces who ask for that by name', async () => {
  await prisma.apiKey.create({ data: key() })
  const everywhere = acrossWorkspaces(prisma)
  expect(await everywhere.apiKey.count()).toBe(1)
  expect(await everywhere.$queryRaw`SELECT "id" FROM "ApiKey"`).toEqual([{ id: 'k' }])
})
