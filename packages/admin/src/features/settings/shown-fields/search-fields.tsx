import { PageTitle } from '../../../ui/page-title.tsx'

export function SearchFields() {
  return <PageTitle title="Search fields" />
}
