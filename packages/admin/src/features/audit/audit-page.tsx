import { Button, Card, Center, Stack, Text } from '@mantine/core'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { PageTitle } from '../../ui/page-title.tsx'
import { RowList } from '../../ui/row-list.tsx'
import { useViewer } from '../../ui/viewer.ts'
import { AuditFilters } from './audit-filters.tsx'
import { AuditPart } from './audit-part.tsx'
import { type AuditSearch, toAuditFilter } from './audit-search.ts'
import { DownloadButton } from './download-button.tsx'

const route = getRouteApi('/signed-in/audit')

/** Who did what in the workspace, and when; for its owners. */
export function AuditPage() {
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const { role, timeZone } = useViewer()
  const title = <PageTitle title="Audit log" about="Who did what in this workspace, when, and from where." />
  if (role !== 'OWNER') {
    return (
      <Stack maw="70rem">
        {title}
        <Text>Only owners read the audit log. Ask one of them.</Text>
      </Stack>
    )
  }
  return (
    <Stack maw="70rem">
      {title}
      <AuditFilters search={search} onChange={(changed) => void navigate({ search: changed })}>
        <DownloadButton filter={toAuditFilter(search, timeZone)} />
      </AuditFilters>
      <AuditList key={JSON.stringify(search)} search={search} />
    </Stack>
  )
}

function AuditList({ search }: { search: AuditSearch }) {
  const { timeZone } = useViewer()
  /** Where each part begins; the first at the newest entry. */
  const [cursors, setCursors] = useState<readonly (string | null)[]>([null])
  const [next, setNext] = useState<string | null>(null)
  const [isEmpty, setEmpty] = useState(false)
  if (isEmpty) {
    return (
      <Card withBorder>
        <Text fw={600}>The filter finds no entry</Text>
        <Text c="dimmed">Clear it to see all of them.</Text>
      </Card>
    )
  }
  return (
    <>
      <Card withBorder p={0}>
        <RowList label="Entries">
          {cursors.map((after, index) => (
            <AuditPart
              key={after}
              filter={toAuditFilter(search, timeZone)}
              after={after}
              onRead={(part) => {
                if (index === cursors.length - 1) setNext(part.next)
                if (index === 0) setEmpty(part.count === 0)
              }}
            />
          ))}
        </RowList>
      </Card>
      {next && (
        <Center>
          <Button
            variant="default"
            onClick={() => {
              setCursors([...cursors, next])
              setNext(null)
            }}
          >
            Load earlier
          </Button>
        </Center>
      )}
    </>
  )
}
