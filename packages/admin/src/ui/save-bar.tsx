import { Alert, Button, Group, Text } from '@mantine/core'
import { useHotkeys } from '@mantine/hooks'
import { IconCircleCheck, IconPencil } from '@tabler/icons-react'
import { useEffect, useEffectEvent, useState } from 'react'
import classes from './save-bar.module.css'

interface SaveBarProps {
  /** Whether something is entered that is not saved. */
  dirty: boolean
  saving: boolean
  /** What stands in the way, as far as no input says it. */
  message: string | null
  onSave: () => void
  onDiscard: () => void
}

/** The end of a form that is saved as a whole: always in sight, and reached by Ctrl+S too. */
export function SaveBar({ dirty, saving, message, onSave, onDiscard }: SaveBarProps) {
  const save = () => {
    if (dirty && !saving) onSave()
  }
  const [asked, ask] = useState(false)
  // Also while one types, and the browser's own dialog for saving pages never comes up. Some inputs say what was typed only
  // when they are left, so that the form is saved as it is after that.
  useHotkeys(
    [
      [
        'mod+S',
        () => {
          const focused = document.activeElement
          if (focused instanceof HTMLInputElement) {
            focused.blur()
            focused.focus()
          }
          ask(true)
        },
      ],
    ],
    [],
  )
  const saveAsAsked = useEffectEvent(save)
  useEffect(() => {
    if (!asked) return
    ask(false)
    saveAsAsked()
  }, [asked])

  return (
    <div className={classes['bar']}>
      {message !== null && (
        <Alert color="red" role="alert" p="xs" mb="xs">
          {message}
        </Alert>
      )}
      <Group justify="space-between" gap="xs" wrap="nowrap">
        <Group gap={6} role="status" wrap="nowrap">
          {dirty ? <IconPencil size={18} aria-hidden /> : <IconCircleCheck size={18} aria-hidden />}
          <Text size="sm" fw={dirty ? 600 : 400}>
            {dirty ? 'Unsaved changes' : 'Everything is saved'}
          </Text>
        </Group>
        <Group gap="xs" wrap="nowrap">
          {/* Both stay, so that the focus is not lost when there is nothing left to do. */}
          <Button
            px="sm"
            variant="default"
            data-disabled={!dirty}
            aria-disabled={!dirty}
            onClick={() => {
              if (dirty) onDiscard()
            }}
          >
            Discard
          </Button>
          <Button
            px="sm"
            loading={saving}
            data-disabled={!dirty}
            aria-disabled={!dirty}
            aria-keyshortcuts="Control+S Meta+S"
            onClick={save}
          >
            Save
          </Button>
        </Group>
      </Group>
    </div>
  )
}
