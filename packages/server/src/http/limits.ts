import {
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLError,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql'
import { limitExceeded } from './limit-hit.ts'
import type { Limits } from './limit-values.ts'

type Measured = 'depth' | 'aliases' | 'directives' | 'fields'
type Size = Record<Measured, number>

const NOTHING: Size = { depth: 0, aliases: 0, directives: 0, fields: 0 }

/**
 * The limits that a document exceeds, as errors with the code LIMIT_EXCEEDED. Each fragment is measured once, so that
 * measuring is cheap even where fragments multiply one another; a cycle counts once and is left to validation.
 */
export function checkLimits(document: DocumentNode, limits: Limits): GraphQLError[] {
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
        .filter((name) => found[name] > limits[name])
        .map((name) => {
          const most = limits[name]
          const message = `One operation may have at most ${most} ${words[name]}. Ask for less at a time.`
          return limitExceeded({ name, most, found: found[name] }, message, operation)
        })
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

const words: Record<Measured | 'rootFields', string> = {
  depth: 'levels',
  rootFields: 'fields at the top',
  aliases: 'aliases',
  directives: 'directives',
  fields: 'fields',
}
