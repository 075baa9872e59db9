import { Button, Group, Modal, type ModalProps, Stack } from '@mantine/core'
import type { ReactNode } from 'react'
import { RefusalNote } from './refusal-note.tsx'

interface ConfirmDialogProps extends Pick<ModalProps, 'size'> {
  opened: boolean
  question: string
  /** What the button for yes says: "Remove". */
  label: string
  /** That of the button for yes; red unless it is said. */
  color?: string
  busy: boolean
  /** Why it was refused; null where nothing was. */
  refusal?: string | null
  /** There is nothing to say yes to. */
  disabled?: boolean
  /** Whether the focus goes back to what had it before, unless it is said otherwise. */
  returnFocus?: boolean
  onConfirm: () => Promise<void>
  onClose: () => void
  /** What follows from yes. */
  children: ReactNode
}

/** Asks once more before something that cannot be taken back lightly. */
export function ConfirmDialog({
  opened,
  question,
  label,
  color = 'red',
  busy,
  refusal = null,
  disabled = false,
  returnFocus = true,
  onConfirm,
  onClose,
  children,
  size = 'md',
}: ConfirmDialogProps) {
  return (
    <Modal opened={opened} onClose={onClose} title={question} size={size} returnFocus={returnFocus} centered>
      <Stack>
        {children}
        <RefusalNote reason={refusal} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button color={color} loading={busy} disabled={disabled} onClick={() => void onConfirm()}>
            {label}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
