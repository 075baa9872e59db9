import { Badge, Group, Tabs, Text, Title } from '@mantine/core'
import { useCallback, useMemo, useState } from 'react'
import { Provider as GraphqlProvider } from 'urql'
import { createPreviewClient } from '../../graphql/client.ts'
import { CreateView } from './create-view.tsx'
import { MatchView } from './match-view.tsx'
import { type ChosenRecord, PreviewContext, type View, views } from './preview-context.ts'
import classes from './preview-panel.module.css'
import { SearchView } from './search-view.tsx'
import { recallSubject, rememberSubject, type Subject, toPreviewInput } from './subject.ts'
import { SubjectPicker } from './subject-picker.tsx'
import { TagView } from './tag-view.tsx'

interface PreviewPanelProps {
  integrationId: string
  /** A settings document, saved or not. */
  document: unknown
  onSignedOut: () => void
}

/**
 * The agent's panel as these settings make it, and what would be written. Its answers are of settings that need not be
 * saved, so it keeps them apart from all others.
 */
export function PreviewPanel({ onSignedOut, ...preview }: PreviewPanelProps) {
  const [client] = useState(() => createPreviewClient(onSignedOut))
  return (
    <GraphqlProvider value={client}>
      {/* Of another CRM nothing stays: neither whom it was tried with nor what was entered. */}
      <Panel key={preview.integrationId} {...preview} />
    </GraphqlProvider>
  )
}

const labels: Record<View, string> = { SEARCH: 'Search', CREATE: 'Create', TAG: 'Tag', MATCH: 'Match' }

function isView(value: string | null): value is View {
  return views.some((view) => view === value)
}

function Panel({ integrationId, document }: Omit<PreviewPanelProps, 'onSignedOut'>) {
  const [subject, setSubject] = useState(() => recallSubject(integrationId))
  const [view, setView] = useState<View>('SEARCH')
  const [chosen, setChosen] = useState<readonly ChosenRecord[]>([])
  const [suggested, suggest] = useState<ChosenRecord | null>(null)
  const input = useMemo(() => toPreviewInput(integrationId, document, subject), [integrationId, document, subject])

  const change = useCallback(
    (next: Subject) => {
      rememberSubject(integrationId, next)
      setSubject(next)
      setChosen([])
    },
    [integrationId],
  )
  const state = useMemo(() => {
    const tagged = chosen.length > 0 || suggested === null ? chosen : [suggested]
    return { integrationId, input, chosen: tagged, choose: setChosen, suggest, show: setView }
  }, [integrationId, input, chosen, suggested])

  return (
    <PreviewContext value={state}>
      <div className={classes['panel']}>
        <Group justify="space-between" gap="xs">
          <Title order={2} size="h4">
            Preview
          </Title>
          <Badge color="gray">Nothing is written</Badge>
        </Group>
        <Text size="sm" c="dimmed">
          What agents will see with these settings, saved or not.
        </Text>
        <SubjectPicker subject={subject} onChange={change} />
        <Tabs value={view} onChange={(value) => isView(value) && setView(value)} keepMounted={false}>
          <Tabs.List aria-label="What to look at">
            {views.map((it) => (
              <Tabs.Tab key={it} value={it}>
                {labels[it]}
              </Tabs.Tab>
            ))}
          </Tabs.List>
          <Tabs.Panel value="SEARCH" pt="sm">
            <SearchView />
          </Tabs.Panel>
          <Tabs.Panel value="CREATE" pt="sm">
            <CreateView />
          </Tabs.Panel>
          <Tabs.Panel value="TAG" pt="sm">
            <TagView />
          </Tabs.Panel>
          <Tabs.Panel value="MATCH" pt="sm">
            <MatchView />
          </Tabs.Panel>
        </Tabs>
      </div>
    </PreviewContext>
  )
}
