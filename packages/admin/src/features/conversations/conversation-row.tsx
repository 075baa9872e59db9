import { Badge, List, Text } from '@mantine/core'
import { type FragmentType, graphql, readFragment } from '../../graphql/generated/index.ts'
import { AnchorLink } from '../../ui/link.tsx'
import { Moment } from '../../ui/moment.tsx'
import classes from './conversations.module.css'
import { nameOf } from './visitor-name.ts'

const ConversationRow_Conversation = graphql(`
  fragment ConversationRow_Conversation on Conversation {
    id
    channel
    status
    startedAt
    externalId
    visitor { firstName lastName fullName email phone externalId }
    why { rule text }
    tags { id removedAt automatic reference { name entityName integration { id name } } }
  }
`)

interface ConversationRowProps {
  conversation: FragmentType<typeof ConversationRow_Conversation>
}

/** One conversation of the list: with whom, where it is tagged, and why. */
export function ConversationRow({ conversation }: ConversationRowProps) {
  const { id, channel, status, startedAt, externalId, visitor, why, tags } = readFragment(
    ConversationRow_Conversation,
    conversation,
  )
  const tagged = tags.filter(({ removedAt }) => !removedAt)
  return (
    <li className={classes['row']} aria-label={nameOf(visitor)}>
      <div className={classes['main']}>
        <div className={classes['facts']}>
          <AnchorLink
            to="/conversations/$conversationId"
            params={{ conversationId: id }}
            fw={600}
            c="inherit"
            underline="hover"
          >
            {nameOf(visitor)}
          </AnchorLink>
          <Badge variant="default">{channel === 'SMS' ? 'SMS' : 'Chat'}</Badge>
          {status === 'ACTIVE' && <Badge color="green">Still runs</Badge>}
          <Text size="sm" c="dimmed">
            {externalId}
          </Text>
        </div>
        {tagged.length > 0 && (
          <Text size="sm">
            Tagged to{' '}
            {tagged
              .map(({ reference }) => `${reference.name ?? reference.entityName} in ${reference.integration.name}`)
              .join(', ')}
          </Text>
        )}
        {why.length > 0 && (
          <List size="sm" aria-label="Why">
            {why.map(({ rule, text }) => (
              <List.Item key={`${rule} ${text}`}>{text}</List.Item>
            ))}
          </List>
        )}
      </div>
      <div className={classes['side']}>
        <Text size="sm" c="dimmed">
          <Moment at={startedAt} />
        </Text>
        {tags.length > 0 && (
          <AnchorLink to="/pushes" search={{ conversation: id }} size="sm">
            Its pushes
          </AnchorLink>
        )}
      </div>
    </li>
  )
}
