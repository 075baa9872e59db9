/** What is answered to a request that could not be read to its end. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Limits } from './limit-values.ts'
import { refuseConnection } from './raw-answer.ts'
import { badRequest, overLimit, type Refusal } from './refusal.ts'

export interface BrokenRequests {
  /** Is told of every request whose head was read. */
  began(request: IncomingMessage, response: ServerResponse): void
  /** Answers what Node gave up, and closes its connection. */
  refuse(error: Error, socket: Duplex): void
}

interface Begun {
  request: IncomingMessage
  response: ServerResponse
}

export function createBrokenRequests(limits: Limits): BrokenRequests {
  /** The request of each connection that is being answered. */
  const begun = new WeakMap<Duplex, Begun>()

  function explain(error: Error, isReadingBody: boolean): Refusal {
    const code = 'code' in error ? error.code : undefined
    if (code === 'HPE_HEADER_OVERFLOW') return tooMuchHead(limits)
    if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return tooSlow(isReadingBody ? 'requestSeconds' : 'headerSeconds', limits)
    return badRequest('This is no request of HTTP/1.1.')
  }

  return {
    began(request, response) {
      const { socket } = request
      // Of several on one connection the first is on the wire, and the others wait.
      if (begun.has(socket)) return
      begun.set(socket, { request, response })
      response.once('close', () => begun.delete(socket))
    },
    refuse(error, socket) {
      const { request, response } = begun.get(socket) ?? {}
      // In the middle of another answer, ours would be taken for a part of it.
      if (!socket.writable || response?.headersSent) return void socket.destroy(error)
      refuseConnection(socket, explain(error, request?.complete === false))
    },
  }
}

function tooMuchHead({ headerBytes: most }: Limits): Refusal {
  const message = `The head of a request may have at most ${most} bytes.`
  return overLimit(431, { name: 'headerBytes', most, found: most + 1 }, message)
}

function tooSlow(name: 'headerSeconds' | 'requestSeconds', limits: Limits): Refusal {
  const what = name === 'headerSeconds' ? 'The head of a request' : 'A request'
  const most = limits[name]
  return overLimit(408, { name, most, found: most }, `${what} must have come within ${most} s.`)
}
