import { Card, List, Text, Title } from '@mantine/core'
import { type FragmentType, graphql, readFragment } from '../../graphql/generated/index.ts'
import { Moment } from '../../ui/moment.tsx'
import { RecordLink } from '../../ui/record-link.tsx'

const ConversationTags_Conversation = graphql(`
  fragment ConversationTags_Conversation on Conversation {
    id
    tags {
      id
      automatic
      taggedAt
      taggedBy
      removedAt
      removedBy
      reference { name entityName url integration { id name } }
    }
  }
`)

interface ConversationTagsProps {
  conversation: FragmentType<typeof ConversationTags_Conversation>
}

/** The records that a conversation is tagged to, and those that it was. */
export function ConversationTags({ conversation }: ConversationTagsProps) {
  const { tags } = readFragment(ConversationTags_Conversation, conversation)
  return (
    <Card withBorder component="section" aria-labelledby="conversation-tags">
      <Title order={2} size="h4" id="conversation-tags" mb="xs">
        Tagged to
      </Title>
      {tags.length === 0 && <Text c="dimmed">No record. An agent tags it in the chat product, or a rule does.</Text>}
      <List size="sm" spacing="xs">
        {tags.map(({ id, automatic, taggedAt, taggedBy, removedAt, removedBy, reference }) => (
          <List.Item key={id}>
            <RecordLink reference={reference} /> in {reference.integration.name},{' '}
            {automatic ? 'by a rule' : taggedBy ? `by ${taggedBy}` : 'by an agent'}, <Moment at={taggedAt} />
            {removedAt && (
              <>
                ; taken off {removedBy && `by ${removedBy} `}
                <Moment at={removedAt} />
              </>
            )}
          </List.Item>
        ))}
      </List>
    </Card>
  )
}
