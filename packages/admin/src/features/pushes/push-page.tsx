import { Alert, Anchor, Card, List, Stack, Text, Title } from '@mantine/core'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { useQuery, useSubscription } from 'urql'
import { sentenceFor } from '../../graphql/client.ts'
import type { PushPage_PushFragment, PushStatus } from '../../graphql/generated/graphql.ts'
import { graphql, readFragment } from '../../graphql/generated/index.ts'
import { Fact, Facts } from '../../ui/facts.tsx'
import { AnchorLink } from '../../ui/link.tsx'
import { LoadProblem } from '../../ui/load-problem.tsx'
import { Moment } from '../../ui/moment.tsx'
import { PageTitle } from '../../ui/page-title.tsx'
import { RecordLink } from '../../ui/record-link.tsx'
import { Waiting } from '../../ui/waiting.tsx'
import { NextAttempt } from './next-attempt.tsx'
import { PushActions } from './push-actions.tsx'
import { titleOf } from './push-row.tsx'
import { pushStatuses } from './push-status.ts'
import classes from './pushes.module.css'
import { StatusBadge } from './status-badge.tsx'
import { WhyList } from './why-list.tsx'

const PushPage_Push = graphql(`
  fragment PushPage_Push on Push {
    id
    status
    subject
    activityType
    createdAt
    updatedAt
    attempts
    nextAttemptAt
    deliveredMessages
    deliveredNumbers { first last }
    error { code message }
    warnings { code text settingId }
    why { rule text settingId }
    activities { part url closed remoteId }
    conversation { id channel externalId }
    tag {
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

const PushPage_Query = graphql(`
  query PushPage_Query($id: ID!) {
    pushes(first: 0) { eventCursor }
    node(id: $id) {
      __typename
      id
      ... on Push { id ...PushPage_Push }
    }
  }
`)

const PushPage_Events = graphql(`
  subscription PushPage_Events($after: ID) {
    pushEvents(after: $after) {
      id
      push { id ...PushPage_Push }
    }
  }
`)

/** Of both CRMs; any other activity goes by the name that the org has for it. */
const activityNames: Readonly<Record<string, string>> = { NOTE: 'Note', TASK: 'Task' }

const route = getRouteApi('/signed-in/pushes/$pushId')

/** One push: what became of it, why, and what can be done. */
export function PushPage() {
  const { pushId } = route.useParams()
  const [{ data, error, fetching }, read] = useQuery({
    query: PushPage_Query,
    variables: { id: pushId },
    requestPolicy: 'cache-and-network',
  })
  const after = data?.pushes.eventCursor ?? null
  const [start, setStart] = useState<string | null>(null)
  if (start === null && after !== null) setStart(after)
  // What comes is kept by its id, and shown from there.
  useSubscription({ query: PushPage_Events, variables: { after: start }, pause: start === null })
  const push = data?.node?.__typename === 'Push' ? readFragment(PushPage_Push, data.node) : null

  if (push) return <PushView push={push} />
  if (!data && !error) return <Waiting />
  return (
    <Stack>
      <PageTitle title="Push" />
      <LoadProblem
        what="The push"
        reason={error ? sentenceFor(error) : 'There is no such push (any more).'}
        onRetry={error && (() => read({ requestPolicy: 'network-only' }))}
        retrying={fetching}
      />
      <AnchorLink to="/pushes">All pushes</AnchorLink>
    </Stack>
  )
}

function PushView({ push }: { push: PushPage_PushFragment }) {
  const { status, conversation, tag, activities, error, warnings, why, deliveredMessages, deliveredNumbers } = push
  const { reference } = tag
  // Shown before the server says so.
  const [shown, setShown] = useState<{ status: PushStatus; was: PushStatus } | null>(null)
  const now = shown?.was === status ? shown.status : status
  return (
    <Stack maw="60rem">
      <div>
        <AnchorLink to="/pushes" size="sm">
          All pushes
        </AnchorLink>
        <PageTitle title={titleOf(push)} />
        <div className={classes['facts']}>
          <StatusBadge status={now} />
          <Text size="sm">{pushStatuses[now].about}</Text>
          <PushActions
            push={{ ...push, status: now }}
            title={titleOf(push)}
            onShow={(_id, next) => setShown(next === status ? null : { status: next, was: status })}
          />
        </div>
      </div>
      {error && (
        <Alert color={now === 'FAILED' ? 'red' : 'orange'} title={now === 'FAILED' ? 'What to do' : 'What went wrong'}>
          {error.message}
        </Alert>
      )}
      <Card withBorder component="section" aria-labelledby="push-facts">
        <Title order={2} size="h4" id="push-facts" mb="xs">
          What and where
        </Title>
        <Facts>
          <Fact label="Record">
            <RecordLink reference={reference} />
          </Fact>
          <Fact label="CRM">{reference.integration.name}</Fact>
          <Fact label="Conversation">
            <AnchorLink to="/conversations/$conversationId" params={{ conversationId: conversation.id }}>
              {conversation.channel === 'SMS' ? 'SMS' : 'Chat'} {conversation.externalId}
            </AnchorLink>
          </Fact>
          <Fact label="Filed as">{activityNames[push.activityType] ?? push.activityType}</Fact>
          <Fact label="In the CRM">
            {activities.length > 0 &&
              activities.map(({ part, url, closed }) => (
                <div key={part}>
                  <Anchor href={url} target="_blank" rel="noreferrer">
                    Activity{activities.length > 1 && ` ${part}`}
                  </Anchor>
                  {closed ? ', completed' : ', open'}
                </div>
              ))}
          </Fact>
          <Fact label="Messages delivered">{messagesOf(deliveredMessages, deliveredNumbers)}</Fact>
          <Fact label="Tagged">
            <Moment at={tag.taggedAt} /> {tag.automatic ? 'by a rule' : tag.taggedBy && `by ${tag.taggedBy}`}
          </Fact>
          <Fact label="Taken off">
            {tag.removedAt && (
              <>
                <Moment at={tag.removedAt} /> {tag.removedBy && `by ${tag.removedBy}`}
              </>
            )}
          </Fact>
          <Fact label="Asked for">
            <Moment at={push.createdAt} />
          </Fact>
          <Fact label="Last changed">
            <Moment at={push.updatedAt} />
          </Fact>
        </Facts>
        <NextAttempt push={{ ...push, status: now }} />
      </Card>
      {warnings.length > 0 && (
        <Alert color="orange" title="Worth a look">
          <List size="sm">
            {warnings.map(({ code, text }) => (
              <List.Item key={`${code} ${text}`}>{text}</List.Item>
            ))}
          </List>
        </Alert>
      )}
      <Card withBorder component="section" aria-labelledby="push-why">
        <Title order={2} size="h4" id="push-why" mb="xs">
          Why it is as it is
        </Title>
        <WhyList why={why} integrationId={reference.integration.id} />
      </Card>
    </Stack>
  )
}

function messagesOf(count: number, numbers: PushPage_PushFragment['deliveredNumbers']): string {
  if (!numbers) return 'None yet'
  return numbers.first === numbers.last ? `Number ${numbers.first}` : `${count}: ${numbers.first} to ${numbers.last}`
}
