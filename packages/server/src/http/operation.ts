import {
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  type GraphQLError,
  getOperationAST,
  OperationTypeNode,
} from 'graphql'
import { refuseLong } from './answer-text.ts'
import { createDeadline } from './deadline.ts'
import type { Results } from './event-stream.ts'
import type { GraphQLEngine } from './graphql-engine.ts'
import type { GraphQLParams } from './graphql-params.ts'
import type { ContextRequest } from './shared-subscriptions.ts'

/** An operation that was parsed and found valid, and waits to be run. */
export interface PreparedOperation {
  readonly args: ExecutionArgs
  /** Null where the document has no operation of this name: running it says so. */
  readonly type: OperationTypeNode | null
  /**
   * One result, or those of a subscription as they come. Errors in them are masked.
   *
   * @throws Refusal when the one result takes longer than it may, and what was done for it ends; when it is longer than it may be
   */
  run(): Promise<ExecutionResult | Results>
}

/**
 * Hands an operation to yoga's engine, with its documents, limits and masking; answers the errors of one that cannot run.
 *
 * @throws Refusal when its caller has sent too many new documents
 */
export async function prepareOperation(
  engine: GraphQLEngine,
  { query, operationName, variables }: GraphQLParams,
  request: ContextRequest,
): Promise<PreparedOperation | { errors: GraphQLError[] }> {
  const { observe } = engine
  await engine.admit(request.viewer, query)
  const context = engine.createContext(request)
  const { parse, validate, schema, execute } = engine.getEnveloped(context)
  let document: DocumentNode
  try {
    document = parse(query)
  } catch (error) {
    if (!(error instanceof AggregateError)) throw error
    observe.refused()
    return { errors: error.errors }
  }
  const errors: readonly GraphQLError[] = validate(schema, document)
  if (errors.length > 0) {
    observe.refused()
    return { errors: [...errors] }
  }
  const args = { schema, document, operationName, variableValues: variables }
  const definition = getOperationAST(document, operationName)
  const type = definition?.operation ?? null
  const observed = { type, name: definition?.name?.value ?? null, requestId: request.requestId }
  return {
    args,
    type,
    run: () =>
      observe.run(observed, async () => {
        if (type === OperationTypeNode.SUBSCRIPTION) return engine.subscribe({ ...args, contextValue: context })
        const { keep, signal } = createDeadline(request.signal, engine.limits.operationSeconds)
        const contextValue = engine.createContext({ ...request, signal })
        const result: ExecutionResult = await keep(Promise.resolve(execute({ ...args, contextValue })))
        const tooLong = refuseLong(result, engine.limits.answerBytes)
        if (tooLong) throw tooLong
        return result
      }),
  }
}
