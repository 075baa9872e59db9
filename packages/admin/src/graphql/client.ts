import { cacheExchange, createClient, fetchExchange } from 'urql'

/** The one client. The session travels as a cookie of the same origin. */
export const graphqlClient = createClient({
  url: '/graphql',
  exchanges: [cacheExchange, fetchExchange],
  preferGetMethod: false,
  fetchOptions: { credentials: 'same-origin' },
})
