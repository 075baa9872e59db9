import { cacheExchange } from '@urql/exchange-graphcache'
import { createClient as createEventClient } from 'graphql-sse'
import { type Client, type CombinedError, createClient, fetchExchange, mapExchange, subscriptionExchange } from 'urql'
import { cacheRules } from './cache-rules.ts'

/**
 * The client of all pages but previews: one normalised cache, and events over one connection, whatever number of
 * subscriptions there is. The session travels as a cookie of the same origin.
 *
 * @param onSignedOut is called whenever the gateway does not know who asks
 */
export function createGraphqlClient(onSignedOut: () => void): Client {
  // A browser keeps few connections to one server open, so that all events share one.
  const events = createEventClient({
    url: '/graphql/stream',
    credentials: 'same-origin',
    singleConnection: true,
    lazy: true,
    retryAttempts: Number.POSITIVE_INFINITY,
    retry: (tries) => new Promise((resolve) => setTimeout(resolve, Math.min(15_000, 500 * 2 ** Math.min(tries, 5)))),
  })
  return createClient({
    url: '/graphql',
    exchanges: [
      cacheExchange(cacheRules),
      telling(onSignedOut),
      fetchExchange,
      subscriptionExchange({
        forwardSubscription: ({ query = '', variables }) => ({
          subscribe: (sink) => ({
            unsubscribe: events.subscribe(
              { query, variables: variables as Record<string, unknown> },
              {
                next: (result) => sink.next(result as never),
                error: (error) => sink.error(error),
                complete: () => sink.complete(),
              },
            ),
          }),
        }),
      }),
    ],
    preferGetMethod: false,
    fetchOptions: { credentials: 'same-origin' },
  })
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
    onError(error) {
      if (error.graphQLErrors.some((it) => it.extensions['code'] === 'UNAUTHENTICATED')) onSignedOut()
    },
  })
}

export const NO_ANSWER = 'The server does not answer. Check that it is running, then try again.'

/** Why there is no data, for a person. */
export function sentenceFor(error: CombinedError | undefined): string {
  return error?.graphQLErrors[0]?.message ?? NO_ANSWER
}
