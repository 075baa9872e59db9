import { PageTitle } from '../../../ui/page-title.tsx'

export function ExportFields() {
  return <PageTitle title="Export fields" />
}
