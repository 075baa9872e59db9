import { Button, Group, Modal, Stack, Text } from '@mantine/core'
import { useBlocker } from '@tanstack/react-router'
import { useEffect } from 'react'

interface LeaveGuardProps {
  /** Whether something would be lost by leaving right now. */
  isUnsaved: () => boolean
}

/** Asks whoever leaves a page with something unsaved, within the app and out of it. */
export function LeaveGuard({ isUnsaved }: LeaveGuardProps) {
  const { status, proceed, reset } = useBlocker({
    // Who is signed out has to sign in first, whatever was entered.
    shouldBlockFn: ({ current, next }) =>
      isUnsaved() && next.pathname !== current.pathname && next.fullPath !== '/sign-in',
    enableBeforeUnload: isUnsaved,
    withResolver: true,
  })
  // What was being saved is saved: there is nothing to ask about any more.
  useEffect(() => {
    if (status === 'blocked' && !isUnsaved()) proceed?.()
  })
  return (
    <Modal opened={status === 'blocked'} onClose={() => reset?.()} title="Leave without saving?" centered>
      <Stack>
        <Text>What you have changed on this page is not saved, and would be lost.</Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={() => reset?.()} data-autofocus>
            Stay
          </Button>
          <Button color="red" onClick={() => proceed?.()}>
            Leave
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
