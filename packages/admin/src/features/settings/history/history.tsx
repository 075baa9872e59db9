import { Alert, Button, Stack, Text } from '@mantine/core'
import { useLocation } from '@tanstack/react-router'
import { useState } from 'react'
import { PageTitle } from '../../../ui/page-title.tsx'
import { useSettings } from '../settings-context.ts'
import classes from './history.module.css'
import { HistoryPage } from './history-page.tsx'
import { LinkedChange } from './linked-change.tsx'

/** Who changed what of the settings, and when; each change has an address, and a way back to what was in force after it. */
export function History() {
  const { integration } = useSettings()
  const { hash } = useLocation()
  /** Where each page begins; the first at the newest change. */
  const [cursors, setCursors] = useState<readonly (string | null)[]>([null])
  const [shown, setShown] = useState<ReadonlySet<string>>(new Set())
  const [next, setNext] = useState<string | null>(null)
  const [isEmpty, setEmpty] = useState(false)

  return (
    <Stack>
      <PageTitle title="History" about="Every change of these settings, the newest first." />
      {hash && shown.size > 0 && !shown.has(hash) && <LinkedChange changeId={hash} />}
      {isEmpty && (
        <Alert color="gray">
          <Text size="sm">Nothing has been changed yet. What you save is listed here, with a way back.</Text>
        </Alert>
      )}
      <ul aria-label="Changes" className={classes['list']}>
        {cursors.map((after, index) => (
          <HistoryPage
            key={after}
            integrationId={integration.id}
            after={after}
            linked={hash}
            onRead={({ ids, endCursor }) => {
              setShown((before) => new Set([...before, ...ids]))
              if (index === cursors.length - 1) setNext(endCursor)
              if (index === 0) setEmpty(ids.length === 0)
            }}
          />
        ))}
      </ul>
      {next && (
        <Button
          variant="default"
          onClick={() => {
            setCursors([...cursors, next])
            setNext(null)
          }}
        >
          Load earlier changes
        </Button>
      )}
    </Stack>
  )
}
