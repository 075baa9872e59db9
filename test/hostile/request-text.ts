/** Requests as bytes, since no client would send what is sent here. */

export interface HostileRequest {
  /** What is wrong with it. */
  readonly name: string
  readonly bytes: Buffer
}

export interface RequestParts {
  method?: string
  target?: string
  version?: string
  /** Beside `Host` and `Connection: close`. */
  headers?: readonly string[]
  /** Without it there is no `Content-Length`. */
  body?: string | Buffer
}

export const JSON_TYPE = 'Content-Type: application/json'

export function requestOf(name: string, parts: RequestParts = {}): HostileRequest {
  const { method = 'POST', target = '/graphql', version = 'HTTP/1.1', headers = [], body } = parts
  const length = body === undefined ? [] : [`Content-Length: ${Buffer.byteLength(body)}`]
  const head = [`${method} ${target} ${version}`, 'Host: 127.0.0.1', 'Connection: close', ...headers, ...length]
  return rawOf(name, Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`, 'latin1'), Buffer.from(body ?? '')]))
}

export function rawOf(name: string, bytes: string | Buffer): HostileRequest {
  return { name, bytes: typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes }
}

/** A POST of JSON by a known caller. */
export function postOf(name: string, key: string, body: unknown, headers: readonly string[] = []): HostileRequest {
  const text = typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body)
  return requestOf(name, { headers: [`Authorization: Bearer ${key}`, JSON_TYPE, ...headers], body: text })
}
