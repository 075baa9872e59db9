import type { IncomingMessage } from 'node:http'
import { BlockList, isIP, type Socket } from 'node:net'

/** Proxies of the operator, whose word on where a request came from is believed. */
export type Proxies = Pick<BlockList, 'check'>

/**
 * @param entries addresses such as `10.0.0.7`, or networks such as `10.0.0.0/8`
 * @throws when one of them is neither
 */
export function readProxies(entries: readonly string[]): Proxies {
  const list = new BlockList()
  for (const entry of entries) {
    const [address = '', bits] = entry.split('/')
    const family = familyOf(address)
    if (family === null) throw new Error(`"${entry}" is neither an address nor a network`)
    if (bits === undefined) list.addAddress(address, family)
    else list.addSubnet(address, Number(bits), family)
  }
  return list
}

export const noProxies: Proxies = readProxies([])

/**
 * Where the client is. That is what the socket says, since headers can say anything; behind a proxy of ours, it is the
 * last address in `X-Forwarded-For` that is none of our proxies.
 */
export function clientAddress({ socket, headers }: IncomingMessage, proxies: Proxies): string {
  let address = peerAddress(socket)
  const forwarded = String(headers['x-forwarded-for'] ?? '').split(',')
  while (isTrusted(address, proxies)) {
    const before = plain(forwarded.pop()?.trim() ?? '')
    if (familyOf(before) === null) break
    address = before
  }
  return address
}

/** Who is at the other end of a connection: a client, or a proxy. */
export function peerAddress({ remoteAddress = '' }: Pick<Socket, 'remoteAddress'>): string {
  return plain(remoteAddress)
}

/** Whether a connection is one of our proxies', and so of many clients. */
export function isProxy(socket: Pick<Socket, 'remoteAddress'>, proxies: Proxies): boolean {
  return isTrusted(peerAddress(socket), proxies)
}

/** What one household or office shares: the address, of IPv6 its first half, since each has 2^64 of those. */
export function networkOf(address: string): string {
  if (isIP(address) !== 6) return address
  const [head = '', tail] = address.split('::')
  const groups = (text: string) => (text === '' ? [] : text.split(':'))
  const before = groups(head)
  const after = tail === undefined ? [] : groups(tail)
  const zeros = Array.from({ length: Math.max(0, 8 - before.length - after.length) }, () => '0')
  return `${[...before, ...zeros, ...after].slice(0, 4).join(':')}::/64`
}

/** An IPv4 address that came in by IPv6 is one of IPv4. */
function plain(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/i, '')
}

function isTrusted(address: string, proxies: Proxies): boolean {
  const family = familyOf(address)
  return family !== null && proxies.check(address, family)
}

function familyOf(address: string): 'ipv4' | 'ipv6' | null {
  const version = isIP(address)
  return version === 4 ? 'ipv4' : version === 6 ? 'ipv6' : null
}
