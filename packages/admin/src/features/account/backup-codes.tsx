import { Code, Group, Stack, Text } from '@mantine/core'
import { CopyButton } from '../../ui/copy-button.tsx'

/** The codes for the day on which the telephone is lost. */
export function BackupCodes({ codes }: { codes: readonly string[] }) {
  const text = codes.join('\n')
  return (
    <Stack gap="xs">
      <Text size="sm">
        Each of these backup codes takes the place of one code of the app. They are shown this once: keep them where you
        keep your passwords, not on the device with the app.
      </Text>
      <Group gap="xs" align="start" wrap="nowrap">
        <Code block flex={1} aria-label="the backup codes">
          {text}
        </Code>
        <CopyButton what="the backup codes" text={text} />
      </Group>
    </Stack>
  )
}
