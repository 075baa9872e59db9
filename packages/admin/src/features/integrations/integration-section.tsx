import { Alert, Anchor, Badge, Button, Group, List, Stack, Text, Title } from '@mantine/core'
import { useState } from 'react'
import { useClient } from 'urql'
import { sentenceFor } from '../../graphql/client.ts'
import type { IntegrationSection_IntegrationFragment } from '../../graphql/generated/graphql.ts'
import { type FragmentType, graphql } from '../../graphql/generated/index.ts'
import { ConfirmButton } from '../../ui/confirm-button.tsx'
import { StatusBadge } from '../../ui/status-badge.tsx'
import { tellAttention, tellDone, tellProblem } from '../../ui/tell.ts'
import { ConnectButton, type ConnectButton_Provider } from './connect-button.tsx'

export const IntegrationSection_Integration = graphql(`
  fragment IntegrationSection_Integration on Integration {
    id
    name
    provider
    url
    emulated
    status
    connectedAs
    problems { code message }
    entityTypes { id displayName }
  }
`)

const IntegrationSection_Check = graphql(`
  mutation IntegrationSection_Check($id: ID!) {
    checkIntegration(id: $id) {
      __typename
      ... on ConnectSuccess { integration { id ...IntegrationSection_Integration } }
      ... on Error { code message }
    }
  }
`)

const IntegrationSection_Disconnect = graphql(`
  mutation IntegrationSection_Disconnect($id: ID!) {
    disconnectIntegration(id: $id) {
      __typename
      ... on DisconnectSuccess { waitingPushes integration { id ...IntegrationSection_Integration } }
      ... on Error { code message }
    }
  }
`)

interface IntegrationSectionProps {
  integration: IntegrationSection_IntegrationFragment
  provider: FragmentType<typeof ConnectButton_Provider>
  onChanged: () => void
}

/** One CRM org: whether it works, as whom, and what can be done about it. */
export function IntegrationSection({ integration, provider, onChanged }: IntegrationSectionProps) {
  const client = useClient()
  const [checking, setChecking] = useState(false)
  const { id, name, url, emulated, status, connectedAs, problems, entityTypes } = integration
  const connected = status !== 'DISCONNECTED'
  const headingId = `integration-${id}`

  async function check() {
    setChecking(true)
    const { data, error } = await client.mutation(IntegrationSection_Check, { id })
    setChecking(false)
    const result = data?.checkIntegration
    if (result?.__typename === 'ConnectSuccess') tellDone(`${name} answers.`)
    else if (result?.__typename === 'ProviderError') tellAttention(name)
    else tellProblem(result?.message ?? sentenceFor(error))
    onChanged()
  }

  async function disconnect() {
    const { data, error } = await client.mutation(IntegrationSection_Disconnect, { id })
    const result = data?.disconnectIntegration
    if (result?.__typename === 'DisconnectSuccess') tellDone(`${name} is disconnected.${waiting(result.waitingPushes)}`)
    else tellProblem(result?.message ?? sentenceFor(error))
    onChanged()
  }

  return (
    <Stack component="section" gap="xs" aria-labelledby={headingId}>
      <Group justify="space-between" gap="xs">
        <Title order={3} size="h4" id={headingId}>
          {name}
        </Title>
        <Group gap="xs">
          {emulated && <Badge>Emulated</Badge>}
          <StatusBadge status={status} />
        </Group>
      </Group>
      <Anchor href={url} target="_blank" rel="noreferrer" size="sm" style={{ overflowWrap: 'anywhere' }}>
        {url}
      </Anchor>
      {connected && connectedAs && <Text size="sm">Acts as {connectedAs}</Text>}
      <Text size="sm">Works with {entityTypes.map((entityType) => entityType.displayName).join(', ')}</Text>
      {problems.length > 0 && (
        <Alert color={status === 'ATTENTION' ? 'orange' : 'blue'} title="What to do">
          <List size="sm">
            {problems.map((problem) => (
              <List.Item key={`${problem.code} ${problem.message}`}>{problem.message}</List.Item>
            ))}
          </List>
        </Alert>
      )}
      <Group mt="xs">
        {status !== 'CONNECTED' && (
          <ConnectButton provider={provider} integration={integration} onConnected={onChanged} />
        )}
        {connected && (
          <>
            <Button variant="light" loading={checking} onClick={() => void check()}>
              Check
            </Button>
            <ConfirmButton
              variant="subtle"
              color="red"
              label="Disconnect"
              question={`Disconnect ${name}?`}
              consequence="The access to it is forgotten. Its settings stay, and pushes wait until it is connected again."
              onConfirm={disconnect}
            />
          </>
        )}
      </Group>
    </Stack>
  )
}

function waiting(pushes: number): string {
  if (pushes === 0) return ''
  return pushes === 1 ? ' 1 push waits for it.' : ` ${pushes} pushes wait for it.`
}
