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

  async function confirm() {
    setBusy(true)
    await onConfirm()
    setBusy(false)
    close()
  }

  return (
    <>
      <Button {...button} onClick={open}>
        {label}
      </Button>
      <ConfirmDialog opened={opened} question={question} label={label} busy={busy} onConfirm={confirm} onClose={close}>
        <Text>{consequence}</Text>
      </ConfirmDialog>
    </>
  )
}
