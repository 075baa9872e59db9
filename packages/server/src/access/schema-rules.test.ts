import { GraphQLObjectType, GraphQLSchema, GraphQLString } from 'graphql'
import { describe, expect, it } from 'vitest'
import type { Declared } from './rule.ts'
import { describeRules, rulesOf } from './schema-rules.ts'

function schemaOf(fields: Record<string, Declared>, below: Declared = {}): GraphQLSchema {
  const of = (pothosOptions: Declared) => ({
    type: GraphQLString,
    description: 'A word.',
    extensions: { pothosOptions },
  })
  const thing = new GraphQLObjectType({ name: 'Thing', fields: { inner: of(below) } })
  const all = Object.entries(fields).map(([name, declared]) => [name, of(declared)])
  return new GraphQLSchema({
    query: new GraphQLObjectType({ name: 'Query', fields: Object.fromEntries(all) }),
    types: [thing],
  })
}

describe('a schema', () => {
  it('does not build with a root field that nobody gave a rule (T28)', () => {
    expect(() => describeRules(schemaOf({ open: {} }))).toThrow('Query.open does not say who may ask for it')
  })

  it.each([
    [{ admin: true, agent: true }],
    [{ admin: false }],
    [{ everybody: true }],
    [{}],
    [() => ({ admin: true })],
    [true],
  ])('does not build with a rule that cannot be told: %j', (authScopes) => {
    expect(() => rulesOf(schemaOf({ odd: { authScopes } }))).toThrow('Query.odd must name one scope')
  })

  it('tells of which types not everybody is given one by its id', () => {
    const thing = (byId: unknown) =>
      new GraphQLObjectType({
        name: 'Thing',
        fields: { inner: { type: GraphQLString } },
        extensions: { pothosOptions: { extensions: { byId } } },
      })
    const rules = (byId: unknown) => rulesOf(new GraphQLSchema({ types: [thing(byId)] })).byId
    expect(rules({ admin: true })).toEqual([{ place: 'Thing', rule: { least: 'ADMIN', onlyOwners: false } }])
    expect(rules(undefined)).toEqual([])
    expect(() => rules({ nobody: true })).toThrow('Thing by its id must name one scope')
  })

  it('says every rule where it holds', () => {
    const schema = describeRules(
      schemaOf(
        {
          agents: { authScopes: { agent: true } },
          backends: { authScopes: { service: true } },
          owners: { authScopes: { admin: true }, extensions: { onlyOwners: true } },
        },
        { authScopes: { admin: true } },
      ),
    )
    const said = Object.values(schema.getQueryType()?.getFields() ?? {}).map(({ description }) => description)
    expect(said).toEqual([
      'A word. Who may ask: ADMIN, SERVICE, AGENT.',
      'A word. Who may ask: ADMIN, SERVICE.',
      'A word. Who may ask: an OWNER who is signed in.',
    ])
    expect(rulesOf(schema).nested).toEqual([{ place: 'Thing.inner', rule: { least: 'ADMIN', onlyOwners: false } }])
  })
})
