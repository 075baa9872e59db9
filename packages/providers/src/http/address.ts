/** Which addresses the gateway may call: public https hosts, and what the operator lists (product.md "Connect"). */
import { BlockList, isIP } from 'node:net'

const privateIpv4 = new BlockList()
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const) {
  privateIpv4.addSubnet(network, prefix, 'ipv4')
}

// Only 2000::/3 is routed on the internet; v4-mapped, loopback, link-local, unique-local and multicast lie outside it.
const globalIpv6 = new BlockList()
globalIpv6.addSubnet('2000::', 3, 'ipv6')

const reservedIpv6 = new BlockList()
for (const [network, prefix] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const) {
  reservedIpv6.addSubnet(network, prefix, 'ipv6')
}

/** Whether an IP address belongs to a host on the public internet. False for anything that is no IP address. */
export function isPublicAddress(address: string): boolean {
  switch (isIP(address)) {
    case 4:
      return !privateIpv4.check(address, 'ipv4')
    case 6:
      return globalIpv6.check(address, 'ipv6') && !reservedIpv6.check(address, 'ipv6')
    default:
      return false
  }
}

export interface AddressGuard {
  /** Whether the operator vouches for this host: it may be private and plain http. `port` in digits, '' for the default. */
  isListed(hostname: string, port: string): boolean
  /** What is wrong with calling this URL, as a sentence; null where nothing is. Names are resolved when connecting. */
  check(url: string): string | null
}

/**
 * @param allowedHosts `host` (any port) or `host:port`, as `ALLOWED_CRM_HOSTS` lists them
 */
export function createAddressGuard(allowedHosts: readonly string[]): AddressGuard {
  const listed = new Set(allowedHosts.map((host) => host.trim().toLowerCase()))

  function isListed(hostname: string, port: string): boolean {
    return listed.has(hostname) || listed.has(`${hostname}:${port}`)
  }

  return {
    isListed,
    check(url) {
      if (!URL.canParse(url)) return 'The address is not a URL.'
      const target = new URL(url)
      if (target.protocol !== 'https:' && target.protocol !== 'http:') return 'The address must begin with https://.'
      if (target.username !== '' || target.password !== '') {
        return 'The address must not hold a user name or password.'
      }
      if (isListed(target.hostname, target.port || (target.protocol === 'https:' ? '443' : '80'))) return null
      if (target.protocol === 'http:') return `The address of ${target.host} must begin with https://.`
      const literal = target.hostname.replace(/^\[(.*)\]$/, '$1')
      if (isIP(literal) !== 0 && !isPublicAddress(literal)) return `${target.host} is not a public address.`
      return null
    },
  }
}
