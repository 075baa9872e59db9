import { Alert, Anchor, Badge, Card, Stack, Title } from '@mantine/core'
import { getRouteApi } from '@tanstack/react-router'
import { useQuery } from 'urql'
import { sentenceFor } from '../../graphql/client.ts'
import type { ConversationPage_ConversationFragment } from '../../graphql/generated/graphql.ts'
import { graphql, readFragment } from '../../graphql/generated/index.ts'
import { Fact, Facts } from '../../ui/facts.tsx'
import { AnchorLink } from '../../ui/link.tsx'
import { LoadProblem } from '../../ui/load-problem.tsx'
import { Moment } from '../../ui/moment.tsx'
import { PageTitle } from '../../ui/page-title.tsx'
import { Waiting } from '../../ui/waiting.tsx'
import { ConversationMatch } from './conversation-match.tsx'
import { ConversationTags } from './conversation-tags.tsx'
import { ConversationWhy } from './conversation-why.tsx'
import classes from './conversations.module.css'
import { Messages } from './messages.tsx'
import { nameOf } from './visitor-name.ts'

const ConversationPage_Conversation = graphql(`
  fragment ConversationPage_Conversation on Conversation {
    id
    channel
    status
    externalId
    url
    startedAt
    endedAt
    purgedAt
    visitor { firstName lastName fullName email phone accountId externalId }
    variables { name value declared }
    ...ConversationTags_Conversation
    ...ConversationWhy_Conversation
  }
`)

const ConversationPage_Query = graphql(`
  query ConversationPage_Query($id: ID!) {
    conversation(id: $id) { id ...ConversationPage_Conversation }
  }
`)

const route = getRouteApi('/signed-in/conversations/$conversationId')

/** One conversation: who it is with, what was said, where it is tagged and why. */
export function ConversationPage() {
  const { conversationId } = route.useParams()
  const [{ data, error, fetching }, read] = useQuery({
    query: ConversationPage_Query,
    variables: { id: conversationId },
    requestPolicy: 'cache-and-network',
  })
  const conversation = readFragment(ConversationPage_Conversation, data?.conversation)
  if (conversation) return <ConversationView conversation={conversation} />
  if (!data && !error) return <Waiting />
  return (
    <Stack>
      <PageTitle title="Conversation" />
      <LoadProblem
        what="The conversation"
        reason={error ? sentenceFor(error) : 'There is no such conversation (any more).'}
        onRetry={error && (() => read({ requestPolicy: 'network-only' }))}
        retrying={fetching}
      />
      <AnchorLink to="/conversations">All conversations</AnchorLink>
    </Stack>
  )
}

function ConversationView({ conversation }: { conversation: ConversationPage_ConversationFragment }) {
  const { id, channel, status, externalId, url, startedAt, endedAt, purgedAt, visitor, variables } = conversation
  return (
    <Stack maw="60rem">
      <div>
        <AnchorLink to="/conversations" size="sm">
          All conversations
        </AnchorLink>
        <PageTitle title={nameOf(visitor)} />
        <div className={classes['facts']}>
          <Badge variant="default">{channel === 'SMS' ? 'SMS' : 'Chat'}</Badge>
          <Badge {...(status === 'ACTIVE' ? { color: 'green' } : { variant: 'default' })}>
            {status === 'ACTIVE' ? 'Still runs' : 'Has ended'}
          </Badge>
          <AnchorLink to="/pushes" search={{ conversation: id }} size="sm">
            Its pushes
          </AnchorLink>
        </div>
      </div>
      {purgedAt && (
        <Alert color="indigo" title="Removed">
          Messages, visitor and variables were removed on <Moment at={purgedAt} />, as the workspace’s retention says.
          What was filed stays in the CRM.
        </Alert>
      )}
      <ConversationWhy conversation={conversation} />
      <ConversationTags conversation={conversation} />
      <ConversationMatch conversationId={id} />
      <Card withBorder component="section" aria-labelledby="conversation-visitor">
        <Title order={2} size="h4" id="conversation-visitor" mb="xs">
          What is known
        </Title>
        <Facts>
          <Fact label="First name">{visitor.firstName}</Fact>
          <Fact label="Last name">{visitor.lastName}</Fact>
          <Fact label="Name">{visitor.fullName}</Fact>
          <Fact label="E-mail">{visitor.email}</Fact>
          <Fact label="Phone">{visitor.phone}</Fact>
          <Fact label="Account">{visitor.accountId}</Fact>
          <Fact label="Visitor in the chat product">{visitor.externalId}</Fact>
          <Fact label="Conversation there">
            {url ? (
              <Anchor href={url} target="_blank" rel="noreferrer">
                {externalId}
              </Anchor>
            ) : (
              externalId
            )}
          </Fact>
          <Fact label="Began">
            <Moment at={startedAt} />
          </Fact>
          <Fact label="Ended">{endedAt && <Moment at={endedAt} />}</Fact>
          {variables.map(({ name, value, declared }) => (
            <Fact key={name} label={declared ? name : `${name} (not declared)`}>
              {value}
            </Fact>
          ))}
        </Facts>
      </Card>
      <Messages conversationId={id} />
    </Stack>
  )
}
