/** What a workspace may set for itself. */
import { isPhoneRegion } from '@backchannel/providers'
import { type FieldError, ValidationError } from '../shared/errors.ts'
import { isBuiltInChatVariable } from './chat-variables.ts'

/** What is to change; what is left out or null stays, save `retentionDays`: null keeps conversations for good. */
export interface WorkspaceChange {
  readonly name?: string | null | undefined
  /** IANA name. */
  readonly timeZone?: string | null | undefined
  /** ISO 3166 alpha-2. */
  readonly countryCode?: string | null | undefined
  readonly retentionDays?: number | null | undefined
  readonly brand?: string | null | undefined
}

/** A change as it is kept. */
export interface CheckedWorkspaceChange {
  name?: string
  timeZone?: string
  countryCode?: string
  retentionDays?: number | null
  brand?: string
}

const NAME_LENGTH = 100
/** Subjects begin with it, and hold 200 characters at the least. */
const BRAND_LENGTH = 50
/** A hundred years. */
const MOST_DAYS = 36_500

/**
 * The change as it is kept: trimmed, the time zone and the country as their lists spell them.
 *
 * @throws ValidationError naming each input that is wrong
 */
export function checkWorkspaceChange(change: WorkspaceChange): CheckedWorkspaceChange {
  const checked: CheckedWorkspaceChange = {}
  const faults: FieldError[] = []
  const fault = (field: keyof WorkspaceChange, message: string) => void faults.push({ path: ['input', field], message })

  if (change.name != null) {
    checked.name = change.name.trim()
    if (!fits(checked.name, NAME_LENGTH)) fault('name', `Give a name of 1 to ${NAME_LENGTH} characters.`)
  }
  if (change.brand != null) {
    checked.brand = change.brand.trim()
    if (!fits(checked.brand, BRAND_LENGTH)) {
      fault('brand', `Give a brand of 1 to ${BRAND_LENGTH} characters: subjects begin with it.`)
    }
  }
  if (change.timeZone != null) {
    const timeZone = toTimeZone(change.timeZone.trim())
    if (timeZone === null) fault('timeZone', 'Name a time zone as IANA does, such as "Europe/Berlin" or "UTC".')
    else checked.timeZone = timeZone
  }
  if (change.countryCode != null) {
    checked.countryCode = change.countryCode.trim().toUpperCase()
    if (!isPhoneRegion(checked.countryCode)) {
      fault('countryCode', 'Name a country by its two letters of ISO 3166, such as "US", "GB" or "DE".')
    }
  }
  if (change.retentionDays !== undefined) {
    checked.retentionDays = change.retentionDays
    if (checked.retentionDays !== null && (checked.retentionDays < 1 || checked.retentionDays > MOST_DAYS)) {
      fault('retentionDays', `Keep conversations for 1 to ${MOST_DAYS} days, or leave it empty to keep them for good.`)
    }
  }

  if (faults.length > 0) throw new ValidationError(faults)
  return checked
}

/**
 * The name of a variable that is to be declared. Case counts.
 *
 * @throws ValidationError where it cannot be declared
 */
export function checkVariableName(name: string): string {
  const trimmed = name.trim()
  if (!fits(trimmed, NAME_LENGTH)) throw nameless(`Give a name of 1 to ${NAME_LENGTH} characters.`)
  if (isBuiltInChatVariable(trimmed)) throw nameless(`"${trimmed}" is there by itself: it need not be declared.`)
  return trimmed
}

function nameless(message: string): ValidationError {
  return new ValidationError([{ path: ['name'], message }])
}

const fits = (text: string, longest: number) => text !== '' && text.length <= longest

/** As IANA spells it; null where there is none of that name. Offsets such as "+02:00" know no summer and are none. */
function toTimeZone(text: string): string | null {
  if (!/^[A-Za-z]/.test(text)) return null
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone
  } catch {
    return null
  }
}
