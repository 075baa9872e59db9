/**
 * PostgreSQL that cannot be reached or cannot write, and connections that end under a statement: what the driver says of
 * them in many ways comes out of Prisma's client as one error, the same for whoever asked.
 */
import { Socket } from 'node:net'
import { OutageError } from '../shared/errors.ts'
import { DatabaseBusyError } from './busy.ts'

/** The database could not be reached, or left before it answered: whether something was changed is not known. */
class DatabaseLostError extends OutageError {
  override readonly name = 'DatabaseLostError'
}

/** Whether that is why something failed; what others wrap keeps it as its cause. */
export function isLostDatabase(error: unknown): boolean {
  return error instanceof DatabaseLostError || (error instanceof Error && error.cause instanceof DatabaseLostError)
}

/** A pool of the driver. */
interface Pool {
  readonly connect: unknown
  readonly query: unknown
}

/**
 * Has the pool say so where it can give no connection, whatever the reason, and where one ended under a statement that it was
 * asked for itself. What a connection is asked for passes through `troubleOr` (`scoped-connections.ts`).
 */
export function tellLost(pool: Pool): void {
  changeFailures(pool, 'connect', lost)
  changeFailures(pool, 'query', troubleOr)
}

/** What a statement was refused with; where that says nothing of the statement, but of the database, as that. */
export function troubleOr(error: unknown): unknown {
  const code = codeOf(error)
  if (BUSY.test(code)) return new DatabaseBusyError('The database had too much to do', { cause: error })
  if (UNUSABLE.test(code)) return new DatabaseLostError('The database can write nothing', { cause: error })
  return isOfConnection(error) ? lost(error) : error
}

function lost(cause: unknown): DatabaseLostError {
  if (cause instanceof DatabaseLostError) return cause
  return new DatabaseLostError('The database cannot be reached, or its connection was lost', { cause })
}

/** Whether it was refused by a server that only reads, as one that was the first before another took its place. */
export const isReadOnly = (error: unknown): boolean => codeOf(error) === '25006'

/**
 * Ends a connection on which nothing came for so long, in milliseconds (0: never), though no statement takes that long: where the other
 * machine is gone, or what stands between has forgotten the connection, nobody tells us. Call it once the connection is open.
 */
export function endWhereSilent(connection: object, afterMs: number): void {
  const stream = streamOf(connection)
  stream.setTimeout(afterMs, () => stream.destroy())
}

/** Ends a connection, so that its pool opens another one. */
export const endConnection = (connection: object): void => void streamOf(connection).destroy()

function streamOf(connection: object): Socket {
  const stream: unknown = Reflect.get(Object(Reflect.get(connection, 'connection')), 'stream')
  if (!(stream instanceof Socket))
    throw new Error('The driver of PostgreSQL has changed: its connections have no socket')
  return stream
}

/** Of a function that answers by a promise, or to a callback where its last argument is one. */
function changeFailures(pool: Pool, name: keyof Pool, change: (error: unknown) => unknown): void {
  const { [name]: run } = pool
  if (typeof run !== 'function') throw new Error(`The driver of PostgreSQL has changed: its pool has no "${name}"`)
  Reflect.set(pool, name, (...given: unknown[]) => {
    const callback = given.at(-1)
    if (typeof callback !== 'function') {
      return Reflect.apply(run, pool, given).catch((error: unknown) => {
        throw change(error)
      })
    }
    const answered = (error: unknown, ...rest: unknown[]) =>
      Reflect.apply(callback, undefined, [error && change(error), ...rest])
    return Reflect.apply(run, pool, [...given.slice(0, -1), answered])
  })
}

/**
 * 08 is the connection itself; 57P a server that ends, has crashed, or lets nobody in yet; 25P03 one that has ended the
 * connection of a transaction in which nothing was asked for too long.
 */
const LOST = /^(08|57P|25P03)/

/** A server that only reads, and one that has no room left on its disk, in memory or for connections. */
const UNUSABLE = /^(25006|53)/
/** A statement that took longer, or waited longer for a lock, than whoever runs the server allows. */
const BUSY = /^(57014|55P03)/

/** What the server says it with; empty for what others say. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error) || !('severity' in error)) return ''
  return 'code' in error && typeof error.code === 'string' ? error.code : ''
}

function isOfConnection(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  if ('severity' in error) return LOST.test(codeOf(error))
  // The driver's own words have no code; a socket's name what it was doing.
  return 'syscall' in error || /^Connection terminated|is not queryable$/.test(error.message)
}
