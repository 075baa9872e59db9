import { Button, Group, Stack } from '@mantine/core'
import type { FormEvent, ReactNode } from 'react'
import { PageTitle } from '../../ui/page-title.tsx'
import { RefusalNote } from '../../ui/refusal-note.tsx'
import { useFocusOnFault } from '../../ui/use-focus-on-fault.ts'

/** Why it was not saved. */
export interface Refusal {
  message: string | null
}

interface RowFormProps {
  title: string
  about?: string
  submitLabel: string
  busy: boolean
  refusal: Refusal | null
  /** The way back without saving. */
  cancel: ReactNode
  onSubmit: () => void
  children: ReactNode
}

/** A page that is the form of one row of a list. What is refused is said at its input, the rest beside the button. */
export function RowForm({ title, about, submitLabel, busy, refusal, cancel, onSubmit, children }: RowFormProps) {
  const form = useFocusOnFault(refusal)

  function submit(event: FormEvent) {
    event.preventDefault()
    onSubmit()
  }
  return (
    <form ref={form} onSubmit={submit} noValidate aria-label={title}>
      <Stack maw="36rem">
        <PageTitle title={title} {...(about !== undefined && { about })} />
        {children}
        <RefusalNote reason={refusal?.message} />
        <Group>
          <Button type="submit" loading={busy}>
            {submitLabel}
          </Button>
          {cancel}
        </Group>
      </Stack>
    </form>
  )
}
