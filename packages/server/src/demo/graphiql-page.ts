import type { Exchange } from '../http/exchange.ts'
import { sendGraphiQL, wantsPage } from '../http/graphiql.ts'
import { isLocalRequest } from '../http/local-request.ts'
import { exampleOperations } from './example-operations.ts'
import type { Demo } from './index.ts'

/**
 * Puts GraphiQL where a browser asks `/graphql` for a page. The demo's key and the ids of its records are for this machine
 * only; anybody else gets the same tabs and brings a key, unless they are signed in. `?operation=` opens the tab of that
 * operation.
 *
 * @param demo null where the CRMs are real
 * @param mayOpen whether the caller gets it; others are answered as by the API
 */
export function withGraphiQL(
  graphql: (exchange: Exchange) => Promise<void>,
  demo: Demo | null,
  mayOpen: (exchange: Exchange) => Promise<boolean>,
): (exchange: Exchange) => Promise<void> {
  return async (exchange) => {
    if (!wantsPage(exchange) || !(await mayOpen(exchange))) return graphql(exchange)
    const local = demo && isLocalRequest(exchange)
    const examples = local ? await demo.examples() : exampleOperations({})
    const name = new URLSearchParams(exchange.search).get('operation')
    const chosen = examples.find(({ query }) => OPERATION.exec(query)?.[1] === name)
    await sendGraphiQL(exchange, {
      examples: chosen ? [chosen, ...examples.filter((example) => example !== chosen)] : examples,
      chosen,
      key: local ? demo.key : null,
    })
  }
}

const OPERATION = /^(?:query|mutation|subscription) (\w+)/m
