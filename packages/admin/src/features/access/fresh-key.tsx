import { Button, Code, Group, Stack, Text } from '@mantine/core'
import { CopyButton } from '../../ui/copy-button.tsx'

/** A key that was just made: the only time that it is seen. */
export interface MadeKey {
  name: string
  key: string
}

interface FreshKeyProps {
  made: MadeKey
  onStored: () => void
}

export function FreshKey({ made, onStored }: FreshKeyProps) {
  return (
    <Stack>
      <Text>
        This is the key of <strong>{made.name}</strong>. It is shown this once and is not kept: whoever has lost it
        makes a new one.
      </Text>
      <Group gap="xs" wrap="nowrap" align="center">
        <Code block flex={1} miw={0} aria-label="The key" style={{ overflowWrap: 'anywhere', whiteSpace: 'pre-wrap' }}>
          {made.key}
        </Code>
        <CopyButton what="the key" text={made.key} />
      </Group>
      <Group justify="flex-end">
        <Button onClick={onStored}>I have stored it</Button>
      </Group>
    </Stack>
  )
}
