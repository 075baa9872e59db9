import { Badge } from '@mantine/core'

const statuses = {
  CONNECTED: { label: 'Connected', color: 'green' },
  DISCONNECTED: { label: 'Disconnected', color: 'gray' },
  ATTENTION: { label: 'Needs attention', color: 'orange' },
} as const

/** Whether a CRM works, in a word. */
export function StatusBadge({ status }: { status: keyof typeof statuses }) {
  const { label, color } = statuses[status]
  return <Badge color={color}>{label}</Badge>
}
