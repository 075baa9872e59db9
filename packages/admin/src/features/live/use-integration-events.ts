import { useEffect } from 'react'
import { useClient } from 'urql'
import type { IntegrationEvents_SubscriptionSubscription } from '../../graphql/generated/graphql.ts'
import { graphql } from '../../graphql/generated/index.ts'
import { originOf } from '../../graphql/own-changes.ts'
import { sectionLabel } from '../../graphql/settings-sections.ts'
import { tellNews } from '../../ui/tell.ts'

const IntegrationEvents_Cursor = graphql(`
  query IntegrationEvents_Cursor {
    eventCursor
  }
`)

/** All of an integration that may change by itself: the cache hands it to every page that shows it. */
const IntegrationEvents_Subscription = graphql(`
  subscription IntegrationEvents_Subscription($after: ID) {
    integrationEvents(after: $after) {
      __typename
      id
      at
      integration {
        id
        name
        provider
        url
        orgId
        emulated
        status
        connectedAt
        connectedAs
        sessionEndsInSeconds
        problems { code message since section settingIds }
        limits { used limit throttledUntil }
      }
      ... on SettingsChanged {
        change { id version at by section summary }
      }
    }
  }
`)

/** Keeps every page up to date with the integrations, and tells what others changed. */
export function useIntegrationEvents(): void {
  const client = useClient()

  useEffect(() => {
    let isOver = false
    let timer: ReturnType<typeof setTimeout> | undefined
    let stop = () => {}

    async function begin() {
      const answer = await client.query(IntegrationEvents_Cursor, {}, { requestPolicy: 'network-only' })
      if (isOver) return
      if (answer.data) {
        const after = answer.data.eventCursor
        const events = client.subscription(IntegrationEvents_Subscription, { after })
        stop = events.subscribe(({ data }) => data && void tell(data.integrationEvents)).unsubscribe
      }
      // The server cannot be reached, which the banner says; whoever may not ask is on the way to signing in.
      else if (answer.error?.networkError) timer = setTimeout(() => void begin(), 2_000)
    }
    void begin()
    return () => {
      isOver = true
      clearTimeout(timer)
      stop()
    }
  }, [client])
}

type IntegrationEvent = IntegrationEvents_SubscriptionSubscription['integrationEvents']

async function tell(event: IntegrationEvent): Promise<void> {
  if (event.__typename !== 'SettingsChanged') return
  const { change, integration } = event
  const made = { version: change.version, changedBy: change.by, changedAt: change.at }
  const origin = await originOf(integration.id, made)
  if (origin === 'THIS_PAGE') return
  if (origin === 'THIS_PAGE_UNANSWERED') {
    return tellNews('What you saved is in force after all', `${change.summary} (${integration.name})`)
  }
  tellNews(`${change.by} changed ${sectionLabel(change.section)}`, `${change.summary} (${integration.name})`)
}
