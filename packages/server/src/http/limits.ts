import {
  type DocumentNode,
  type FragmentDefinitionNode,
  GraphQLError,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql'

/** What one operation may ask for at most. Fragments count wherever they are spread. */
export const documentLimits = {
  /** Words and signs of the document. */
  tokens: 5_000,
  /** Fields inside fields; the introspection query of GraphiQL needs 13. */
  depth: 16,
  /** Fields at the top: each may be a call to a CRM. */
  rootFields: 30,
  aliases: 60,
  directives: 60,
  /** Fields in all. */
  fields: 2_000,
} as const

type Size = Record<Exclude<keyof typeof documentLimits, 'tokens' | 'rootFields'>, number>

const NOTHING: Size = { depth: 0, aliases: 0, directives: 0, fields: 0 }

/**
 * The limits that a document exceeds, as errors with the code LIMIT_EXCEEDED. Each fragment is measured once, so that
 * measuring is cheap even where fragments multiply one another; a cycle counts once and is left to validation.
 */
export function checkLimits(document: DocumentNode): GraphQLError[] {
  const fragments = new Map<string, FragmentDefinitionNode>()
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition)
  }
  const measured = new Map<string, Size>()

  function measureFragment(name: string): Size {
    const known = measured.get(name)
    if (known) return known
    measured.set(name, NOTHING)
    const fragment = fragments.get(name)
    const size = fragment ? measure(fragment.selectionSet) : NOTHING
    measured.set(name, size)
    return size
  }

  function measure(selectionSet: SelectionSetNode): Size {
    const size = { ...NOTHING }
    for (const selection of selectionSet.selections) {
      let inner = NOTHING
      let own = 0
      if (selection.kind === Kind.FIELD) {
        own = 1
        size.fields += 1
        if (selection.alias) size.aliases += 1
        if (selection.selectionSet) inner = measure(selection.selectionSet)
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        inner = measure(selection.selectionSet)
      } else {
        inner = measureFragment(selection.name.value)
      }
      size.directives += (selection.directives?.length ?? 0) + inner.directives
      size.aliases += inner.aliases
      size.fields += inner.fields
      size.depth = Math.max(size.depth, own + inner.depth)
    }
    return size
  }

  return document.definitions
    .filter((definition) => definition.kind === Kind.OPERATION_DEFINITION)
    .flatMap((operation) => {
      const size = measure(operation.selectionSet)
      const found = { ...size, rootFields: countRootFields(operation, fragments) }
      return (Object.keys(found) as (keyof typeof found)[])
        .filter((name) => found[name] > documentLimits[name])
        .map((name) => exceeded(name, operation))
    })
}

function countRootFields(
  operation: OperationDefinitionNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): number {
  const counted = new Map<string, number>()
  const count = (selectionSet: SelectionSetNode): number =>
    selectionSet.selections.reduce((sum, selection) => {
      if (selection.kind === Kind.FIELD) return sum + 1
      if (selection.kind === Kind.INLINE_FRAGMENT) return sum + count(selection.selectionSet)
      const name = selection.name.value
      const known = counted.get(name)
      if (known !== undefined) return sum + known
      counted.set(name, 0)
      const fragment = fragments.get(name)
      const inside = fragment ? count(fragment.selectionSet) : 0
      counted.set(name, inside)
      return sum + inside
    }, 0)
  return count(operation.selectionSet)
}

function exceeded(name: Exclude<keyof typeof documentLimits, 'tokens'>, operation: OperationDefinitionNode) {
  const words = {
    depth: 'levels',
    rootFields: 'fields at the top',
    aliases: 'aliases',
    directives: 'directives',
    fields: 'fields',
  }
  return new GraphQLError(
    `One operation may have at most ${documentLimits[name]} ${words[name]}. Ask for less at a time.`,
    {
      nodes: operation,
      extensions: { code: 'LIMIT_EXCEEDED' },
    },
  )
}
