/** Listening to the gateway, as clients of `graphql-sse` do. */
import { createClient } from 'graphql-sse'
import type { RunningGateway } from './running-gateway.ts'

/**
 * The events of a subscription until there are enough of them. What the gateway answers with errors is thrown.
 *
 * @param query a document of one subscription
 */
export async function take<Event>(
  { url }: Pick<RunningGateway, 'url'>,
  query: string,
  variables: Record<string, unknown>,
  enough: (events: Event[]) => boolean,
  bearer: string,
): Promise<Event[]> {
  const client = createClient({
    url: `${url}/graphql`,
    headers: { authorization: `Bearer ${bearer}` },
    retryAttempts: 0,
  })
  const events: Event[] = []
  try {
    for await (const { data, errors } of client.iterate<Record<string, Event>>({ query, variables })) {
      if (errors) throw new Error(errors.map(({ message, extensions }) => `${extensions?.code}: ${message}`).join(' '))
      events.push(...Object.values(data ?? {}))
      if (enough(events)) break
    }
  } finally {
    client.dispose()
  }
  return events
}
