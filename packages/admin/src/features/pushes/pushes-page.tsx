import { Button, Card, Center, Checkbox, Stack, Text } from '@mantine/core'
import { getRouteApi } from '@tanstack/react-router'
import { useMemo, useRef, useState } from 'react'
import { sentenceFor } from '../../graphql/client.ts'
import { LoadProblem } from '../../ui/load-problem.tsx'
import { PageTitle } from '../../ui/page-title.tsx'
import { RowList } from '../../ui/row-list.tsx'
import { useViewer } from '../../ui/viewer.ts'
import { Waiting } from '../../ui/waiting.tsx'
import { ManyActions } from './many-actions.tsx'
import { PushFilters } from './push-filters.tsx'
import { PushRow } from './push-row.tsx'
import { toPushFilter } from './push-search.ts'
import classes from './pushes.module.css'
import { usePushList } from './use-push-list.ts'

const route = getRouteApi('/signed-in/pushes')

/** What was and is to be written into the CRMs, live. */
export function PushesPage() {
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const { timeZone } = useViewer()
  const filter = useMemo(() => toPushFilter(search, timeZone), [search, timeZone])
  const { list, counts, error, fetching, reload, loadMore, show } = usePushList(filter)
  const [selection, setSelection] = useState<ReadonlySet<string>>(new Set())
  const selectAll = useRef<HTMLInputElement>(null)
  const [loadsMore, setLoadsMore] = useState(false)
  const rows = list?.rows ?? []
  const selected = rows.filter(({ id }) => selection.has(id))

  function select(ids: readonly string[], isSelected: boolean) {
    setSelection((chosen) => {
      const next = new Set(chosen)
      for (const id of ids) isSelected ? next.add(id) : next.delete(id)
      return next
    })
  }

  async function more() {
    setLoadsMore(true)
    await loadMore()
    setLoadsMore(false)
  }

  return (
    <Stack>
      <PageTitle
        title="Pushes"
        about="What is written into the CRMs because a conversation is tagged to a record. The list is live."
      />
      <PushFilters
        search={search}
        counts={counts}
        onChange={(changed) => {
          setSelection(new Set())
          void navigate({ search: changed })
        }}
      />
      {error && !list && (
        <LoadProblem what="The pushes" reason={sentenceFor(error)} retrying={fetching} onRetry={reload} />
      )}
      {!list && !error && <Waiting />}
      {list && rows.length === 0 && (
        <Card withBorder>
          <Text fw={600}>{Object.keys(search).length > 0 ? 'The filter finds no push' : 'There is no push yet'}</Text>
          <Text c="dimmed">
            {Object.keys(search).length > 0
              ? 'Clear it to see all of them.'
              : 'One comes as soon as a conversation is tagged to a record of a CRM, and shows here by itself.'}
          </Text>
        </Card>
      )}
      {rows.length > 0 && (
        <Card withBorder p={0}>
          <div className={classes['bar']}>
            <Checkbox
              ref={selectAll}
              label="Select all shown"
              checked={selected.length === rows.length}
              indeterminate={selected.length > 0 && selected.length < rows.length}
              onChange={(event) =>
                select(
                  rows.map(({ id }) => id),
                  event.currentTarget.checked,
                )
              }
            />
            <ManyActions
              selected={selected}
              filter={filter}
              counts={counts}
              onDone={() => {
                setSelection(new Set())
                reload()
                // The button that had the focus may be gone.
                selectAll.current?.focus()
              }}
            />
          </div>
          <RowList label="Pushes">
            {rows.map((push) => (
              <PushRow
                key={push.id}
                push={push}
                isSelected={selection.has(push.id)}
                onSelect={(isSelected) => select([push.id], isSelected)}
                onShow={show}
              />
            ))}
          </RowList>
        </Card>
      )}
      {list?.hasMore && (
        <Center>
          <Button variant="default" loading={loadsMore} onClick={() => void more()}>
            Load more
          </Button>
        </Center>
      )}
    </Stack>
  )
}
