import { Text } from '@mantine/core'
import { useEffect, useRef } from 'react'
import { useQuery } from 'urql'
import { sentenceFor } from '../../graphql/client.ts'
import { LoadProblem } from '../../ui/load-problem.tsx'
import { Moment } from '../../ui/moment.tsx'
import { Waiting } from '../../ui/waiting.tsx'
import classes from './audit.module.css'
import { actionText } from './audit-actions.ts'
import { AuditEntries_Query } from './audit-entries.ts'
import type { toAuditFilter } from './audit-search.ts'

interface AuditPartProps {
  filter: ReturnType<typeof toAuditFilter>
  /** It begins behind this cursor; null: at the newest. */
  after: string | null
  /** `next`: where the part behind it begins; null where there is none. */
  onRead: (part: { count: number; next: string | null }) => void
}

/** A part of the audit log. */
export function AuditPart({ filter, after, onRead }: AuditPartProps) {
  const [{ data, fetching, error }, read] = useQuery({
    query: AuditEntries_Query,
    variables: { ...filter, first: 25, after },
    requestPolicy: 'cache-and-network',
  })
  const entries = data?.auditEntries
  const tell = useRef(onRead)
  tell.current = onRead
  useEffect(() => {
    if (!entries) return
    const { hasNextPage, endCursor } = entries.pageInfo
    tell.current({ count: entries.edges.length, next: (hasNextPage && endCursor) || null })
  }, [entries])

  if (entries) {
    return entries.edges.map(({ node: { id, at, actor, action, subject, address } }) => (
      <li key={id} className={classes['row']}>
        <div className={classes['main']}>
          <Text fw={600}>{actionText(action)}</Text>
          {subject && <Text size="sm">{subject}</Text>}
          <Text size="sm" c="dimmed">
            {actor}
            {address && ` from ${address}`}
          </Text>
        </div>
        <Text size="sm" c="dimmed" className={classes['moment']}>
          <Moment at={at} />
        </Text>
      </li>
    ))
  }
  return (
    <li className={classes['row']}>
      {error ? (
        <LoadProblem
          what="The audit log"
          reason={sentenceFor(error)}
          retrying={fetching}
          onRetry={() => read({ requestPolicy: 'network-only' })}
        />
      ) : (
        <Waiting />
      )}
    </li>
  )
}
