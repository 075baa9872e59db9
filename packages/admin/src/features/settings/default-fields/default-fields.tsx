import { PageTitle } from '../../../ui/page-title.tsx'

export function DefaultFields() {
  return <PageTitle title="Default fields" />
}
