/** The one list of vendors. A key without its vendor does not compile. */
import { dynamics365 } from './dynamics365/index.ts'
import type { CrmProvider, ProviderDefinition, ProviderKey, ProviderPorts } from './provider.ts'
import { salesforce } from './salesforce/index.ts'
import { shareSearches } from './search/index.ts'

export const providerDefinitions: Readonly<Record<ProviderKey, ProviderDefinition>> = {
  DYNAMICS: dynamics365,
  SALESFORCE: salesforce,
}

/**
 * The provider of one integration. Touches no network.
 * @param config the integration's decrypted configuration, as JSON
 * @throws ProviderError CRM_REJECTED where the configuration is not complete; `fields` names what is wrong
 */
export function createProvider(key: ProviderKey, config: unknown, ports: ProviderPorts): CrmProvider {
  const definition = providerDefinitions[key]
  const provider = definition.create(definition.parseConfig(config), ports)
  return { ...provider, searchRecords: shareSearches(provider.searchRecords) }
}
