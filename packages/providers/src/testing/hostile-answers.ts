/** What a broken or hostile CRM may answer in the place of data, each with what it is called. */
import type { ServerResponse } from 'node:http'
import { gzipSync } from 'node:zlib'
import type { ScriptedAnswer } from './scripted-server.ts'

/** Text of the CRM's that no person is to see. */
export const mark = 'MARK-OF-A-HOSTILE-CRM'

const json = { 'content-type': 'application/json' }
const megabyte = Buffer.alloc(1024 * 1024, ' ')
/** 128 MB of nothing. */
const bomb = gzipSync(Buffer.alloc(128 * 1024 * 1024))

function endlessly(response: ServerResponse, part: Buffer, everyMs = 0): void {
  const more = () => {
    if (response.destroyed) return
    const drained = response.write(part)
    if (everyMs > 0) setTimeout(more, everyMs)
    else if (drained) setImmediate(more)
    else response.once('drain', more)
  }
  response.writeHead(200, json)
  more()
}

/** Bytes as they are: what `ServerResponse` would refuse to write. */
function bytes(text: string): ScriptedAnswer {
  return { raw: ({ socket }) => socket?.end(text) }
}

/** Answers that cost whoever reads all of them. */
export const heavyAnswers: readonly [name: string, answer: ScriptedAnswer][] = [
  ['a body without end', { raw: (response) => endlessly(response, megabyte) }],
  [
    'a gzip bomb',
    {
      raw: (response) => {
        response.writeHead(200, { ...json, 'content-encoding': 'gzip' }).end(bomb)
      },
    },
  ],
  ['JSON that nests 200,000 deep', { headers: json, text: '['.repeat(200_000) + ']'.repeat(200_000) }],
  ['objects that nest 50,000 deep', { headers: json, text: `${'{"value":'.repeat(50_000)}1${'}'.repeat(50_000)}` }],
]

/** @param elsewhere an address that nobody may be led to */
export const hostileAnswers = (elsewhere: string): readonly [name: string, answer: ScriptedAnswer][] => [
  ['a slow drip', { raw: (response) => endlessly(response, Buffer.from(' '), 20) }],
  ['headers without end', bytes(`HTTP/1.1 200 OK\r\n${`x-a: ${'a'.repeat(1_000)}\r\n`.repeat(200)}`)],
  [
    'a body that is cut short',
    bytes('HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 999\r\n\r\n{'),
  ],
  ['two lengths', bytes('HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 5\r\n\r\n{}{}{')],
  ['no HTTP', bytes('220 smtp.example ESMTP\r\n')],
  ['provisional answers only', bytes('HTTP/1.1 100 Continue\r\n\r\n'.repeat(1_000))],
  ['a status that there is not', bytes('HTTP/1.1 999 Odd\r\ncontent-length: 2\r\n\r\n{}')],
  ['nothing', { raw: ({ socket }) => socket?.destroy() }],
  ['a page', { headers: { 'content-type': 'text/html' }, text: `<html>${mark}</html>` }],
  ['a page that says it is JSON', { headers: json, text: `<html>${mark}</html>` }],
  ['a page with an error', { status: 500, headers: { 'content-type': 'text/html' }, text: mark }],
  ['an empty body', { headers: json }],
  ['no content', { status: 204 }],
  ['an encoding that was not asked for', { headers: { ...json, 'content-encoding': 'br' }, text: '{}' }],
  ['gzip that is none', { headers: { ...json, 'content-encoding': 'gzip' }, text: '{}' }],
  [
    'bytes that are no UTF-8',
    { headers: json, raw: (response) => response.writeHead(200, json).end(Buffer.from([0x7b, 0xff, 0x7d])) },
  ],
  ...[null, 7, true, 'text', [], [[]], {}, { value: null }, { value: {}, records: {} }].map(
    (value): [string, ScriptedAnswer] => [`JSON of the wrong type: ${JSON.stringify(value)}`, { json: value }],
  ),
  ...[[null], [7], [[]], ['row'], [{}], [{ Id: {}, contactid: [], attributes: 7, Name: { a: 1 }, lastname: [[]] }]].map(
    (rows): [string, ScriptedAnswer] => [
      `rows of the wrong type: ${JSON.stringify(rows)}`,
      { json: { value: rows, records: rows, totalSize: 1e308, done: 'no' } },
    ],
  ),
  [
    'members of a prototype',
    { headers: json, text: '{"__proto__":{"isAdmin":true},"constructor":{"prototype":1},"value":[],"records":[]}' },
  ],
  ...[
    { error: {} },
    { error: { code: {}, message: [] } },
    [{ errorCode: {}, message: 7, fields: 'x' }],
    [null],
    'no',
    { error: 7, error_description: {} },
  ].map((body): [string, ScriptedAnswer] => [
    `an error of the wrong type: ${JSON.stringify(body)}`,
    { status: 400, json: body },
  ]),
  [
    'an error with its inside',
    { status: 500, json: { error: { code: '0x0', message: mark, innererror: { stacktrace: mark } } } },
  ],
  ['a refusal of every token', { status: 401, json: [{ errorCode: 'INVALID_SESSION_ID', message: mark }] }],
  ...['1e999', '-1', 'Fri, 31 Dec 9999 23:59:59 GMT', '99999999999', 'soon', '0x10', '1, 2'].map(
    (wait): [string, ScriptedAnswer] => [
      `a Retry-After of ${wait}`,
      { status: 429, headers: { 'retry-after': wait }, json: {} },
    ],
  ),
  ...[301, 302, 303, 307, 308].map((status): [string, ScriptedAnswer] => [
    `a ${status} to elsewhere`,
    { status, headers: { location: `${elsewhere}/` } },
  ]),
  [
    'pages that go on elsewhere',
    {
      headers: {
        'odata-entityid': `${elsewhere}/api/data/v9.2/contacts(${crypto.randomUUID()})`,
        link: `<${elsewhere}>`,
      },
      json: {
        '@odata.context': `${elsewhere}/$metadata`,
        '@odata.nextLink': `${elsewhere}/api/data/v9.2/contacts?$skiptoken=1`,
        nextRecordsUrl: `${elsewhere}/services/data/v60.0/query/1`,
        value: [],
        records: [],
        done: false,
      },
    },
  ],
]
