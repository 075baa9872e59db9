import { Stack, Text, TextInput, UnstyledButton } from '@mantine/core'
import { useState } from 'react'
import { useQuery } from 'urql'
import { sentenceFor } from '../../graphql/client.ts'
import type { Channel, ConversationChoice_ConversationFragment } from '../../graphql/generated/graphql.ts'
import { graphql, readFragment } from '../../graphql/generated/index.ts'
import { LoadProblem } from '../../ui/load-problem.tsx'
import { Moment } from '../../ui/moment.tsx'
import { Waiting } from '../../ui/waiting.tsx'
import classes from './preview-panel.module.css'

const ConversationChoice_Conversation = graphql(`
  fragment ConversationChoice_Conversation on Conversation {
    id
    externalId
    channel
    startedAt
    visitor { firstName lastName fullName phone email }
  }
`)

const ConversationChoice_Newest = graphql(`
  query ConversationChoice_Newest {
    conversations(first: 50) { edges { node { id ...ConversationChoice_Conversation } } }
  }
`)

const ConversationChoice_ByExternalId = graphql(`
  query ConversationChoice_ByExternalId($externalId: String!) {
    conversation(externalId: $externalId) { id ...ConversationChoice_Conversation }
  }
`)

interface ConversationChoiceProps {
  chosenId: string | null
  onChoose: (conversation: { id: string; name: string; channel: Channel }) => void
}

/** One of the newest conversations, or any by the chat product's own id. */
export function ConversationChoice({ chosenId, onChoose }: ConversationChoiceProps) {
  const [term, setTerm] = useState('')
  const [newest, retry] = useQuery({ query: ConversationChoice_Newest })
  const externalId = term.trim()
  const [named] = useQuery({ query: ConversationChoice_ByExternalId, variables: { externalId }, pause: !externalId })
  if (newest.error) {
    return (
      <LoadProblem
        what="The conversations"
        reason={sentenceFor(newest.error)}
        onRetry={() => retry({ requestPolicy: 'network-only' })}
      />
    )
  }
  if (!newest.data) return <Waiting />

  const byId = readFragment(ConversationChoice_Conversation, externalId ? named.data?.conversation : null)
  const listed = newest.data.conversations.edges
    .map(({ node }) => readFragment(ConversationChoice_Conversation, node))
    .filter((conversation) => conversation.id !== byId?.id && isNamed(conversation, externalId))
  const found = byId ? [byId, ...listed] : listed

  return (
    <Stack gap="xs">
      <TextInput
        size="xs"
        label="Find a conversation"
        description="Among the newest by visitor, or any by its exact id."
        value={term}
        onChange={(event) => setTerm(event.currentTarget.value)}
      />
      {found.length === 0 && (
        <Text size="sm" c="dimmed">
          {externalId ? 'No conversation is called so.' : 'There is no conversation yet. Try with a made-up visitor.'}
        </Text>
      )}
      <ul className={classes['choices']} aria-label="Conversations">
        {found.map((conversation) => {
          const { id, channel, startedAt } = conversation
          const name = nameOf(conversation)
          return (
            <li key={id}>
              <UnstyledButton
                className={classes['choice']}
                aria-pressed={id === chosenId}
                onClick={() => onChoose({ id, name, channel })}
              >
                {name}
                <Text span size="xs" c="dimmed">
                  {' · '}
                  {channel === 'CHAT' ? 'Chat' : 'SMS'} · {conversation.externalId} · <Moment at={startedAt} />
                </Text>
              </UnstyledButton>
            </li>
          )
        })}
      </ul>
    </Stack>
  )
}

function nameOf({ visitor, externalId }: ConversationChoice_ConversationFragment): string {
  const { firstName, lastName, fullName, phone, email } = visitor
  return [firstName, lastName].filter(Boolean).join(' ') || fullName || phone || email || externalId
}

function isNamed({ visitor, externalId, channel }: ConversationChoice_ConversationFragment, term: string): boolean {
  const { firstName, lastName, fullName, phone, email } = visitor
  const texts = [firstName, lastName, fullName, phone, email, externalId, channel]
  return texts.some((text) => text?.toLowerCase().includes(term.toLowerCase()))
}
