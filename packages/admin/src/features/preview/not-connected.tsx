import { Text } from '@mantine/core'
import { AnchorLink } from '../../ui/link.tsx'

/** A CRM that is not connected has nothing to show to agents. */
export function NotConnected() {
  return (
    <Text size="sm">
      The CRM is not connected, so agents see nothing of it.{' '}
      <AnchorLink to="/integrations/{-$crm}" size="sm" underline="always">
        Connect it
      </AnchorLink>{' '}
      to try the settings out.
    </Text>
  )
}
