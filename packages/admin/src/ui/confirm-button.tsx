import { Button, type ButtonProps, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useState } from 'react'
import { ConfirmDialog } from './confirm-dialog.tsx'

interface ConfirmButtonProps extends ButtonProps {
  label: string
  question: string
  /** What follows from yes, in a sentence. */
  consequence: string
  onConfirm: () => Promise<void>
}

/** A button that asks once more before it does what cannot be taken back lightly. */
export function ConfirmButton({ label, question, consequence, onConfirm, ...button }: ConfirmButtonProps) {
  const [opened, { open, close }] = useDisclosure(false)
  const [busy, setBusy] = useState(false)
  const [focusMoved, setFocusMoved] = useState(false)

  function ask() {
    setFocusMoved(false)
    open()
  }
  async function confirm() {
    setBusy(true)
    await onConfirm()
    setBusy(false)
    setFocusMoved(isOutsideOfDialogs(document.activeElement))
    close()
  }

  return (
    <>
      <Button {...button} onClick={ask}>
        {label}
      </Button>
      <ConfirmDialog
        opened={opened}
        question={question}
        label={label}
        busy={busy}
        returnFocus={!focusMoved}
        onConfirm={confirm}
        onClose={close}
      >
        <Text>{consequence}</Text>
      </ConfirmDialog>
    </>
  )
}

/** Whoever confirms may lead the focus on, since the button that was pressed is about to go. */
function isOutsideOfDialogs(focused: Element | null): boolean {
  return focused !== null && focused !== document.body && focused.closest('[role="dialog"]') === null
}
