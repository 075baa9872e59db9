/** Every way from the root to a place that takes an id, as an operation that puts one there. */
import {
  type GraphQLArgument,
  type GraphQLInputField,
  type GraphQLInputType,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
} from 'graphql'
import { schema } from '../../../packages/server/src/schema.ts'
import type { FilledWorkspace } from './filled-workspace.ts'
import { type Kind, places } from './places.ts'
import { selectionOf } from './selecting.ts'

export type Root = 'Query' | 'Mutation' | 'Subscription'

export interface Trial {
  /** `Mutation.updateEntity(input.id)` */
  readonly name: string
  readonly root: Root
  /** The root field. */
  readonly field: string
  /** The place, as `places` has it. */
  readonly place: string
  readonly kind: Exclude<Kind, 'Outside'>
  readonly query: string
  /** @param id what is put into the place; everything else is of `own` */
  variables(id: string, own: FilledWorkspace, version: number): Record<string, unknown>
}

type Argument = GraphQLArgument | GraphQLInputField

/** Below the root: how one comes to a type whose fields take ids, from something of one's own. */
const ways: Record<
  string,
  { field: string; open: string; close: string; from: Exclude<Kind, 'Outside'>; type: string }
> = {
  ...Object.fromEntries(
    (['Integration', 'Conversation', 'Tag'] as const).map((from) => [
      from,
      { field: 'node', open: `node(id: $from) { ... on ${from} {`, close: '} }', from, type: 'ID!' },
    ]),
  ),
  CrmSettings: {
    field: 'integration',
    open: 'integration(id: $from) { settings {',
    close: '} }',
    from: 'Integration',
    type: 'ID!',
  },
  Preview: {
    field: 'preview',
    open: 'preview(input: { integrationId: $from }) {',
    close: '}',
    from: 'Integration',
    type: 'ID!',
  },
}

export function trials(): Trial[] {
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()]
  const ofRoots = roots.flatMap((type) =>
    Object.values(type?.getFields() ?? {}).flatMap((field) =>
      pathsIn(field.args, (arg) => `${type?.name}.${field.name}(${arg.name}:)`).map(({ place, kind, path }): Trial => {
        const args = field.args.filter((arg) => isNeeded(arg) || arg.name === path[0])
        const declared = args.map(({ name, type: of }) => `$${name}: ${String(of)}`).join(', ')
        const given = args.map(({ name }) => `${name}: $${name}`).join(', ')
        const root = type?.name as Root
        return {
          ...{ name: `${root}.${field.name}(${path.join('.')})`, root, field: field.name, place, kind },
          query: `${root.toLowerCase()} (${declared}) { it: ${field.name}(${given}) ${selectionOf(getNamedType(field.type).name)} }`,
          variables: (id, own, version) =>
            valuesOf(args, path, { id, own, version }, (arg) => `${root}.${field.name}(${arg.name}:)`),
        }
      }),
    ),
  )
  return [...ofRoots, ...Object.keys(ways).flatMap(trialsBelow)]
}

function trialsBelow(typeName: string): Trial[] {
  const way = ways[typeName]
  const type = schema.getType(typeName)
  if (!way || !type || !('getFields' in type) || isInputObjectType(type)) return []
  return Object.values(type.getFields()).flatMap((field) =>
    field.args.flatMap((arg) => {
      const place = `${typeName}.${field.name}(${arg.name}:)`
      const kind = places[place]
      if (kind === undefined || kind === 'Outside') return []
      const args = field.args.filter((it) => isNeeded(it) || it.name === arg.name)
      const declared = args.map(({ name, type: of }) => `, $${name}: ${String(of)}`).join('')
      const given = args.map(({ name }) => `${name}: $${name}`).join(', ')
      const inner = `${field.name}(${given}) ${selectionOf(getNamedType(field.type).name)}`
      const trial: Trial = {
        ...{ name: place, root: 'Query', field: way.field, place, kind },
        query: `query ($from: ${way.type}${declared}) { it: ${way.open} ${inner} ${way.close} }`,
        variables: (id, own, version) => ({
          from: own.ids[way.from],
          ...valuesOf(args, [arg.name], { id, own, version }, (it) => `${typeName}.${field.name}(${it.name}:)`),
        }),
      }
      return [trial]
    }),
  )
}

interface Path {
  place: string
  kind: Exclude<Kind, 'Outside'>
  path: string[]
}

function pathsIn(args: readonly Argument[], placeOf: (arg: Argument) => string, seen: readonly string[] = []): Path[] {
  return args.flatMap((arg) => {
    const place = placeOf(arg)
    const kind = places[place]
    if (kind !== undefined) return kind === 'Outside' ? [] : [{ place, kind, path: [arg.name] }]
    const type = getNamedType(arg.type)
    if (!isInputObjectType(type) || seen.includes(type.name)) return []
    const inner = pathsIn(Object.values(type.getFields()), (it) => `${type.name}.${it.name}`, [...seen, type.name])
    return inner.map((it) => ({ ...it, path: [arg.name, ...it.path] }))
  })
}

const isNeeded = ({ type, defaultValue }: Argument) => isNonNullType(type) && defaultValue === undefined

interface Given {
  id: string
  own: FilledWorkspace
  version: number
}

/** What makes an input sound where the least that it demands does not. */
const sound: Record<string, Record<string, unknown>> = {
  SearchRecordsInput: { phone: '+1 512 555 0143' },
  ExportFieldInput: { name: 'websiteurl', variableType: 'CONSTANT', fieldType: 'TEXT', value: 'x' },
  BackendFieldInput: { name: 'websiteurl', variableType: 'CONSTANT', fieldType: 'TEXT', value: 'x' },
  ShownFieldInput: { name: 'websiteurl', label: 'Site', fieldType: 'TEXT' },
  AutoSmsPushInput: { field: 'telephone1' },
  AutoChatRuleInput: { field: 'telephone1' },
  FieldValueInput: { name: 'lastname', value: 'Made of ids' },
  UpdateEntityInput: { searchable: true },
  EraseVisitorInput: {},
}

function valuesOf(
  args: readonly Argument[],
  [head, ...rest]: readonly string[],
  given: Given,
  placeOf: (arg: Argument) => string,
): Record<string, unknown> {
  return Object.fromEntries(
    args.map((arg) => [arg.name, valueFor(arg.type, placeOf(arg), arg.name === head ? rest : null, given, arg.name)]),
  )
}

/** @param path where the id goes, from here on; null: not in here */
function valueFor(
  type: GraphQLInputType,
  place: string,
  path: readonly string[] | null,
  given: Given,
  name: string,
): unknown {
  if (isNonNullType(type)) return valueFor(type.ofType, place, path, given, name)
  if (isListType(type)) return [valueFor(type.ofType, place, path, given, name)]
  if (isInputObjectType(type)) {
    const fields = Object.values(type.getFields()).filter(
      (it) => (!type.isOneOf && isNeeded(it)) || it.name === path?.[0],
    )
    const extra = sound[type.name]
    return { ...valuesOf(fields, path ?? [], given, (it) => `${type.name}.${it.name}`), ...extra }
  }
  if (path) return given.id
  const kind = places[place]
  if (kind !== undefined && kind !== 'Outside') return given.own.ids[kind]
  if (name === 'expectedVersion') return given.version
  if (isEnumType(type)) return type.getValues()[0]?.name
  return { Int: 5, Float: 1, Boolean: true, DateTime: '2026-01-31T14:05:00Z', JSON: {} }[type.name] ?? 'some words'
}
