/** How the ways into the API tell what they do, to whoever counts it. */
import type { ExecutionResult, OperationTypeNode } from 'graphql'
import type { Results } from './event-stream.ts'
import type { Exchange } from './exchange.ts'

/** Stands around the answering of one request, which never fails. */
export type ObserveRequest = (exchange: Exchange, work: () => Promise<void>) => Promise<void>

export interface ObservedOperation {
  readonly type: OperationTypeNode | null
  /** As the caller chose it in the document, where it has a name. */
  readonly name: string | null
  readonly requestId: string
}

export interface ObserveOperation {
  /** Stands around the running of one operation; of a subscription, until it stands. */
  run(operation: ObservedOperation, work: () => Promise<ExecutionResult | Results>): Promise<ExecutionResult | Results>
  /** An operation could not be read, is not one of ours, or asks for too much. */
  refused(): void
  /** A document was looked for among those that are prepared. */
  documentAsked(found: boolean): void
}

export const unobservedRequest: ObserveRequest = (_exchange, work) => work()

export const unobservedOperation: ObserveOperation = {
  run: (_operation, work) => work(),
  refused() {},
  documentAsked() {},
}
