import { PageTitle } from '../../../ui/page-title.tsx'

export function DetailFields() {
  return <PageTitle title="Detail fields" />
}
