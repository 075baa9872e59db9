import {
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  type GraphQLError,
  getOperationAST,
  OperationTypeNode,
} from 'graphql'
import type { GatewayContext } from '../context.ts'
import type { Results } from './event-stream.ts'
import type { GraphQLEngine } from './graphql-engine.ts'
import type { GraphQLParams } from './graphql-params.ts'

/** An operation that was parsed and found valid, and waits to be run. */
export interface PreparedOperation {
  readonly args: ExecutionArgs
  /** Null where the document has no operation of this name: running it says so. */
  readonly type: OperationTypeNode | null
  /** One result, or those of a subscription as they come. Errors in them are masked. */
  run(): Promise<ExecutionResult | Results>
}

/** Hands an operation to yoga's engine, with its documents, limits and masking; answers the errors of one that cannot run. */
export function prepareOperation(
  engine: GraphQLEngine,
  { query, operationName, variables }: GraphQLParams,
  context: GatewayContext,
): PreparedOperation | { errors: GraphQLError[] } {
  const { parse, validate, schema, contextFactory, execute } = engine.getEnveloped(context)
  let document: DocumentNode
  try {
    document = parse(query)
  } catch (error) {
    if (error instanceof AggregateError) return { errors: error.errors }
    throw error
  }
  const errors: readonly GraphQLError[] = validate(schema, document)
  if (errors.length > 0) return { errors: [...errors] }
  const args = { schema, document, operationName, variableValues: variables }
  const type = getOperationAST(document, operationName)?.operation ?? null
  const start = type === OperationTypeNode.SUBSCRIPTION ? engine.subscribe : execute
  return {
    args,
    type,
    run: async () => start({ ...args, contextValue: await contextFactory() }),
  }
}
