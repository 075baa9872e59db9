import { randomBytes, randomUUID } from 'node:crypto'
import { expect, onTestFinished, test } from 'vitest'
import { createEventBus } from '../events/bus.ts'
import { NotFoundError, ValidationError } from '../shared/errors.ts'
import { createLogger } from '../shared/logger.ts'
import { openTestDatabase } from '../testing/database.ts'
import { createAgentTokens } from './agent-token.ts'
import { createViewerService, type ViewerService } from './service.ts'
import type { Sessions } from './sessions.ts'
import { createViewerStore, type ViewerStore } from './store.ts'
import type { Viewer } from './viewer.ts'

const keys = `k1:${randomBytes(32).toString('base64')}`
const noSessions: Sessions = {
  handle: async () => new Response(null, { status: 404 }),
  find: async () => null,
}

/** A clock that tests turn, and one instance of the service that counts what it asks its store. */
async function setUp() {
  const { prisma, workspaceId } = await openTestDatabase()
  const clock = { now: Date.UTC(2026, 0, 1) }
  const now = () => clock.now
  const asked: string[] = []

  function start(): ViewerService {
    const store = createViewerStore(prisma)
    const counted = Object.fromEntries(
      Object.entries(store).map(([name, work]) => [
        name,
        (...args: never[]) => {
          asked.push(name)
          return (work as (...given: never[]) => unknown)(...args)
        },
      ]),
    ) as unknown as ViewerStore
    const events = createEventBus({ prisma, pollMs: 20 })
    const logger = createLogger('silent')
    const tokens = createAgentTokens(keys, now)
    const service = createViewerService({ store: counted, tokens, sessions: noSessions, events, logger, now })
    onTestFinished(async () => {
      service.close()
      await events.close()
    })
    return service
  }

  const admin: Viewer = {
    kind: 'API_KEY',
    workspaceId,
    scopes: ['ADMIN', 'SERVICE', 'AGENT'],
    actor: 'test',
    userId: null,
    apiKeyId: 'none',
    agent: null,
    conversationIds: null,
    address: null,
  }
  const elsewhere = { ...admin, workspaceId: 'workspace-2' }
  await prisma.workspace.create({ data: { id: 'workspace-2', name: 'Elsewhere' } })
  return { prisma, workspaceId, clock, asked, start, admin, elsewhere }
}

const bearer = (credential: string) => ({ authorization: `Bearer ${credential}`, cookie: null })
const serviceKey = { name: 'Chat backend', scope: 'SERVICE', expiresAt: null } as const
const anna = { agentId: 'a1', agentName: 'Anna', agentEmail: null, conversationIds: null, expiresInSeconds: 3600 }

test('a key opens its workspace with its scope and those that it holds', async () => {
  const { start, admin, workspaceId } = await setUp()
  const service = start()
  const { key, apiKey } = await service.createApiKey(admin, serviceKey)
  expect(key).toMatch(/^bck_[\w-]{43}$/)
  expect(apiKey.preview).toBe(`${key.slice(0, 10)}…`)
  expect(await service.authenticate(bearer(key))).toEqual({
    kind: 'API_KEY',
    workspaceId,
    scopes: ['SERVICE', 'AGENT'],
    actor: 'Chat backend',
    userId: null,
    apiKeyId: apiKey.id,
    agent: null,
    conversationIds: null,
    address: null,
  })
})

test('a key is kept neither readable nor guessable', async () => {
  const { start, admin, prisma } = await setUp()
  const { key } = await start().createApiKey(admin, serviceKey)
  const kept = JSON.stringify(await prisma.apiKey.findMany())
  expect(kept).not.toContain(key)
  expect(kept).not.toContain(key.slice(12))
})

test.each([
  ['no header and no cookie', { authorization: null, cookie: null }],
  ['an empty header', { authorization: '', cookie: null }],
  ['another scheme', { authorization: 'Basic dXNlcjpwYXNzd29yZA==', cookie: null }],
  ['an unknown key', bearer(`bck_${'x'.repeat(43)}`)],
  ['a token that is none', bearer(`eyJhbGciOiJub25lIn0.${'x'.repeat(40)}.${'x'.repeat(40)}`)],
  ['a cookie of something else', { authorization: null, cookie: 'theme=dark' }],
])('%s opens nothing', async (_name, credentials) => {
  const { start } = await setUp()
  expect(await start().authenticate(credentials)).toBeNull()
})

