import { Alert, Button, List, Loader, Stack, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { Waiting } from '../../ui/waiting.tsx'
import type { Fault } from './fault.ts'
import classes from './preview-panel.module.css'
import type { Preview } from './use-preview.ts'

interface PreviewAnswerProps<Data> {
  preview: Preview<Data>
  children: (data: Data) => ReactNode
}

/** What was answered; while newer edits are on their way, or are not complete, what was answered before. */
export function PreviewAnswer<Data>({ preview, children }: PreviewAnswerProps<Data>) {
  const { data, fault, asking, retry } = preview
  return (
    <Stack gap="sm">
      {fault && <FaultNote fault={fault} onRetry={retry} stale={data !== null} />}
      {data !== null && (
        <div className={classes['answer']} aria-busy={asking}>
          {/* Told by a sign rather than by fading, as it must stay legible. */}
          {asking && <Loader size="xs" className={classes['asking']} aria-hidden />}
          {children(data)}
        </div>
      )}
      {data === null && !fault && <Waiting />}
    </Stack>
  )
}

interface FaultNoteProps {
  fault: Fault
  onRetry?: () => void
  /** Something older is shown below. */
  stale?: boolean
}

/** Calm while something is not filled in yet; otherwise why, and a way to try again. */
export function FaultNote({ fault: { unfinished, messages }, onRetry, stale = false }: FaultNoteProps) {
  const [first = '', ...more] = messages
  return (
    <Alert
      role="status"
      color={unfinished ? 'blue' : 'red'}
      title={unfinished ? 'Not complete yet' : 'This cannot be shown'}
    >
      <Stack gap="xs" align="start">
        {more.length === 0 && <Text size="sm">{first}</Text>}
        {more.length > 0 && (
          <List size="sm">
            {messages.map((message) => (
              <List.Item key={message}>{message}</List.Item>
            ))}
          </List>
        )}
        {stale && <Text size="sm">Until then, the preview shows what was there before.</Text>}
        {onRetry && !unfinished && (
          <Button size="xs" variant="default" onClick={onRetry}>
            Try again
          </Button>
        )}
      </Stack>
    </Alert>
  )
}
