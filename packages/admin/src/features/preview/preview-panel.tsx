import { Title } from '@mantine/core'

interface PreviewPanelProps {
  integrationId: string
  /** A settings document, saved or not. */
  document: unknown
}

export function PreviewPanel(_props: PreviewPanelProps) {
  return (
    <Title order={2} size="h4">
      Preview
    </Title>
  )
}
