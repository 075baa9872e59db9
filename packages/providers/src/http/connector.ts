/** Opens sockets only to addresses that may be called; what was checked is what is connected to. */
import { lookup as resolve } from 'node:dns'
import type { LookupFunction } from 'node:net'
import { buildConnector } from 'undici'
import { type AddressGuard, isPublicAddress } from './address.ts'

/** No connection came about, so nothing was sent. */
export class ConnectFailure extends Error {
  override readonly name = 'ConnectFailure'
  /** The address was refused by us, not by the network. */
  readonly blocked: boolean

  constructor(message: string, options: { blocked: boolean; cause?: unknown }) {
    super(message, { cause: options.cause })
    this.blocked = options.blocked
  }
}

// The check sits in the lookup itself: a name that resolves to something else a moment later (DNS rebinding) changes
// nothing, because the socket goes to the address that was looked at. One private address among several refuses all.
const lookupPublic: LookupFunction = (hostname, options, callback) => {
  resolve(hostname, { ...options, all: true }, (error, addresses) => {
    if (error) return callback(error, '', 0)
    const [first] = addresses
    if (first === undefined || !addresses.every(({ address }) => isPublicAddress(address))) {
      return callback(new ConnectFailure(`${hostname} is not a public address.`, { blocked: true }), '', 0)
    }
    return options.all ? callback(null, addresses) : callback(null, first.address, first.family)
  })
}

/** An undici connector that marks every failure as `ConnectFailure`. */
export function createConnector(guard: AddressGuard, timeoutMs: number): buildConnector.connector {
  const openAny = buildConnector({ timeout: timeoutMs })
  const openPublic = buildConnector({ timeout: timeoutMs, lookup: lookupPublic } as buildConnector.BuildOptions)
  return (options, callback) => {
    const open = guard.isListed(options.hostname, options.port || defaultPort(options.protocol)) ? openAny : openPublic
    open(options, (...[error, socket]) => {
      if (error === null) callback(null, socket)
      else callback(error instanceof ConnectFailure ? error : connectFailure(options.hostname, error), null)
    })
  }
}

function defaultPort(protocol: string): string {
  return protocol === 'https:' ? '443' : '80'
}

function connectFailure(hostname: string, cause: Error): ConnectFailure {
  return new ConnectFailure(
    `No connection to ${hostname} could be opened. Check the address, and that this server may reach it.`,
    { blocked: false, cause },
  )
}
