/** Connections that ask to become something else than HTTP/1. */
import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'

export interface Upgrade {
  readonly request: IncomingMessage
  readonly socket: Duplex
  /** Where the client is. */
  readonly address: string
  /** What was read of it already. */
  readonly head: Buffer
  /** Origins whose pages may connect, with a token. */
  readonly corsOrigins: ReadonlySet<string>
}

export function isWebSocket({ headers }: IncomingMessage): boolean {
  return headers.upgrade?.toLowerCase() === 'websocket'
}

/**
 * An offer of HTTP/2, which Java's own client makes with its first request, may be passed over (RFC 9110, 7.8). Node hands
 * over the connection all the same as soon as somebody takes upgrades: it is given back as if nothing had been offered.
 */
export function passOver(server: Server, request: IncomingMessage, socket: Duplex, head: Buffer): void {
  const { method, url, httpVersion, rawHeaders } = request
  const lines = [`${method} ${url} HTTP/${httpVersion}`]
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? ''
    if (!/^(upgrade|connection|http2-settings)$/i.test(name)) lines.push(`${name}: ${rawHeaders[index + 1]}`)
  }
  socket.unshift(Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), head]))
  server.emit('connection', socket)
}
