/** Global IDs (Relay): base64 of `Type:id`, opaque to callers. */

export function encodeId(typename: string, id: string): string {
  return Buffer.from(`${typename}:${id}`).toString('base64')
}

/** What a global ID names; null for text that is none. */
export function decodeAnyId(globalId: string): { typename: string; id: string } | null {
  const text = Buffer.from(globalId, 'base64').toString('utf8')
  const colon = text.indexOf(':')
  const typename = text.slice(0, colon)
  // Compared the other way round, so that only one spelling of an id is taken.
  if (colon < 1 || encodeId(typename, text.slice(colon + 1)) !== globalId) return null
  return { typename, id: text.slice(colon + 1) }
}

/** For look-ups: the id inside a global ID of this type, or for any other one that nothing has, so that it is not found. */
export function lookUpId(typename: string, globalId: string): string {
  return decodeId(typename, globalId) ?? ''
}

/** The id inside a global ID of this type; null for any other. */
export function decodeId(typename: string, globalId: string): string | null {
  const decoded = decodeAnyId(globalId)
  return decoded?.typename === typename ? decoded.id : null
}
