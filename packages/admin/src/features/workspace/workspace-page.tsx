import { Stack } from '@mantine/core'
import { useQuery } from 'urql'
import { sentenceFor } from '../../graphql/client.ts'
import { graphql } from '../../graphql/generated/index.ts'
import { LoadProblem } from '../../ui/load-problem.tsx'
import { PageTitle } from '../../ui/page-title.tsx'
import { Waiting } from '../../ui/waiting.tsx'
import { ChatVariables } from './chat-variables.tsx'
import { WorkspaceForm } from './workspace-form.tsx'

const WorkspacePage_Query = graphql(`
  query WorkspacePage_Query {
    viewer {
      workspace { id ...WorkspaceForm_Workspace ...ChatVariables_Workspace }
    }
  }
`)

/** What a workspace has set for itself, whatever CRMs it has. */
export function WorkspacePage() {
  const [{ data, fetching, error }, read] = useQuery({ query: WorkspacePage_Query, requestPolicy: 'cache-and-network' })
  const workspace = data?.viewer.workspace
  return (
    <Stack maw="44rem">
      <PageTitle title="Workspace" about="What holds for all your CRMs." />
      {error && !workspace && (
        <LoadProblem
          what="The workspace"
          reason={sentenceFor(error)}
          retrying={fetching}
          onRetry={() => read({ requestPolicy: 'network-only' })}
        />
      )}
      {!workspace && !error && <Waiting />}
      {workspace && (
        <>
          <WorkspaceForm workspace={workspace} />
          <ChatVariables workspace={workspace} />
        </>
      )}
    </Stack>
  )
}
