/** Business and person accounts (S-DEF-02, S-DEF-03), and record types. Pure. */
import type { EntityDescriptor, EntityKind, RecordTypeDescriptor } from '@backchannel/providers'
import type { IntegrationSnapshot } from '../integrations/snapshot.ts'

export const accountKinds = ['BUSINESS', 'PERSON'] as const
export type AccountKind = (typeof accountKinds)[number]

/** Between which the agent chooses, the one that is picked first in front; empty where there is nothing to choose. */
export function accountKindsOf(
  { settings }: IntegrationSnapshot,
  kind: EntityKind,
  metadata: EntityDescriptor,
): readonly AccountKind[] {
  if (kind !== 'ACCOUNT' || !settings.salesforce?.personAccountEnabled) return []
  return metadata.recordTypes.some((recordType) => recordType.isPerson) ? accountKinds : []
}

/** The record types between which the agent chooses: those that make this kind of account. */
export function recordTypesOf(metadata: EntityDescriptor, accountKind: AccountKind | null): RecordTypeDescriptor[] {
  return metadata.recordTypes.filter((recordType) => recordType.isPerson === (accountKind === 'PERSON'))
}
