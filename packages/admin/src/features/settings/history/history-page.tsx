import { useEffect, useRef } from 'react'
import { useQuery } from 'urql'
import { sentenceFor } from '../../../graphql/client.ts'
import { graphql } from '../../../graphql/generated/index.ts'
import { LoadProblem } from '../../../ui/load-problem.tsx'
import { Waiting } from '../../../ui/waiting.tsx'
import { HistoryChange } from './history-change.tsx'

const HistoryPage_Query = graphql(`
  query HistoryPage_Query($integrationId: ID!, $after: String) {
    integration(id: $integrationId) {
      id
      settingsHistory(first: 25, after: $after) {
        edges { node { id ...HistoryChange_Change } }
        pageInfo { hasNextPage endCursor }
      }
    }
  }
`)

interface HistoryPageProps {
  integrationId: string
  after: string | null
  /** The change that the address leads to. */
  linked: string
  onRead: (page: { ids: string[]; endCursor: string | null }) => void
}

/** One page of changes. */
export function HistoryPage({ integrationId, after, linked, onRead }: HistoryPageProps) {
  const [{ data, fetching, error }, reload] = useQuery({
    query: HistoryPage_Query,
    variables: { integrationId, after },
    requestPolicy: 'cache-and-network',
  })
  const history = data?.integration?.settingsHistory
  const tell = useRef(onRead)
  tell.current = onRead
  useEffect(() => {
    if (!history) return
    const { hasNextPage, endCursor } = history.pageInfo
    tell.current({ ids: history.edges.map(({ node }) => node.id), endCursor: (hasNextPage && endCursor) || null })
  }, [history])

  if (error && !history) {
    return (
      <li>
        <LoadProblem
          what="The history"
          reason={sentenceFor(error)}
          retrying={fetching}
          onRetry={() => reload({ requestPolicy: 'network-only' })}
        />
      </li>
    )
  }
  if (fetching && !history) {
    return (
      <li>
        <Waiting />
      </li>
    )
  }
  return history?.edges.map(({ node }, index) => (
    <HistoryChange key={node.id} change={node} linked={node.id === linked} inForce={after === null && index === 0} />
  ))
}
