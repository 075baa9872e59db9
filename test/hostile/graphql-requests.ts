/** Bodies and documents that are wrong, deep, large or sly: T9, T10, T11, T21 and T23 of SECURITY.md. */
import { type HostileRequest, postOf } from './request-text.ts'

const sizes = [10, 100, 1_000, 20_000]
const times = (count: number, text: string) => text.repeat(count)
const list = (count: number, text: (index: number) => string) =>
  Array.from({ length: count }, (_, i) => text(i)).join(' ')

/** Documents that grow, each of several sizes. */
const growing: Record<string, (size: number) => string> = {
  'fields in fields': (n) => `${times(n, '{ conversation(id: "x") ')}{ id }${times(n, '}')}`,
  'brackets of lists': (n) => `query ($a: ${times(n, '[')}ID${times(n, ']')}) { viewer { kind } }`,
  'lists as a value': (n) => `{ node(id: ${times(n, '[')}1${times(n, ']')}) { id } }`,
  'objects as a value': (n) => `{ searchRecords(input: ${times(n, '{a:')}1${times(n, '}')}) { __typename } }`,
  aliases: (n) => `{ ${list(n, (i) => `a${i}: viewer { kind }`)} }`,
  'the same field': (n) => `{ viewer { ${times(n, 'kind ')} } }`,
  'the same field with other arguments': (n) => `{ ${list(n, (i) => `node(id: "${i}") { id }`)} }`,
  directives: (n) => `{ viewer ${times(n, '@include(if: true) ')} { kind } }`,
  'unknown directives': (n) => `{ viewer ${list(n, (i) => `@d${i}`)} { kind } }`,
  'inline fragments': (n) => `${times(n, '{ ... on Query ')}{ viewer { kind } }${times(n, '}')}`,
  'fragments that double': (n) =>
    `{ ...F0 } ${list(Math.min(n, 400), (i) => `fragment F${i} on Query { ...F${i + 1} x: node(id: 1) { id } ...F${i + 1} }`)}`,
  'fragments in a ring': (n) => `{ ...F0 } ${list(n, (i) => `fragment F${i} on Query { ...F${(i + 1) % n} }`)}`,
  variables: (n) => `query (${list(n, (i) => `$v${i}: ID`)}) { viewer { kind } }`,
  operations: (n) => list(n, (i) => `query Q${i} { viewer { kind } }`),
  'sign-ins side by side': (n) =>
    `mutation { ${list(n, (i) => `a${i}: createApiKey(name: "x", scope: AGENT) { __typename }`)} }`,
  'a deep look into the schema': (n) =>
    `{ __schema { types { ${times(n, 'fields { type { ')}name${times(n, '} }')} } } }`,
  comments: (n) => `${times(n, '#\n')}{ viewer { kind } }`,
  commas: (n) => `{ viewer { kind${times(n, ',')} } }`,
  'a long name': (n) => `{ ${times(n, 'a')} }`,
  'a long text': (n) => `{ node(id: "${times(n, '\\u{10FFFF}')}") { id } }`,
  'an endless block of text': (n) => `{ node(id: """${times(n, ' \n')}`,
  numbers: (n) => `{ conversations(first: ${times(n, '9')}) { edges { cursor } } }`,
}

const documents = [
  ...[
    '',
    ' ',
    '\u0000',
    '\ufeff',
    '{',
    '}',
    '{}',
    '{ }',
    '{ viewer',
    'null',
    '[]',
    '%7B',
    '{ helo }',
    '{ viewerr { kind } }',
    'query',
    'subscription { x }',
  ],
  ...[
    '{ __schema { types { name } } }',
    '{ __type(name: "User") { fields { name } } }',
    '{ viewer { __typename __schema } }',
    '{ _service { sdl } }',
  ],
  ...[
    `{ node(id: "${'A'.repeat(5_000)}") { id } }`,
    '{ node(id: "VXNlcjox") { id } }',
    '{ node(id: "Ojo6") { id } }',
    '{ node(id: "\\u0000") { id } }',
  ],
  ...[
    '{ nodes(ids: ["", "x", "Tm90aGluZzox"]) { id } }',
    '{ conversations(first: -1) { edges { cursor } } }',
    '{ conversations(first: 99999999999) { edges { cursor } } }',
  ],
  ...[
    '{ conversations(after: "\' OR 1=1 --") { edges { cursor } } }',
    '{ conversations(last: 1, first: 1) { edges { cursor } } }',
    '{ pushes(after: "e30=") { edges { cursor } } }',
  ],
  ...[
    '{ conversation(externalId: "\\uD800") { id } }',
    '{ record(id: "Q3JtUmVjb3JkOng=") { __typename } }',
    '{ moreRecords(cursor: "x") { __typename } }',
  ],
  ...[
    '{ searchRecords(input: { term: "%" }) { __typename } }',
    '{ searchRecords(input: { term: "\\" OR \\"" }) { __typename } }',
    '{ searchRecords(input: { phone: "*", email: "%@%" }) { __typename } }',
  ],
  ...[
    'mutation { endConversation(id: "__proto__") { __typename } }',
    'mutation { startConversation(input: { externalId: "constructor", channel: CHAT }) { __typename } }',
  ],
  ...[
    '{ viewer @skip(if: $x) { kind } }',
    'query ($x: Nope) { viewer { kind } }',
    'query ($x: Int! = null) { viewer { kind } }',
    'fragment F on Query { viewer { kind } }',
  ],
  ...[
    'type Query { x: Int }',
    'extend type User { x: Int }',
    'schema { query: Query }',
    '{ a: __typename b: __typename @defer }',
    '{ viewer { kind } } { viewer { kind } }',
  ],
]

