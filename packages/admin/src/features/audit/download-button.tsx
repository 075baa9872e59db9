import { Button } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useState } from 'react'
import { useClient } from 'urql'
import { sentenceFor } from '../../graphql/client.ts'
import { graphql } from '../../graphql/generated/index.ts'
import { download } from '../../ui/download.ts'
import { tellProblem } from '../../ui/tell.ts'
import { useViewer } from '../../ui/viewer.ts'
import { dayAt } from '../../ui/zoned-day.ts'
import { type CsvEntry, toCsv } from './audit-csv.ts'
import type { toAuditFilter } from './audit-search.ts'

const DownloadButton_Query = graphql(`
  query DownloadButton_Query($action: String, $actor: String, $from: DateTime, $until: DateTime, $after: String) {
    auditEntries(first: 100, action: $action, actor: $actor, from: $from, until: $until, after: $after) {
      edges { node { id at actor action subject address } }
      pageInfo { hasNextPage endCursor }
    }
  }
`)

interface DownloadButtonProps {
  filter: ReturnType<typeof toAuditFilter>
}

/** All entries that the filter finds as a file, the newest first. */
export function DownloadButton({ filter }: DownloadButtonProps) {
  const client = useClient()
  const { timeZone } = useViewer()
  const [isReading, setReading] = useState(false)

  async function readPart(after: string | null) {
    const answer = await client.query(DownloadButton_Query, { ...filter, after }, { requestPolicy: 'network-only' })
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
