import { Button, Group } from '@mantine/core'
import type { ReactNode } from 'react'
import { RefusalNote } from './refusal-note.tsx'

interface FormEndProps {
  /** What the button does: "Create the key". */
  label: string
  busy: boolean
  /** Why it was refused, as far as no input says it. */
  refusal: string | null
  /** Buttons before it. */
  children?: ReactNode
}

/** The end of a form that is sent as a whole: what stands in the way, and the button that sends it. */
export function FormEnd({ label, busy, refusal, children }: FormEndProps) {
  return (
    <>
      <RefusalNote reason={refusal} />
      <Group justify="flex-end">
        {children}
        <Button type="submit" loading={busy}>
          {label}
        </Button>
      </Group>
    </>
  )
}
