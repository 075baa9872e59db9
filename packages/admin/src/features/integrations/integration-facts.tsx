import { Progress, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { useQuery, useSubscription } from 'urql'
import { type FragmentType, graphql, readFragment } from '../../graphql/generated/index.ts'
import { Moment } from '../../ui/moment.tsx'
import classes from './integration-facts.module.css'
import { openPushes } from './open-pushes.ts'

const IntegrationFacts_Integration = graphql(`
  fragment IntegrationFacts_Integration on Integration {
    id
    status
    connectedAs
    connectedAt
    limits { used limit throttledUntil }
    entityTypes { id displayName }
  }
`)

const IntegrationFacts_Pushes = graphql(`
  query IntegrationFacts_Pushes($id: ID!) {
    pushes(first: 1, filter: { integrationId: $id }) {
      counts { status count }
    }
  }
`)

const IntegrationFacts_PushEvents = graphql(`
  subscription IntegrationFacts_PushEvents($id: ID!, $after: ID) {
    pushEvents(integrationId: $id, after: $after) {
      id
    }
  }
`)

/** What is known of an org: as whom we are there since when, what it is asked for, and what is on its way to it. */
export function IntegrationFacts({ integration }: { integration: FragmentType<typeof IntegrationFacts_Integration> }) {
  const { id, status, connectedAs, connectedAt, limits, entityTypes } = readFragment(
    IntegrationFacts_Integration,
    integration,
  )
  const [{ data }, reload] = useQuery({
    query: IntegrationFacts_Pushes,
    variables: { id },
    requestPolicy: 'cache-and-network',
  })
  useSubscription({ query: IntegrationFacts_PushEvents, variables: { id } }, (_, event) => {
    reload({ requestPolicy: 'network-only' })
    return event
  })
  const connected = status !== 'DISCONNECTED'
  const { waiting, failed } = openPushes(data?.pushes.counts ?? [])

  return (
    <dl className={classes['facts']}>
      {connected && connectedAs && <Fact name="Acts as">{connectedAs}</Fact>}
      {connectedAt && (
        <Fact name={connected ? 'Since' : 'Last connected'}>
          <Moment at={connectedAt} />
        </Fact>
      )}
      <Fact name="Works with">{entityTypes.map(({ displayName }) => displayName).join(', ')}</Fact>
      {connected && limits?.used != null && limits.limit != null && (
        <Fact name="API calls">
          {limits.used.toLocaleString()} of {limits.limit.toLocaleString()} in 24 hours
          <Progress
            mt={4}
            value={(100 * limits.used) / Math.max(1, limits.limit)}
            color={limits.used > 0.8 * limits.limit ? 'orange' : 'indigo'}
            aria-label="API calls used"
          />
        </Fact>
      )}
      {connected && limits?.throttledUntil && (
        <Fact name="Asked to wait">
          until <Moment at={limits.throttledUntil} />
        </Fact>
      )}
      {data && (
        <Fact name="Pushes">
          {waiting === 0 ? 'None on the way' : `${waiting} on the way`}
          {failed > 0 && (
            <Text span size="sm" fw={600}>
              {` · ${failed} failed`}
            </Text>
          )}
        </Fact>
      )}
    </dl>
  )
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  )
}
