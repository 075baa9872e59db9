import {
  type DocumentNode,
  type ExecutionResult,
  execute,
  GraphQLError,
  type GraphQLInputType,
  type GraphQLSchema,
  getNamedType,
  isInputObjectType,
  Kind,
  parse,
  typeFromAST,
  validate,
  visit,
} from 'graphql'
import type { CompiledQuery } from 'graphql-jit'
import { checkTokens } from './document-tokens.ts'
import type { KnownOperations } from './known-operations.ts'
import type { Limits } from './limit-values.ts'
import { checkLimits } from './limits.ts'
import { shown } from './masking.ts'
import { createCostCheck, type OperationChoice } from './operation-cost.ts'
import { checkSubscriptionRoots } from './subscription-root.ts'

/** A document that was parsed, measured and validated once. */
export interface PreparedDocument {
  /** Null when it could not be parsed, asks for too much, or cannot even be validated. */
  readonly document: DocumentNode | null
  /** Why it cannot run; empty when it can. */
  readonly errors: readonly GraphQLError[]
  /** It asks about the schema itself. */
  readonly introspects: boolean
  /** Why it may not run: it costs too much; null where it does not. */
  checkCost(operation: OperationChoice): GraphQLError | null
  run(args: OperationArgs): Promise<ExecutionResult> | ExecutionResult
}

export interface OperationArgs extends OperationChoice {
  context: unknown
}

export interface Documents {
  /** Whether preparing it costs nothing. */
  remembers(source: string): boolean
  prepare(source: string): PreparedDocument
}

const REMEMBERED = 1_000
/** Longer ones are prepared anew each time, so that the memory held stays bounded. */
const REMEMBERED_LENGTH = 20_000
/** A document that came this often is compiled: a client that writes values into the text never gets there. */
const COMPILED_AT = 3
const MOST_ERRORS = 10

/**
 * Prepares documents and remembers them, the one longest unused going first.
 *
 * @param onAsked is told of each whether it was remembered
 */
export function createDocuments(
  schema: GraphQLSchema,
  limits: Limits,
  known: KnownOperations,
  onAsked: (found: boolean) => void = () => {},
): Documents {
  const remembered = new Map<string, PreparedDocument>()
  return {
    remembers: (source) => remembered.has(source),
    prepare(source) {
      const before = remembered.get(source)
      onAsked(before !== undefined)
      if (before) {
        remembered.delete(source)
        remembered.set(source, before)
        return before
      }
      const prepared = prepare(schema, limits, known, source)
      if (source.length > REMEMBERED_LENGTH) return prepared
      remembered.set(source, prepared)
      if (remembered.size > REMEMBERED) {
        const [oldest] = remembered.keys()
        if (oldest !== undefined) remembered.delete(oldest)
      }
      return prepared
    },
  }
}

function prepare(schema: GraphQLSchema, limits: Limits, known: KnownOperations, source: string): PreparedDocument {
  const tooMuch = checkTokens(source, limits)
  if (tooMuch) return refused(null, [tooMuch])
  let document: DocumentNode
  try {
    document = parse(source)
  } catch (error) {
    if (error instanceof GraphQLError) return refused(null, [coded(error, 'GRAPHQL_PARSE_FAILED')])
    throw error
  }
  const unknown = known.check(document)
  if (unknown) return refused(null, [unknown])
  const unanswerable = [...checkLimits(document, limits), ...checkSubscriptionRoots(document)]
  if (unanswerable.length > 0) return refused(null, unanswerable)
  const invalid = validate(schema, document, undefined, { maxErrors: MOST_ERRORS })
  if (invalid.length > 0)
    return refused(
      document,
      invalid.map((error) => coded(error, 'GRAPHQL_VALIDATION_FAILED')),
    )

  return {
    document,
    errors: [],
    introspects: asksAboutSchema(document),
    checkCost: createCostCheck(schema, document, limits.cost),
    run: createRunner(schema, document),
  }
}

function refused(document: DocumentNode | null, errors: readonly GraphQLError[]): PreparedDocument {
  return { document, errors, introspects: false, checkCost: () => null, run: () => ({ errors }) }
}

/**
 * Runs a document with graphql-js at first, and compiled once it proves to come again and again. One that cannot be
 * compiled goes on as it began, and so does one whose variables are `@oneOf`: what is compiled does not check them.
 */
function createRunner(schema: GraphQLSchema, document: DocumentNode): PreparedDocument['run'] {
  const operations = new Map<string, { runs: number; compiled?: CompiledQuery['query'] }>()
  const isCompilable = !takesOneOf(schema, document)

  function compileSoon(operation: { compiled?: CompiledQuery['query'] }, name: string | undefined): void {
    import('graphql-jit').then(
      ({ compileQuery, isCompiledQuery }) => {
        const compiled = compileQuery(schema, document, name)
        if (isCompiledQuery(compiled)) operation.compiled = compiled.query
      },
      () => {},
    )
  }

  return ({ operationName, variables, context }) => {
    const name = operationName ?? undefined
    let operation = operations.get(name ?? '')
    if (!operation) {
      operation = { runs: 0 }
      operations.set(name ?? '', operation)
    }
    if (operation.compiled) return runCompiled(operation.compiled, document, context, variables ?? {})
    operation.runs += 1
    if (isCompilable && operation.runs === COMPILED_AT) compileSoon(operation, name)
    return execute({ schema, document, contextValue: context, variableValues: variables, operationName: name })
  }
}

async function runCompiled(
  query: CompiledQuery['query'],
  document: DocumentNode,
  context: unknown,
  variables: Record<string, unknown>,
): Promise<ExecutionResult> {
  const result = (await query(undefined, context, variables)) as ExecutionResult
  return result.errors ? { ...result, errors: result.errors.map((error) => withSource(error, document)) } : result
}

/** An error of the compiled query knows lines and columns, but not the document, from which others take them. */
function withSource(error: GraphQLError, document: DocumentNode): GraphQLError {
  const source = document.loc?.source
  const lineEnds = [...(source?.body.matchAll(/\r\n|[\n\r]/g) ?? [])]
  const lineStarts = [0, ...lineEnds.map((end) => end.index + end[0].length)]
  const positions = error.locations?.map(({ line, column }) => (lineStarts[line - 1] ?? 0) + column - 1)
  const { message, path, originalError, extensions } = error
  return new GraphQLError(message, { source, positions, path, originalError, extensions })
}

/** Whether a variable is of an input that must have exactly one of its fields, or holds such an input. */
function takesOneOf(schema: GraphQLSchema, document: DocumentNode): boolean {
  const seen = new Set<GraphQLInputType>()
  function holdsOneOf(type: ReturnType<typeof getNamedType>): boolean {
    if (!isInputObjectType(type) || seen.has(type)) return false
    seen.add(type)
    return type.isOneOf || Object.values(type.getFields()).some((field) => holdsOneOf(getNamedType(field.type)))
  }
  const variables = document.definitions.flatMap((it) =>
    it.kind === Kind.OPERATION_DEFINITION ? (it.variableDefinitions ?? []) : [],
  )
  return variables.some(({ type }) => holdsOneOf(getNamedType(typeFromAST(schema, type))))
}

function asksAboutSchema(document: DocumentNode): boolean {
  let found = false
  visit(document, {
    enter(node) {
      found ||= node.kind === Kind.FIELD && (node.name.value === '__schema' || node.name.value === '__type')
    },
  })
  return found
}

function coded(error: GraphQLError, code: string): GraphQLError {
  return shown(error, error.message, { ...error.extensions, code })
}
