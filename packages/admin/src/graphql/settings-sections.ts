import type { SettingsSection } from './generated/graphql.ts'

/** What admins call each section, and where its page is. */
export const settingsSections = {
  INTEGRATION: { label: 'Integration settings', to: '/settings/$integrationId/integration' },
  DEFAULT_FIELDS: { label: 'Default fields', to: '/settings/$integrationId/default-fields' },
  ENTITIES: { label: 'Entities', to: '/settings/$integrationId/entities' },
  EXPORT: { label: 'Export fields', to: '/settings/$integrationId/export-fields' },
  SEARCH: { label: 'Search fields', to: '/settings/$integrationId/search-fields' },
  DETAIL: { label: 'Detail fields', to: '/settings/$integrationId/detail-fields' },
  BACKEND: { label: 'Backend fields', to: '/settings/$integrationId/backend-fields' },
} as const satisfies Record<Exclude<SettingsSection, 'CONNECTION'>, { label: string; to: string }>

/** In a sentence: "Ines changed Search fields". */
export function sectionLabel(section: SettingsSection): string {
  return section === 'CONNECTION' ? 'the connection' : settingsSections[section].label
}
