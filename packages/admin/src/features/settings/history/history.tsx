import { PageTitle } from '../../../ui/page-title.tsx'

export function History() {
  return <PageTitle title="History" />
}
