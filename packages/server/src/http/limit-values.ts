/** Every limit of what one request, one caller and one address may ask for, and the variable of the environment that sets it. */

interface Bounds {
  readonly variable: string
  readonly usual: number
  readonly least: number
  readonly most: number
}

const bounds = {
  /** Words and signs of a document. */
  tokens: { variable: 'LIMIT_TOKENS', usual: 5_000, least: 500, most: 100_000 },
  /** Fields inside fields; the introspection query of GraphiQL needs 13. */
  depth: { variable: 'LIMIT_DEPTH', usual: 16, least: 4, most: 100 },
  /** Fields at the top: each may be a call to a CRM. */
  rootFields: { variable: 'LIMIT_ROOT_FIELDS', usual: 30, least: 1, most: 1_000 },
  aliases: { variable: 'LIMIT_ALIASES', usual: 60, least: 0, most: 10_000 },
  directives: { variable: 'LIMIT_DIRECTIVES', usual: 60, least: 0, most: 10_000 },
  /** Fields of an operation in all, fragments counted wherever they are spread. */
  fields: { variable: 'LIMIT_FIELDS', usual: 2_000, least: 100, most: 100_000 },
  /** What the fields of an operation add up to (`cost.ts`). */
  cost: { variable: 'LIMIT_COST', usual: 250_000, least: 100, most: 100_000_000 },
  /** Bytes of a body, and of a message over WebSocket. */
  bodyBytes: { variable: 'LIMIT_BODY_BYTES', usual: 1_048_576, least: 1_024, most: 104_857_600 },
  /** Lists and objects inside one another, in a body. */
  nesting: { variable: 'LIMIT_NESTING', usual: 32, least: 8, most: 500 },
  /** Bytes of an answer. */
  answerBytes: { variable: 'LIMIT_ANSWER_BYTES', usual: 16_777_216, least: 65_536, most: 1_073_741_824 },
  /** How long an operation may take until it is answered. */
  operationSeconds: { variable: 'LIMIT_OPERATION_SECONDS', usual: 60, least: 1, most: 3_600 },
  /** Bytes of the head of a request: its address and its headers. */
  headerBytes: { variable: 'LIMIT_HEADER_BYTES', usual: 16_384, least: 4_096, most: 1_048_576 },
  /** How long a client may take to send the head of a request. */
  headerSeconds: { variable: 'LIMIT_HEADER_SECONDS', usual: 10, least: 1, most: 600 },
  /** How long it may take to send all of it. */
  requestSeconds: { variable: 'LIMIT_REQUEST_SECONDS', usual: 30, least: 1, most: 3_600 },
  /** Connections that are open at a time, from everywhere. */
  connections: { variable: 'LIMIT_CONNECTIONS', usual: 20_000, least: 1, most: 1_000_000 },
  /** Connections of one address that are open at a time, of IPv6 of one /64; 0: as many as come. */
  addressConnections: { variable: 'LIMIT_ADDRESS_CONNECTIONS', usual: 5_000, least: 0, most: 1_000_000 },
  /** The time in which requests are counted, in seconds. */
  windowSeconds: { variable: 'LIMIT_WINDOW_SECONDS', usual: 10, least: 1, most: 3_600 },
  /** Requests from one address in that time; 0: as many as come. */
  addressRequests: { variable: 'LIMIT_ADDRESS_REQUESTS', usual: 10_000, least: 0, most: 100_000_000 },
  /** Operations of one API key in that time; 0: as many as come. */
  keyOperations: { variable: 'LIMIT_KEY_OPERATIONS', usual: 5_000, least: 0, most: 100_000_000 },
  /** Operations of one agent or one signed-in admin in that time; 0: as many as come. */
  personOperations: { variable: 'LIMIT_PERSON_OPERATIONS', usual: 300, least: 0, most: 100_000_000 },
  /** Characters of documents of one caller in that time that are not remembered, and so are work; 0: as many as come. */
  documentCharacters: { variable: 'LIMIT_DOCUMENT_CHARACTERS', usual: 500_000, least: 0, most: 1_000_000_000 },
} as const satisfies Record<string, Bounds>

export type LimitName = keyof typeof bounds
export type Limits = Readonly<Record<LimitName, number>>

/** What holds where the environment says nothing. */
export const usualLimits: Limits = mapBounds(({ usual }) => usual)

/**
 * Reads the limits out of the environment.
 *
 * @param onFault is told the variable that cannot be used, and why
 */
export function readLimits(
  source: Readonly<Record<string, string | undefined>>,
  onFault: (variable: string, why: string) => void,
): Limits {
  const limits = mapBounds(({ variable, usual, least, most }) => {
    const text = source[variable]
    if (text === undefined) return usual
    const value = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN
    if (value >= least && value <= most) return value
    onFault(variable, `must be a whole number from ${least} to ${most}`)
    return usual
  })
  if (limits.headerSeconds > limits.requestSeconds) {
    onFault(bounds.headerSeconds.variable, `must not be more than ${bounds.requestSeconds.variable}`)
  }
  return limits
}

function mapBounds(value: (bounds: Bounds) => number): Limits {
  const entries = Object.entries(bounds).map(([name, each]) => [name, value(each)] as const)
  return Object.fromEntries(entries) as Record<LimitName, number>
}
