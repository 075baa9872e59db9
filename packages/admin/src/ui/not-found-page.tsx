import { Anchor, Stack, Text, Title } from '@mantine/core'
import { Link } from 'react-router'

export function NotFoundPage() {
  return (
    <Stack py="xl">
      <Title order={1}>There is no such page</Title>
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
