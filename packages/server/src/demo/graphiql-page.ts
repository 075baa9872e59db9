import type { Exchange } from '../http/exchange.ts'
import { sendGraphiQL, wantsPage } from '../http/graphiql.ts'
import { isLocalRequest } from '../http/local-request.ts'
import { exampleOperations } from './example-operations.ts'
import type { Demo } from './index.ts'

/**
 * Puts GraphiQL where a browser asks `/graphql` for a page. The demo's key and the ids of its records are for this machine
 * only; anybody else gets the same tabs and brings a key.
 *
 * @param demo null where the CRMs are real
 * @param secure browsers reach us by https
 */
export function withGraphiQL(
  graphql: (exchange: Exchange) => Promise<void>,
  demo: Demo | null,
  secure: boolean,
): (exchange: Exchange) => Promise<void> {
  return async (exchange) => {
    if (!wantsPage(exchange)) return graphql(exchange)
    const local = demo && isLocalRequest(exchange)
    const examples = local ? await demo.examples() : exampleOperations({})
    await sendGraphiQL(exchange, { examples, key: local ? demo.key : null, secure })
  }
}
