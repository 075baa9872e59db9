import { Button, Container, Stack, Text, Title } from '@mantine/core'
import type { ReactNode } from 'react'
import { useQuery } from 'urql'
import { graphql } from '../../graphql/generated/index.ts'
import { tellProblem } from '../../ui/tell.ts'
import { Waiting } from '../../ui/waiting.tsx'
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

/** Shows its children to who is signed in; the client leads everybody else to the sign-in page. */
export function SessionGate({ children }: { children: (session: Session) => ReactNode }) {
  const [{ data, error, fetching }, reload] = useQuery({ query: SessionGate_Viewer, requestPolicy: 'network-only' })
  if (data) {
    const { user, workspace } = data.viewer
    return children({ userName: user?.name ?? '', workspaceName: workspace.name, signOut: leave })
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
