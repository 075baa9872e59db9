import { Stack, Text } from '@mantine/core'
import { AnchorLink } from './link.tsx'
import { PageTitle } from './page-title.tsx'

export function NotFoundPage() {
  return (
    <Stack>
      <PageTitle title="There is no such page" />
      <Text>
        Go on with <AnchorLink to="/integrations/{-$crm}">Integrations</AnchorLink>.
      </Text>
    </Stack>
  )
}
