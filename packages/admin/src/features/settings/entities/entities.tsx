import { PageTitle } from '../../../ui/page-title.tsx'

export function Entities() {
  return <PageTitle title="Entities" />
}
