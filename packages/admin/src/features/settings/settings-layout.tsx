import { Alert, Stack } from '@mantine/core'
import { getRouteApi, Link, Outlet } from '@tanstack/react-router'
import { type ReactNode, useCallback, useMemo, useState } from 'react'
import { useClient, useQuery } from 'urql'
import { sentenceFor } from '../../graphql/client.ts'
import { graphql, readFragment } from '../../graphql/generated/index.ts'
import { PageTitle } from '../../ui/page-title.tsx'
import { Waiting } from '../../ui/waiting.tsx'
import { type DocumentChange, SettingsContext } from './settings-context.ts'
import type { SettingsDocument } from './settings-document.ts'
import classes from './settings-layout.module.css'

const SettingsLayout_Integration = graphql(`
  fragment SettingsLayout_Integration on Integration {
    id
    name
    provider
    status
    settings { id version }
    ...CheckNote_Integration
    ...Entities_Integration
    ...ShownFields_Integration
    ...ExportFields_Integration
    ...BackendFields_Integration
  }
`)

/** All that the sections show, so that a change is read anew at one place. */
const SettingsLayout_Query = graphql(`
  query SettingsLayout_Query($integrationId: ID!) {
    integration(id: $integrationId) {
      id
      ...SettingsLayout_Integration
    }
    settingsDocument(integrationId: $integrationId)
  }
`)

const route = getRouteApi('/signed-in/settings/$integrationId')

interface SettingsLayoutProps {
  /** What the settings come to; `document` holds what is unsaved too. */
  preview: (integrationId: string, document: SettingsDocument) => ReactNode
}

/** The settings of an integration: its sections, the one that is open, and the preview. */
export function SettingsLayout({ preview }: SettingsLayoutProps) {
  const { integrationId } = route.useParams()
  const client = useClient()
  const [{ data, fetching, error }] = useQuery({ query: SettingsLayout_Query, variables: { integrationId } })
  const [unsaved, setChange] = useState<DocumentChange | null>(null)
  // A function in a state is taken for an update of it.
  const setUnsaved = useCallback((change: DocumentChange | null) => setChange(() => change), [])
  const integration = readFragment(SettingsLayout_Integration, data?.integration)
  // The document is what this very server made.
  const document = data?.settingsDocument as SettingsDocument | null | undefined

  const settings = useMemo(() => {
    if (!integration || !document) return null
    const reload = async () => {
      await client.query(SettingsLayout_Query, { integrationId }, { requestPolicy: 'network-only' })
    }
    return { integration, document, setUnsaved, reload }
  }, [integration, document, setUnsaved, client, integrationId])
  const shown = useMemo(() => (document && unsaved ? unsaved(document) : document), [document, unsaved])

  if (!settings || !shown) {
    if (fetching) return <Waiting />
    return (
      <Stack>
        <PageTitle title="Settings" />
        <Alert color="red" title="The settings could not be read" role="alert">
          {error ? sentenceFor(error) : 'There is no such integration.'}
        </Alert>
      </Stack>
    )
  }
  return (
    <SettingsContext value={settings}>
      <div className={classes['layout']}>
        <nav aria-label="Sections" className={classes['sections']}>
          {sections.map(({ to, label }) => (
            <Link key={label} to={to} params={{ integrationId }} className={classes['section']}>
              {label}
            </Link>
          ))}
        </nav>
        <div className={classes['content']}>
          <Outlet />
        </div>
        <aside aria-label="Preview" className={classes['preview']}>
          {preview(integrationId, shown)}
        </aside>
      </div>
    </SettingsContext>
  )
}

const sections = [
  { to: '/settings/$integrationId/integration', label: 'Integration settings' },
  { to: '/settings/$integrationId/default-fields', label: 'Default fields' },
  { to: '/settings/$integrationId/entities', label: 'Entities' },
  { to: '/settings/$integrationId/export-fields', label: 'Export fields' },
  { to: '/settings/$integrationId/search-fields', label: 'Search fields' },
  { to: '/settings/$integrationId/detail-fields', label: 'Detail fields' },
  { to: '/settings/$integrationId/backend-fields', label: 'Backend fields' },
  { to: '/settings/$integrationId/history', label: 'History' },
  { to: '/settings/$integrationId/document', label: 'Export and import' },
] as const
