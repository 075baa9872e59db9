import { cacheExchange } from '@urql/exchange-graphcache'
import { type Client, type CombinedError, createClient, fetchExchange, mapExchange, subscriptionExchange } from 'urql'
import { createActiveQueries } from './active-queries.ts'
import { cacheRules } from './cache-rules.ts'
import { createEventStream } from './event-stream.ts'
import { NO_ANSWER } from './no-answer.ts'
import { connection } from './page-connection.ts'

/**
 * The client of all pages but previews: one normalised cache, and events over one connection, whatever number of
 * subscriptions there is. The session travels as a cookie of the same origin.
 *
 * @param onSignedOut is called whenever the gateway does not know who asks
 */
export function createGraphqlClient(onSignedOut: () => void): Client {
  const shown = createActiveQueries()
  const client = createClient({
    url: '/graphql',
    exchanges: [
      shown.exchange,
      cacheExchange(cacheRules),
      telling(onSignedOut),
      fetchExchange,
      subscriptionExchange({
        forwardSubscription: createEventStream({ connection, onSignedOut, onGap: () => shown.refresh(client) }),
      }),
    ],
    preferGetMethod: false,
    fetchOptions: { credentials: 'same-origin' },
  })
  connection.onTry(() => shown.refresh(client))
  return client
}

/**
 * A client that keeps nothing: for previews, whose entity types and fields are those of settings that are not saved and must
 * not stand beside the saved ones.
 */
export function createPreviewClient(onSignedOut: () => void): Client {
  return createClient({
    url: '/graphql',
    exchanges: [telling(onSignedOut), fetchExchange],
    preferGetMethod: false,
    requestPolicy: 'network-only',
    fetchOptions: { credentials: 'same-origin' },
  })
}

function telling(onSignedOut: () => void) {
  return mapExchange({
    onResult({ error, operation }) {
      if (operation.kind === 'subscription') return
      if (error?.networkError) connection.lost()
      else connection.regained()
    },
    onError(error) {
      if (error.graphQLErrors.some((it) => it.extensions['code'] === 'UNAUTHENTICATED')) onSignedOut()
    },
  })
}

/** Why there is no data, for a person. */
export function sentenceFor(error: CombinedError | undefined): string {
  return error?.graphQLErrors[0]?.message ?? NO_ANSWER
}
