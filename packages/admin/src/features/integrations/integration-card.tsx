import { Alert, Anchor, Badge, Button, Card, Group, List, Stack, Text, Title } from '@mantine/core'
import { useState } from 'react'
import { useClient } from 'urql'
import type { IntegrationCard_IntegrationFragment, IntegrationStatus } from '../../graphql/generated/graphql.ts'
import { graphql } from '../../graphql/generated/index.ts'
import { ConfirmButton } from '../../ui/confirm-button.tsx'
import { tellDone, tellProblem } from '../../ui/tell.ts'

export const IntegrationCard_Integration = graphql(`
  fragment IntegrationCard_Integration on Integration {
    id
    name
    provider
    url
    emulated
    status
    connectedAs
    connectedAt
    problems { code message }
    entityTypes { id displayName }
  }
`)

const IntegrationCard_Check = graphql(`
  mutation IntegrationCard_Check($id: ID!) {
    checkIntegration(id: $id) {
      __typename
      ... on ConnectSuccess { integration { id ...IntegrationCard_Integration } }
      ... on Error { code message }
    }
  }
`)

const IntegrationCard_Disconnect = graphql(`
  mutation IntegrationCard_Disconnect($id: ID!) {
    disconnectIntegration(id: $id) {
      __typename
      ... on DisconnectSuccess { waitingPushes integration { id ...IntegrationCard_Integration } }
      ... on Error { code message }
    }
  }
`)

const statuses: Record<IntegrationStatus, { label: string; color: string }> = {
  CONNECTED: { label: 'Connected', color: 'green' },
  DISCONNECTED: { label: 'Disconnected', color: 'gray' },
  ATTENTION: { label: 'Needs attention', color: 'orange' },
}

const providerNames = { DYNAMICS: 'Microsoft Dynamics 365', SALESFORCE: 'Salesforce' } as const

interface IntegrationCardProps {
  integration: IntegrationCard_IntegrationFragment
  onChanged: () => void
}

/** One CRM org: whether it works, as whom, and what can be done about it. */
export function IntegrationCard({ integration, onChanged }: IntegrationCardProps) {
  const client = useClient()
  const [checking, setChecking] = useState(false)
  const status = statuses[integration.status]
  const connected = integration.status !== 'DISCONNECTED'

  async function check() {
    setChecking(true)
    const { data, error } = await client.mutation(IntegrationCard_Check, { id: integration.id })
    setChecking(false)
    const result = data?.checkIntegration
    if (result?.__typename === 'ConnectSuccess') tellDone(`${integration.name} answers.`)
    else tellProblem(result?.message ?? error?.message ?? 'The server did not answer.')
    onChanged()
  }

  async function disconnect() {
    const { data, error } = await client.mutation(IntegrationCard_Disconnect, { id: integration.id })
    const result = data?.disconnectIntegration
    if (result?.__typename === 'DisconnectSuccess') {
      const { waitingPushes } = result
      const waiting = waitingPushes === 1 ? '1 push waits' : `${waitingPushes} pushes wait`
      tellDone(`${integration.name} is disconnected.${waitingPushes > 0 ? ` ${waiting} for it.` : ''}`)
    } else tellProblem(result?.message ?? error?.message ?? 'The server did not answer.')
    onChanged()
  }

  return (
    <Card withBorder component="section" aria-label={integration.name}>
      <Stack h="100%" justify="space-between">
        <Stack gap="xs">
          <Group justify="space-between" align="start" wrap="nowrap">
            <div>
              <Title order={2} size="h3">
                {integration.name}
              </Title>
              <Text c="dimmed" size="sm">
                {providerNames[integration.provider]}
              </Text>
            </div>
            <Group gap="xs" justify="flex-end">
              {integration.emulated && <Badge variant="outline">Emulated</Badge>}
              <Badge color={status.color}>{status.label}</Badge>
            </Group>
          </Group>
          <Anchor href={integration.url} target="_blank" rel="noreferrer" size="sm" style={{ wordBreak: 'break-all' }}>
            {integration.url}
          </Anchor>
          {connected && integration.connectedAs && <Text size="sm">Acts as {integration.connectedAs}</Text>}
          <Text size="sm">{integration.entityTypes.map((entityType) => entityType.displayName).join(', ')}</Text>
          {integration.problems.length > 0 && (
            <Alert color={integration.status === 'ATTENTION' ? 'orange' : 'blue'} title="What to do">
              <List size="sm">
                {integration.problems.map((problem) => (
                  <List.Item key={`${problem.code} ${problem.message}`}>{problem.message}</List.Item>
                ))}
              </List>
            </Alert>
          )}
        </Stack>
        <Group>
          {connected ? (
            <>
              <Button variant="light" loading={checking} onClick={() => void check()}>
                Check
              </Button>
              <ConfirmButton
                variant="subtle"
                color="red"
                label="Disconnect"
                question={`Forget the access to ${integration.name}? Settings stay, and pushes wait until it is connected again.`}
                onConfirm={disconnect}
              />
            </>
          ) : (
            <Text size="sm" c="dimmed">
              Connect it again below. Its settings are kept.
            </Text>
          )}
        </Group>
      </Stack>
    </Card>
  )
}
