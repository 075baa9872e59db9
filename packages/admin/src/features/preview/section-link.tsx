import { AnchorLink } from '../../ui/link.tsx'
import { usePreviewState } from './preview-context.ts'

const sections = {
  integration: { to: '/settings/$integrationId/integration', label: 'Integration settings' },
  'default-fields': { to: '/settings/$integrationId/default-fields', label: 'Default fields' },
  'export-fields': { to: '/settings/$integrationId/export-fields', label: 'Export fields' },
  'search-fields': { to: '/settings/$integrationId/search-fields', label: 'Search fields' },
  'detail-fields': { to: '/settings/$integrationId/detail-fields', label: 'Detail fields' },
  'backend-fields': { to: '/settings/$integrationId/backend-fields', label: 'Backend fields' },
} as const

export type SettingsSection = keyof typeof sections

/** Leads to the section of the settings that something comes from. */
export function SectionLink({ section }: { section: SettingsSection }) {
  const { integrationId } = usePreviewState()
  const { to, label } = sections[section]
  return (
    <AnchorLink to={to} params={{ integrationId }} size="xs" underline="always">
      {label}
    </AnchorLink>
  )
}
