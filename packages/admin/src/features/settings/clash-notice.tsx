import { Alert, Button, List, Stack, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { Moment } from '../../ui/moment.tsx'
import type { Clash } from './use-settings-form.ts'

interface ClashNoticeProps<Values> {
  clash: Clash<Values> | null
  /** What a value of a member says to people, with the member's label. */
  describe: (member: keyof Values & string, values: Values) => { label: string; value: ReactNode }
  onTakeTheirs: () => void
}

/** Says what somebody else has saved against what is entered here, and leaves the choice. */
export function ClashNotice<Values>({ clash, describe, onTakeTheirs }: ClashNoticeProps<Values>) {
  if (clash === null) return null
  const { by, at, members, theirs } = clash
  return (
    <Alert color="orange" role="alert" title="Somebody else has changed this meanwhile">
      <Stack gap="xs" align="flex-start">
        <Text size="sm">
          {by ?? 'Somebody else'} saved {at !== null && <Moment at={at} />} what you have changed too. What you entered
          stays, and saving puts it in force.
        </Text>
        <List size="sm">
          {members.map((member) => {
            const { label, value } = describe(member, theirs)
            return (
              <List.Item key={member}>
                {label} is now: <strong>{value}</strong>
              </List.Item>
            )
          })}
        </List>
        <Button size="xs" variant="default" onClick={onTakeTheirs}>
          Take theirs
        </Button>
      </Stack>
    </Alert>
  )
}
