/** Plans one integration's search and asks its CRM: what the plan needs to know of the org comes first, from memory where it is known. */
import type { SearchResult } from '@backchannel/providers'
import { withFreshMetadata } from '../integrations/fresh-metadata.ts'
import type { IntegrationService } from '../integrations/service.ts'
import type { EntityTypeSnapshot, IntegrationSnapshot } from '../integrations/snapshot.ts'
import { CrmError, ValidationError } from '../shared/errors.ts'
import { traced } from '../telemetry/tracing.ts'
import type { Viewer } from '../viewers/viewer.ts'
import {
  needsMetadata,
  planSearch,
  type SearchMetadata,
  type SearchPlan,
  type SearchPlanInput,
  searchedEntityTypes,
} from './plan.ts'

export type AskingIntegrations = Pick<IntegrationService, 'call' | 'describe'>

export interface DescribeParts {
  fresh: boolean
  signal: AbortSignal
}

/** What the org says of these entity types. @throws NotConnectedError, CrmError */
export async function describeAll(
  integrations: AskingIntegrations,
  { workspaceId, id }: IntegrationSnapshot,
  entityTypes: readonly EntityTypeSnapshot[],
  options: DescribeParts,
): Promise<SearchMetadata> {
  const described = entityTypes.map(
    async ({ name }) => [name, await integrations.describe(workspaceId, id, name, options)] as const,
  )
  return new Map(await Promise.all(described))
}

/** What a search needs to know besides settings and input. `tagged`: global IDs of the conversation's records. */
export interface SearchContext {
  readonly tagged: ReadonlySet<string>
  /** That phone numbers of the workspace are read in. */
  readonly region: string
}

export type ContextOf = (viewer: Viewer, conversationId: string | null) => Promise<SearchContext>

/** What all CRMs are asked in one search. */
export interface CrmSearch extends SearchContext, Omit<SearchPlanInput, 'integration' | 'metadata' | 'region'> {
  readonly conversationId: string | null
  readonly signal: AbortSignal
}

/** @throws ValidationError where the values asked for are none of their fields; NotConnectedError, CrmError */
export function askCrm(
  integrations: AskingIntegrations,
  integration: IntegrationSnapshot,
  search: CrmSearch,
): Promise<{ plan: SearchPlan; result: SearchResult }> {
  const { signal } = search
  return withFreshMetadata(async (fresh) => {
    const searched = searchedEntityTypes(integration, search)
    // Read anew is also what the vendor takes from its own knowledge of the org.
    const described = fresh ? searched : searched.filter((entityType) => needsMetadata(integration, entityType))
    const plan = await traced('plan search', { 'backchannel.integration_id': integration.id }, async () => {
      const metadata = await describeAll(integrations, integration, described, { fresh, signal })
      return planSearch({ ...search, integration, metadata })
    })
    if (plan.faults.length > 0) throw new ValidationError(plan.faults)
    const { request } = plan
    const isOfValues = request.targets.some(({ values = [] }) => values.length > 0)
    const asksNothing = request.targets.length === 0 || (request.by.length === 0 && !isOfValues)
    const result = asksNothing
      ? nothingFound
      : await integrations.call(integration.workspaceId, integration.id, (provider) =>
          provider.searchRecords(request, { signal }),
        )
    return { plan, result }
  })
}

const nothingFound: SearchResult = { matchedBy: null, targets: [] }

/** Why some entity types were not searched; null where all were. */
export function refusalOf({ provider }: IntegrationSnapshot, { refusals }: SearchPlan): CrmError | null {
  if (refusals.length === 0) return null
  return new CrmError(provider, { code: 'CRM_REJECTED', message: refusals.map(({ text }) => text).join(' ') })
}
