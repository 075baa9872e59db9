import { PageTitle } from '../../ui/page-title.tsx'

export function PushesPage() {
  return <PageTitle title="Pushes" />
}
