import { type Client, type Exchange, makeOperation, mapExchange, type Operation } from 'urql'

export interface ActiveQueries {
  /** The first of the client's exchanges. */
  exchange: Exchange
  /** Asks everything anew that is shown. */
  refresh(client: Client): void
}

/**
 * Remembers what is shown at the moment: it is asked anew when events may have been missed, and it stays where an answer does
 * not come, so that nobody loses the page under what they are entering.
 */
export function createActiveQueries(): ActiveQueries {
  const active = new Map<number, { operation: Operation; data: unknown }>()
  return {
    exchange: mapExchange({
      onOperation(operation) {
        const { key, kind } = operation
        if (kind === 'teardown') active.delete(key)
        if (kind === 'query') active.set(key, { operation, data: active.get(key)?.data })
      },
      onResult(result) {
        const shown = active.get(result.operation.key)
        if (!shown) return result
        if (result.error?.networkError && result.data == null) return { ...result, data: shown.data }
        shown.data = result.data
        return result
      },
    }),
    refresh(client) {
      for (const { operation } of [...active.values()]) {
        const context = { ...operation.context, requestPolicy: 'network-only' } as const
        client.reexecuteOperation(makeOperation('query', operation, context))
      }
    },
  }
}
