import { Badge, Text } from '@mantine/core'
import type { Difference } from './difference.ts'
import classes from './difference-list.module.css'

const kinds = {
  ADDED: { label: 'Added', color: 'green' },
  REMOVED: { label: 'Removed', color: 'red' },
  CHANGED: { label: 'Changed', color: 'blue' },
  MOVED: { label: 'Moved', color: 'gray' },
}

interface DifferenceListProps {
  label: string
  differences: readonly Difference[]
}

/** What differs, line by line: what it was, and what it is then. */
export function DifferenceList({ label, differences }: DifferenceListProps) {
  return (
    <ul aria-label={label} className={classes['list']}>
      {differences.map(({ subject, kind, before, after }) => (
        <li key={`${subject} ${kind}`} className={classes['line']}>
          <Badge color={kinds[kind].color} className={classes['kind']}>
            {kinds[kind].label}
          </Badge>
          <div className={classes['what']}>
            <Text size="sm" fw={500}>
              {subject}
            </Text>
            {(kind === 'CHANGED' || kind === 'MOVED') && (
              <Text size="sm">
                <del>{before ?? 'nothing'}</del> <span aria-hidden>→</span> <ins>{after ?? 'nothing'}</ins>
              </Text>
            )}
            {kind === 'ADDED' && after && <Text size="sm">{after}</Text>}
            {kind === 'REMOVED' && before && (
              <Text size="sm">
                <del>{before}</del>
              </Text>
            )}
          </div>
        </li>
      ))}
    </ul>
  )
}
