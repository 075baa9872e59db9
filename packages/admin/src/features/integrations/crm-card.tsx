import { Anchor, Card, Divider, Group, Stack, Text, Title } from '@mantine/core'
import { Fragment, useEffect, useRef } from 'react'
import type { IntegrationSection_IntegrationFragment } from '../../graphql/generated/graphql.ts'
import { type FragmentType, graphql, readFragment } from '../../graphql/generated/index.ts'
import { AnchorLink } from '../../ui/link.tsx'
import { StatusBadge } from '../../ui/status-badge.tsx'
import { ConnectButton } from './connect-button.tsx'
import { IntegrationSection } from './integration-section.tsx'

const CrmCard_Provider = graphql(`
  fragment CrmCard_Provider on ProviderDescriptor {
    provider
    displayName
    documentationUrl
    ...ConnectButton_Provider
  }
`)

interface CrmCardProps {
  provider: FragmentType<typeof CrmCard_Provider>
  integrations: readonly IntegrationSection_IntegrationFragment[]
  /** The address names this CRM: its card is shown and takes the focus. */
  chosen: boolean
  onChanged: () => void
}

/** One CRM: its orgs, and the way to connect one. */
export function CrmCard({ provider, integrations, chosen, onChanged }: CrmCardProps) {
  const descriptor = readFragment(CrmCard_Provider, provider)
  const card = useRef<HTMLDivElement>(null)
  const headingId = `crm-${descriptor.provider}`

  useEffect(() => {
    if (chosen) card.current?.focus()
  }, [chosen])

  return (
    <Card ref={card} withBorder component="section" aria-labelledby={headingId} tabIndex={-1}>
      <Stack>
        <Group justify="space-between">
          <Title order={2} size="h3" id={headingId}>
            <AnchorLink
              to="/integrations/{-$crm}"
              params={{ crm: descriptor.provider.toLowerCase() }}
              inherit
              c="inherit"
              underline="hover"
            >
              {descriptor.displayName}
            </AnchorLink>
          </Title>
          {integrations.length === 0 && <StatusBadge status="DISCONNECTED" />}
        </Group>
        {integrations.length === 0 && (
          <Text size="sm">Nothing is searched in {descriptor.displayName} and nothing is filed there yet.</Text>
        )}
        {integrations.map((integration) => (
          <Fragment key={integration.id}>
            <Divider />
            <IntegrationSection integration={integration} provider={descriptor} onChanged={onChanged} />
          </Fragment>
        ))}
        <Divider />
        <Group>
          <ConnectButton provider={descriptor} another={integrations.length > 0} onConnected={onChanged} />
          <Anchor href={descriptor.documentationUrl} target="_blank" rel="noreferrer" size="sm">
            What {descriptor.displayName} needs
          </Anchor>
        </Group>
      </Stack>
    </Card>
  )
}
