import { Text, Title } from '@mantine/core'
import { useMatches } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'

interface PageTitleProps {
  title: string
  /** What the page is for, in a sentence. */
  about?: string
}

/** The page that one has arrived at; null before the first, where the browser itself sets the focus. */
let arrivedAt: string | null = null

/** A page's one main heading, which the browser's tab carries too. It takes the focus when one goes to its page. */
export function PageTitle({ title, about }: PageTitleProps) {
  // Not the location, which is already the next one while that page is being fetched.
  const address = useMatches({ select: (matches) => matches.at(-1)?.pathname ?? '' })
  const heading = useRef<HTMLHeadingElement>(null)

  useEffect(() => {
    if (arrivedAt !== null && arrivedAt !== address) heading.current?.focus()
    arrivedAt = address
  }, [address])

  return (
    <div>
      <title>{`${title} · Backchannel`}</title>
      <Title ref={heading} order={1} size="h2" tabIndex={-1} style={{ overflowWrap: 'anywhere' }}>
        {title}
      </Title>
      {about && <Text c="dimmed">{about}</Text>}
    </div>
  )
}
