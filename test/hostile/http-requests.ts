/** Requests that break HTTP, or use it as an attacker would: T12, T13, T21 and T22 of SECURITY.md. */
import { gzipSync } from 'node:zlib'
import { type HostileRequest, JSON_TYPE, postOf, type RequestParts, rawOf, requestOf } from './request-text.ts'

const query = '{"query":"{ viewer { kind } }"}'

/** What only a broken or a lying client sends. */
export function brokenRequests(key: string): HostileRequest[] {
  const auth = `Authorization: Bearer ${key}`
  const post = (name: string, headers: string[], body: string) =>
    rawOf(name, `POST /graphql HTTP/1.1\r\nHost: x\r\n${[auth, JSON_TYPE, ...headers].join('\r\n')}\r\n\r\n${body}`)
  return [
    rawOf('nothing but line ends', '\r\n\r\n\r\n\r\n'),
    rawOf('zero bytes', '\0'.repeat(2_000)),
    rawOf('the start of TLS', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'),
    rawOf('the preface of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
    rawOf('no version', 'GET /graphql\r\n\r\n'),
    rawOf('HTTP/0.9', 'GET /\r\n'),
    rawOf('a version that is not there', 'GET / HTTP/9.9\r\nHost: x\r\n\r\n'),
    rawOf('no host', 'GET /graphql HTTP/1.1\r\nConnection: close\r\n\r\n'),
    rawOf('two hosts', 'GET /graphql HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n'),
    rawOf('half a head', 'POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Le'),
    post('length and chunks together', ['Content-Length: 4', 'Transfer-Encoding: chunked'], `0\r\n\r\n${query}`),
    post('two lengths', ['Content-Length: 4', 'Content-Length: 40'], query),
    post('a length below zero', ['Content-Length: -1'], query),
    post('a length that is no number', ['Content-Length: 0x1f'], query),
    post('a length beyond counting', ['Content-Length: 99999999999999999999'], query),
    post('more announced than sent', [`Content-Length: ${query.length + 100}`], query),
    post('less announced than sent', ['Connection: close', 'Content-Length: 5'], query),
    post('chunks of a size that is none', ['Transfer-Encoding: chunked'], `zz\r\n${query}\r\n0\r\n\r\n`),
    post('a chunk larger than it says', ['Transfer-Encoding: chunked'], `5\r\n${query}\r\n0\r\n\r\n`),
    post(
      'a last chunk that never comes',
      ['Transfer-Encoding: chunked'],
      `${query.length.toString(16)}\r\n${query}\r\n`,
    ),
    post('chunks with endless extensions', ['Transfer-Encoding: chunked'], `1;${'a'.repeat(20_000)}\r\nx\r\n0\r\n\r\n`),
    post('an encoding in disguise', ['Transfer-Encoding: xchunked', 'Content-Length: 3'], query),
    post('an encoding by a broken line', ['Transfer-Encoding:\r\n chunked'], `0\r\n\r\n${query}`),
    post('a header with a zero byte', ['X-Request-Id: a\0b', 'Content-Length: 2'], '{}'),
    post('a header without a name', [': value', 'Content-Length: 2'], '{}'),
    post('a blank before the colon', ['X-Thing : value', 'Content-Length: 2'], '{}'),
    post('only line feeds', ['X-Thing: a\nX-Other: b', 'Content-Length: 2'], '{}'),
    post('splitting of the answer', ['X-Request-Id: a%0d%0aSet-Cookie:%20x=1', 'Content-Length: 2'], '{}'),
    post('a header of 20 kB', [`X-Thing: ${'a'.repeat(20_000)}`, 'Content-Length: 2'], '{}'),
    post('3,000 headers', [...Array.from({ length: 3_000 }, (_, i) => `X-${i}: 1`), 'Content-Length: 2'], '{}'),
    post('wishes for a pause that never ends', ['Expect: 100-continue', 'Content-Length: 100'], ''),
    post('an expectation that nobody knows', ['Expect: tea', 'Connection: close', 'Content-Length: 2'], '{}'),
    rawOf(
      'two requests in one',
      `GET / HTTP/1.1\r\nHost: x\r\n\r\nGET /ready HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`,
    ),
    ...['websocket', 'WebSocket, h2c', 'tls/1.0', ''].map((upgrade) =>
      requestOf(`an upgrade to "${upgrade}" of another site`, {
        method: 'GET',
        headers: [
          'Connection: Upgrade',
          `Upgrade: ${upgrade}`,
          'Origin: https://evil.example',
          'Sec-WebSocket-Version: 13',
        ],
      }),
    ),
    rawOf(
      'a WebSocket that talks garbage',
      `GET /graphql HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n${'\xff'.repeat(200)}`,
    ),
    rawOf(
      'a WebSocket without a key',
      'GET /graphql HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
    ),
  ]
}

const bomb = gzipSync(Buffer.alloc(50 * 1024 * 1024, ' '))

/** Right HTTP, and still not what a client of ours would send. */
export function foreignRequests(key: string): HostileRequest[] {
  const auth = `Authorization: Bearer ${key}`
  const targets = [
    ...[
      '/graphql?query=%E0%A4%A',
      '/graphql?variables=%E0%A4%A&query={viewer{kind}}',
      '/graphql?query=%00',
      '/graphql?%',
    ],
    ...[
      '/graphql?query={viewer{kind}}&variables={"a":',
      '/graphql?query=mutation{endConversation(id:"x"){__typename}}',
    ],
    ...[
      '/graphql?variables[__proto__][x]=1&query={viewer{kind}}',
      '/graphql?query=&query=',
      `/graphql?query=${'%7B'.repeat(3_000)}`,
    ],
    ...[
      '/admin/..%2f..%2f..%2fetc%2fpasswd',
      '/admin/%2e%2e/%2e%2e/package.json',
      '/admin/%00',
      '/admin/%E0%A4%A',
      '/admin//etc/passwd',
    ],
    ...[
      '/admin/assets/..\\..\\secret',
      '/admin/constructor',
      '/admin/__proto__',
      '//evil.example/',
      'http://evil.example/graphql',
      '*',
    ],
    ...[
      '/auth/callback/dynamics?code=x&state=y',
      '/auth/callback/salesforce?error=%0d%0aX: y',
      '/auth/%2e%2e/graphql',
      '/auth/sign-in/email',
    ],
    ...[
      '/graphql/stream?operationId=%00',
      '/graphql/stream',
      '/graphql/../admin',
      '/GRAPHQL',
      `/${'a'.repeat(8_000)}`,
      '/?__proto__=1',
      '/health?%E0%A4%A',
    ],
  ]
  const methods = ['GET', 'HEAD', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE', 'CONNECT', 'PROPFIND', 'QUERY']
  const types = [
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/json;',
    'text/json',
    'application/json; charset=utf-7',
    'application/graphql',
    '*/*',
  ]
  const encodings = ['gzip', 'deflate', 'br', 'gzip, gzip', 'identity, gzip', 'chunked', 'x']
  const withHeaders = (name: string, parts: RequestParts) =>
    requestOf(name, { ...parts, headers: [auth, ...(parts.headers ?? [])] })
  return [
    ...targets.flatMap((target) => [
      requestOf(`GET ${target.slice(0, 60)}`, { method: 'GET', target }),
      withHeaders(`GET ${target.slice(0, 60)}, by a known caller`, { method: 'GET', target }),
      withHeaders(`POST ${target.slice(0, 60)}`, { target, headers: [JSON_TYPE], body: query }),
    ]),
    ...methods.flatMap((method) =>
      ['/graphql', '/graphql/stream', '/admin', '/auth/get-session', '/health'].map((target) =>
        withHeaders(`${method} ${target}`, { method, target }),
      ),
    ),
    ...types.map((type) =>
      withHeaders(`a body of ${type}`, { headers: [`Content-Type: ${type}`], body: `query=mutation{x}&${query}` }),
    ),
    ...encodings.map((encoding) => postOf(`a bomb in ${encoding}`, key, bomb, [`Content-Encoding: ${encoding}`])),
    ...['https://evil.example', 'null', 'http://127.0.0.1.evil.example', 'file://', '\u00ff'].flatMap((origin) => [
      requestOf(`a page of ${origin} posts with a cookie`, {
        headers: [JSON_TYPE, `Origin: ${origin}`, 'Sec-Fetch-Site: cross-site', 'Cookie: __Host-session=x; a=b'],
        body: query,
      }),
      requestOf(`a page of ${origin} asks beforehand`, {
        method: 'OPTIONS',
        headers: [
          `Origin: ${origin}`,
          'Access-Control-Request-Method: POST',
          'Access-Control-Request-Headers: authorization',
        ],
      }),
    ]),
    ...[
      'Bearer',
      'Bearer ',
      'Basic eDp5',
      'Bearer ey.J.x',
      `Bearer ${'a'.repeat(8_000)}`,
      'Bearer \u00ff\u00fe',
      'bearer null',
      'Bearer eyJhbGciOiJub25lIn0.e30.',
    ].map((value) =>
      requestOf(`as "${value.slice(0, 30)}"`, { headers: [`Authorization: ${value}`, JSON_TYPE], body: query }),
    ),
    ...['evil.example', '127.0.0.1:99999', '[::1', 'a b', '../../', 'localhost:4000@evil.example'].map((host) =>
      rawOf(
        `for the host ${host}`,
        `POST /graphql HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n${auth}\r\n${JSON_TYPE}\r\nContent-Length: ${query.length}\r\n\r\n${query}`,
      ),
    ),
    ...['text/csv', '', ',,,,', 'text/event-stream;q=nan', 'text/event-stream', 'a/b;'.repeat(3_000)].map((accept) =>
      postOf(`accepts "${accept.slice(0, 30)}"`, key, query, [`Accept: ${accept}`]),
    ),
    ...['127.0.0.1', 'x, y, z', '\u00ff', '1.1.1.1, '.repeat(500)].map((from) =>
      postOf(`forwarded for ${from.slice(0, 30)}`, key, query, [`X-Forwarded-For: ${from}`]),
    ),
  ]
}
