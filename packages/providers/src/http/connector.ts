/** Opens sockets only to addresses that may be called; what was checked is what is connected to. */
import { type LookupAddress, type LookupAllOptions, lookup } from 'node:dns'
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

/** Tells the addresses of a host, as `lookup` of `node:dns` does. */
export type Resolve = (
  hostname: string,
  options: LookupAllOptions,
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void

/**
 * The lookup of a socket that goes to such addresses only. The check sits in the lookup itself: a name that resolves to
 * something else a moment later (DNS rebinding) changes nothing, because the socket goes to the address that was looked
 * at. One refused address among several refuses all.
 */
export function createLookup(resolve: Resolve, allows: (address: string) => boolean): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, '', 0)
      const [first] = addresses
      if (first === undefined || !addresses.every(({ address }) => allows(address))) {
        return callback(new ConnectFailure(`${hostname} is not a public address.`, { blocked: true }), '', 0)
      }
      return options.all ? callback(null, addresses) : callback(null, first.address, first.family)
    })
  }
}

/** An undici connector that marks every failure as `ConnectFailure`. */
export function createConnector(
  guard: AddressGuard,
  timeoutMs: number,
  resolve: Resolve = lookup,
): buildConnector.connector {
  const openTo = (allows: (address: string) => boolean) =>
    buildConnector({ timeout: timeoutMs, lookup: createLookup(resolve, allows) } as buildConnector.BuildOptions)
  const openAny = openTo(() => true)
  const openPublic = openTo(isPublicAddress)
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
