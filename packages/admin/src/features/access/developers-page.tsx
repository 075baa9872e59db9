import { Anchor, Card, List, Stack, Text, Title } from '@mantine/core'
import { Fact, Facts } from '../../ui/facts.tsx'
import { AnchorLink } from '../../ui/link.tsx'
import { PageTitle } from '../../ui/page-title.tsx'
import classes from './developers.module.css'
import { addressesOf, curlOf, issueTokenOf, KEY_PLACEHOLDER, useTokenOf } from './recipes.ts'
import { Snippet } from './snippet.tsx'

/** What somebody needs who writes a program against the API. */
export function DevelopersPage() {
  const { endpoint, webSocket, eventStream } = addressesOf(window.location.origin)
  return (
    <Stack maw="60rem">
      <PageTitle title="For developers" about="One GraphQL API for all your CRMs: where it is, and how to begin." />
      <Card withBorder component="section" aria-labelledby="addresses">
        <Stack gap="sm">
          <Title order={2} size="h4" id="addresses">
            Addresses
          </Title>
          <Facts>
            <Fact label="Queries and mutations">{endpoint}</Fact>
            <Fact label="Subscriptions, WebSocket">{`${webSocket} (graphql-transport-ws)`}</Fact>
            <Fact label="Subscriptions, SSE">
              {`${endpoint} or, one connection for many, ${eventStream} (graphql-sse)`}
            </Fact>
          </Facts>
          <Text size="sm" c="dimmed">
            Every request carries a key or a token in its header “Authorization”, behind “Bearer ”. Pages of other
            origins may ask only where the server’s CORS_ORIGINS names them.
          </Text>
        </Stack>
      </Card>
      <Card withBorder component="section" aria-labelledby="first-call">
        <Stack gap="sm">
          <Title order={2} size="h4" id="first-call">
            A first call
          </Title>
          <Text size="sm">
            <AnchorLink to="/api-keys" inherit>
              Create a key
            </AnchorLink>{' '}
            and put it in the place of {KEY_PLACEHOLDER}.
          </Text>
          <Snippet what="The curl command" text={curlOf(endpoint)} />
        </Stack>
      </Card>
      <Card withBorder component="section" aria-labelledby="graphiql">
        <Stack gap="sm">
          <Title order={2} size="h4" id="graphiql">
            Try it in GraphiQL
          </Title>
          <Text size="sm">
            You are signed in, so it works without a key. Each link opens an operation that is ready to run, with the
            documentation of every field beside it.
          </Text>
          <List size="sm">
            {operations.map(({ name, label }) => (
              <List.Item key={name}>
                <Anchor href={`/graphql?operation=${name}`} target="_blank" rel="noreferrer" inherit>
                  {label}
                </Anchor>
              </List.Item>
            ))}
          </List>
        </Stack>
      </Card>
      <Card withBorder component="section" aria-labelledby="agents">
        <Stack gap="sm">
          <Title order={2} size="h4" id="agents">
            Let agents in
          </Title>
          <Text size="sm">
            A key does not belong into a browser. Your backend keeps it and issues a token for each agent, which does
            what an agent may do, and ends by itself.
          </Text>
          <ol className={classes['steps']}>
            <li className={classes['step']}>
              <Text size="sm">
                <AnchorLink to="/api-keys" inherit>
                  Create a key
                </AnchorLink>{' '}
                of the scope “Backend”, and give it to your backend as a secret.
              </Text>
            </li>
            <li className={classes['step']}>
              <Text size="sm">When an agent opens the chat, the backend issues a token.</Text>
              <Snippet what="Code of the backend" text={issueTokenOf(endpoint)} />
            </li>
            <li className={classes['step']}>
              <Text size="sm">
                The agent’s browser asks with it. A new one is issued before it ends, an hour later; revoking the key
                ends all of them.
              </Text>
              <Snippet what="Code of the browser" text={useTokenOf(endpoint)} />
            </li>
          </ol>
        </Stack>
      </Card>
    </Stack>
  )
}

/** Tabs of GraphiQL, by the names of their operations. */
const operations = [
  { name: 'Integrations', label: 'Which CRMs are connected?' },
  { name: 'SearchByPhone', label: 'Search all of them by a phone number' },
  { name: 'Pushes', label: 'What became of what was tagged' },
  { name: 'WatchPushes', label: 'Watch it, live' },
] as const
