/**
 * PostgreSQL that cannot be reached, and connections that end under a statement: what the driver says of them in many ways
 * comes out of Prisma's client as one error, the same for whoever asked.
 */

import { OutageError } from '../shared/errors.ts'

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
 * asked for itself. What a connection is asked for passes through `lostOr` (`scoped-connections.ts`).
 */
export function tellLost(pool: Pool): void {
  changeFailures(pool, 'connect', lost)
  changeFailures(pool, 'query', lostOr)
}

/** What a statement was refused with; where its connection was lost, as that. */
export function lostOr(error: unknown): unknown {
  return isOfConnection(error) ? lost(error) : error
}

function lost(cause: unknown): DatabaseLostError {
  if (cause instanceof DatabaseLostError) return cause
  return new DatabaseLostError('The database cannot be reached, or its connection was lost', { cause })
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

function isOfConnection(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  if ('severity' in error) return 'code' in error && typeof error.code === 'string' && LOST.test(error.code)
  // The driver's own words have no code; a socket's name what it was doing.
  return 'syscall' in error || /^Connection terminated|is not queryable$/.test(error.message)
}
