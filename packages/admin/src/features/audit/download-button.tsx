import { Button } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useState } from 'react'
import { useClient } from 'urql'
import { sentenceFor } from '../../graphql/client.ts'
import { download } from '../../ui/download.ts'
import { tellProblem } from '../../ui/tell.ts'
import { useViewer } from '../../ui/viewer.ts'
import { dayAt } from '../../ui/zoned-day.ts'
import { type CsvEntry, toCsv } from './audit-csv.ts'
import { AuditEntries_Query } from './audit-entries.ts'
import type { toAuditFilter } from './audit-search.ts'

interface DownloadButtonProps {
  filter: ReturnType<typeof toAuditFilter>
}

/** All entries that the filter finds as a file, the newest first. */
export function DownloadButton({ filter }: DownloadButtonProps) {
  const client = useClient()
  const { timeZone } = useViewer()
  const [isReading, setReading] = useState(false)

  async function readPart(after: string | null) {
    const answer = await client.query(
      AuditEntries_Query,
      { ...filter, first: 100, after },
      { requestPolicy: 'network-only' },
    )
    if (!answer.data) tellProblem(sentenceFor(answer.error))
    return answer.data?.auditEntries ?? null
  }

  async function readAll(): Promise<CsvEntry[] | null> {
    const entries: CsvEntry[] = []
    let after: string | null = null
    do {
      const part = await readPart(after)
      if (part === null) return null
      entries.push(...part.edges.map(({ node }) => node))
      after = (part.pageInfo.hasNextPage && part.pageInfo.endCursor) || null
    } while (after !== null)
    return entries
  }

  async function save() {
    setReading(true)
    const entries = await readAll()
    setReading(false)
    if (entries) download(`audit-log-${dayAt(new Date(), timeZone)}.csv`, 'text/csv', toCsv(entries))
  }

  return (
    <Button
      variant="default"
      loading={isReading}
      leftSection={<IconDownload size={16} aria-hidden />}
      onClick={() => void save()}
    >
      Download as CSV
    </Button>
  )
}
