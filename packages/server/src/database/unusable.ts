/** Why a database cannot be used, as whoever starts a server has to read it. */
import { isDriverAdapterError } from '@prisma/driver-adapter-utils'
import { OperatorError } from '../shared/operator-error.ts'
import { SIGNS_OF_PASSWORDS } from '../shared/user-of-address.ts'

/** A sentence that says what to do; null where the error is not about the database being there. */
export function databaseSentence(error: unknown): string | null {
  if (!(error instanceof Error)) return null
  if ('code' in error && typeof error.code === 'string' && error.code.startsWith('SQLITE_')) {
    return `The database cannot be used (${error.message}). Check DATABASE_URL and its disk, or put a backup in its place.`
  }
  const why = reason(error)
  return why === undefined ? null : `The database of DATABASE_URL cannot be used: ${why}`
}

/** What the driver says itself, or what Prisma's layer on it makes of that. */
function reason(error: Error): string | undefined {
  if (isDriverAdapterError(error)) {
    const { cause } = error
    return cause.kind === 'postgres' ? BY_CODE.get(cause.code) : BY_KIND.get(cause.kind)
  }
  if (NO_PASSWORD.test(error.message)) return 'its server wants a password, and there is none in the address.'
  return 'code' in error && typeof error.code === 'string' ? BY_CODE.get(error.code) : undefined
}

/** The database is there, and nothing for this server. The message says what to do. */
export class UnusableDatabaseError extends OperatorError {
  override readonly name = 'UnusableDatabaseError'
}

const NO_PASSWORD = /^SASL: .*client password must be/

const BY_KIND = new Map([
  ['DatabaseNotReachable', 'nobody answers there. Check host and port, and that PostgreSQL is running.'],
  ['ConnectionClosed', 'the connection was closed. Check host and port, and that PostgreSQL is running.'],
  ['SocketTimeout', 'nobody answers in time. Check host and port, and what stands between.'],
  [
    'TlsConnectionError',
    'no encrypted connection comes about. Check "sslmode" in it and the certificate of the server.',
  ],
  [
    'DatabaseDoesNotExist',
    'there is no database of this name. Make it: CREATE DATABASE … OWNER …, see docs/operate.md.',
  ],
  ['AuthenticationFailed', `its user or password is wrong. Check them; ${SIGNS_OF_PASSWORDS}.`],
  [
    'DatabaseAccessDenied',
    'the server lets this user not in from here. Check the user, and pg_hba.conf of the server.',
  ],
  ['TooManyConnections', 'the server has no connection left. Raise max_connections, or end what holds them.'],
])

const BY_CODE = new Map([
  ['57P03', 'PostgreSQL is starting or ending. Start again in a moment.'],
  [
    '42501',
    'its user may not make or change tables there. Make it the owner of the database and of all in it, see docs/operate.md.',
  ],
  ['53300', 'the server has no connection left. Raise max_connections, or end what holds them.'],
])
