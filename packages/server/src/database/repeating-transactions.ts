/**
 * PostgreSQL lets transactions run beside each other, and ends one of two that would not have come to the same one after
 * another. Nothing of it was kept: it is begun again.
 */
import { setTimeout as wait } from 'node:timers/promises'
import { isDriverAdapterError } from '@prisma/driver-adapter-utils'
import { Prisma } from '../generated/prisma/client.ts'
import { DatabaseBusyError } from './busy.ts'
import { createTurns, type Turns } from './turns.ts'

const PATIENCE_MS = 10_000
const LONGEST_PAUSE_MS = 50

/**
 * The same client, whose transactions are begun again where PostgreSQL says that they may be. So what one does, it does in
 * the database alone: it may be run more than once.
 */
export function repeatingTransactions<Client extends object>(prisma: Client, again = createTurns()): Client {
  return new Proxy(prisma, {
    get(_target, property) {
      const value: unknown = Reflect.get(prisma, property)
      if (typeof value !== 'function') return value
      if (property === '$transaction')
        return (...given: unknown[]) => repeat(() => Reflect.apply(value, prisma, given), again)
      if (property === '$extends')
        return (...given: unknown[]) => repeatingTransactions(Reflect.apply(value, prisma, given), again)
      return value
    },
  })
}

async function repeat(work: () => unknown, again: Turns): Promise<unknown> {
  try {
    return await work()
  } catch (error) {
    if (!isConflict(error)) throw error
  }
  // Those of this process that were ended come one after another, or they would go on ending each other.
  return again.run(() => repeatInTurn(work))
}

async function repeatInTurn(work: () => unknown): Promise<unknown> {
  const deadline = performance.now() + PATIENCE_MS
  for (let attempt = 1; ; attempt++) {
    try {
      return await work()
    } catch (error) {
      if (!isConflict(error)) throw error
      if (performance.now() > deadline) {
        throw new DatabaseBusyError('Too many change the same rows of the database; try again in a moment', {
          cause: error,
        })
      }
      await wait(Math.random() * Math.min(2 ** attempt, LONGEST_PAUSE_MS))
    }
  }
}

/** Whether PostgreSQL ended a transaction because of others: 40001, or 40P01 where they waited for each other. */
function isConflict(error: unknown): boolean {
  // What was refused at its end comes as the driver's adapter says it.
  if (isDriverAdapterError(error)) return error.cause.kind === 'TransactionWriteConflict'
  if (!(error instanceof Prisma.PrismaClientKnownRequestError)) return false
  // P2034 is Prisma's own word for it; SQL of ours is told PostgreSQL's.
  return error.code === 'P2034' || /\b(40001|40P01)\b/.test(error.message)
}
