import { PageTitle } from '../../../ui/page-title.tsx'

export function IntegrationSettings() {
  return <PageTitle title="Integration settings" />
}
