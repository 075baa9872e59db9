import { buildSchema } from 'graphql'
import { compileQuery, isCompiledQuery } from 'graphql-jit'
import { expect, test } from 'vitest'
import { createDocuments } from './documents.ts'
import { noKnownOperations } from './known-operations.ts'
import { usualLimits } from './limit-values.ts'

const schema = buildSchema(`
  input Whom @oneOf { phone: String email: String }
  input Search { whom: [Whom!]! }
  type Query { one(whom: Whom!): String found(search: Search!): String }
`)

test.each([
  ['itself', 'query ($value: Whom!) { one(whom: $value) }', (whom: object) => whom],
  ['in another input', 'query ($value: Search!) { found(search: $value) }', (whom: object) => ({ whom: [whom] })],
])('exactly one field of a @oneOf variable is demanded, however often the document comes: %s', async (_, text, of) => {
  const compiled = compileQuery(
    schema,
    createDocuments(schema, usualLimits, noKnownOperations).prepare(text).document ?? expect.unreachable(),
  )
  if (!isCompiledQuery(compiled)) expect.unreachable()
  const two = { phone: '1', email: 'a@b.example' }
  expect(compiled.query(undefined, {}, { value: of(two) }), 'what is compiled checks it by now').not.toHaveProperty(
    'errors',
  )

  const documents = createDocuments(schema, usualLimits, noKnownOperations)
  for (let round = 0; round < 10; round++) {
    const ask = async (whom: object) =>
      documents.prepare(text).run({ operationName: null, variables: { value: of(whom) }, context: {} })
    for (const whom of [two, {}, { phone: null }]) {
      expect(await ask(whom)).toMatchObject({ errors: [{ message: expect.stringMatching(/exactly one|non-null/i) }] })
    }
    expect(await ask({ phone: '1' })).not.toHaveProperty('errors')
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
})
