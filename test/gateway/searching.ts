/** Searches as a chat frontend makes them, and what a test looks at in their answers. */
import type { RunningGateway } from './running-gateway.ts'

export const providers = ['DYNAMICS', 'SALESFORCE'] as const
export type Provider = (typeof providers)[number]

export interface SearchInput {
  phone?: string
  email?: string
  fullName?: string
  term?: string
  conversationId?: string
  integrationIds?: string[]
  entityTypeIds?: string[]
  kinds?: string[]
  first?: number
}

export interface Hit {
  matchedBy: string
  matchedField: string | null
  exact: boolean
  alreadyTagged: boolean
  actions: string[]
  record: { __typename: string; id: string; name: string; integration: { provider: Provider } }
}

export interface Found {
  hits: Hit[]
  integrations: {
    integration: { provider: Provider }
    matchedBy: string | null
    failure: {
      __typename: string
      code: string
      message: string
      provider?: Provider
      providerCode?: string | null
      retryAfter?: number | null
    } | null
    entityTypes: { entityType: { kind: string }; hits: { record: { name: string } }[] }[]
  }[]
}

const SEARCH = `query ($input: SearchRecordsInput!) {
  searchRecords(input: $input) {
    __typename
    ... on SearchRecordsSuccess {
      hits {
        matchedBy matchedField exact alreadyTagged actions
        record { __typename id name integration { provider } }
      }
      integrations {
        integration { provider }
        matchedBy
        failure { __typename code message ... on ProviderError { provider providerCode retryAfter } }
        entityTypes { entityType { kind } hits { record { name } } }
      }
    }
    ... on Error { code message }
    ... on ValidationError { fields { path message } }
    ... on NotConnectedError { providers }
  }
}`

/** What the search comes to, refusals too. */
export async function searchRecords(
  gateway: RunningGateway,
  input: SearchInput,
  bearer?: string,
): Promise<Found & { __typename: string; code?: string; message?: string; providers?: Provider[] }> {
  return (await gateway.execute(SEARCH, { input }, bearer)).searchRecords
}

/** Names by CRM, sorted. */
export function namesOf({ hits }: Found, provider: Provider): string[] {
  return hits.filter(({ record }) => record.integration.provider === provider).map(({ record }) => record.name)
}

/** What one CRM answered. */
export function answerOf({ integrations }: Found, provider: Provider) {
  const answer = integrations.find(({ integration }) => integration.provider === provider)
  if (!answer) throw new Error(`${provider} is not in the answer`)
  return answer
}

export interface Org {
  id: string
  provider: Provider
  status: string
  entityTypes: { id: string; kind: string; name: string }[]
}

/** The connected orgs, by CRM. */
export async function orgsOf(gateway: RunningGateway): Promise<Record<Provider, Org>> {
  const { integrations } = await gateway.execute('{ integrations { id provider status entityTypes { id kind name } } }')
  return Object.fromEntries((integrations as Org[]).map((org) => [org.provider, org])) as Record<Provider, Org>
}

export function entityTypeOf(org: Org, kind: string): string {
  const id = org.entityTypes.find((entityType) => entityType.kind === kind)?.id
  if (!id) throw new Error(`${org.provider} has no ${kind}`)
  return id
}
