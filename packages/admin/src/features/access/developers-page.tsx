import { PageTitle } from '../../ui/page-title.tsx'

export function DevelopersPage() {
  return <PageTitle title="For developers" />
}
