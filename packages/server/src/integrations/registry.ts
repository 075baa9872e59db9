/** Integrations as every request needs them: read from memory, and one live provider for each (ruling 10). */
import { type CrmProvider, createProvider, ProviderError, type ProviderPorts } from '@backchannel/providers'
import { sealed } from '../secrets/sealed-columns.ts'
import { type SecretBox, UnreadableSecretError } from '../secrets/secret-box.ts'
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
  /** Something of an integration has changed: the next reader reads again. */
  invalidate(workspaceId: string, integrationId: string): void
  close(): Promise<void>
}

/** A provider, and the configuration that it was made from, as it is kept. */
interface Made {
  provider: CrmProvider
  configSealed: string
}

export function createIntegrationRegistry({ store, secrets, ports }: RegistryParts): IntegrationRegistry {
  const snapshots = new Map<string, Promise<readonly IntegrationSnapshot[]>>()
  const providers = new Map<string, Promise<Made | null>>()
  /** Those that go on unless their configuration has changed: what they know of their org is worth keeping. */
  const doubted = new Map<string, Promise<Made | null>>()

  /** One read for all who ask at once; a failed one is not kept. */
  function once<T>(kept: Map<string, Promise<T>>, key: string, read: () => Promise<T>): Promise<T> {
    const known = kept.get(key)
    if (known !== undefined) return known
    const reading = read()
    kept.set(key, reading)
    reading.catch(() => kept.get(key) === reading && kept.delete(key))
    return reading
  }

  function openConfig(id: string, configSealed: string): string {
    try {
      return secrets.open(sealed.config.identity(id), configSealed)
    } catch (cause) {
      if (!(cause instanceof UnreadableSecretError)) throw cause
      throw new ProviderError('CRM_CREDENTIALS_INVALID', {
        message: 'The stored credentials cannot be read with the encryption keys in use. Connect this org again.',
        cause,
      })
    }
  }

  async function makeProvider(workspaceId: string, id: string): Promise<Made | null> {
    const made = doubted.get(id)
    doubted.delete(id)
    const before = await made?.catch(() => null)
    const integration = await registry.find(workspaceId, id)
    const configSealed = integration && (await store.findConfig(workspaceId, id))
    if (before && before.configSealed === configSealed) return before
    // Whoever still holds it ends by its own time budget.
    await before?.provider.close()
    if (!integration || configSealed === null) return null
    const config: unknown = JSON.parse(openConfig(id, configSealed))
    return { provider: createProvider(integration.provider, config, ports(workspaceId, id)), configSealed }
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
      return (await once(providers, id, () => makeProvider(workspaceId, id)))?.provider ?? null
    },

    invalidate(workspaceId, integrationId) {
      snapshots.delete(workspaceId)
      const made = providers.get(integrationId)
      if (made === undefined) return
      providers.delete(integrationId)
      doubted.set(integrationId, made)
    },

    async close() {
      const open = [...providers.values(), ...doubted.values()]
      for (const kept of [snapshots, providers, doubted]) kept.clear()
      for (const made of open) await made.then((it) => it?.provider.close()).catch(() => {})
    },
  }
  return registry
}
