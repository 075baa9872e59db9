import { Stack } from '@mantine/core'
import { getRouteApi } from '@tanstack/react-router'
import { useEffect } from 'react'
import { useQuery } from 'urql'
import { sentenceFor } from '../../graphql/client.ts'
import { graphql, readFragment } from '../../graphql/generated/index.ts'
import { LoadProblem } from '../../ui/load-problem.tsx'
import { PageTitle } from '../../ui/page-title.tsx'
import { tellDone } from '../../ui/tell.ts'
import { Waiting } from '../../ui/waiting.tsx'
import { CrmCard } from './crm-card.tsx'
import { IntegrationSection_Integration } from './integration-section.tsx'
import classes from './integrations-page.module.css'

const IntegrationsPage_Query = graphql(`
  query IntegrationsPage_Query {
    providers {
      provider
      ...CrmCard_Provider
    }
    integrations {
      id
      ...IntegrationSection_Integration
    }
  }
`)

const route = getRouteApi('/signed-in/integrations/{-$crm}')

/** Every CRM with its orgs. */
export function IntegrationsPage() {
  const { crm } = route.useParams()
  const { connected } = route.useSearch()
  const navigate = route.useNavigate()
  const [{ data, fetching, error }, reload] = useQuery({
    query: IntegrationsPage_Query,
    requestPolicy: 'cache-and-network',
  })
  const refresh = () => reload({ requestPolicy: 'network-only' })
  const integrations = readFragment(IntegrationSection_Integration, data?.integrations ?? [])

  useEffect(() => {
    if (!connected) return
    tellDone('Connected. Its settings are ready for you.')
    // Told once, also for whoever loads the page again.
    void navigate({ search: {}, replace: true })
  }, [connected, navigate])

  return (
    <Stack gap="lg">
      <PageTitle title="Integrations" about="The CRMs that chats are searched in and filed to." />
      {error && (
        <LoadProblem what="The integrations" reason={sentenceFor(error)} retrying={fetching} onRetry={refresh} />
      )}
      {fetching && !data && <Waiting />}
      {data && (
        <div className={classes['cards']}>
          {data.providers.map((descriptor) => (
            <CrmCard
              key={descriptor.provider}
              provider={descriptor}
              integrations={integrations.filter((it) => it.provider === descriptor.provider)}
              chosen={crm === descriptor.provider.toLowerCase()}
              onChanged={refresh}
            />
          ))}
        </div>
      )}
    </Stack>
  )
}
