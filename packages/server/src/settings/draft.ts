/** All settings of one integration as one value, so that a change is a pure function from one to the next. */
import type { DefaultFieldSnapshot, EntityTypeSnapshot, SettingsSnapshot } from '../integrations/settings.ts'
import type { IntegrationSnapshot } from '../integrations/snapshot.ts'

export interface SettingsDraft extends SettingsSnapshot {
  /** In the admin's order. */
  readonly entityTypes: readonly EntityTypeSnapshot[]
  readonly defaultFields: readonly DefaultFieldSnapshot[]
}

export function draftOf({ settings, entityTypes, defaultFields }: IntegrationSnapshot): SettingsDraft {
  return { ...settings, entityTypes, defaultFields }
}

export function withDraft(integration: IntegrationSnapshot, draft: SettingsDraft): IntegrationSnapshot {
  const { entityTypes, defaultFields, ...settings } = draft
  return { ...integration, entityTypes, defaultFields, settings }
}
