import { Button, Modal } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { type FragmentType, graphql, readFragment } from '../../graphql/generated/index.ts'
import { ConnectForm, type KnownIntegration } from './connect-form.tsx'

export const ConnectButton_Provider = graphql(`
  fragment ConnectButton_Provider on ProviderDescriptor {
    provider
    displayName
    connectLabel
    ...ConnectForm_Provider
  }
`)

interface ConnectButtonProps {
  provider: FragmentType<typeof ConnectButton_Provider>
  /** The CRM has an org that works: this connects one more. */
  another?: boolean
  /** It works, and is to be connected in another way or as somebody else. */
  again?: boolean
  /** Connected again; left out: a new one. */
  integration?: KnownIntegration
  onConnected: () => void
}

/** Opens the connect form of a CRM. */
export function ConnectButton({
  provider,
  another = false,
  again = false,
  integration,
  onConnected,
}: ConnectButtonProps) {
  const descriptor = readFragment(ConnectButton_Provider, provider)
  const [opened, { open, close }] = useDisclosure(false)
  return (
    <>
      <Button variant={again ? 'subtle' : another ? 'default' : 'filled'} onClick={open}>
        {again ? 'Reconnect' : another ? 'Connect another org' : descriptor.connectLabel}
      </Button>
      <Modal opened={opened} onClose={close} title={`Connect ${integration?.name ?? descriptor.displayName}`} size="lg">
        <ConnectForm
          provider={descriptor}
          integration={integration ?? null}
          onConnected={() => {
            close()
            onConnected()
          }}
        />
      </Modal>
    </>
  )
}
