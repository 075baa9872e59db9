/** What is known of a workspace's integrations, as it is kept in memory (ruling 10). */
import type { EntityKind, ProviderErrorCode, ProviderKey } from '@backchannel/providers'

export const integrationStatuses = ['CONNECTED', 'DISCONNECTED', 'ATTENTION'] as const
export type IntegrationStatus = (typeof integrationStatuses)[number]

export interface IntegrationProblem {
  code: ProviderErrorCode
  message: string
  /** ISO 8601. */
  since: string
}

export interface EntityTypeSnapshot {
  readonly id: string
  readonly integrationId: string
  readonly kind: EntityKind
  /** The CRM's own name of it. */
  readonly name: string
  readonly displayName: string
  readonly primaryField: string
  readonly primaryFieldLabel: string
  readonly searchable: boolean
  readonly creatable: boolean
  readonly position: number
}

/** The two switches of a built-in field of the create form. */
export interface DefaultFieldSnapshot {
  readonly kind: EntityKind
  readonly name: string
  readonly required: boolean
  readonly showOnForm: boolean
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
  readonly version: number
  /** In the admin's order. */
  readonly entityTypes: readonly EntityTypeSnapshot[]
  readonly defaultFields: readonly DefaultFieldSnapshot[]
}

/** Whether the CRM can be asked: ATTENTION still works in part. */
export function isConnected(integration: IntegrationSnapshot): boolean {
  return integration.status !== 'DISCONNECTED'
}
