import { Button, Text } from '@mantine/core'
import { useState } from 'react'
import type { PushFilter, PushRow_PushFragment } from '../../graphql/generated/graphql.ts'
import { ConfirmButton } from '../../ui/confirm-button.tsx'
import { tellDone, tellProblem } from '../../ui/tell.ts'
import { countActable } from './count-actable.ts'
import type { PushCount } from './push-list.ts'
import { pushStatuses } from './push-status.ts'
import { type PushAction, usePushAction, usePushesAction } from './use-push-action.ts'

interface ManyActionsProps {
  selected: readonly PushRow_PushFragment[]
  filter: PushFilter
  counts: readonly PushCount[]
  onDone: () => void
}

/** Retrying and giving up those that are selected; or, with nothing selected, all that the filter finds. */
export function ManyActions({ selected, filter, counts, onDone }: ManyActionsProps) {
  return selected.length > 0 ? (
    <SelectedActions selected={selected} onDone={onDone} />
  ) : (
    <FoundActions filter={filter} counts={counts} onDone={onDone} />
  )
}

function SelectedActions({ selected, onDone }: Pick<ManyActionsProps, 'selected' | 'onDone'>) {
  const act = usePushAction()
  const [progress, setProgress] = useState<string | null>(null)
  const retryable = selected.filter(({ status }) => pushStatuses[status].canRetry)
  const discardable = selected.filter(({ status }) => pushStatuses[status].canDiscard)

  async function run(action: PushAction, pushes: readonly PushRow_PushFragment[]) {
    const refusals: string[] = []
    for (const [index, { id }] of pushes.entries()) {
      setProgress(`${index + 1} of ${pushes.length}`)
      const refusal = await act(action, id)
      if (refusal !== null) refusals.push(refusal)
    }
    setProgress(null)
    tell(action, pushes.length - refusals.length)
    for (const refusal of new Set(refusals)) tellProblem(refusal)
    onDone()
  }

  return (
    <>
      <Text size="sm" role="status">
        {progress ?? `${selected.length} selected`}
      </Text>
      {retryable.length > 0 && (
        <Button size="xs" loading={progress !== null} onClick={() => void run('RETRY', retryable)}>
          Retry {retryable.length}
        </Button>
      )}
      {discardable.length > 0 && (
        <ConfirmButton
          size="xs"
          variant="default"
          label={`Discard ${discardable.length}`}
          question={`Give up ${countOf(discardable.length)}?`}
          consequence={consequence}
          onConfirm={() => run('DISCARD', discardable)}
        />
      )}
    </>
  )
}

function FoundActions({ filter, counts, onDone }: Omit<ManyActionsProps, 'selected'>) {
  const act = usePushesAction()
  const retryable = countActable('RETRY', filter, counts)
  const discardable = countActable('DISCARD', filter, counts)

  async function run(action: PushAction) {
    const answer = await act(action, filter)
    if (typeof answer === 'string') tellProblem(answer)
    else tell(action, answer)
    onDone()
  }

  return (
    <>
      {retryable > 0 && (
        <ConfirmButton
          size="xs"
          color="indigo"
          label={`Retry all ${retryable}`}
          question={`Try ${countOf(retryable)} again?`}
          consequence="These are all that the filter finds and that can be tried again, whether they are shown or not. A CRM that asked for a pause gets it first."
          onConfirm={() => run('RETRY')}
        />
      )}
      {discardable > 0 && (
        <ConfirmButton
          size="xs"
          variant="default"
          label={`Discard all ${discardable}`}
          question={`Give up ${countOf(discardable)}?`}
          consequence={`These are all that the filter finds and that are not done, whether they are shown or not. ${consequence}`}
          onConfirm={() => run('DISCARD')}
        />
      )}
    </>
  )
}

const consequence =
  'Their transcripts are not written into the CRM, and later messages do not follow. Retry takes a single one up again.'

const countOf = (count: number) => (count === 1 ? 'one push' : `${count} pushes`)

function tell(action: PushAction, count: number): void {
  const verb = action === 'RETRY' ? 'tried again' : 'given up'
  tellDone(`${count === 1 ? 'One push is' : `${count} pushes are`} ${verb}.`)
}