test('a warm caller costs no database statement, and a hundred cold ones at once cost one', async () => {
  const { start, admin, asked } = await setUp()
  const service = start()
  const { key } = await service.createApiKey(admin, serviceKey)
  asked.length = 0
  await Promise.all(Array.from({ length: 100 }, () => service.authenticate(bearer(key))))
  await service.authenticate(bearer(key))
  expect(asked.filter((name) => name !== 'noteUse')).toEqual(['findApiKeyByHash'])
})

test('a key that was just made works at once, although it was asked for before', async () => {
  const { start, prisma, workspaceId, clock } = await setUp()
  const service = start()
  const key = `chosen-by-automation-${'k'.repeat(20)}`
  expect(await service.authenticate(bearer(key))).toBeNull()
  await service.registerApiKey(workspaceId, key, { name: 'Automation', scope: 'ADMIN' })
  clock.now += 1_000
  expect(await service.authenticate(bearer(key))).toMatchObject({ scopes: ['ADMIN', 'SERVICE', 'AGENT'] })
  await service.registerApiKey(workspaceId, key, { name: 'Automation', scope: 'ADMIN' })
  expect(await prisma.apiKey.count()).toBe(1)
})

test('a revoked key ends at once, and soon on another instance', async () => {
  const { start, admin } = await setUp()
  const [here, there] = [start(), start()]
  const { key, apiKey } = await here.createApiKey(admin, serviceKey)
  for (const service of [here, there]) expect(await service.authenticate(bearer(key))).not.toBeNull()
  await here.revokeApiKey(admin, apiKey.id)
  expect(await here.authenticate(bearer(key))).toBeNull()
  await expect.poll(() => there.authenticate(bearer(key))).toBeNull()
})

test('a revoked key stays revoked when the environment still names it', async () => {
  const { start, admin, workspaceId } = await setUp()
  const service = start()
  const { key, apiKey } = await service.createApiKey(admin, serviceKey)
  await service.revokeApiKey(admin, apiKey.id)
  await service.registerApiKey(workspaceId, key, { name: 'Automation', scope: 'ADMIN' })
  expect(await service.authenticate(bearer(key))).toBeNull()
})

test('a key ends when it expires, also while it is remembered', async () => {
  const { start, admin, clock } = await setUp()
  const service = start()
  const { key } = await service.createApiKey(admin, { ...serviceKey, expiresAt: new Date(clock.now + 10_000) })
  expect(await service.authenticate(bearer(key))).not.toBeNull()
  clock.now += 10_000
  expect(await service.authenticate(bearer(key))).toBeNull()
})

test('the last use of a key is written once a minute', async () => {
  const { start, admin, clock, asked, prisma } = await setUp()
  const service = start()
  const { key } = await service.createApiKey(admin, serviceKey)
  const use = async () => {
    await service.authenticate(bearer(key))
    await new Promise(setImmediate)
  }
  const writes = () => asked.filter((name) => name === 'noteUse').length
  await use()
  await use()
  expect(writes()).toBe(1)
  clock.now += 60_000
  await use()
  expect(writes()).toBe(2)
  await expect.poll(async () => (await prisma.apiKey.findFirst())?.lastUsedAt).toEqual(new Date(clock.now))
})

test('keys of another workspace are neither listed, read nor revoked', async () => {
  const { start, admin, elsewhere } = await setUp()
  const service = start()
  const { apiKey } = await service.createApiKey(admin, serviceKey)
  expect(await service.listApiKeys(elsewhere)).toEqual([])
  expect(await service.findApiKey(elsewhere, apiKey.id)).toBeNull()
  await expect(service.revokeApiKey(elsewhere, apiKey.id)).rejects.toThrow(NotFoundError)
  expect(await service.listApiKeys(admin)).toMatchObject([{ id: apiKey.id }])
})

test.each([
  ['no name', { ...serviceKey, name: '  ' }, 'name'],
  ['an endless name', { ...serviceKey, name: 'n'.repeat(101) }, 'name'],
  ['an end in the past', { ...serviceKey, expiresAt: new Date(0) }, 'expiresAt'],
])('a key with %s is refused by the field', async (_name, input, field) => {
  const { start, admin } = await setUp()
  await expect(start().createApiKey(admin, input)).rejects.toMatchObject({ fields: [{ path: [field] }] })
})

