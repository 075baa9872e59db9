import { nestsDeeperThan } from '@backchannel/providers'
import { badRequest } from './refusal.ts'

const NESTING = 32

/**
 * Reads a JSON body. Its nesting is counted on the bytes before anything is parsed, so that a small body cannot cost
 * much memory.
 *
 * @throws Refusal when it is no UTF-8, no JSON, or nested deeper than 32 levels
 */
export function parseJsonBody(bytes: Uint8Array): unknown {
  if (nestsTooDeep(bytes)) throw badRequest(`The body nests deeper than ${NESTING} levels.`)
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (cause) {
    throw badRequest('The body is no JSON in UTF-8.', cause)
  }
}

export function nestsTooDeep(bytes: Uint8Array): boolean {
  return nestsDeeperThan(NESTING, bytes)
}
