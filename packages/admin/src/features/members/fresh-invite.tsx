import { Button, Code, Group, Stack, Text } from '@mantine/core'
import { CopyButton } from '../../ui/copy-button.tsx'
import { Moment } from '../../ui/moment.tsx'
import type { MadeInvite } from './invite-form.tsx'

interface FreshInviteProps {
  made: MadeInvite
  onSent: () => void
}

/** The link of a new invite, which the owner hands on. */
export function FreshInvite({ made, onSent }: FreshInviteProps) {
  return (
    <Stack>
      <Text>
        Give this link to <strong>{made.email}</strong>: Backchannel sends no mail. It is shown this once, works once,
        and ends <Moment at={made.expiresAt} />.
      </Text>
      <Group gap="xs" wrap="nowrap" align="center">
        <Code block flex={1} miw={0} aria-label="The link" style={{ overflowWrap: 'anywhere', whiteSpace: 'pre-wrap' }}>
          {made.url}
        </Code>
        <CopyButton what="the link" text={made.url} />
      </Group>
      <Group justify="flex-end">
        <Button onClick={onSent}>I have copied it</Button>
      </Group>
    </Stack>
  )
}
