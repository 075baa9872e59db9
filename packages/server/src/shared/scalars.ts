import { GraphQLError, Kind, type ValueNode } from 'graphql'
import { builder } from '../builder.ts'

const rfc3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/i

function parseDateTime(value: unknown): Date {
  const date = typeof value === 'string' && rfc3339.test(value) ? new Date(value) : undefined
  if (date === undefined || Number.isNaN(date.getTime())) {
    throw new GraphQLError('A DateTime is a string such as "2026-01-31T14:05:00Z", with its time zone.')
  }
  return date
}

/** Of a text in a document. graphql-js's own reading takes variables too, which a compiled operation warns of at each. */
const textLiteral =
  <T>(parse: (value: unknown) => T) =>
  (node: ValueNode) =>
    parse(node.kind === Kind.STRING ? node.value : undefined)

builder.scalarType('DateTime', {
  description: 'A moment: ISO 8601 (RFC 3339) with its time zone. Answers are in UTC.',
  specifiedByURL: 'https://scalars.graphql.org/andimarek/date-time.html',
  serialize: (value) => (value instanceof Date ? value.toISOString() : value),
  parseValue: parseDateTime,
  parseLiteral: textLiteral(parseDateTime),
})

function parseUrl(value: unknown): string {
  if (typeof value === 'string' && URL.canParse(value) && /^https?:$/.test(new URL(value).protocol)) return value
  throw new GraphQLError('A URL is an absolute http or https address.')
}

builder.scalarType('URL', {
  description: 'An absolute http or https address.',
  specifiedByURL: 'https://url.spec.whatwg.org/',
  serialize: (value) => value,
  parseValue: parseUrl,
  parseLiteral: textLiteral(parseUrl),
})

function jsonLiteral(node: ValueNode): unknown {
  switch (node.kind) {
    case Kind.STRING:
    case Kind.BOOLEAN:
    case Kind.ENUM:
      return node.value
    case Kind.INT:
    case Kind.FLOAT:
      return Number(node.value)
    case Kind.LIST:
      return node.values.map(jsonLiteral)
    case Kind.OBJECT:
      return Object.fromEntries(node.fields.map((field) => [field.name.value, jsonLiteral(field.value)]))
    case Kind.NULL:
      return null
    case Kind.VARIABLE:
      throw new GraphQLError('A JSON literal cannot hold variables: pass the whole value as one variable.')
  }
}

builder.scalarType('JSON', {
  description: 'Any JSON value.',
  serialize: (value) => value,
  parseValue: (value) => value,
  parseLiteral: (node) => jsonLiteral(node),
})
