import { nestsDeeperThan } from '@backchannel/providers'
import { badRequest, overLimit } from './refusal.ts'

/**
 * Reads a JSON body. Its nesting is counted on the bytes before anything is parsed, so that a small body cannot cost
 * much memory.
 *
 * @param nesting how many lists and objects may stand inside one another
 * @throws Refusal when it is no UTF-8, no JSON, or nested deeper
 */
export function parseJsonBody(bytes: Uint8Array, nesting: number): unknown {
  if (nestsDeeperThan(nesting, bytes)) {
    const hit = { name: 'nesting', most: nesting, found: nesting + 1 } as const
    throw overLimit(400, hit, `The body nests deeper than ${nesting} levels.`)
  }
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (cause) {
    throw badRequest('The body is no JSON in UTF-8.', cause)
  }
}
