/** Integrations as every request needs them: read from memory, and one live provider for each (ruling 10). */
import { type CrmProvider, createProvider, type ProviderPorts } from '@backchannel/providers'
import type { SecretBox } from '../secrets/secret-box.ts'
import type { IntegrationSnapshot } from './snapshot.ts'
import type { IntegrationStore } from './store.ts'

export interface RegistryParts {
  store: IntegrationStore
  secrets: SecretBox
  ports: (workspaceId: string, integrationId: string) => ProviderPorts
}

export interface IntegrationRegistry {
  list(workspaceId: string): Promise<readonly IntegrationSnapshot[]>
  find(workspaceId: string, id: string): Promise<IntegrationSnapshot | null>
  /** The provider of one integration; null where there is none of that id. */
  provider(workspaceId: string, id: string): Promise<CrmProvider | null>
  /** Forgets what is in memory; the next reader reads again. `config`: the provider is made anew too. */
  invalidate(workspaceId: string, changed?: { integrationId: string; config: boolean }): void
  close(): Promise<void>
}

export const configIdentity = (integrationId: string) => `Integration:${integrationId}:config`

export function createIntegrationRegistry({ store, secrets, ports }: RegistryParts): IntegrationRegistry {
  const snapshots = new Map<string, Promise<readonly IntegrationSnapshot[]>>()
  const providers = new Map<string, Promise<CrmProvider | null>>()

  /** One read for all who ask at once; a failed one is not kept. */
  function once<T>(kept: Map<string, Promise<T>>, key: string, read: () => Promise<T>): Promise<T> {
    const known = kept.get(key)
    if (known !== undefined) return known
    const reading = read()
    kept.set(key, reading)
    reading.catch(() => kept.get(key) === reading && kept.delete(key))
    return reading
  }

  async function makeProvider(workspaceId: string, id: string): Promise<CrmProvider | null> {
    const integration = await registry.find(workspaceId, id)
    const configSealed = integration && (await store.findConfig(workspaceId, id))
    if (!integration || configSealed === null) return null
    const config: unknown = JSON.parse(secrets.open(configIdentity(id), configSealed))
    return createProvider(integration.provider, config, ports(workspaceId, id))
  }

  function dropProvider(id: string): void {
    const provider = providers.get(id)
    providers.delete(id)
    // Whoever still holds it ends by its own time budget.
    provider?.then((it) => it?.close()).catch(() => {})
  }

  const registry: IntegrationRegistry = {
    list: (workspaceId) => once(snapshots, workspaceId, () => store.list(workspaceId)),

    async find(workspaceId, id) {
      const integrations = await registry.list(workspaceId)
      return integrations.find((integration) => integration.id === id) ?? null
    },

    async provider(workspaceId, id) {
      // Asked again each time, so that another workspace's id never reaches a provider that is already made.
      if ((await registry.find(workspaceId, id)) === null) return null
      return once(providers, id, () => makeProvider(workspaceId, id))
    },

    invalidate(workspaceId, changed) {
      snapshots.delete(workspaceId)
      if (changed?.config) dropProvider(changed.integrationId)
    },

    async close() {
      const open = [...providers.keys()]
      for (const id of open) dropProvider(id)
      snapshots.clear()
    },
  }
  return registry
}
