import type { Exchange } from './exchange.ts'

/**
 * Whether a request comes from this machine and was meant for it: from a loopback address, with our own loopback name in
 * `Host`, so that a foreign name that was pointed at this machine does not count, and not handed on by a proxy.
 */
export function isLocalRequest(exchange: Exchange): boolean {
  const { socket, headers } = exchange.request
  const names = ['127.0.0.1', 'localhost', '[::1]'].map((name) => `${name}:${socket.localPort}`)
  const handedOn = 'forwarded' in headers || 'x-forwarded-for' in headers || 'via' in headers
  return !handedOn && isLoopback(exchange.address) && names.includes(headers.host?.toLowerCase() ?? '')
}

function isLoopback(address: string): boolean {
  return /^127\.|^::1$/.test(address)
}
