/** Why a database cannot be used, as whoever starts a server has to read it. */
import { isDriverAdapterError } from '@prisma/driver-adapter-utils'
import { OperatorError } from '../shared/operator-error.ts'

/** A sentence that says what to do; null where the error is not about the database being there. */
export function databaseSentence(error: unknown): string | null {
  if (!(error instanceof Error)) return null
  if ('code' in error && typeof error.code === 'string' && error.code.startsWith('SQLITE_')) {
    return `The database cannot be used (${error.message}). Check DATABASE_URL and its disk, or put a backup in its place.`
  }
  if (!isDriverAdapterError(error)) return null
  const { cause } = error
  const why = cause.kind === 'postgres' ? BY_CODE.get(cause.code) : BY_KIND.get(cause.kind)
  return why === undefined ? null : `The database of DATABASE_URL cannot be used: ${why}`
}

/** The database is there, and nothing for this server. The message says what to do. */
export class UnusableDatabaseError extends OperatorError {
  override readonly name = 'UnusableDatabaseError'
}

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
  ['AuthenticationFailed', 'its user or password is wrong.'],
  [
    'DatabaseAccessDenied',
    'the server lets this user not in from here. Check the user, and pg_hba.conf of the server.',
  ],
  ['TooManyConnections', 'the server has no connection left. Raise max_connections, or end what holds them.'],
])

const BY_CODE = new Map([
  ['57P03', 'PostgreSQL is starting or ending. Start again in a moment.'],
  ['42501', 'its user may not make tables there. Make it the owner of the database, see docs/operate.md.'],
  ['53300', 'the server has no connection left. Raise max_connections, or end what holds them.'],
])
