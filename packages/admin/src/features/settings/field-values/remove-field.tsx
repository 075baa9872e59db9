import { Text } from '@mantine/core'
import { useState } from 'react'
import { ConfirmDialog } from '../../../ui/confirm-dialog.tsx'
import type { SavedField } from './field-draft.ts'

interface RemoveFieldProps {
  /** Null: nothing is to be removed. */
  field: SavedField | null
  title: string
  onClose: () => void
  /** Answers why it was not removed; null: it was. */
  onRemove: (id: string) => Promise<string | null>
}

/** Asks once more before a field goes. */
export function RemoveField({ field, title, onClose, onRemove }: RemoveFieldProps) {
  const [busy, setBusy] = useState(false)
  const [message, setMessage] = useState<string | null>(null)

  function close() {
    setMessage(null)
    onClose()
  }
  async function remove() {
    if (field === null) return
    setBusy(true)
    const refusal = await onRemove(field.id)
    setBusy(false)
    if (refusal !== null) return setMessage(refusal)
    close()
    document.getElementById('add')?.focus()
  }

  return (
    <ConfirmDialog
      opened={field !== null}
      question={`Remove ${title}?`}
      label="Remove"
      busy={busy}
      refusal={message}
      onConfirm={remove}
      onClose={close}
    >
      <Text>It is no longer written to the CRM. What was written stays there.</Text>
    </ConfirmDialog>
  )
}
