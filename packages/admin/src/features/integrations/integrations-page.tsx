import { Alert, Loader, SimpleGrid, Stack, Text, Title } from '@mantine/core'
import { useQuery } from 'urql'
import { graphql, readFragment } from '../../graphql/generated/index.ts'
import { ConnectCard } from './connect-card.tsx'
import { IntegrationCard, IntegrationCard_Integration } from './integration-card.tsx'

const IntegrationsPage_Query = graphql(`
  query IntegrationsPage_Query {
    providers {
      provider
      ...ConnectCard_Provider
    }
    integrations {
      id
      ...IntegrationCard_Integration
    }
  }
`)

/** Every CRM org of the workspace, and the CRMs that can be connected. */
export function IntegrationsPage() {
  const [{ data, fetching, error }, reload] = useQuery({ query: IntegrationsPage_Query })
  const refresh = () => reload({ requestPolicy: 'network-only' })

  return (
    <Stack gap="lg">
      <div>
        <Title order={1}>Integrations</Title>
        <Text c="dimmed">The CRMs that chats are searched in and filed to.</Text>
      </div>
      {error && (
        <Alert color="red" title="The integrations could not be read" role="alert">
          {error.graphQLErrors[0]?.message ?? 'The server does not answer. Check that it is running.'}
        </Alert>
      )}
      {fetching && !data && <Loader aria-label="Loading" />}
      {data && (
        <SimpleGrid cols={{ base: 1, md: 2 }}>
          {data.integrations.map((integration) => (
            <IntegrationCard
              key={integration.id}
              integration={readFragment(IntegrationCard_Integration, integration)}
              onChanged={refresh}
            />
          ))}
          {data.providers.map((provider) => (
            <ConnectCard key={provider.provider} provider={provider} onConnected={refresh} />
          ))}
        </SimpleGrid>
      )}
    </Stack>
  )
}