const variables = [
  ...[
    '{"__proto__":{"polluted":true}}',
    '{"constructor":{"prototype":{"polluted":true}}}',
    '{"id":{"__proto__":null,"toString":1}}',
    '{"input":{"__proto__":{"term":"x"}}}',
  ],
  ...[
    '{"id":1e999}',
    '{"id":-0}',
    '{"id":123456789012345678901234567890}',
    '{"id":"\\ud800"}',
    '{"id":"\\u0000"}',
    '{"id":[[[[]]]]}',
    '{"id":{"$ne":null}}',
    '{"id":true}',
    '{"first":2147483648}',
    '{"first":0.5}',
    '{"":""}',
  ],
]
const withVariables = [
  'query ($id: ID!) { node(id: $id) { id } }',
  'query ($first: Int) { conversations(first: $first) { edges { cursor } } }',
  'query ($input: SearchRecordsInput!) { searchRecords(input: $input) { __typename } }',
  'mutation ($id: ID!) { endConversation(id: $id) { __typename } }',
]

const bodies = [
  ...[
    '',
    ' ',
    '{',
    '[',
    'null',
    '1',
    '"x"',
    'true',
    '[]',
    '[{}]',
    '{}',
    '{"query":null}',
    '{"query":{}}',
    '{"query":[]}',
    '{"query":1}',
    '{"query":""}',
    '{"Query":"{x}"}',
    '\u0000',
    'NaN',
    "{'query':1}",
  ],
  ...[
    '{"query":"{ viewer { kind } }","query":1}',
    '{"query":"{ viewer { kind } }","operationName":1}',
    '{"query":"{ viewer { kind } }","operationName":"__proto__"}',
  ],
  ...[
    '{"query":"{ viewer { kind } }","variables":"x"}',
    '{"query":"{ viewer { kind } }","variables":[1]}',
    '{"query":"{ viewer { kind } }","extensions":1}',
    '{"query":"{ viewer { kind } }"}}',
    '{"query":"{ viewer { kind } }"}x',
  ],
  ...[
    '{"__proto__":{"query":"{ viewer { kind } }"}}',
    '{"constructor":1,"query":"{ viewer { kind } }"}',
    '{"extensions":{"persistedQuery":{"version":1,"sha256Hash":"x"}}}',
    '{"extensions":{"persistedQuery":{"sha256Hash":{}}}}',
  ],
]

export function graphqlRequests(key: string): HostileRequest[] {
  const ask = (name: string, body: unknown) => postOf(name, key, body)
  return [
    ...Object.entries(growing).flatMap(([name, of]) =>
      sizes.map((size) => ask(`${size} ${name}`, { query: of(size) })),
    ),
    ...documents.map((query) => ask(`the document ${query.slice(0, 60)}`, { query })),
    ...withVariables.flatMap((query) =>
      variables.map((text) =>
        ask(`${text} for ${query.slice(0, 40)}`, `{"query":${JSON.stringify(query)},"variables":${text}}`),
      ),
    ),
    ...bodies.map((body) => ask(`the body ${body.slice(0, 60)}`, body)),
    ...sizes.flatMap((size) => [
      ask(
        `${size} lists in variables`,
        `{"query":"{ viewer { kind } }","variables":{"a":${times(size, '[')}${times(size, ']')}}}`,
      ),
      ask(
        `${size} objects in extensions`,
        `{"query":"{ viewer { kind } }","extensions":${times(size, '{"a":')}1${times(size, '}')}}`,
      ),
      ask(`${size} lists that never end`, times(size, '[')),
      ask(`a batch of ${size}`, `[${Array.from({ length: size }, () => '{"query":"{ viewer { kind } }"}').join()}]`),
      ask(
        `${size} keys`,
        `{"query":"{ viewer { kind } }","variables":{${Array.from({ length: size }, (_, i) => `"k${i}":1`).join()}}}`,
      ),
    ]),
    ask('three mebibytes', `{"query":"${' '.repeat(3 * 1024 * 1024)}"}`),
    ...['c3', 'ff', 'fe', 'eda080', 'c080', 'f8888080', 'fffe7b00'].map((hex) =>
      ask(
        `bytes ${hex} that are no UTF-8`,
        Buffer.concat([Buffer.from('{"query":"'), Buffer.from(hex, 'hex'), Buffer.from('"}')]),
      ),
    ),
  ]
}
