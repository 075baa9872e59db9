import { PageTitle } from '../../../ui/page-title.tsx'

export function DocumentPage() {
  return <PageTitle title="Export and import" />
}
