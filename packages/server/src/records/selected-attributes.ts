/** Which attributes of a record an operation needs, read from its selection. */
import { type RecordAttribute, recordAttributes } from '@backchannel/providers'
import type { FieldNode, FragmentDefinitionNode, SelectionSetNode } from 'graphql'
import type { SelectedAttributes } from './selection.ts'

export interface SelectionInfo {
  readonly fieldNodes: readonly FieldNode[]
  readonly fragments: Record<string, FragmentDefinitionNode>
}

const attributeNames = new Set<string>(recordAttributes)

/** A document is parsed once and used many times, so what its fields select is worked out once too. */
const known = new WeakMap<FieldNode, Map<string, SelectedAttributes>>()

/**
 * What is selected of the records at `path` below the field being resolved: field names, such as `hits`, `record`.
 * `@skip` and `@include` are taken as "perhaps", so that the answer does not depend on variables.
 */
export function selectedAttributes(info: SelectionInfo, ...paths: readonly (readonly string[])[]): SelectedAttributes {
  const [first] = info.fieldNodes
  const key = paths.map((path) => path.join('.')).join(' ')
  const kept = first && info.fieldNodes.length === 1 ? known.get(first)?.get(key) : undefined
  if (kept) return kept
  const attributes = new Set<RecordAttribute>()
  const views = new Set<'SEARCH' | 'DETAIL'>()
  for (const path of paths) {
    for (const node of info.fieldNodes) collect(node, path, info.fragments, { attributes, views })
  }
  const selected = { attributes, views }
  if (first && info.fieldNodes.length === 1) {
    const perField = known.get(first) ?? new Map<string, SelectedAttributes>()
    known.set(first, perField.set(key, selected))
  }
  return selected
}

interface Collected {
  attributes: Set<RecordAttribute>
  views: Set<'SEARCH' | 'DETAIL'>
}

function collect(
  node: FieldNode,
  path: readonly string[],
  fragments: Record<string, FragmentDefinitionNode>,
  into: Collected,
): void {
  const [next, ...rest] = path
  for (const field of fieldsOf(node.selectionSet, fragments)) {
    if (next === undefined) addAttribute(field, into)
    else if (field.name.value === next) collect(field, rest, fragments, into)
  }
}

function addAttribute(field: FieldNode, { attributes, views }: Collected): void {
  const name = field.name.value
  if (attributeNames.has(name)) attributes.add(name as RecordAttribute)
  if (name !== 'fields') return
  const view = field.arguments?.find((argument) => argument.name.value === 'view')?.value
  if (view === undefined) views.add('DETAIL')
  else if (view.kind === 'EnumValue') views.add(view.value === 'SEARCH' ? 'SEARCH' : 'DETAIL')
  else views.add('SEARCH').add('DETAIL')
}

function* fieldsOf(
  set: SelectionSetNode | undefined,
  fragments: Record<string, FragmentDefinitionNode>,
): Generator<FieldNode> {
  for (const selection of set?.selections ?? []) {
    if (selection.kind === 'Field') yield selection
    else if (selection.kind === 'InlineFragment') yield* fieldsOf(selection.selectionSet, fragments)
    else yield* fieldsOf(fragments[selection.name.value]?.selectionSet, fragments)
  }
}
