import { randomBytes } from 'node:crypto'
import { type CredentialsCheck, type CrmProvider, createHttpClient, ProviderError } from '@backchannel/providers'
import { expect, onTestFinished, test } from 'vitest'
import { createEventBus } from '../events/bus.ts'
import { createSecretBox } from '../secrets/secret-box.ts'
import { openTestDatabase } from '../testing/database.ts'
import type { Viewer } from '../viewers/viewer.ts'
import { createIntegrationRegistry } from './registry.ts'
import { createIntegrationService } from './service.ts'
import { createSessionStore } from './session-store.ts'
import { defaultSalesforceOptions } from './settings.ts'
import { createSignInAttemptStore } from './sign-in-store.ts'
import { createIntegrationStore } from './store.ts'
import { createTokenStore } from './token-store.ts'

const viewer = { workspaceId: 'workspace-1' } as Viewer
const whole: CredentialsCheck = {
  orgId: 'org-1',
  orgName: 'Org',
  url: 'https://o.example',
  connectedAs: 'App',
  problems: [],
}

/** The service over a real database, with one connected integration whose CRM answers a check as it is told. */
async function openIntegration() {
  const { prisma } = await openTestDatabase()
  const secrets = createSecretBox(`k1:${randomBytes(32).toString('base64')}`)
  const store = createIntegrationStore(prisma)
  const events = createEventBus({ prisma, pollMs: 20 })
  const http = createHttpClient({ allowedHosts: [] })
  const now = Date.now
  const crm = { check: async () => whole, open: async (): Promise<CrmProvider> => provider }
  const provider = { checkCredentials: () => crm.check() } as unknown as CrmProvider
  const tokens = (workspaceId: string, id: string) => createTokenStore({ prisma, secrets, now }, workspaceId, id)
  const registry = {
    ...createIntegrationRegistry({
      store,
      secrets,
      ports: (workspace, id) => ({ http, tokens: tokens(workspace, id), now }),
    }),
    provider: () => crm.open(),
  }
  const integrations = createIntegrationService({
    store,
    registry,
    events,
    secrets,
    http,
    tokens,
    now,
    emulatedHosts: [],
    attempts: createSignInAttemptStore(prisma),
    isApiKeyInForce: async () => true,
    publicUrl: 'http://localhost',
    defaultClients: {},
    sessions: createSessionStore(prisma),
    lastCalls: new Map(),
    onError: (error) => expect.fail(String(error)),
  })
  onTestFinished(async () => {
    await integrations.close()
    await events.close()
    await http.close()
  })
  const connected = {
    provider: 'DYNAMICS',
    name: 'Org',
    url: whole.url,
    orgId: whole.orgId,
    connectedAs: 'App',
  } as const
  const settings = {
    ...{ emulated: false, connectedAt: new Date(), problems: [], entityTypes: [], defaultFields: [] },
    ...{ dynamics: null, salesforce: defaultSalesforceOptions },
  }
  await store.create('workspace-1', 'org', { ...connected, ...settings }, '')
  return { integrations, crm, prisma, tokens: tokens('workspace-1', 'org') }
}

test.each([
  ['says that all is well', async () => whole],
  ['fails', () => Promise.reject(new ProviderError('CRM_UNREACHABLE', { message: 'No answer.' }))],
])('an integration that is disconnected during a check that %s stays disconnected', async (_how, answer) => {
  const { integrations, crm } = await openIntegration()
  crm.check = async () => {
    await integrations.disconnect(viewer, 'org')
    return answer()
  }
  await integrations.check(viewer, 'org').catch(() => {})
  expect(await integrations.find('workspace-1', 'org')).toMatchObject({ status: 'DISCONNECTED', problems: [] })
})

test('a session that ended asks for attention and says why, until a check finds all well', async () => {
  const { integrations } = await openIntegration()
  const ended = new ProviderError('CRM_UNAUTHENTICATED', { message: 'Sign in again.', advice: 'Connect it again.' })
  const call = () => integrations.call('workspace-1', 'org', () => Promise.reject(ended))
  await expect(Promise.all([call(), call()])).rejects.toMatchObject({ code: 'CRM_UNAUTHENTICATED' })
  const [first, second] = ['Sign in again.', 'Connect it again.'].map((message) => ({ code: ended.code, message }))
  expect(await integrations.find('workspace-1', 'org')).toMatchObject({
    status: 'ATTENTION',
    problems: [first, second],
  })
  await integrations.check(viewer, 'org')
  expect(await integrations.find('workspace-1', 'org')).toMatchObject({ status: 'CONNECTED', problems: [] })
})

test('attention ends by itself when a push goes through and the CRM says that all is well', async () => {
  const { integrations, crm } = await openIntegration()
  const refused = new ProviderError('CRM_UNAUTHENTICATED', { message: 'Sign in again.' })
  await integrations.noteFault('workspace-1', 'org', refused)
  crm.check = () => Promise.reject(refused)
  await integrations.noteSuccess('workspace-1', 'org')
  expect(await integrations.find('workspace-1', 'org')).toMatchObject({ status: 'ATTENTION' })
  crm.check = async () => whole
  await integrations.noteSuccess('workspace-1', 'org')
  expect(await integrations.find('workspace-1', 'org')).toMatchObject({ status: 'CONNECTED', problems: [] })
})

test('what passes by itself, or concerns one record, says nothing of the integration', async () => {
  const { integrations } = await openIntegration()
  for (const code of ['CRM_UNAVAILABLE', 'CRM_TIMEOUT', 'CRM_FORBIDDEN', 'NOT_FOUND'] as const) {
    const call = () => Promise.reject(new ProviderError(code, { message: 'No.' }))
    await expect(integrations.call('workspace-1', 'org', call)).rejects.toMatchObject({ code })
  }
  expect(await integrations.find('workspace-1', 'org')).toMatchObject({ status: 'CONNECTED', problems: [] })
})

test('a check of an integration whose credentials cannot be read says so, and it needs attention', async () => {
  const { integrations, crm } = await openIntegration()
  const message = 'Connect this org again.'
  crm.open = () => Promise.reject(new ProviderError('CRM_CREDENTIALS_INVALID', { message }))
  await expect(integrations.check(viewer, 'org')).rejects.toMatchObject({ name: 'CrmError', message })
  expect(await integrations.find('workspace-1', 'org')).toMatchObject({ status: 'ATTENTION', problems: [{ message }] })
})

test('who signs in anew while an idle session is being ended stays connected', async () => {
  const { integrations, prisma, tokens } = await openIntegration()
  const renewed = { accessToken: 'a', refreshToken: 'r', expiresAt: null, instanceUrl: 'https://o.example' }
  await tokens.replace({ ...renewed, refreshToken: null })
  const where = { integrationId: 'org' }
  const long = new Date(Date.now() - 3 * 3_600_000)
  await prisma.integrationToken.update({ where, data: { lastUsedAt: long, promptedAt: long } })

  let asked: Promise<unknown> | undefined
  await tokens.withLock(async () => {
    asked = integrations.find('workspace-1', 'org')
    // The end has been decided on, and waits for the tokens.
    await expect.poll(async () => (await prisma.integrationToken.findUnique({ where }))?.promptedAt).not.toEqual(long)
    await tokens.replace(renewed)
  })
  await asked
  expect(await integrations.find('workspace-1', 'org')).toMatchObject({ status: 'CONNECTED' })
  expect(await tokens.read()).toEqual(renewed)
})
