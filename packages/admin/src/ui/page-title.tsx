import { Text, Title } from '@mantine/core'

interface PageTitleProps {
  title: string
  /** What the page is for, in a sentence. */
  about?: string
}

/** A page's one main heading, which the browser's tab carries too. */
export function PageTitle({ title, about }: PageTitleProps) {
  return (
    <div>
      <title>{`${title} · Backchannel`}</title>
      <Title order={1} size="h2" style={{ overflowWrap: 'anywhere' }}>
        {title}
      </Title>
      {about && <Text c="dimmed">{about}</Text>}
    </div>
  )
}
