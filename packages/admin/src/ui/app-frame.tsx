import { Anchor, Button, Container, Group, Text } from '@mantine/core'
import { NavLink, Outlet } from 'react-router'

interface AppFrameProps {
  userName: string
  workspaceName: string
  onSignOut: () => Promise<void>
}

/** What every page stands in: where one is, who one is, and the way out. */
export function AppFrame({ userName, workspaceName, onSignOut }: AppFrameProps) {
  return (
    <>
      <Container component="header" size="lg" py="md">
        <Group justify="space-between" wrap="wrap">
          <Group gap="lg">
            <Text fw={700} size="lg">
              Backchannel
            </Text>
            <nav aria-label="Main">
              <Anchor component={NavLink} to="/integrations">
                Integrations
              </Anchor>
            </nav>
          </Group>
          <Group gap="sm">
            <Text size="sm" c="dimmed">
              {userName} · {workspaceName}
            </Text>
            <Button variant="default" size="xs" onClick={() => void onSignOut()}>
              Sign out
            </Button>
          </Group>
        </Group>
      </Container>
      <Container component="main" size="lg" pb="xl">
        <Outlet />
      </Container>
    </>
  )
}
