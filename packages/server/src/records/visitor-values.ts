/** What is known of a visitor, as it pre-fills a form. Pure. */
import type { DefaultFieldDescriptor } from '@backchannel/providers'

export interface VisitorValues {
  readonly firstName?: string | null | undefined
  readonly lastName?: string | null | undefined
  readonly fullName?: string | null | undefined
  readonly phone?: string | null | undefined
  readonly email?: string | null | undefined
  readonly accountId?: string | null | undefined
}

export function prefill(
  prefilledBy: DefaultFieldDescriptor['prefill'],
  visitor: VisitorValues,
  maxLength: number | null,
): string | null {
  const names = splitName(visitor)
  const value = {
    FIRST_NAME: names.firstName,
    LAST_NAME: names.lastName,
    FULL_NAME: names.fullName,
    PHONE: visitor.phone,
    EMAIL: visitor.email,
    NONE: null,
  }[prefilledBy ?? 'NONE']
  // A value that the field cannot hold would only be refused when it comes back.
  return value && (maxLength === null || value.length <= maxLength) ? value : null
}

/** the last word of a full name is the last name, the rest the first name; a single word is the last name. */
export function splitName(visitor: VisitorValues): {
  firstName: string | null
  lastName: string | null
  fullName: string | null
} {
  const given = [visitor.firstName, visitor.lastName].map((name) => name?.trim() || null)
  const fullName = visitor.fullName?.trim() || given.filter(Boolean).join(' ') || null
  if (given.some(Boolean)) return { firstName: given[0] ?? null, lastName: given[1] ?? null, fullName }
  const words = fullName?.split(/\s+/) ?? []
  return { firstName: words.slice(0, -1).join(' ') || null, lastName: words.at(-1) ?? null, fullName }
}
