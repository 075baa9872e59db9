import { PageTitle } from '../../ui/page-title.tsx'

export function ConversationsPage() {
  return <PageTitle title="Conversations" />
}
