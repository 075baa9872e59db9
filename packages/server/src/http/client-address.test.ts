import type { IncomingMessage } from 'node:http'
import { expect, test } from 'vitest'
import { clientAddress, networkOf, readProxies } from './client-address.ts'

const request = (remoteAddress: string, forwarded?: string) =>
  ({ socket: { remoteAddress }, headers: { 'x-forwarded-for': forwarded } }) as unknown as IncomingMessage

const proxies = readProxies(['10.0.0.0/8', 'fd00::/8'])

test.each([
  ['the socket says where a client is', '203.0.113.7', undefined, '203.0.113.7'],
  ['a client cannot say that it is elsewhere', '203.0.113.7', '198.51.100.1', '203.0.113.7'],
  ['a proxy of ours is believed', '10.1.2.3', '198.51.100.1', '198.51.100.1'],
  ['through several of our proxies', 'fd00::1', '198.51.100.1, 10.9.9.9', '198.51.100.1'],
  ['what a client wrote before our proxy did counts for nothing', '10.1.2.3', '1.1.1.1, 198.51.100.1', '198.51.100.1'],
  ['a proxy that says nothing stands for itself', '10.1.2.3', undefined, '10.1.2.3'],
  ['a proxy that says nonsense stands for itself', '10.1.2.3', 'somebody', '10.1.2.3'],
  ['IPv4 in IPv6 is IPv4', '::ffff:10.1.2.3', '::ffff:198.51.100.1', '198.51.100.1'],
])('%s (T18)', (_name, remote, forwarded, address) => {
  expect(clientAddress(request(remote, forwarded), proxies)).toBe(address)
})

test('the addresses that one subscriber of IPv6 has count as one', () => {
  expect(networkOf('2001:db8:1:2:3:4:5:6')).toBe('2001:db8:1:2::/64')
  expect(networkOf('2001:db8::7')).toBe('2001:db8:0:0::/64')
  expect(networkOf('::1')).toBe('0:0:0:0::/64')
  expect(networkOf('198.51.100.1')).toBe('198.51.100.1')
})

test.each(['somewhere', '10.0.0.0/99', ''])('%j is no proxy', (entry) => {
  expect(() => readProxies([entry])).toThrow()
})
