import { Stack } from '@mantine/core'
import { getRouteApi, Outlet } from '@tanstack/react-router'
import { type ReactNode, useCallback, useMemo, useRef, useState } from 'react'
import { useClient, useQuery } from 'urql'
import { sentenceFor } from '../../graphql/client.ts'
import { graphql, readFragment } from '../../graphql/generated/index.ts'
import { LeaveGuard } from '../../ui/leave-guard.tsx'
import { LoadProblem } from '../../ui/load-problem.tsx'
import { PageTitle } from '../../ui/page-title.tsx'
import { Waiting } from '../../ui/waiting.tsx'
import { useEditBase } from './edit-base.ts'
import { PreviewPane } from './preview-pane.tsx'
import { SectionNav } from './section-nav.tsx'
import { SectionNotices } from './section-notices.tsx'
import { type DocumentChange, SettingsContext } from './settings-context.ts'
import type { SettingsDocument } from './settings-document.ts'
import { SettingsHeader } from './settings-header.tsx'
import classes from './settings-layout.module.css'

const SettingsLayout_Integration = graphql(`
  fragment SettingsLayout_Integration on Integration {
    id
    name
    provider
    status
    problems { section }
    settings { id version }
    ...CheckNote_Integration
    ...Entities_Integration
    ...ShownFields_Integration
    ...WrittenFields_Integration
    ...SettingsHeader_Integration
    ...SectionNotices_Integration
    ...IntegrationSettings_Integration
    ...DefaultFields_Integration
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
  const [{ data, fetching, error }, ask] = useQuery({ query: SettingsLayout_Query, variables: { integrationId } })
  const [unsaved, setChange] = useState<DocumentChange | null>(null)
  // Known at once, as leaving may follow right upon saving.
  const guarded = useRef(false)
  const setUnsaved = useCallback((change: DocumentChange | null) => {
    guarded.current = change !== null
    // A function in a state is taken for an update of it.
    setChange(() => change)
  }, [])
  const integration = readFragment(SettingsLayout_Integration, data?.integration)
  // The document is what this very server made.
  const document = data?.settingsDocument as SettingsDocument | null | undefined
  const editBase = useEditBase(integrationId, integration?.settings.version, unsaved !== null)

  const settings = useMemo(() => {
    if (!integration || !document) return null
    const reload = async () => {
      await client.query(SettingsLayout_Query, { integrationId }, { requestPolicy: 'network-only' })
    }
    return { integration, document, setUnsaved, editBase, reload }
  }, [integration, document, setUnsaved, editBase, client, integrationId])
  const shown = useMemo(() => (document && unsaved ? unsaved(document) : document), [document, unsaved])

  if (!integration || !settings || !shown) {
    if (fetching) return <Waiting />
    return (
      <Stack align="flex-start">
        <PageTitle title="Settings" />
        <LoadProblem
          what="The settings"
          reason={error ? sentenceFor(error) : 'There is no such integration.'}
          onRetry={error && (() => ask({ requestPolicy: 'network-only' }))}
        />
      </Stack>
    )
  }
  return (
    <SettingsContext value={settings}>
      <LeaveGuard isUnsaved={() => guarded.current} />
      <SettingsHeader integration={integration} />
      <div className={classes['layout']}>
        <SectionNav integrationId={integrationId} problems={integration.problems} />
        {/* Nothing that was entered for one org is left on the form of another. */}
        <div className={classes['content']} key={integrationId}>
          <SectionNotices integration={integration} />
          <Outlet />
        </div>
        <PreviewPane>{preview(integrationId, shown)}</PreviewPane>
      </div>
    </SettingsContext>
  )
}
