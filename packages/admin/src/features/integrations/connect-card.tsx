import { Anchor, Button, Card, Group, Modal, Stack, Text, Title } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { type FragmentType, graphql, readFragment } from '../../graphql/generated/index.ts'
import { ConnectForm } from './connect-form.tsx'

const ConnectCard_Provider = graphql(`
  fragment ConnectCard_Provider on ProviderDescriptor {
    provider
    displayName
    documentationUrl
    connectLabel
    ...ConnectForm_Provider
  }
`)

interface ConnectCardProps {
  provider: FragmentType<typeof ConnectCard_Provider>
  onConnected: () => void
}

/** A CRM that can be connected. */
export function ConnectCard({ provider, onConnected }: ConnectCardProps) {
  const descriptor = readFragment(ConnectCard_Provider, provider)
  const [opened, { open, close }] = useDisclosure(false)
  return (
    <Card withBorder component="section" aria-label={descriptor.displayName}>
      <Stack h="100%" justify="space-between">
        <div>
          <Title order={2} size="h3">
            {descriptor.displayName}
          </Title>
          <Text size="sm" c="dimmed">
            Connect an org of your own, or one that was disconnected.
          </Text>
        </div>
        <Group>
          <Button onClick={open}>{descriptor.connectLabel}</Button>
          <Anchor href={descriptor.documentationUrl} target="_blank" rel="noreferrer" size="sm">
            What it needs
          </Anchor>
        </Group>
      </Stack>
      <Modal opened={opened} onClose={close} title={descriptor.connectLabel} size="lg">
        <ConnectForm
          provider={descriptor}
          onConnected={() => {
            close()
            onConnected()
          }}
        />
      </Modal>
    </Card>
  )
}
