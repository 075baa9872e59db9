import { Badge, Button, Group, SegmentedControl, Stack, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useState } from 'react'
import { ConversationChoice } from './conversation-choice.tsx'
import { MadeUpVisitorForm } from './made-up-visitor-form.tsx'
import classes from './preview-panel.module.css'
import { channelOf, firstVisitor, nameOfSubject, type Subject } from './subject.ts'

const channels = { CHAT: 'Chat', SMS: 'SMS' } as const

interface SubjectPickerProps {
  subject: Subject
  onChange: (subject: Subject) => void
}

/** Whose conversation it is tried with: somebody made up, or one of the workspace's conversations. */
export function SubjectPicker({ subject, onChange }: SubjectPickerProps) {
  const [opened, { toggle }] = useDisclosure(false)
  const [kind, setKind] = useState(subject.kind)
  const visitor = subject.kind === 'MADE_UP' ? subject.visitor : firstVisitor(new Date())

  return (
    <section className={classes['card']} aria-label="Tried with">
      <Group justify="space-between" gap="xs" wrap="nowrap">
        <Group gap="xs">
          <Text size="sm" fw={600}>
            {nameOfSubject(subject)}
          </Text>
          <Badge>{channels[channelOf(subject)]}</Badge>
          <Text size="xs" c="dimmed">
            {subject.kind === 'MADE_UP' ? 'Made up' : 'A conversation'}
          </Text>
        </Group>
        <Button size="compact-sm" variant="default" aria-expanded={opened} onClick={toggle} flex="none">
          {opened ? 'Done' : 'Change visitor'}
        </Button>
      </Group>
      {opened && (
        <Stack gap="sm">
          <SegmentedControl
            aria-label="Whom to try with"
            size="xs"
            fullWidth
            value={kind}
            onChange={setKind}
            data={[
              { value: 'MADE_UP', label: 'A made-up visitor' },
              { value: 'CONVERSATION', label: 'A conversation' },
            ]}
          />
          {kind === 'MADE_UP' ? (
            <MadeUpVisitorForm visitor={visitor} onChange={(next) => onChange({ kind: 'MADE_UP', visitor: next })} />
          ) : (
            <ConversationChoice
              chosenId={subject.kind === 'CONVERSATION' ? subject.id : null}
              onChoose={(conversation) => onChange({ kind: 'CONVERSATION', ...conversation })}
            />
          )}
        </Stack>
      )}
    </section>
  )
}