test("an agent's token says who the agent is and which conversations it opens", async () => {
  const { start, admin, workspaceId, clock } = await setUp()
  const service = start()
  const { apiKey, key } = await service.createApiKey(admin, serviceKey)
  const backend = (await service.authenticate(bearer(key))) as Viewer
  const { token, expiresAt } = await service.issueAgentToken(backend, { ...anna, conversationIds: ['c1'] })
  expect(expiresAt).toEqual(new Date(clock.now + 3_600_000))
  expect(await service.authenticate(bearer(token))).toEqual({
    kind: 'AGENT',
    workspaceId,
    scopes: ['AGENT'],
    actor: 'a1',
    userId: null,
    apiKeyId: apiKey.id,
    agent: { id: 'a1', name: 'Anna', email: null },
    conversationIds: ['c1'],
    address: null,
  })
})

test("an agent's token ends with its time, and with the key that had it issued", async () => {
  const { start, admin, clock } = await setUp()
  const service = start()
  const { apiKey, key } = await service.createApiKey(admin, serviceKey)
  const backend = (await service.authenticate(bearer(key))) as Viewer
  const { token } = await service.issueAgentToken(backend, { ...anna, expiresInSeconds: 300 })
  const { token: longer } = await service.issueAgentToken(backend, anna)
  expect(await service.authenticate(bearer(token))).not.toBeNull()
  clock.now += 300_000
  expect(await service.authenticate(bearer(token))).toBeNull()
  expect(await service.authenticate(bearer(longer))).not.toBeNull()
  await service.revokeApiKey(admin, apiKey.id)
  expect(await service.authenticate(bearer(longer))).toBeNull()
})

test("an agent's token ends with the key that had it issued when that expires, also while it is remembered", async () => {
  const { start, admin, clock } = await setUp()
  const service = start()
  const { key } = await service.createApiKey(admin, { ...serviceKey, expiresAt: new Date(clock.now + 10_000) })
  const backend = (await service.authenticate(bearer(key))) as Viewer
  const { token } = await service.issueAgentToken(backend, anna)
  expect(await service.authenticate(bearer(token))).not.toBeNull()
  clock.now += 10_000
  expect(await service.authenticate(bearer(token))).toBeNull()
})

test("an agent's token that is issued can be used, whatever it holds; what would not fit is refused by name", async () => {
  const { start, admin } = await setUp()
  const service = start()
  const { key } = await service.createApiKey(admin, { name: 'Chat', scope: 'SERVICE', expiresAt: null })
  const backend = (await service.authenticate(bearer(key))) as Viewer
  const conversationIds = Array.from({ length: 50 }, () => randomUUID())
  const long = {
    agentId: '客'.repeat(100),
    agentName: '\u0001'.repeat(100),
    agentEmail: `${'ü'.repeat(300)}@example.com`,
  }
  const { token } = await service.issueAgentToken(backend, { ...anna, ...long, conversationIds })
  expect(await service.authenticate(bearer(token))).toMatchObject({ conversationIds })
  for (const [field, given] of Object.entries({
    conversationIds: { conversationIds: [...conversationIds, randomUUID()] },
    agentEmail: { agentEmail: 'e'.repeat(321) },
  })) {
    const refused = await service.issueAgentToken(backend, { ...anna, ...given }).catch((error: unknown) => error)
    expect(refused).toMatchObject({ name: 'ValidationError', fields: [{ path: [field] }] })
  }
})

test("an agent's token that was changed in any place opens nothing", async () => {
  const { start, admin } = await setUp()
  const service = start()
  const { key } = await service.createApiKey(admin, serviceKey)
  const backend = (await service.authenticate(bearer(key))) as Viewer
  const { token } = await service.issueAgentToken(backend, anna)
  const [header = '', payload = '', signature = ''] = token.split('.')
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString())
  const forged = Buffer.from(JSON.stringify({ ...claims, ws: 'workspace-2' })).toString('base64url')
  const unsigned = Buffer.from(JSON.stringify({ alg: 'none', kid: 'k1' })).toString('base64url')
  for (const text of [`${header}.${forged}.${signature}`, `${unsigned}.${payload}.${signature}`]) {
    expect(await service.authenticate(bearer(text))).toBeNull()
  }
})

test.each([299, 43_201])('a token for %i seconds is refused', async (expiresInSeconds) => {
  const { start, admin } = await setUp()
  await expect(start().issueAgentToken(admin, { ...anna, expiresInSeconds })).rejects.toThrow(ValidationError)
})
