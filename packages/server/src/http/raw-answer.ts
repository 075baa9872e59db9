/** Answers to connections of which no request was read. */
import { STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import { type Refusal, refusalError } from './refusal.ts'

/** Says why, in the words of every other refusal, and closes the connection. */
export function refuseConnection(socket: Duplex, refusal: Refusal): void {
  const body = JSON.stringify({ errors: [refusalError(refusal)] })
  const lines = [
    `HTTP/1.1 ${refusal.status} ${STATUS_CODES[refusal.status] ?? ''}`,
    'content-type: application/graphql-response+json; charset=utf-8',
    `content-length: ${Buffer.byteLength(body)}`,
    'x-content-type-options: nosniff',
    ...Object.entries(refusal.headers).map(([name, value]) => `${name}: ${value}`),
    'connection: close',
  ]
  // Whoever has gone needs no answer.
  socket.on('error', () => {})
  socket.end(`${lines.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy())
}
