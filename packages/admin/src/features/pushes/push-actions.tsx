import { Button, Group } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import type { PushStatus } from '../../graphql/generated/graphql.ts'
import { tellDone, tellProblem } from '../../ui/tell.ts'
import { pushStatuses } from './push-status.ts'
import { type PushAction, usePushAction } from './use-push-action.ts'

interface PushActionsProps {
  push: { id: string; status: PushStatus }
  /** What it is called. */
  title: string
  /** Shows a state before the server says so. */
  onShow: (id: string, status: PushStatus) => void
}

/** Retrying and giving up one push. Its new state is shown at once, and put back where it is refused. */
export function PushActions({ push: { id, status }, title, onShow }: PushActionsProps) {
  const act = usePushAction()
  const [busy, setBusy] = useState<PushAction | null>(null)
  const group = useRef<HTMLDivElement>(null)
  const acted = useRef(false)
  const { canRetry, canDiscard } = pushStatuses[status]

  const isDone = !canRetry && !canDiscard

  useEffect(() => {
    // The button that had the focus is gone.
    if (isDone && acted.current && document.activeElement === document.body) group.current?.focus()
  }, [isDone])

  async function run(action: PushAction) {
    setBusy(action)
    acted.current = true
    onShow(id, action === 'RETRY' ? 'QUEUED' : 'DISCARDED')
    const refusal = await act(action, id)
    setBusy(null)
    if (refusal !== null) {
      onShow(id, status)
      tellProblem(refusal)
    } else tellDone(action === 'RETRY' ? `${title} is tried again.` : `${title} is given up. Retry takes it up again.`)
  }

  return (
    <Group ref={group} gap="xs" wrap="nowrap" role="group" aria-label={`What to do with ${title}`} tabIndex={-1}>
      {canRetry && (
        <Button
          size="xs"
          variant="default"
          aria-label={`Retry ${title}`}
          loading={busy === 'RETRY'}
          onClick={() => void run('RETRY')}
        >
          Retry
        </Button>
      )}
      {canDiscard && (
        <Button
          size="xs"
          variant="default"
          aria-label={`Discard ${title}`}
          loading={busy === 'DISCARD'}
          onClick={() => void run('DISCARD')}
        >
          Discard
        </Button>
      )}
    </Group>
  )
}
