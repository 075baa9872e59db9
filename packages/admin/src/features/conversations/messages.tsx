import { Anchor, Button, Card, Text, Title } from '@mantine/core'
import { useState } from 'react'
import { useQuery } from 'urql'
import { sentenceFor } from '../../graphql/client.ts'
import type { Author } from '../../graphql/generated/graphql.ts'
import { graphql } from '../../graphql/generated/index.ts'
import { LoadProblem } from '../../ui/load-problem.tsx'
import { Moment } from '../../ui/moment.tsx'
import { Waiting } from '../../ui/waiting.tsx'
import classes from './conversations.module.css'

const Messages_Query = graphql(`
  query Messages_Query($id: ID!, $after: String) {
    conversation(id: $id) {
      id
      messages(first: 50, after: $after) {
        edges { node { id author authorName text sentAt attachments { name url } } }
        pageInfo { endCursor hasNextPage }
      }
    }
  }
`)

interface MessagesProps {
  conversationId: string
}

/** What was said. */
export function Messages({ conversationId }: MessagesProps) {
  const [after, setAfter] = useState<string | null>(null)
  const [{ data, error, fetching }, read] = useQuery({
    query: Messages_Query,
    variables: { id: conversationId, after },
    requestPolicy: 'cache-and-network',
  })
  const { edges = [], pageInfo } = data?.conversation?.messages ?? {}
  return (
    <Card withBorder component="section" aria-labelledby="conversation-messages">
      <Title order={2} size="h4" id="conversation-messages" mb="xs">
        Messages
      </Title>
      {!data && !error && <Waiting />}
      {error && !data && (
        <LoadProblem
          what="The messages"
          reason={sentenceFor(error)}
          onRetry={() => read({ requestPolicy: 'network-only' })}
          retrying={fetching}
        />
      )}
      {data && edges.length === 0 && <Text c="dimmed">Nothing has been said yet, or it was removed.</Text>}
      <ul className={classes['messages']} aria-labelledby="conversation-messages">
        {edges.map(({ node: { id, author, authorName, text, sentAt, attachments } }) => (
          <li key={id} className={classes['message']}>
            <Text size="sm" c="dimmed">
              {authorName ?? authors[author]} · <Moment at={sentAt} />
            </Text>
            <Text className={classes['text']}>{text}</Text>
            {attachments.map(({ name, url }) => (
              <Anchor key={url} href={url} target="_blank" rel="noreferrer" size="sm" display="block">
                {name}
              </Anchor>
            ))}
          </li>
        ))}
      </ul>
      {pageInfo?.hasNextPage && (
        <Button variant="default" size="xs" loading={fetching} onClick={() => setAfter(pageInfo.endCursor ?? null)}>
          Later messages
        </Button>
      )}
    </Card>
  )
}

const authors: Readonly<Record<Author, string>> = { AGENT: 'Agent', SYSTEM: 'Chat product', VISITOR: 'Visitor' }
