const QUOTE = 0x22
const BACKSLASH = 0x5c

/**
 * Whether JSON nests deeper than so many levels. Counted on the bytes, before anything is parsed, so that a small text
 * cannot cost much memory, nor whoever walks through it later its stack.
 */
export function nestsDeeperThan(levels: number, bytes: Uint8Array): boolean {
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
      if (depth > levels) return true
    } else if (byte === 0x7d || byte === 0x5d) depth -= 1
  }
  return false
}
