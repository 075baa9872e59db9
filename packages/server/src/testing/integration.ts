/** An integration as plans see it, with the settings that a new one starts with. For tests of pure rules. */
import { type ProviderKey, providerDefinitions } from '@backchannel/providers'
import {
  type Checked,
  defaultDynamicsOptions,
  defaultSalesforceOptions,
  type EntityTypeSnapshot,
  type SettingsSnapshot,
  searchOrderIdentifiers,
} from '../integrations/settings.ts'
import type { IntegrationSnapshot } from '../integrations/snapshot.ts'

/** What a setting says that the org has. */
export const checked: Checked = { check: 'OK', problem: null, brokenSince: null }

/** `changes` and `settings` replace members whole. Ids of entity types are `dynamics:contact`, `salesforce:Contact`. */
export function testIntegration(
  provider: ProviderKey,
  changes: Partial<IntegrationSnapshot> = {},
  settings: Partial<SettingsSnapshot> = {},
): IntegrationSnapshot {
  const { descriptor } = providerDefinitions[provider]
  const id = provider.toLowerCase()
  return {
    id,
    workspaceId: 'workspace',
    provider,
    name: descriptor.displayName,
    url: `https://${id}.example`,
    orgId: `org-of-${id}`,
    emulated: true,
    status: 'CONNECTED',
    problems: [],
    connectedAt: new Date('2026-01-01T00:00:00Z'),
    connectedAs: 'Backchannel',
    entityTypes: descriptor.entityTypes.map(
      (entityType, position): EntityTypeSnapshot => ({
        ...entityType,
        ...checked,
        id: `${id}:${entityType.name}`,
        integrationId: id,
        searchable: true,
        creatable: true,
        position,
      }),
    ),
    defaultFields: descriptor.defaultFields
      .filter((field) => field.switchable)
      .map(({ kind, name }) => ({
        ...{ ...checked, id: `${id}:${kind}:${name}` },
        ...{ kind, name, required: false, showOnForm: true },
      })),
    settings: {
      ...checked,
      id: `${id}:settings`,
      version: 1,
      searchOrder: searchOrderIdentifiers,
      fetchCrmData: false,
      autoSmsPush: { enabled: false, entityTypeId: null, field: null, identifier: 'PHONE' },
      autoChatPush: { enabled: false, rules: [], tagSingleMatchUnasked: false },
      exportFields: [],
      searchFields: [],
      detailFields: [],
      backendFields: [],
      dynamics: provider === 'DYNAMICS' ? defaultDynamicsOptions : null,
      salesforce: provider === 'SALESFORCE' ? defaultSalesforceOptions : null,
      ...settings,
    },
    ...changes,
  }
}
