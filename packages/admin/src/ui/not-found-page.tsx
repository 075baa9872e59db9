import { Anchor, Stack, Text } from '@mantine/core'
import { Link } from 'react-router'
import { PageTitle } from './page-title.tsx'

export function NotFoundPage() {
  return (
    <Stack>
      <PageTitle title="There is no such page" />
      <Text>
        Go on with{' '}
        <Anchor component={Link} to="/integrations">
          Integrations
        </Anchor>
        .
      </Text>
    </Stack>
  )
}
