import { isIPv6 } from 'node:net'

/**
 * The network that an address belongs to, as far as one person commands it: an IPv4 address itself, of an IPv6 address the
 * first 64 bits, since every household has as many addresses behind them as it likes.
 */
export function networkOf(address: string): string {
  const plain = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1] ?? address
  if (!isIPv6(plain)) return plain
  const [head = '', tail = ''] = plain.split('%')[0]?.toLowerCase().split('::') ?? []
  const groups = head.split(':').filter((group) => group !== '')
  const last = tail.split(':').filter((group) => group !== '')
  const filled = [...groups, ...Array.from({ length: 8 - groups.length - last.length }, () => '0'), ...last]
  return `${filled
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':')}::/64`
}
