import { Button, Center, Loader, Stack, Text, Title } from '@mantine/core'
import type { ReactNode } from 'react'
import { Navigate, useLocation } from 'react-router'
import { useQuery } from 'urql'
import { graphql } from '../../graphql/generated/index.ts'
import { signOut } from './session.ts'

const SessionGate_Viewer = graphql(`
  query SessionGate_Viewer {
    viewer {
      kind
      user { id name }
      workspace { id name }
    }
  }
`)

interface Session {
  userName: string
  workspaceName: string
  signOut: () => Promise<void>
}

/** Shows its children to who is signed in, and the sign-in page to everybody else. */
export function SessionGate({ children }: { children: (session: Session) => ReactNode }) {
  const [{ data, fetching, error }, reload] = useQuery({ query: SessionGate_Viewer, requestPolicy: 'network-only' })
  const { pathname } = useLocation()
  if (fetching) {
    return (
      <Center mih="100vh">
        <Loader aria-label="Loading" />
      </Center>
    )
  }
  const unauthenticated = error?.graphQLErrors.some((it) => it.extensions.code === 'UNAUTHENTICATED')
  if (unauthenticated) return <Navigate to={`/sign-in?${new URLSearchParams({ next: pathname })}`} replace />
  if (!data) {
    return (
      <Center mih="100vh" p="md">
        <Stack align="center">
          <Title order={2}>The server does not answer</Title>
          <Text c="dimmed">Check that it is running, then try again.</Text>
          <Button onClick={() => reload({ requestPolicy: 'network-only' })}>Try again</Button>
        </Stack>
      </Center>
    )
  }
  const leave = async () => {
    await signOut()
    window.location.assign('/admin/sign-in')
  }
  const { user, workspace } = data.viewer
  return children({ userName: user?.name ?? '', workspaceName: workspace.name, signOut: leave })
}
