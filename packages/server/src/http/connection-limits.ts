/** How many connections there may be at a time, in all and from one address: whoever opens more keeps nobody else out. */
import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import { clientAddress, isProxy, networkOf, type Proxies, peerAddress } from './client-address.ts'
import type { Limits } from './limit-values.ts'
import { refuseConnection } from './raw-answer.ts'
import { overLimit, type Refusal } from './refusal.ts'

export interface ConnectionLimits {
  /** Counts a connection until it closes. One too many is told so, and closed. */
  take(socket: Socket): void
  /**
   * Counts what a client has open through the connection of a proxy, which many clients share: a request until it is
   * answered, a WebSocket until it closes.
   *
   * @param held emits `close` when it is over
   * @throws Refusal with 429
   */
  hold(request: IncomingMessage, held: Closing): void
}

interface Closing {
  once(event: 'close', listener: () => void): unknown
}

export function createConnectionLimits(limits: Limits, proxies: Proxies): ConnectionLimits {
  const { connections, addressConnections } = limits
  const open = new Set<Socket>()
  const ofAddress = new Map<string, number>()

  /** Why it may not be; null where it may, and is counted. */
  function count(address: string, held: Closing): Refusal | null {
    if (addressConnections === 0) return null
    const network = networkOf(address)
    const found = (ofAddress.get(network) ?? 0) + 1
    if (found > addressConnections) {
      const message = `One address may have ${addressConnections} connections at a time. Close some, or share them.`
      return overLimit(429, { name: 'addressConnections', most: addressConnections, found }, message)
    }
    ofAddress.set(network, found)
    held.once('close', () => {
      const left = (ofAddress.get(network) ?? 0) - 1
      if (left > 0) ofAddress.set(network, left)
      else ofAddress.delete(network)
    })
    return null
  }

  function admit(socket: Socket): Refusal | null {
    if (open.size < connections) return isProxy(socket, proxies) ? null : count(peerAddress(socket), socket)
    const hit = { name: 'connections', most: connections, found: open.size + 1 } as const
    return overLimit(503, hit, 'There are as many connections as there may be. Try again in a moment.')
  }

  return {
    take(socket) {
      // One that was handed to the server anew is counted already.
      if (open.has(socket)) return
      const refusal = admit(socket)
      if (refusal) return refuseConnection(socket, refusal)
      open.add(socket)
      socket.once('close', () => open.delete(socket))
    },
    hold(request, held) {
      const refusal = isProxy(request.socket, proxies) ? count(clientAddress(request, proxies), held) : null
      if (refusal) throw refusal
    },
  }
}
