import {
  type DocumentNode,
  type FragmentDefinitionNode,
  GraphQLError,
  Kind,
  OperationTypeNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql'

/**
 * Refuses `@skip` and `@include` on what a subscription selects at its top, as the specification does (5.2.4.1, September
 * 2025). The rule of graphql-js takes them for fields that are there: with a variable it throws, and where a directive leaves
 * nothing over, so does the subscribing.
 */
export function checkSubscriptionRoots(document: DocumentNode): GraphQLError[] {
  const fragments = new Map<string, FragmentDefinitionNode>()
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition)
  }
  return document.definitions.flatMap((definition) => {
    if (definition.kind !== Kind.OPERATION_DEFINITION) return []
    if (definition.operation !== OperationTypeNode.SUBSCRIPTION) return []
    return rootsOf(definition.selectionSet, fragments, new Set()).filter(isConditional).map(refused)
  })
}

/** Fields, and the fragments on the way to them. */
function rootsOf(
  { selections }: SelectionSetNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  seen: Set<string>,
): SelectionNode[] {
  return selections.flatMap((selection): SelectionNode[] => {
    if (selection.kind === Kind.FIELD) return [selection]
    if (selection.kind === Kind.INLINE_FRAGMENT) return [selection, ...rootsOf(selection.selectionSet, fragments, seen)]
    const fragment = fragments.get(selection.name.value)
    if (!fragment || seen.has(selection.name.value)) return [selection]
    seen.add(selection.name.value)
    return [selection, ...rootsOf(fragment.selectionSet, fragments, seen)]
  })
}

function isConditional({ directives = [] }: SelectionNode): boolean {
  return directives.some(({ name }) => name.value === 'skip' || name.value === 'include')
}

function refused(selection: SelectionNode): GraphQLError {
  return new GraphQLError('What a subscription selects at its top takes no @skip and no @include.', {
    nodes: selection,
    extensions: { code: 'GRAPHQL_VALIDATION_FAILED' },
  })
}
