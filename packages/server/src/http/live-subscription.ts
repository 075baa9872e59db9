/**
 * Takes a subscription apart: into what it asks for, which many subscribers have in common, and where this one begins
 * (`after`), which each has for itself. Pure.
 */
import {
  type ArgumentNode,
  type DocumentNode,
  type ExecutionArgs,
  type FieldNode,
  GraphQLID,
  type GraphQLSchema,
  getOperationAST,
  getVariableValues,
  Kind,
  type OperationDefinitionNode,
  type ValueNode,
  type VariableDefinitionNode,
  valueFromAST,
  visit,
} from 'graphql'

export interface LiveSubscription {
  /** The same for whoever asks for the same, wherever it begins. */
  readonly key: string
  /** The event behind which it begins; null: with the next one. */
  readonly after: number | null
  /** The same operation, begun behind another event. */
  beginAfter(cursor: number): Operation
}

export type Operation = Pick<ExecutionArgs, 'schema' | 'document' | 'operationName' | 'variableValues'>

/**
 * Null where subscribers cannot share it: its field has no cursor, or the cursor is wrong, which the field itself has to
 * say, or is used for something else too.
 */
export function readLiveSubscription(operation: Operation): LiveSubscription | null {
  const { schema, document, operationName } = operation
  const template = templateOf(schema, document, operationName ?? null)
  if (template === null) return null
  const given = operation.variableValues ?? {}
  // What is wrong with its variables it is told alone, and nobody else with it.
  const { coerced, errors } = getVariableValues(schema, template.definitions, given)
  if (errors) return null
  const after = readAfter(template.after, coerced)
  if (after === undefined) return null
  const shared = template.variables.map((name) => [name, given[name] ?? null, Object.hasOwn(given, name)])
  return {
    key: JSON.stringify([template.text, operationName ?? null, shared]),
    after,
    beginAfter: (cursor) => ({
      schema,
      document: template.document,
      operationName,
      variableValues: { ...given, [CURSOR]: String(cursor) },
    }),
  }
}

/** The variable that holds the cursor of those who share. */
const CURSOR = 'sharedCursor'

interface Template {
  /** The document, with its cursor in the variable. */
  document: DocumentNode
  text: string
  definitions: readonly VariableDefinitionNode[]
  /** The variables apart from the cursor. */
  variables: readonly string[]
  /** What the caller wrote as `after`. */
  after: ValueNode | null
}

const templates = new WeakMap<DocumentNode, Map<string | null, Template | null>>()

function templateOf(schema: GraphQLSchema, document: DocumentNode, operationName: string | null): Template | null {
  const known = templates.get(document) ?? new Map<string | null, Template | null>()
  templates.set(document, known)
  let template = known.get(operationName)
  if (template === undefined) {
    template = makeTemplate(schema, document, operationName)
    known.set(operationName, template)
  }
  return template
}

function makeTemplate(schema: GraphQLSchema, document: DocumentNode, operationName: string | null): Template | null {
  const text = document.loc?.source.body
  const operation = getOperationAST(document, operationName)
  const [field, ...others] = operation?.selectionSet.selections ?? []
  if (text === undefined || !operation || field?.kind !== Kind.FIELD || others.length > 0) return null
  const definition = schema.getSubscriptionType()?.getFields()[field.name.value]
  if (!definition?.args.some((argument) => argument.name === 'after')) return null

  const after = field.arguments?.find((argument) => argument.name.value === 'after')?.value ?? null
  const name = after?.kind === Kind.VARIABLE ? after.name.value : null
  if (name !== null && countUses(document, name) > 1) return null
  const definitions = operation.variableDefinitions ?? []
  const names = definitions.map((it) => it.variable.name.value)
  if (names.includes(CURSOR)) return null
  return {
    document: withCursor(document, operation, field),
    text,
    definitions,
    variables: names.filter((it) => it !== name),
    after,
  }
}

function countUses(document: DocumentNode, name: string): number {
  let uses = 0
  visit(document, {
    enter(node) {
      if (node.kind === Kind.VARIABLE_DEFINITION) return false
      if (node.kind === Kind.VARIABLE && node.name.value === name) uses += 1
      return undefined
    },
  })
  return uses
}

function withCursor(document: DocumentNode, operation: OperationDefinitionNode, field: FieldNode): DocumentNode {
  const variable = { kind: Kind.VARIABLE, name: { kind: Kind.NAME, value: CURSOR } } as const
  const argument: ArgumentNode = { kind: Kind.ARGUMENT, name: { kind: Kind.NAME, value: 'after' }, value: variable }
  const others = field.arguments?.filter((it) => it.name.value !== 'after') ?? []
  const type = { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: 'ID' } } as const
  const changed: OperationDefinitionNode = {
    ...operation,
    variableDefinitions: [...(operation.variableDefinitions ?? []), { kind: Kind.VARIABLE_DEFINITION, variable, type }],
    selectionSet: { ...operation.selectionSet, selections: [{ ...field, arguments: [...others, argument] }] },
  }
  return { ...document, definitions: document.definitions.map((it) => (it === operation ? changed : it)) }
}

/** Undefined: what was given is no cursor. */
function readAfter(after: ValueNode | null, variables: Record<string, unknown>): number | null | undefined {
  const value = after && valueFromAST(after, GraphQLID, variables)
  if (value === null || value === undefined) return null
  return typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : undefined
}
