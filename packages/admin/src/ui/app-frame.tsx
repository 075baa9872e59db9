import { Anchor, Button, Container, Group, Text } from '@mantine/core'
import { useState } from 'react'
import { NavLink, Outlet } from 'react-router'

interface AppFrameProps {
  userName: string
  workspaceName: string
  onSignOut: () => Promise<void>
}

/** What every page stands in: where one is, who one is, and the way out. */
export function AppFrame({ userName, workspaceName, onSignOut }: AppFrameProps) {
  const [leaving, setLeaving] = useState(false)

  async function leave() {
    setLeaving(true)
    await onSignOut()
    setLeaving(false)
  }

  return (
    <>
      <Container component="header" size="lg" py="md">
        <Group justify="space-between">
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
              {[userName, workspaceName].filter(Boolean).join(' · ')}
            </Text>
            <Button variant="default" size="xs" loading={leaving} onClick={() => void leave()}>
              Sign out
            </Button>
          </Group>
        </Group>
      </Container>
      <Container component="main" size="lg" pt="md" pb="xl">
        <Outlet />
      </Container>
    </>
  )
}
