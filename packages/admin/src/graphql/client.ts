import { type Client, type CombinedError, cacheExchange, createClient, fetchExchange, mapExchange } from 'urql'

/**
 * The one client. The session travels as a cookie of the same origin.
 *
 * @param onSignedOut is called whenever the gateway does not know who asks
 */
export function createGraphqlClient(onSignedOut: () => void): Client {
  const signedOut = mapExchange({
    onError(error) {
      if (error.graphQLErrors.some((it) => it.extensions['code'] === 'UNAUTHENTICATED')) onSignedOut()
    },
  })
  return createClient({
    url: '/graphql',
    exchanges: [cacheExchange, signedOut, fetchExchange],
    preferGetMethod: false,
    fetchOptions: { credentials: 'same-origin' },
  })
}

export const NO_ANSWER = 'The server does not answer. Check that it is running, then try again.'

/** Why there is no data, for a person. */
export function sentenceFor(error: CombinedError | undefined): string {
  return error?.graphQLErrors[0]?.message ?? NO_ANSWER
}
