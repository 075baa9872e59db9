import { Text } from '@mantine/core'
import { IconAlertTriangle, IconClock } from '@tabler/icons-react'
import type { CheckState } from '../../graphql/generated/graphql.ts'
import { graphql, readFragment } from '../../graphql/generated/index.ts'
import classes from './check-note.module.css'
import { useSettings } from './settings-context.ts'

const CheckNote_Integration = graphql(`
  fragment CheckNote_Integration on Integration { id problems { message settingIds } }
`)

interface CheckNoteProps {
  /** The global ID of the setting. */
  id: string
  check: CheckState
}

/** What the org's metadata last said of a setting, where that is worth a look. */
export function CheckNote({ id, check }: CheckNoteProps) {
  const { problems } = readFragment(CheckNote_Integration, useSettings().integration)
  if (check === 'OK') return null
  if (check === 'UNCHECKED') {
    return (
      <Text size="sm" c="dimmed" className={classes['note'] ?? ''}>
        <IconClock size={16} aria-hidden /> Not checked yet: it is checked when the org is connected.
      </Text>
    )
  }
  const why = problems.filter(({ settingIds }) => settingIds.includes(id)).map(({ message }) => message)
  return (
    <Text size="sm" className={classes['broken'] ?? ''}>
      <IconAlertTriangle size={16} aria-hidden /> Left out: {why.join(' ') || 'the org does not have it any more.'}
    </Text>
  )
}
