import { Button, List, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useState } from 'react'
import { useClient, useQuery } from 'urql'
import { sentenceFor } from '../../graphql/client.ts'
import { graphql } from '../../graphql/generated/index.ts'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { tellDone, tellProblem } from '../../ui/tell.ts'
import { Waiting } from '../../ui/waiting.tsx'
import { whatStops } from './what-stops.ts'

const DisconnectButton_Query = graphql(`
  query DisconnectButton_Query($id: ID!) {
    integration(id: $id) {
      id
      entityTypes { id displayName searchable creatable }
      settings {
        id
        fetchCrmData
        autoSmsPush { enabled }
        autoChatPush { enabled }
      }
    }
    pushes(first: 1, filter: { integrationId: $id }) {
      counts { status count }
    }
  }
`)

const DisconnectButton_Disconnect = graphql(`
  mutation DisconnectButton_Disconnect($id: ID!) {
    disconnectIntegration(id: $id) {
      __typename
      ... on DisconnectSuccess { waitingPushes integration { id ...IntegrationSection_Integration } }
      ... on Error { code message }
    }
  }
`)

interface DisconnectButtonProps {
  integrationId: string
  name: string
  onDisconnected: () => void
}

/** Disconnects an org, after it has said what stops by that. */
export function DisconnectButton({ integrationId: id, name, onDisconnected }: DisconnectButtonProps) {
  const client = useClient()
  const [opened, { open, close }] = useDisclosure(false)
  const [busy, setBusy] = useState(false)
  const [{ data, fetching }] = useQuery({
    query: DisconnectButton_Query,
    variables: { id },
    pause: !opened,
    requestPolicy: 'network-only',
  })

  async function disconnect() {
    setBusy(true)
    const { data: answer, error } = await client.mutation(DisconnectButton_Disconnect, { id })
    setBusy(false)
    close()
    const result = answer?.disconnectIntegration
    if (result?.__typename === 'DisconnectSuccess') tellDone(`${name} is disconnected.${waiting(result.waitingPushes)}`)
    else tellProblem(result?.message ?? sentenceFor(error))
    onDisconnected()
  }

  return (
    <>
      <Button variant="subtle" color="red" onClick={open}>
        Disconnect
      </Button>
      <ConfirmDialog
        opened={opened}
        question={`Disconnect ${name}?`}
        label="Disconnect"
        busy={busy}
        onConfirm={disconnect}
        onClose={close}
      >
        {fetching && !data && <Waiting />}
        {data?.integration && (
          <div>
            <Text>Until it is connected again:</Text>
            <List mt="xs" spacing={4}>
              {whatStops(data.integration, data.pushes.counts).map((line) => (
                <List.Item key={line}>{line}</List.Item>
              ))}
            </List>
          </div>
        )}
        <Text size="sm">
          The access to it is forgotten. Its settings stay: they can be edited, and are checked when it is connected
          again.
        </Text>
      </ConfirmDialog>
    </>
  )
}

function waiting(pushes: number): string {
  if (pushes === 0) return ''
  return pushes === 1 ? ' 1 push waits for it.' : ` ${pushes} pushes wait for it.`
}
