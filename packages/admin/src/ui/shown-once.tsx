import { Button, Code, Group, Stack, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { CopyButton } from './copy-button.tsx'

interface ShownOnceProps {
  /** What it is, within a sentence: "the key". */
  what: string
  text: string
  /** What the button says that ends it: "I have stored it". */
  doneLabel: string
  onDone: () => void
  /** What to do with it. */
  children: ReactNode
}

/** A secret that was just made, to be copied: it cannot be seen again. */
export function ShownOnce({ what, text, doneLabel, onDone, children }: ShownOnceProps) {
  return (
    <Stack>
      <Text>{children}</Text>
      <Group gap="xs" wrap="nowrap" align="center">
        <Code block flex={1} miw={0} aria-label={what} style={{ overflowWrap: 'anywhere', whiteSpace: 'pre-wrap' }}>
          {text}
        </Code>
        <CopyButton what={what} text={text} />
      </Group>
      <Group justify="flex-end">
        <Button onClick={onDone}>{doneLabel}</Button>
      </Group>
    </Stack>
  )
}
