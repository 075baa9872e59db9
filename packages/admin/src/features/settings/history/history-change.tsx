import { Badge, Card, Group, Text } from '@mantine/core'
import { useEffect, useRef } from 'react'
import { type FragmentType, graphql, readFragment } from '../../../graphql/generated/index.ts'
import { sectionLabel } from '../../../graphql/settings-sections.ts'
import { AnchorLink } from '../../../ui/link.tsx'
import { Moment } from '../../../ui/moment.tsx'
import { differencesOf } from '../difference/difference.ts'
import { DifferenceList } from '../difference/difference-list.tsx'
import { useSettings } from '../settings-context.ts'
import { RestoreButton } from './restore-button.tsx'

const HistoryChange_Change = graphql(`
  fragment HistoryChange_Change on SettingsChange {
    id
    at
    by
    section
    summary
    before
    after
  }
`)

interface HistoryChangeProps {
  change: FragmentType<typeof HistoryChange_Change>
  /** The address leads to it: it is shown and takes the focus. */
  linked: boolean
  /** What it left behind is in force. */
  inForce: boolean
}

/** One change: who, when, where, and what differed. */
export function HistoryChange({ change, linked, inForce }: HistoryChangeProps) {
  const { id, at, by, section, summary, before, after } = readFragment(HistoryChange_Change, change)
  const { integration } = useSettings()
  const differences = differencesOf(before, after)
  const card = useRef<HTMLLIElement>(null)
  useEffect(() => {
    if (linked) card.current?.focus()
  }, [linked])

  return (
    <Card ref={card} withBorder padding="sm" component="li" tabIndex={-1} id={id}>
      <Group justify="space-between" gap="xs" align="flex-start">
        <div style={{ minWidth: 0, overflowWrap: 'anywhere' }}>
          <Text fw={600}>{summary}</Text>
          <Text size="sm" c="dimmed">
            {by} · {sectionLabel(section)} ·{' '}
            <AnchorLink
              to="/settings/$integrationId/history"
              params={{ integrationId: integration.id }}
              hash={id}
              inherit
              c="inherit"
            >
              <Moment at={at} />
            </AnchorLink>
          </Text>
        </div>
        {inForce ? <Badge color="green">In force</Badge> : <RestoreButton changeId={id} at={at} />}
      </Group>
      {differences.length > 0 && (
        <details style={{ marginTop: '0.5rem' }} open={linked}>
          <summary>
            <Text component="span" size="sm">
              What changed
            </Text>
          </summary>
          <div style={{ marginTop: '0.5rem' }}>
            <DifferenceList label="What changed" differences={differences} />
          </div>
        </details>
      )}
    </Card>
  )
}
