import { Button, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useState } from 'react'
import { useQuery } from 'urql'
import { graphql } from '../../../graphql/generated/index.ts'
import { ConfirmDialog } from '../../../ui/confirm-dialog.tsx'
import { Moment } from '../../../ui/moment.tsx'
import { Waiting } from '../../../ui/waiting.tsx'
import { differencesOf } from '../difference/difference.ts'
import { DifferenceList } from '../difference/difference-list.tsx'
import { useSettings } from '../settings-context.ts'
import { useSave } from '../use-save.ts'

const RestoreButton_Query = graphql(`
  query RestoreButton_Query($id: ID!) {
    node(id: $id) {
      __typename
      id
      ... on SettingsChange { document }
    }
  }
`)

const RestoreButton_Restore = graphql(`
  mutation RestoreButton_Restore($changeId: ID!, $expectedVersion: Int!) {
    restoreSettings(changeId: $changeId, expectedVersion: $expectedVersion) { ...SettingsOutcome }
  }
`)

interface RestoreButtonProps {
  changeId: string
  at: string
}

/** Goes back to what was in force after a change, once it has shown what that changes now. */
export function RestoreButton({ changeId, at }: RestoreButtonProps) {
  const { integration, document } = useSettings()
  const save = useSave()
  const [opened, { open, close }] = useDisclosure(false)
  const [busy, setBusy] = useState(false)
  const [refusal, setRefusal] = useState<string | null>(null)
  const [{ data, fetching }] = useQuery({ query: RestoreButton_Query, variables: { id: changeId }, pause: !opened })
  const then = data?.node?.__typename === 'SettingsChange' ? data.node.document : null
  const differences = then ? differencesOf(document, then) : []

  async function restore() {
    setBusy(true)
    setRefusal(null)
    const variables = { changeId, expectedVersion: integration.settings.version }
    const outcome = await save(RestoreButton_Restore, variables, (it) => it.restoreSettings, {
      done: 'The settings are what they were then.',
    })
    setBusy(false)
    if (outcome.kind === 'SAVED') close()
    else setRefusal(outcome.message)
  }

  return (
    <>
      <Button size="xs" variant="default" onClick={open}>
        Go back to this state
      </Button>
      <ConfirmDialog
        opened={opened}
        question="Go back to an earlier state?"
        label="Go back"
        color="indigo"
        size="lg"
        busy={busy}
        disabled={differences.length === 0}
        refusal={refusal}
        onConfirm={restore}
        onClose={close}
      >
        <Text>
          All settings of {integration.name} become what they were on <Moment at={at} />. That is a change of its own,
          which can be undone here too.
        </Text>
        {fetching && !then && <Waiting />}
        {then !== null && differences.length === 0 && <Text fw={600}>Nothing differs: that is what is in force.</Text>}
        {differences.length > 0 && <DifferenceList label="What will change" differences={differences} />}
      </ConfirmDialog>
    </>
  )
}
