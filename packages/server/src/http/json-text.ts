import { badRequest } from './refusal.ts'

const NESTING = 32
const QUOTE = 0x22
const BACKSLASH = 0x5c

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

/** Counted on the bytes, before anything is parsed. */
export function nestsTooDeep(bytes: Uint8Array): boolean {
  let depth = 0
  let inString = false
  for (let index = 0; index < bytes.length; index += 1) {
    const byte = bytes[index]
    if (inString) {
      if (byte === BACKSLASH) index += 1
      else if (byte === QUOTE) inString = false
    } else if (byte === QUOTE) inString = true
    else if (byte === 0x7b || byte === 0x5b) {
      depth += 1
      if (depth > NESTING) return true
    } else if (byte === 0x7d || byte === 0x5d) depth -= 1
  }
  return false
}
