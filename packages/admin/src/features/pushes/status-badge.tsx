import { Badge } from '@mantine/core'
import type { PushStatus } from '../../graphql/generated/graphql.ts'
import { pushStatuses } from './push-status.ts'

interface StatusBadgeProps {
  status: PushStatus
}

/** How far a push is, in words, a sign and a colour. */
export function StatusBadge({ status }: StatusBadgeProps) {
  const { label, about, color, icon: Icon } = pushStatuses[status]
  const look = color === 'gray' ? { variant: 'default' } : { color }
  return (
    <Badge {...look} title={about} leftSection={<Icon size={12} aria-hidden />}>
      {label}
    </Badge>
  )
}
