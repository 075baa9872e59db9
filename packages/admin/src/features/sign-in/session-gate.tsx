import { Button, Container, Stack, Text, Title } from '@mantine/core'
import { type ReactNode, useEffect } from 'react'
import { useQuery } from 'urql'
import { graphql } from '../../graphql/generated/index.ts'
import { tellProblem } from '../../ui/tell.ts'
import { ViewerContext } from '../../ui/viewer.ts'
import { Waiting } from '../../ui/waiting.tsx'
import { noteSession, signOut } from './session.ts'

const SessionGate_Viewer = graphql(`
  query SessionGate_Viewer {
    viewer {
      kind
      user { id name role }
      workspace { id name timeZone }
    }
  }
`)

interface SessionGateProps {
  children: (session: { signOut: () => Promise<void> }) => ReactNode
}

/** Shows its children to who is signed in; the client leads everybody else to the sign-in page. */
export function SessionGate({ children }: SessionGateProps) {
  const [{ data, error, fetching }, reload] = useQuery({ query: SessionGate_Viewer, requestPolicy: 'network-only' })
  const { user, workspace } = data?.viewer ?? {}
  const known = user != null

  useEffect(() => {
    if (known) noteSession()
  }, [known])

  if (user && workspace) {
    const { name: workspaceName, timeZone } = workspace
    const viewer = { userId: user.id, userName: user.name, role: user.role, workspaceName, timeZone }
    return <ViewerContext value={viewer}>{children({ signOut: leave })}</ViewerContext>
  }
  if (fetching || !error?.networkError) return <Waiting />
  return (
    <Container component="main" size="xs" py="xl">
      <Stack align="start">
        <Title order={1}>The server does not answer</Title>
        <Text c="dimmed">Check that it is running, then try again.</Text>
        <Button onClick={() => reload({ requestPolicy: 'network-only' })}>Try again</Button>
      </Stack>
    </Container>
  )
}

async function leave() {
  const problem = await signOut()
  if (problem) tellProblem(problem)
  // A fresh page, so that nothing of this session is left in memory.
  else window.location.assign('/admin/sign-in')
}
