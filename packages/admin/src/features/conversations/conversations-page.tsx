import { Button, Card, Center, NativeSelect, SegmentedControl, Stack, Text } from '@mantine/core'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { useQuery } from 'urql'
import { sentenceFor } from '../../graphql/client.ts'
import { graphql } from '../../graphql/generated/index.ts'
import { DayInput } from '../../ui/day-input.tsx'
import { FilterBar } from '../../ui/filter-bar.tsx'
import { LoadProblem } from '../../ui/load-problem.tsx'
import { PageTitle } from '../../ui/page-title.tsx'
import { RowList } from '../../ui/row-list.tsx'
import { useViewer } from '../../ui/viewer.ts'
import { Waiting } from '../../ui/waiting.tsx'
import { ConversationRow } from './conversation-row.tsx'
import { type ConversationSearch, readConversationSearch, toVariables } from './conversation-search.ts'

const ConversationsPage_Query = graphql(`
  query ConversationsPage_Query(
    $tagged: Boolean
    $channel: Channel
    $status: ConversationStatus
    $since: DateTime
    $after: String
  ) {
    conversations(tagged: $tagged, channel: $channel, status: $status, since: $since, first: 20, after: $after) {
      edges { node { id ...ConversationRow_Conversation } }
      pageInfo { endCursor hasNextPage }
    }
  }
`)

const route = getRouteApi('/signed-in/conversations')

/** Conversations: above all those that are tagged to no record, and why. */
export function ConversationsPage() {
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const change = (name: keyof ConversationSearch, value: string) =>
    void navigate({ search: readConversationSearch({ ...search, [name]: value }) })
  return (
    <Stack maw="70rem">
      <PageTitle
        title="Conversations"
        about="Which are tagged to a record of a CRM and which are not; each says why."
      />
      <FilterBar>
        <SegmentedControl
          aria-label="Tagged to a record"
          value={search.tagged ?? 'no'}
          onChange={(value) => change('tagged', value)}
          data={[
            { value: 'no', label: 'Not tagged' },
            { value: 'yes', label: 'Tagged' },
            { value: 'all', label: 'All' },
          ]}
        />
        <NativeSelect
          label="Channel"
          value={search.channel ?? ''}
          onChange={(event) => change('channel', event.currentTarget.value)}
          data={[
            { value: '', label: 'All' },
            { value: 'CHAT', label: 'Chat' },
            { value: 'SMS', label: 'SMS' },
          ]}
        />
        <NativeSelect
          label="Status"
          value={search.status ?? ''}
          onChange={(event) => change('status', event.currentTarget.value)}
          data={[
            { value: '', label: 'All' },
            { value: 'ACTIVE', label: 'Still runs' },
            { value: 'ENDED', label: 'Has ended' },
          ]}
        />
        <DayInput label="From" value={search.since} onChange={(day) => change('since', day)} />
      </FilterBar>
      <ConversationList key={JSON.stringify(search)} search={search} />
    </Stack>
  )
}

function ConversationList({ search }: { search: ConversationSearch }) {
  const { timeZone } = useViewer()
  const [after, setAfter] = useState<string | null>(null)
  const [{ data, fetching, error }, read] = useQuery({
    query: ConversationsPage_Query,
    variables: { ...toVariables(search, timeZone), after },
    requestPolicy: 'cache-and-network',
  })
  const { edges = [], pageInfo } = data?.conversations ?? {}

  if (error && !data) {
    return (
      <LoadProblem
        what="The conversations"
        reason={sentenceFor(error)}
        retrying={fetching}
        onRetry={() => read({ requestPolicy: 'network-only' })}
      />
    )
  }
  if (!data) return <Waiting />
  if (edges.length === 0) {
    return (
      <Card withBorder>
        <Text fw={600}>{emptyTitle(search)}</Text>
        <Text c="dimmed">
          Conversations come from your chat product, through the API; each shows here when it begins.
        </Text>
      </Card>
    )
  }
  return (
    <>
      <Card withBorder p={0}>
        <RowList label="Conversations">
          {edges.map(({ node }) => (
            <ConversationRow key={node.id} conversation={node} />
          ))}
        </RowList>
      </Card>
      {pageInfo?.hasNextPage && (
        <Center>
          <Button variant="default" loading={fetching} onClick={() => setAfter(pageInfo.endCursor ?? null)}>
            Load more
          </Button>
        </Center>
      )}
    </>
  )
}

function emptyTitle({ tagged, channel, status, since }: ConversationSearch): string {
  if (channel || status || since) return 'The filter finds no conversation'
  if (tagged === 'yes') return 'No conversation is tagged to a record yet'
  return tagged === 'all' ? 'There is no conversation yet' : 'Every conversation is tagged to a record'
}
