/** Operations made from the schema: everything that can be asked of a type without an argument. */
import {
  type GraphQLField,
  type GraphQLObjectType,
  getNamedType,
  isAbstractType,
  isLeafType,
  isNonNullType,
  isObjectType,
} from 'graphql'
import { schema } from '../../../packages/server/src/schema.ts'
import { decodeAnyId } from '../../../packages/server/src/shared/global-id.ts'

type Field = GraphQLField<unknown, unknown>

/** What a CRM tells of itself: much of it, and no row of ours. */
const OF_THE_CRM = ['CrmMetadata']

/** As deep as things are asked for that have no global ID of their own; what has one is read by that. */
const LEVELS = 4

/** What can be asked of a type, as a selection; '' of one that has no fields. Nodes inside it are asked for their ids. */
export function selectionOf(typeName: string): string {
  const type = schema.getType(typeName)
  return isObjectType(type) ? `{ __typename ${fieldsOf(type, LEVELS, null)} }` : select(typeName, LEVELS)
}

function select(typeName: string, levels: number): string {
  const type = schema.getType(typeName)
  if (isObjectType(type)) return isNode(type) ? '{ __typename id }' : `{ __typename ${fieldsOf(type, levels, null)} }`
  if (!isAbstractType(type)) return ''
  const possible = schema.getPossibleTypes(type)
  const clashing = new Set(names(possible).filter((name) => new Set(typesOf(possible, name)).size > 1))
  const parts = possible.map((it) => `... on ${it.name} { ${isNode(it) ? 'id' : fieldsOf(it, levels, clashing)} }`)
  return `{ __typename ${parts.join(' ')} }`
}

function fieldsOf(type: GraphQLObjectType, levels: number, clashing: ReadonlySet<string> | null): string {
  const asked = askable(type).flatMap((field) => {
    const { name } = getNamedType(field.type)
    const alias = clashing?.has(field.name) ? `${type.name}_${field.name}: ` : ''
    if (isLeafType(getNamedType(field.type))) return [`${alias}${field.name}`]
    return levels === 0 ? [] : [`${alias}${field.name} ${select(name, levels - 1)}`]
  })
  return asked.length === 0 ? '__typename' : asked.join(' ')
}

const askable = (type: GraphQLObjectType): Field[] =>
  Object.values(type.getFields()).filter(
    ({ type: of, args }) =>
      !OF_THE_CRM.includes(getNamedType(of).name) &&
      args.every((it) => !isNonNullType(it.type) || it.defaultValue !== undefined),
  )

const names = (types: readonly GraphQLObjectType[]) => types.flatMap((type) => askable(type).map(({ name }) => name))

const typesOf = (types: readonly GraphQLObjectType[], name: string) =>
  types.flatMap((type) => (type.getFields()[name] ? [String(type.getFields()[name]?.type)] : []))

const isNode = (type: GraphQLObjectType) => type.getInterfaces().some(({ name }) => name === 'Node')

/** The root fields that can be asked for without an argument. */
export function openQueries(): string[] {
  const query = schema.getQueryType()
  return (query ? askable(query) : []).map(
    ({ name, type }) => `{ it: ${name} ${select(getNamedType(type).name, LEVELS)} }`,
  )
}

/** The global IDs anywhere in an answer, each with its type. */
export function idsIn(answer: unknown): Map<string, string> {
  const found = new Map<string, string>()
  const look = (value: unknown): void => {
    if (typeof value === 'string') {
      const typename = decodeAnyId(value)?.typename
      if (typename && schema.getType(typename)) found.set(value, typename)
    } else if (typeof value === 'object' && value !== null) for (const inner of Object.values(value)) look(inner)
  }
  look(answer)
  return found
}

/** Whether `node` answers things of this type. */
export function isReadById(typename: string): boolean {
  const type = schema.getType(typename)
  return isObjectType(type) && isNode(type)
}
