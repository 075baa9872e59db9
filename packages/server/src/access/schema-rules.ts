/** The rules of a whole schema: every root field has one, and every description says it. */
import { type GraphQLField, type GraphQLObjectType, type GraphQLSchema, isInterfaceType, isObjectType } from 'graphql'
import { type AccessRule, type Declared, readByIdRule, readRule, sayRule } from './rule.ts'

/** Something of the schema that not everybody who reaches it may ask for. */
export interface Ruled {
  /** `Query.members`, or `ExportField` where the rule is that of all of a type. */
  readonly place: string
  readonly rule: AccessRule
}

export interface SchemaRules {
  /** By root type: every field, in the order of the alphabet. */
  readonly roots: Readonly<Record<string, readonly Ruled[]>>
  /** Types and fields below the root with a rule of their own. */
  readonly nested: readonly Ruled[]
  /** Types of which not everybody is given one by its id. */
  readonly byId: readonly Ruled[]
}

interface Described {
  description?: string | null | undefined
  readonly extensions: { readonly pothosOptions?: Declared }
}

/** @throws for a root field without a rule */
export function rulesOf(schema: GraphQLSchema): SchemaRules {
  const roots = rootTypesOf(schema)
  return {
    roots: Object.fromEntries(
      roots.map((root) => [root.name, fieldsOf(root).map(({ place, it }) => ({ place, rule: ruleOfRoot(place, it) }))]),
    ),
    nested: nestedOf(schema, roots).flatMap(({ place, it }) => {
      const rule = ruleOf(place, it)
      return rule ? [{ place, rule }] : []
    }),
    byId: typesOf(schema, roots).flatMap(({ name, extensions }) => {
      const rule = readByIdRule(name, extensions.pothosOptions ?? {})
      return rule ? [{ place: name, rule }] : []
    }),
  }
}

/**
 * Writes every rule into the description of what it guards.
 *
 * @returns the same schema
 * @throws for a root field without a rule
 */
export function describeRules(schema: GraphQLSchema): GraphQLSchema {
  const roots = rootTypesOf(schema)
  for (const root of roots) for (const { place, it } of fieldsOf(root)) describe(it, ruleOfRoot(place, it))
  for (const { place, it } of nestedOf(schema, roots)) {
    const rule = ruleOf(place, it)
    if (rule) describe(it, rule)
  }
  return schema
}

interface Place {
  place: string
  it: Described
}

function rootTypesOf(schema: GraphQLSchema): GraphQLObjectType[] {
  return [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()].flatMap((type) => type ?? [])
}

function fieldsOf(type: { name: string; getFields(): Record<string, GraphQLField<unknown, unknown>> }): Place[] {
  const fields = Object.entries(type.getFields()).sort(([a], [b]) => a.localeCompare(b))
  return fields.map(([name, it]) => ({ place: `${type.name}.${name}`, it }))
}

function nestedOf(schema: GraphQLSchema, roots: readonly GraphQLObjectType[]): Place[] {
  return typesOf(schema, roots).flatMap((type) => [{ place: type.name, it: type }, ...fieldsOf(type)])
}

/** All but the roots, in the order of the alphabet. */
function typesOf(schema: GraphQLSchema, roots: readonly GraphQLObjectType[]) {
  return Object.values(schema.getTypeMap())
    .filter((type) => isObjectType(type) || isInterfaceType(type))
    .filter((type) => !roots.some((root) => root === type))
    .sort((a, b) => a.name.localeCompare(b.name))
}

const ruleOf = (place: string, it: Described) => readRule(place, it.extensions.pothosOptions ?? {})

function ruleOfRoot(place: string, it: Described): AccessRule {
  const rule = ruleOf(place, it)
  if (rule) return rule
  throw new Error(`${place} does not say who may ask for it: give it authScopes, as { admin: true }`)
}

function describe(it: Described, rule: AccessRule): void {
  it.description = [it.description, sayRule(rule)].filter(Boolean).join(' ')
}
