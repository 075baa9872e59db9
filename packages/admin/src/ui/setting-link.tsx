import { AnchorLink } from './link.tsx'

interface SettingLinkProps {
  integrationId: string
  /** What it is in the API, such as "ExportField". */
  kind: string
}

/** Leads to where a setting can be changed. Nothing where it has no page. */
export function SettingLink({ integrationId, kind }: SettingLinkProps) {
  const to = sections[kind]
  if (to === undefined) return null
  return (
    <AnchorLink to={to} params={{ integrationId }} inherit>
      Open the setting
    </AnchorLink>
  )
}

const sections: Readonly<Record<string, SectionPath>> = {
  BackendField: '/settings/$integrationId/backend-fields',
  DefaultField: '/settings/$integrationId/default-fields',
  DetailField: '/settings/$integrationId/detail-fields',
  DynamicsSettings: '/settings/$integrationId/integration',
  EntityType: '/settings/$integrationId/entities',
  ExportField: '/settings/$integrationId/export-fields',
  SalesforceSettings: '/settings/$integrationId/integration',
  SearchField: '/settings/$integrationId/search-fields',
}

type SectionPath = `/settings/$integrationId/${
  | 'backend-fields'
  | 'default-fields'
  | 'detail-fields'
  | 'entities'
  | 'export-fields'
  | 'integration'
  | 'search-fields'}`
