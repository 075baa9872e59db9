import { PageTitle } from '../../ui/page-title.tsx'

export function ApiKeysPage() {
  return <PageTitle title="API keys" />
}
