import { Alert, Button, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useState } from 'react'
import { graphql } from '../../../graphql/generated/index.ts'
import { ConfirmDialog } from '../../../ui/confirm-dialog.tsx'
import { useSettings } from '../settings-context.ts'
import { useSave } from '../use-save.ts'

const RemoveEntity_Remove = graphql(`
  mutation RemoveEntity_Remove($id: ID!, $expectedVersion: Int!, $withDependents: Boolean!) {
    result: removeEntity(id: $id, expectedVersion: $expectedVersion, withDependents: $withDependents) {
      ...SettingsOutcome
    }
  }
`)

interface RemoveEntityProps {
  id: string
  displayName: string
}

/** Removes an added entity type after asking; where other settings use it, they are named, and can go with it. */
export function RemoveEntity({ id, displayName }: RemoveEntityProps) {
  const { integration } = useSettings()
  const save = useSave()
  const [opened, { open, close }] = useDisclosure(false)
  const [busy, setBusy] = useState(false)
  const [users, setUsers] = useState<string | null>(null)
  const [message, setMessage] = useState<string | null>(null)

  function ask() {
    setUsers(null)
    setMessage(null)
    open()
  }
  async function remove() {
    setBusy(true)
    const variables = { id, expectedVersion: integration.settings.version, withDependents: users !== null }
    const outcome = await save(RemoveEntity_Remove, variables, ({ result }) => result, {
      done: `${displayName} is removed.`,
      fields: ['withDependents'],
    })
    setBusy(false)
    if (outcome.kind === 'SAVED') return document.getElementById('add')?.focus()
    setMessage(outcome.message)
    if (outcome.kind === 'REFUSED') setUsers(outcome.fields['withDependents'] ?? null)
  }

  return (
    <>
      <Button
        variant="subtle"
        color="red"
        size="compact-sm"
        flex="none"
        aria-label={`Remove ${displayName}`}
        onClick={ask}
      >
        Remove
      </Button>
      <ConfirmDialog
        opened={opened}
        question={`Remove ${displayName}?`}
        label={users === null ? 'Remove' : 'Remove them too'}
        busy={busy}
        refusal={message}
        onConfirm={remove}
        onClose={close}
      >
        {users === null ? (
          <Text>Agents no longer find or create its records here. The records stay in the CRM.</Text>
        ) : (
          <Alert color="orange" title="Other settings use it" role="alert">
            {users}
          </Alert>
        )}
      </ConfirmDialog>
    </>
  )
}
