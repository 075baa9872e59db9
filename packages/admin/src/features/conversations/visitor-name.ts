interface Known {
  firstName?: string | null
  lastName?: string | null
  fullName?: string | null
  email?: string | null
  phone?: string | null
  externalId?: string | null
}

/** What a visitor is called, by the best that is known. */
export function nameOf({ firstName, lastName, fullName, email, phone, externalId }: Known): string {
  const parts = [firstName, lastName].filter(Boolean).join(' ')
  return parts || fullName || email || phone || externalId || 'Unknown visitor'
}
