import { Anchor, Button, Card, List, Text, Title } from '@mantine/core'
import { useState } from 'react'
import { useQuery } from 'urql'
import { sentenceFor } from '../../graphql/client.ts'
import type { MatchIdentifier } from '../../graphql/generated/graphql.ts'
import { graphql } from '../../graphql/generated/index.ts'
import { LoadProblem } from '../../ui/load-problem.tsx'
import { Waiting } from '../../ui/waiting.tsx'

const ConversationMatch_Query = graphql(`
  query ConversationMatch_Query($id: ID!) {
    conversation(id: $id) {
      id
      match {
        kind
        identifier
        hits { matchedBy record { __typename id name url integration { id name } } }
      }
    }
  }
`)

interface ConversationMatchProps {
  conversationId: string
}

/** Whom the visitor may be. The CRMs are asked only when somebody wants to know. */
export function ConversationMatch({ conversationId }: ConversationMatchProps) {
  const [asked, setAsked] = useState(false)
  return (
    <Card withBorder component="section" aria-labelledby="conversation-match">
      <Title order={2} size="h4" id="conversation-match" mb="xs">
        Whom it may be with
      </Title>
      {asked ? (
        <Match conversationId={conversationId} />
      ) : (
        <Button variant="default" size="xs" onClick={() => setAsked(true)}>
          Look the visitor up in the CRMs now
        </Button>
      )}
    </Card>
  )
}

function Match({ conversationId }: ConversationMatchProps) {
  const [{ data, error, fetching }, read] = useQuery({
    query: ConversationMatch_Query,
    variables: { id: conversationId },
    requestPolicy: 'network-only',
  })
  if (fetching) return <Waiting />
  if (error) {
    return (
      <LoadProblem
        what="The records"
        reason={sentenceFor(error)}
        onRetry={() => read({ requestPolicy: 'network-only' })}
      />
    )
  }
  const match = data?.conversation?.match
  if (!match) return <Text size="sm">Nobody was looked for: the reasons above say why.</Text>
  if (match.kind === 'NONE') return <Text size="sm">Nobody has this visitor’s data.</Text>
  return (
    <>
      <Text size="sm">
        {match.kind === 'ONE' ? 'One record was found' : 'Several records were found, so an agent decides'}
        {match.identifier && ` by ${identifiers[match.identifier]}`}.
      </Text>
      <List size="sm">
        {match.hits.map(({ record }) => (
          <List.Item key={record.id}>
            <Anchor href={record.url} target="_blank" rel="noreferrer" inherit>
              {record.name}
            </Anchor>{' '}
            in {record.integration.name}
          </List.Item>
        ))}
      </List>
    </>
  )
}

const identifiers: Readonly<Record<MatchIdentifier, string>> = {
  ACCOUNT_ID: 'account number',
  EMAIL: 'e-mail address',
  PHONE: 'phone number',
}
