import type { Role } from '../../graphql/generated/graphql.ts'

/** What a member can be, in words. */
export const roles: readonly { value: Role; label: string; may: string }[] = [
  { value: 'ADMIN', label: 'Admin', may: 'Connects CRMs, changes settings and looks after pushes and keys.' },
  { value: 'OWNER', label: 'Owner', may: 'May do all of that, and decides who else is a member.' },
]

export function labelOf(role: Role): string {
  return roles.find(({ value }) => value === role)?.label ?? role
}
