import { Anchor, Badge, Button, Group, Stack, Title } from '@mantine/core'
import { useState } from 'react'
import { useClient } from 'urql'
import { sentenceFor } from '../../graphql/client.ts'
import type { IntegrationSection_IntegrationFragment } from '../../graphql/generated/graphql.ts'
import { type FragmentType, graphql } from '../../graphql/generated/index.ts'
import { StatusBadge } from '../../ui/status-badge.tsx'
import { tellAttention, tellDone, tellProblem } from '../../ui/tell.ts'
import { ConnectButton, type ConnectButton_Provider } from './connect-button.tsx'
import { DisconnectButton } from './disconnect-button.tsx'
import { IntegrationFacts } from './integration-facts.tsx'
import { IntegrationProblems } from './integration-problems.tsx'
import { SettingsLinks } from './settings-links.tsx'

export const IntegrationSection_Integration = graphql(`
  fragment IntegrationSection_Integration on Integration {
    id
    name
    provider
    url
    emulated
    status
    ...IntegrationFacts_Integration
    ...IntegrationProblems_Integration
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

interface IntegrationSectionProps {
  integration: IntegrationSection_IntegrationFragment
  provider: FragmentType<typeof ConnectButton_Provider>
  onChanged: () => void
}

/** One CRM org: whether it works, as whom, and what can be done about it. */
export function IntegrationSection({ integration, provider, onChanged }: IntegrationSectionProps) {
  const client = useClient()
  const [checking, setChecking] = useState(false)
  const { id, name, url, emulated, status } = integration
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

  return (
    <Stack component="section" gap="sm" aria-labelledby={headingId}>
      <div>
        <Group justify="space-between" gap="xs">
          <Title order={3} size="h4" id={headingId} style={{ overflowWrap: 'anywhere' }}>
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
      </div>
      <IntegrationProblems integration={integration} />
      <IntegrationFacts integration={integration} />
      <SettingsLinks integrationId={id} name={name} />
      <Group mt="xs" gap="xs">
        {status !== 'CONNECTED' && (
          <ConnectButton provider={provider} integration={integration} onConnected={onChanged} />
        )}
        {connected && (
          <>
            <Button variant="light" loading={checking} onClick={() => void check()}>
              Check
            </Button>
            {status === 'CONNECTED' && (
              <ConnectButton provider={provider} integration={integration} again onConnected={onChanged} />
            )}
            <DisconnectButton integrationId={id} name={name} onDisconnected={onChanged} />
          </>
        )}
      </Group>
    </Stack>
  )
}
