/** What Dataverse refuses, as neutral codes, by one table (crm-apis.md 1.13); sign-in has its own in `auth-errors.ts`. */
import { ProviderError, type ProviderErrorCode, type ProviderErrorOptions, type ProviderFieldError } from '../errors.ts'
import { parseRetryAfter } from '../http/index.ts'

/** An answer that is not a success. Header names in lower case. */
export interface Refusal {
  status: number
  headers: Record<string, string>
  body: string
}

export interface RefusalContext {
  effect: 'READ' | 'WRITE'
  /** Milliseconds since 1970. */
  now: number
}

/** What the CRM wrote, whichever of its error shapes it used. */
interface VendorError {
  /** As the CRM wrote it; empty where it wrote none. */
  code: string
  message: string
}

interface Meaning {
  code: ProviderErrorCode
  message: string
}

const forbidden: Meaning = {
  code: 'CRM_FORBIDDEN',
  message: 'The user that we act as lacks a privilege for this. An administrator must extend its security role.',
}
const throttled: Meaning = { code: 'CRM_RATE_LIMITED', message: 'Dynamics 365 asks to wait before the next call.' }
const tooSlow: Meaning = {
  code: 'CRM_TIMEOUT',
  message: 'Dynamics 365 gave up on a search that took too long. Search for something more exact.',
}
const gone: Meaning = { code: 'NOT_FOUND', message: 'Dynamics 365 has no such record.' }
const unknownTable: Meaning = { code: 'NOT_FOUND', message: 'The environment has no such entity type.' }
const keyTaken: Meaning = { code: 'CONFLICT', message: 'Dynamics 365 already holds a record with this key.' }
const outOfRange: Meaning = { code: 'CRM_REJECTED', message: 'A value is outside of the range that its field allows.' }

/** By code in lower case. Messages are ours: the CRM's text names ids, privileges and values that must not travel on. */
const meanings: ReadonlyMap<string, Meaning> = new Map(
  Object.entries<Meaning>({
    '0x80040217': gone,
    '0x80060891': gone,
    '0x8006088a': unknownTable,
    '0x80040237': keyTaken,
    '0x80060892': keyTaken,
    '0x80060882': { code: 'CONFLICT', message: 'The record was changed in Dynamics 365 since it was read.' },
    '0x80040333': { code: 'DUPLICATE', message: 'The duplicate rules of Dynamics 365 found a record like this one.' },
    '0x80040220': forbidden,
    '0x80048306': forbidden,
    '0x80072560': {
      code: 'CRM_USER_NOT_PERMITTED',
      message:
        'The environment does not know the user that we act as. For an app registration an administrator must create an application user there, with a security role; for a person, a user.',
    },
    '0x80040225': {
      code: 'CRM_USER_NOT_PERMITTED',
      message: 'The user that we act as is disabled in the environment.',
    },
    '0x8004d24b': {
      code: 'CRM_USER_NOT_PERMITTED',
      message: 'The user that we act as is not enabled in the environment.',
    },
    '0x80060888': { code: 'CRM_REJECTED', message: 'Dynamics 365 does not know a field or an option of this request.' },
    '0x80048d19': { code: 'CRM_REJECTED', message: 'Dynamics 365 cannot read a field or a value of this request.' },
    '0x80044331': { code: 'CRM_REJECTED', message: 'A text is longer than its field allows.' },
    '0x8004432f': outOfRange,
    '0x80044330': outOfRange,
    '0x8004431a': { code: 'CRM_REJECTED', message: 'A choice is not among the options of its field.' },
    '0x80040203': { code: 'CRM_REJECTED', message: 'Dynamics 365 refused a value of this request.' },
    '0x80048573': tooSlow,
    '0x80048574': tooSlow,
    '0x80072322': throttled,
    '0x80072321': throttled,
    '0x80072326': throttled,
    '0x8005f103': throttled,
    '0x80060308': throttled,
  }),
)

/** A table, a field or an option is not there; a payload error may mean a field that is missing or of another type. */
const unknownNames = new Set(['0x8006088a', '0x80060888', '0x80048d19', '0x8004431a'])

/** How servers say so that give no code (crm-apis.md 1.13). */
const unknownNameWords =
  /could not find a property named|undeclared property|invalid property '|not found for the segment/i

/** A plug-in of the org speaks to the people who use it, in words of its own. */
const plugInCode = '0x80040265'

/**
 * The neutral error for an answer that is no success. Decided by code where there is one, since the status of some
 * varies between versions (crm-apis.md 1.9), and by status otherwise.
 */
