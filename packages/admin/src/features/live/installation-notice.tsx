import { Alert, Text } from '@mantine/core'
import { useEffect } from 'react'
import { useQuery } from 'urql'
import { graphql } from '../../graphql/generated/index.ts'
import { Moment } from '../../ui/moment.tsx'
import classes from './installation-notice.module.css'

const InstallationNotice_Query = graphql(`
  query InstallationNotice_Query {
    viewer { installationTrouble { since message } }
  }
`)

/** How often it is asked for while somebody looks at the page: it is told by no event. */
const ASK_MS = 15_000

/** Says that something of the installation does not work, for as long as it does not. What people do here goes on. */
export function InstallationNotice() {
  const [{ data }, ask] = useQuery({ query: InstallationNotice_Query, requestPolicy: 'network-only' })
  const trouble = data?.viewer.installationTrouble

  useEffect(() => {
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') ask({ requestPolicy: 'network-only' })
    }, ASK_MS)
    return () => clearInterval(timer)
  }, [ask])

  return (
    <div role="status" className={classes['notice']}>
      {trouble && (
        <Alert color="yellow" title="Part of the installation does not work" role="group">
          <Text size="sm">{trouble.message}</Text>
          <Text size="sm" c="dimmed">
            Since <Moment at={trouble.since} />
          </Text>
        </Alert>
      )}
    </div>
  )
}
