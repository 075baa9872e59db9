import { randomBytes } from 'node:crypto'
import { createHttpClient, type ProviderPorts, providerDefinitions, type TokenStore } from '@backchannel/providers'
import { expect, test } from 'vitest'
import { sealed } from '../secrets/sealed-columns.ts'
import { createSecretBox } from '../secrets/secret-box.ts'
import { createIntegrationRegistry } from './registry.ts'
import type { IntegrationSnapshot } from './snapshot.ts'
import type { IntegrationStore } from './store.ts'

const secrets = createSecretBox(`k1:${randomBytes(32).toString('base64')}`)
const config = providerDefinitions.DYNAMICS.parseConfig({
  method: 'APP_REGISTRATION',
  applicationUrl: 'https://contoso.crm.dynamics.com',
  tenantId: 'b1d5a7c0-4c3e-4f0a-9d61-0c0ffee00001',
  clientId: 'b1d5a7c0-4c3e-4f0a-9d61-0c0ffee00002',
  clientSecret: 'secret',
})
const seal = () => secrets.seal(sealed.config.identity('org'), JSON.stringify(config))

test('a provider keeps what it knows while its integration changes, and is made anew for another configuration', async () => {
  let configSealed = seal()
  let status = 'CONNECTED'
  const store = {
    list: async () => [{ id: 'org', provider: 'DYNAMICS', status } as IntegrationSnapshot],
    findConfig: async () => configSealed,
  } as unknown as IntegrationStore
  const http = createHttpClient({ allowedHosts: [] })
  const ports = (): ProviderPorts => ({ http, tokens: {} as TokenStore, now: Date.now })
  const registry = createIntegrationRegistry({ store, secrets, ports })

  const first = await registry.provider('workspace-1', 'org')
  status = 'ATTENTION'
  registry.invalidate('workspace-1', 'org')
  expect(await registry.find('workspace-1', 'org')).toMatchObject({ status: 'ATTENTION' })
  const asked = registry.provider('workspace-1', 'org')
  registry.invalidate('workspace-1', 'org')
  expect([await asked, await registry.provider('workspace-1', 'org')]).toEqual([first, first])

  configSealed = seal()
  registry.invalidate('workspace-1', 'org')
  registry.invalidate('workspace-1', 'org')
  const second = await registry.provider('workspace-1', 'org')
  expect(second).not.toBe(first)
  expect(await registry.provider('workspace-1', 'org')).toBe(second)
  await registry.close()
  await http.close()
})

test('credentials sealed with keys that are gone are a fault of this integration alone, told in words', async () => {
  const store = {
    list: async () => [{ id: 'org', provider: 'DYNAMICS', status: 'CONNECTED' } as IntegrationSnapshot],
    findConfig: async () => seal(),
  } as unknown as IntegrationStore
  const otherKeys = createSecretBox(`k1:${randomBytes(32).toString('base64')}`)
  const http = createHttpClient({ allowedHosts: [] })
  const ports = (): ProviderPorts => ({ http, tokens: {} as TokenStore, now: Date.now })
  const registry = createIntegrationRegistry({ store, secrets: otherKeys, ports })
  await expect(registry.provider('workspace-1', 'org')).rejects.toMatchObject({
    code: 'CRM_CREDENTIALS_INVALID',
    message: expect.stringContaining('Connect this org again'),
  })
  await registry.close()
  await http.close()
})
