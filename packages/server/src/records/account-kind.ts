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

/** The one that a record gets for which none is chosen; undefined where the CRM has one that it does not name. */
export function usualRecordType(metadata: EntityDescriptor, accountKind: AccountKind | null): string | undefined {
  const offered = recordTypesOf(metadata, accountKind)
  const ofOrg = metadata.recordTypes.find((recordType) => recordType.isDefault)
  const isOther = ofOrg === undefined ? accountKind === 'PERSON' : !offered.includes(ofOrg)
  // The first of this kind, as providers choose where the org's own makes the other kind.
  return isOther ? offered[0]?.name : ofOrg?.name
}
