/** What is known of a workspace's integrations, as it is kept in memory (ruling 10). */
import type { ProviderKey } from '@backchannel/providers'
import type { ErrorCode } from '../shared/errors.ts'
import type { DefaultFieldSnapshot, EntityTypeSnapshot, SettingsSnapshot } from './settings.ts'

export type { DefaultFieldSnapshot, EntityTypeSnapshot } from './settings.ts'

export const integrationStatuses = ['CONNECTED', 'DISCONNECTED', 'ATTENTION'] as const
export type IntegrationStatus = (typeof integrationStatuses)[number]

export interface IntegrationProblem {
  code: ErrorCode
  message: string
  /** ISO 8601. */
  since: string
}

export interface IntegrationSnapshot {
  readonly id: string
  readonly workspaceId: string
  readonly provider: ProviderKey
  readonly name: string
  readonly url: string
  readonly orgId: string | null
  readonly emulated: boolean
  readonly status: IntegrationStatus
  readonly problems: readonly IntegrationProblem[]
  readonly connectedAt: Date | null
  readonly connectedAs: string | null
  /** In the admin's order. */
  readonly entityTypes: readonly EntityTypeSnapshot[]
  readonly defaultFields: readonly DefaultFieldSnapshot[]
  /** All other settings; what is set of entity types and default fields stands above. */
  readonly settings: SettingsSnapshot
}

/** Whether the CRM can be asked: ATTENTION still works in part. */
export function isConnected(integration: IntegrationSnapshot): boolean {
  return integration.status !== 'DISCONNECTED'
}
