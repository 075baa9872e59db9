import { Text } from '@mantine/core'
import { useInterval } from '@mantine/hooks'
import { useState } from 'react'
import type { PushStatus } from '../../graphql/generated/graphql.ts'
import { Moment } from '../../ui/moment.tsx'
import { inWords } from './time-until.ts'

interface NextAttemptProps {
  push: { status: PushStatus; attempts: number; nextAttemptAt?: string | null }
}

/** How often it was tried, and when it is tried next: by the clock, and from now. */
export function NextAttempt({ push: { status, attempts, nextAttemptAt } }: NextAttemptProps) {
  const [now, setNow] = useState(() => Date.now())
  useInterval(() => setNow(Date.now()), 5_000, { autoInvoke: true })
  const isComing = status === 'RETRYING' && nextAttemptAt
  if (!isComing && attempts < 2) return null
  return (
    <Text size="sm" c="dimmed">
      Tried {attempts === 1 ? 'once' : `${attempts} times`}
      {isComing && (
        <>
          {'; next '}
          {inWords(Date.parse(nextAttemptAt) - now)} (<Moment at={nextAttemptAt} />)
        </>
      )}
    </Text>
  )
}
