import { Alert, Button, Group, Text } from '@mantine/core'
import { useEffect, useState, useSyncExternalStore } from 'react'
import { connection } from '../../graphql/page-connection.ts'
import classes from './connection-banner.module.css'

/** How long good news stays. */
const GOOD_NEWS_MS = 4_000

const bad = {
  OFFLINE: {
    title: 'You are offline',
    message: 'What you see may be out of date. Nothing that you have entered is lost; save it when you are back.',
  },
  UNREACHABLE: {
    title: 'The server cannot be reached',
    message: 'What you see may be out of date. Nothing that you have entered is lost. We keep trying.',
  },
}

/** Says that the server cannot be reached, and that it can again. */
export function ConnectionBanner() {
  const reach = useSyncExternalStore(connection.onChange, connection.reach)
  const [wasLost, setWasLost] = useState(false)

  useEffect(() => {
    if (reach !== 'UP') return setWasLost(true)
    const timer = setTimeout(() => setWasLost(false), GOOD_NEWS_MS)
    return () => clearTimeout(timer)
  }, [reach])

  return (
    <div role="status" className={classes['banner']}>
      {reach !== 'UP' && (
        <Alert color="orange" title={bad[reach].title} role="group">
          <Group justify="space-between" gap="xs">
            <Text size="sm" className={classes['message']}>
              {bad[reach].message}
            </Text>
            {reach === 'UNREACHABLE' && (
              <Button size="xs" variant="default" onClick={connection.tryNow}>
                Try now
              </Button>
            )}
          </Group>
        </Alert>
      )}
      {reach === 'UP' && wasLost && (
        <Alert color="green" title="Connected again" role="group">
          <Text size="sm">What you see is up to date.</Text>
        </Alert>
      )}
    </div>
  )
}
