import { complexityFromQuery } from '@pothos/plugin-complexity'
import { type DocumentNode, GraphQLError, type GraphQLSchema, getOperationAST, Kind } from 'graphql'
import { limitExceeded } from './limit-hit.ts'

/** What an operation is called, where its document has several, and what it is run with. */
export interface OperationChoice {
  operationName: string | null | undefined
  variables: Record<string, unknown> | null | undefined
}

const MOST_KNOWN = 50
const LONGEST_KNOWN = 1_000

/**
 * Adds up what an operation costs (`cost.ts`), and says so where that is too much. One that cannot be run, since its name or
 * a variable is wrong, is left to whoever runs it.
 */
export function createCostCheck(schema: GraphQLSchema, document: DocumentNode, most: number) {
  const alone = new Map<string, DocumentNode>()
  /** Costs that were added up before, by the operation and the shape of its variables. */
  const known = new Map<string, number>()

  /** The document without its other operations. */
  function pick(name: string | null | undefined): DocumentNode | null {
    const before = alone.get(name ?? '')
    if (before) return before
    const operation = getOperationAST(document, name)
    const fragments = document.definitions.filter(({ kind }) => kind === Kind.FRAGMENT_DEFINITION)
    if (!operation) return null
    const picked: DocumentNode = { kind: Kind.DOCUMENT, definitions: [operation, ...fragments] }
    alone.set(name ?? '', picked)
    return picked
  }

  return ({ operationName, variables }: OperationChoice): GraphQLError | null => {
    const shape = `${operationName}${JSON.stringify(variables ?? {}, withoutText)}`
    const before = known.get(shape)
    if (before !== undefined && before <= most) return null
    const picked = pick(operationName)
    if (!picked) return null
    try {
      const { complexity } = complexityFromQuery(picked, { schema, variables: variables ?? {} })
      const found = Math.ceil(complexity)
      if (known.size < MOST_KNOWN && shape.length < LONGEST_KNOWN) known.set(shape, found)
      if (found <= most) return null
      const message = `The operation costs ${found} points, and may cost ${most}: ask for fewer records or shorter lists.`
      return limitExceeded({ name: 'cost', most, found }, message)
    } catch (error) {
      if (error instanceof GraphQLError) return null
      throw error
    }
  }
}

/** Numbers and lengths of lists decide what something costs; text never does. */
function withoutText(_key: string, value: unknown): unknown {
  return typeof value === 'string' ? '' : value
}
