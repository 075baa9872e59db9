import { useMatchRoute } from '@tanstack/react-router'
import type { SettingsSection } from '../../graphql/generated/graphql.ts'

/** The pages of the settings, in the order of the navigation; `section`: whose problems are mended there. */
export const sections = [
  { to: '/settings/$integrationId/integration', label: 'Integration settings', section: 'INTEGRATION' },
  { to: '/settings/$integrationId/default-fields', label: 'Default fields', section: 'DEFAULT_FIELDS' },
  { to: '/settings/$integrationId/entities', label: 'Entities', section: 'ENTITIES' },
  { to: '/settings/$integrationId/export-fields', label: 'Export fields', section: 'EXPORT' },
  { to: '/settings/$integrationId/search-fields', label: 'Search fields', section: 'SEARCH' },
  { to: '/settings/$integrationId/detail-fields', label: 'Detail fields', section: 'DETAIL' },
  { to: '/settings/$integrationId/backend-fields', label: 'Backend fields', section: 'BACKEND' },
  { to: '/settings/$integrationId/history', label: 'History', section: null },
  { to: '/settings/$integrationId/document', label: 'Export and import', section: null },
] as const satisfies readonly { to: string; label: string; section: SettingsSection | null }[]

export type Section = (typeof sections)[number]

/** The section whose page, or a page below it, is open. */
export function useSection(integrationId: string): Section {
  const matchRoute = useMatchRoute()
  const open = sections.find(({ to }) => matchRoute({ to, params: { integrationId }, fuzzy: true }) !== false)
  return open ?? sections[0]
}
