import { Alert, Button, Group, Modal, Stack, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useState } from 'react'
import { graphql } from '../../../graphql/generated/index.ts'
import { RefusalNote } from '../../../ui/refusal-note.tsx'
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
      <Modal opened={opened} onClose={close} title={`Remove ${displayName}?`} centered>
        <Stack>
          {users === null ? (
            <Text>Agents no longer find or create its records here. The records stay in the CRM.</Text>
          ) : (
            <Alert color="orange" title="Other settings use it" role="alert">
              {users}
            </Alert>
          )}
          <RefusalNote reason={message} />
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              Cancel
            </Button>
            <Button color="red" loading={busy} onClick={() => void remove()}>
              {users === null ? 'Remove' : 'Remove them too'}
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  )
}
