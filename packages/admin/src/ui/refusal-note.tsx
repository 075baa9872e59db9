import { Alert } from '@mantine/core'

interface RefusalNoteProps {
  /** Why it was refused; null where nothing was. */
  reason: string | null | undefined
}

/** Says beside the button why it did not do what was asked. A screen reader hears it at once. */
export function RefusalNote({ reason }: RefusalNoteProps) {
  if (!reason) return null
  return (
    <Alert color="red" role="alert" p="xs">
      {reason}
    </Alert>
  )
}
