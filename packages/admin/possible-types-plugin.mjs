import { isAbstractType } from 'graphql'

/**
 * Writes which types each union and each interface stands for: without it, the cache does not find its way through them.
 *
 * @param {import('graphql').GraphQLSchema} schema
 */
export function plugin(schema) {
  const abstract = Object.values(schema.getTypeMap()).filter(isAbstractType)
  const possible = abstract.map((type) => [type.name, schema.getPossibleTypes(type).map(({ name }) => name)])
  return `export const possibleTypes: Record<string, string[]> = ${JSON.stringify(Object.fromEntries(possible))}\n`
}
