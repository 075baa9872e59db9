import { PageTitle } from '../../../ui/page-title.tsx'

export function BackendFields() {
  return <PageTitle title="Backend fields" />
}
