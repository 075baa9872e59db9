import { useEffect, useState } from 'react'
import { useClient, useSubscription } from 'urql'
import { graphql } from '../../graphql/generated/index.ts'
import { isOwnChange } from '../../graphql/own-changes.ts'
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
  /** Where the events began that this page has seen; null until it is known. */
  const [after, setAfter] = useState<string | null>(null)
  const [{ data }] = useSubscription({
    query: IntegrationEvents_Subscription,
    variables: { after },
    pause: after === null,
  })

  useEffect(() => {
    let isOver = false
    async function begin() {
      const answer = await client.query(IntegrationEvents_Cursor, {}, { requestPolicy: 'network-only' })
      if (isOver) return
      if (answer.data) setAfter(answer.data.eventCursor)
      // The server cannot be reached, which the banner says; whoever may not ask is on the way to signing in.
      else if (answer.error?.networkError) timer = setTimeout(() => void begin(), 2_000)
    }
    let timer: ReturnType<typeof setTimeout> | undefined
    void begin()
    return () => {
      isOver = true
      clearTimeout(timer)
    }
  }, [client])

  const event = data?.integrationEvents
  useEffect(() => {
    if (event?.__typename !== 'SettingsChanged') return
    const { change, integration } = event
    const made = { version: change.version, changedBy: change.by, changedAt: change.at }
    void isOwnChange(integration.id, made).then((isOwn) => {
      if (isOwn) return
      tellNews(`${change.by} changed ${sectionLabel(change.section)}`, `${change.summary} (${integration.name})`)
    })
  }, [event])
}
