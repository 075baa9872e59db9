/** Configurations that would run, and be open to others: the server does not start with them. Pure. */
import { BlockList, isIP, isIPv6 } from 'node:net'

/** Found in examples, lists of guesses and forgotten defaults; compared without case, signs and a number behind. */
const guessed = new Set([
  'admin',
  'administrator',
  'changeme',
  'default',
  'demo',
  'example',
  'letmein',
  'owner',
  'pass',
  'passw0rd',
  'password',
  'qwerty',
  'qwertyui',
  'qwertyuiop',
  'secret',
  'test',
  'welcome',
])
const LEAST_DIFFERENT_SIGNS = 5
/** Of 32 random characters of base64, fewer are different from each other once in a trillion times. */
const LEAST_DIFFERENT_IN_KEY = 12

/** What is wrong with a password that somebody chose; null: nothing that we know of. */
export function passwordDanger(password: string): string | null {
  const core = password.toLowerCase().replaceAll(/[^a-z0-9]/g, '')
  const isGuessed = guessed.has(core) || guessed.has(core.replace(/(?<!\d)\d+$/, ''))
  if (!isGuessed && new Set(password).size >= LEAST_DIFFERENT_SIGNS) return null
  return 'is guessed at once: choose a longer one that no list holds'
}

/** What is wrong with a key that should have been drawn. */
export function drawnKeyDanger(key: string): string | null {
  if (new Set(key).size >= LEAST_DIFFERENT_IN_KEY) return null
  return 'is no random key; draw one with "openssl rand -base64 33"'
}

/** What is wrong with the bytes of an encryption key that should have been drawn. */
export function keyBytesDanger(bytes: Uint8Array): string | null {
  const isText = bytes.every((byte) => byte >= 0x20 && byte < 0x7f)
  const steps = bytes.slice(1).map((byte, index) => byte - (bytes[index] ?? 0))
  if (!isText && new Set(bytes).size >= LEAST_DIFFERENT_IN_KEY && new Set(steps).size > 2) return null
  return 'is no random key: draw one with "openssl rand -base64 32"'
}

/** What is wrong with the address that browsers reach us under, in production. */
export function publicUrlDanger(url: string): string | null {
  const { protocol, hostname } = new URL(url)
  if (protocol === 'https:' || isOwnMachine(hostname)) return null
  return 'must begin with https:// in production, else session cookies can be read on the way: put a proxy that speaks TLS before the server'
}

/** What is wrong with the address of a Redis, which whoever reaches it can empty and fill. */
export function redisUrlDanger(url: string): string | null {
  const { protocol, hostname, password } = new URL(url)
  if (isOwnMachine(hostname)) return null
  if (password === '') return 'must have a password where Redis is on another machine: redis://:password@host'
  if (protocol === 'rediss:' || isOfOwnNetwork(hostname)) return null
  return 'must begin with rediss:// where Redis is beyond the private network, else its password can be read on the way'
}

function isOwnMachine(hostname: string): boolean {
  return /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname)
}

const privateNetworks = new BlockList()
for (const [network, prefix] of [
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
] as const) {
  privateNetworks.addSubnet(network, prefix, 'ipv4')
}
privateNetworks.addSubnet('fc00::', 7, 'ipv6')

/** A private address, or a name that only a private network knows. */
function isOfOwnNetwork(hostname: string): boolean {
  const address = hostname.replace(/^\[|\]$/g, '')
  if (isIP(address) !== 0) return privateNetworks.check(address, isIPv6(address) ? 'ipv6' : 'ipv4')
  return !hostname.includes('.') || /\.(internal|local|svc)$/.test(hostname)
}
