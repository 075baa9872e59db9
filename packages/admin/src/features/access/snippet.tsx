import { Code, Group, Text } from '@mantine/core'
import { CopyButton } from '../../ui/copy-button.tsx'
import classes from './developers.module.css'

interface SnippetProps {
  /** What it is, for the heading and the button: "the curl command". */
  what: string
  text: string
}

/** Something to copy, as it is run. */
export function Snippet({ what, text }: SnippetProps) {
  return (
    <figure className={classes['snippet']}>
      <Group component="figcaption" justify="space-between" mb={4} wrap="nowrap">
        <Text size="sm" c="dimmed">
          {what}
        </Text>
        <CopyButton what={what} text={text} />
      </Group>
      <Code block className={classes['code']} tabIndex={0} role="region" aria-label={what}>
        {text}
      </Code>
    </figure>
  )
}
