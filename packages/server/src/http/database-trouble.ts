import { isBusyDatabase, isLostDatabase } from '../database/index.ts'
import type { Logger } from '../shared/logger.ts'
import { type Refusal, tryAgain } from './refusal.ts'

/**
 * What a caller is told whose work the database could not do at the moment: to try again. Null where it was something else.
 * That the database was lost is logged too: whoever runs it has to know.
 */
export function databaseRefusal(error: unknown, requestId: string, logger: Logger): Refusal | null {
  if (isBusyDatabase(error)) return tryAgain(BUSY)
  if (!isLostDatabase(error)) return null
  logger.warn({ err: error, requestId }, 'A request met a database that cannot be used')
  return tryAgain(LOST)
}

/** Whether it passes: the same may succeed in a moment. */
export function isDatabaseTrouble(error: unknown): boolean {
  return isBusyDatabase(error) || isLostDatabase(error)
}

const BUSY = 'The database was busy or locked for too long, and nothing was changed. Try again in a moment.'
const LOST =
  'The database cannot be reached or used at the moment. Try again in a moment; where something was to be changed, look first ' +
  'whether it was.'
