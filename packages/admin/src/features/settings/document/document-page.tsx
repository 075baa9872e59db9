import { Stack } from '@mantine/core'
import { PageTitle } from '../../../ui/page-title.tsx'
import { ExportSettings } from './export-settings.tsx'
import { ImportSettings } from './import-settings.tsx'

/** The settings as a file: to keep, to compare, to take to another org. */
export function DocumentPage() {
  return (
    <Stack>
      <PageTitle
        title="Export and import"
        about="All settings as one JSON document, without access data: to keep, to compare, or to take to another org."
      />
      <ExportSettings />
      <ImportSettings />
    </Stack>
  )
}
