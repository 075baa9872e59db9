import { PageTitle } from '../../ui/page-title.tsx'

export function WorkspacePage() {
  return <PageTitle title="Workspace" />
}
