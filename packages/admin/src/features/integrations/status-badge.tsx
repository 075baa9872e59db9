import { Badge } from '@mantine/core'
import type { IntegrationStatus } from '../../graphql/generated/graphql.ts'

const statuses: Record<IntegrationStatus, { label: string; color: string }> = {
  CONNECTED: { label: 'Connected', color: 'green' },
  DISCONNECTED: { label: 'Disconnected', color: 'gray' },
  ATTENTION: { label: 'Needs attention', color: 'orange' },
}

/** Whether a CRM works, in a word. */
export function StatusBadge({ status }: { status: IntegrationStatus }) {
  const { label, color } = statuses[status]
  return <Badge color={color}>{label}</Badge>
}
