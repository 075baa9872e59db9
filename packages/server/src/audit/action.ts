import type { Role, Scope } from '../viewers/viewer.ts'

/** What the audit log tells of. Names are kept in entries for ever: add to them, rename none. */
export const auditActions = [
  'SIGNED_IN',
  'SIGN_IN_REFUSED',
  'SIGNED_OUT',
  'SIGNED_OUT_EVERYWHERE',
  'PASSWORD_CHANGED',
  'SECOND_FACTOR_TURNED_ON',
  'SECOND_FACTOR_TURNED_OFF',
  'MEMBER_INVITED',
  'INVITE_WITHDRAWN',
  'MEMBER_JOINED',
  'ROLE_CHANGED',
  'MEMBER_REMOVED',
  'KEY_CREATED',
  'KEY_REVOKED',
  'KEYS_ROTATED',
  'WORKSPACE_CREATED',
  'WORKSPACE_CHANGED',
  'INTEGRATION_CONNECTED',
  'INTEGRATION_DISCONNECTED',
  'SETTINGS_CHANGED',
  'SETTINGS_IMPORTED',
  'SETTINGS_RESTORED',
  'RECORD_CREATED',
  'RECORD_NOT_CREATED',
  'RECORD_TAGGED',
  'RECORD_UNTAGGED',
  'PUSH_RETRIED',
  'PUSH_DISCARDED',
  'VISITOR_ERASED',
] as const

export type AuditAction = (typeof auditActions)[number]

/** A role or a scope as it stands in a sentence: OWNER is "owner". */
export const inWords = (name: Role | Scope): string => name.toLowerCase()