export function toCrmError(refusal: Refusal, context: RefusalContext): ProviderError {
  const vendor = readVendorError(refusal.body)
  const meaning = meaningOf(refusal, vendor)
  const options: ProviderErrorOptions = { message: meaning.message, status: refusal.status }
  if (vendor !== null && vendor.code !== '') options.providerCode = vendor.code
  if (context.effect === 'WRITE' && mayHaveHappened(meaning.code)) options.outcome = 'UNKNOWN'
  if (meaning.code === 'CRM_REJECTED' && vendor !== null) options.fields = readFields(vendor.message)
  if (meaning.code === 'DUPLICATE') options.canInsist = true
  if (vendor !== null) options.metadataDoubtful = namesUnknown(vendor)
  const retryAfter = parseRetryAfter(refusal.headers['retry-after'], context.now)
  if (retryAfter !== null) options.retryAfter = retryAfter
  return new ProviderError(meaning.code, options)
}

/** The answer of something that is not the CRM: a proxy's page, a broken text. */
export function toUnreadableError(status: number, effect: RefusalContext['effect'], cause?: unknown): ProviderError {
  return new ProviderError('CRM_UNAVAILABLE', {
    message: 'Something between us and Dynamics 365 answered in its place. Try again later, or check the address.',
    status,
    outcome: effect === 'WRITE' ? 'UNKNOWN' : 'NOT_APPLIED',
    cause,
  })
}

/** Reads the current shape and those of older and on-premises servers (crm-apis.md 1.13); null for anything else. */
function readVendorError(body: string): VendorError | null {
  let json: unknown
  try {
    json = JSON.parse(body)
  } catch {
    return null
  }
  if (typeof json !== 'object' || json === null) return null
  const shape: { error?: unknown; Message?: unknown; ErrorCode?: unknown } = json
  if (typeof shape.error === 'object' && shape.error !== null) {
    const error: { code?: unknown; message?: unknown } = shape.error
    return { code: toText(error.code), message: toText(error.message) }
  }
  if (shape.Message !== undefined || shape.ErrorCode !== undefined) {
    return { code: toText(shape.ErrorCode), message: toText(shape.Message) }
  }
  return null
}

function toText(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}

function meaningOf({ status }: Refusal, vendor: VendorError | null): Meaning {
  const code = vendor?.code.toLowerCase() ?? ''
  const meaning = meanings.get(code)
  if (meaning !== undefined) return meaning
  if (code === plugInCode && vendor !== null && vendor.message !== '') {
    return { code: 'CRM_REJECTED', message: vendor.message.slice(0, 500) }
  }
  if (status === 401) {
    return {
      code: 'CRM_UNAUTHENTICATED',
      message: 'Dynamics 365 does not accept our sign-in any more. Connect the integration again.',
    }
  }
  if (status === 403) return forbidden
  if (status === 404) return gone
  if (status === 408) return tooSlow
  if (status === 412) return { code: 'CONFLICT', message: 'The record was changed in Dynamics 365 since it was read.' }
  if (status === 429) return throttled
  if (status >= 500 || status < 400) {
    return { code: 'CRM_UNAVAILABLE', message: 'Dynamics 365 is having trouble. Try again later.' }
  }
  return { code: 'CRM_REJECTED', message: `Dynamics 365 refused the request${code === '' ? '' : ` (${code})`}.` }
}

/** Whether the CRM refused what our metadata says that it has, rather than a value. */
function namesUnknown({ code, message }: VendorError): boolean {
  return unknownNames.has(code.toLowerCase()) || (code === '' && unknownNameWords.test(message))
}

function mayHaveHappened(code: ProviderErrorCode): boolean {
  return code === 'CRM_UNAVAILABLE' || code === 'CRM_TIMEOUT'
}

const noSuchField = (match: RegExpExecArray) => `Dynamics 365 has no field ${match[1]} here.`

const fieldPatterns: readonly [pattern: RegExp, message: (match: RegExpExecArray) => string][] = [
  [
    /length of the '(\w+)' attribute.*maximum allowed length of '(\d+)'/,
    (match) => `At most ${match[2]} characters fit here.`,
  ],
  [/could not find a property named '(\w+)'/i, noSuchField],
  [/undeclared property '(\w+)'/, noSuchField],
  [/invalid property '(\w+)'/i, noSuchField],
  [/property '(\w+)' does not exist/, noSuchField],
  [/(?:of|attribute|field|column|property) '(\w+)'/i, () => 'Dynamics 365 refused this value.'],
]

/** The fields that the CRM's sentence names, with words of ours. */
function readFields(message: string): ProviderFieldError[] {
  for (const [pattern, toMessage] of fieldPatterns) {
    const match = pattern.exec(message)
    // A lookup goes by another name in rows than in metadata.
    const name = match?.[1]?.replace(/^_(\w+)_value$/, '$1')
    if (match !== null && name !== undefined) return [{ name, message: toMessage(match) }]
  }
  return []
}
