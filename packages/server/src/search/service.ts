/** One search over one or more CRMs: answers and failures side by side (decision 5). */
import { type EntityKind, providerDefinitions, type SearchIdentifier, type SearchResult } from '@backchannel/providers'
import {
  type EntityTypeSnapshot,
  type IntegrationService,
  type IntegrationSnapshot,
  isConnected,
} from '../integrations/service.ts'
import type { VisitorValues } from '../records/form.ts'
import { type RecordNode, toRecordNode } from '../records/record-node.ts'
import type { SelectedAttributes } from '../records/selection.ts'
import {
  ActionableError,
  type FieldError,
  NotAllowedError,
  NotConnectedError,
  NotFoundError,
  ValidationError,
} from '../shared/errors.ts'
import type { Viewer } from '../viewers/viewer.ts'
import { planSearch, type SearchPlan, type SearchTerms } from './plan.ts'

export interface SearchRecordsInput extends SearchTerms {
  /** Phone, e-mail and name come from its visitor. */
  conversationId?: string | null | undefined
  integrationIds?: readonly string[] | null | undefined
  entityTypeIds?: readonly string[] | null | undefined
  kinds?: readonly EntityKind[] | null | undefined
  /** How many hits per entity type. */
  first: number
}

export interface SearchHit {
  readonly record: RecordNode
  readonly matchedBy: SearchIdentifier
  readonly matchedField: string | null
  readonly exact: boolean
  readonly alreadyTagged: boolean
}

export interface EntitySearchResult {
  readonly entityType: EntityTypeSnapshot
  readonly integration: IntegrationSnapshot
  readonly hits: readonly SearchHit[]
}

export interface IntegrationSearchResult {
  readonly integration: IntegrationSnapshot
  readonly matchedBy: SearchIdentifier | null
  readonly failure: ActionableError | null
  readonly entityTypes: readonly EntitySearchResult[]
}

export interface SearchRecordsAnswer {
  /** All of them: exact ones first, otherwise in the order of integrations and entity types. */
  readonly hits: readonly SearchHit[]
  readonly integrations: readonly IntegrationSearchResult[]
}

export interface SearchService {
  /**
   * @throws ValidationError, NotFoundError, NotAllowedError, and NotConnectedError where no CRM could be asked at all
   */
  searchRecords(
    viewer: Viewer,
    input: SearchRecordsInput,
    selected: SelectedAttributes,
    signal: AbortSignal,
  ): Promise<SearchRecordsAnswer>
}

export interface SearchServiceParts {
  integrations: IntegrationService
  /** The region that phone numbers of a workspace are read in. */
  regionOf(workspaceId: string): Promise<string>
  visitorOf(viewer: Viewer, conversationId: string): Promise<VisitorValues>
  /** Global IDs of the records that a conversation is tagged with. */
  taggedRecordsOf(viewer: Viewer, conversationId: string): Promise<ReadonlySet<string>>
}

const maxHits = 200
const maxTextLength = 500

export function createSearchService(parts: SearchServiceParts): SearchService {
  const { integrations, regionOf, visitorOf, taggedRecordsOf } = parts
  const nothingTagged: ReadonlySet<string> = new Set()

  async function choose(viewer: Viewer, input: SearchRecordsInput): Promise<readonly IntegrationSnapshot[]> {
    const all = await integrations.list(viewer.workspaceId)
    for (const id of input.integrationIds ?? []) {
      if (!all.some((integration) => integration.id === id)) {
        throw new NotFoundError('There is no such integration in this workspace.')
      }
    }
    for (const id of input.entityTypeIds ?? []) {
      const entityType = all.flatMap((integration) => integration.entityTypes).find((it) => it.id === id)
      if (!entityType) throw new NotFoundError('There is no such entity type in this workspace.')
      if (!entityType.searchable) {
        throw new NotAllowedError(`Searching ${entityType.displayName} is switched off in the integration settings.`)
      }
    }
    const chosen = all.filter(
      (integration) =>
        (input.integrationIds?.includes(integration.id) ?? true) &&
        (!input.entityTypeIds || integration.entityTypes.some(({ id }) => input.entityTypeIds?.includes(id))),
    )
    if (!chosen.some(isConnected)) throw nobodyToAsk(chosen)
    return chosen
  }

  async function ask(
    integration: IntegrationSnapshot,
    { entityTypes, request }: SearchPlan,
    tagged: ReadonlySet<string>,
    signal: AbortSignal,
  ): Promise<IntegrationSearchResult> {
    try {
      const result =
        request.by.length === 0 || request.targets.length === 0
          ? nothingFound
          : await integrations.call(integration.workspaceId, integration.id, (provider) =>
              provider.searchRecords(request, { signal }),
            )
      return { integration, failure: null, ...toResults(integration, entityTypes, result, tagged) }
    } catch (error) {
      if (!(error instanceof ActionableError)) throw error
      return { integration, matchedBy: null, failure: error, entityTypes: [] }
    }
  }

  return {
    async searchRecords(viewer, input, selected, signal) {
      const faults = faultsOf(input)
      if (faults.length > 0) throw new ValidationError(faults)
      const chosen = await choose(viewer, input)
      const { conversationId = null, first, entityTypeIds = null, kinds = null } = input
      const wanted = async () =>
        conversationId === null ? input : termsOf(input, await visitorOf(viewer, conversationId))
      const [terms, tagged, region] = await Promise.all([
        wanted(),
        conversationId === null ? nothingTagged : taggedRecordsOf(viewer, conversationId),
        regionOf(viewer.workspaceId),
      ])
      const results = await Promise.all(
        chosen.map((integration) => {
          const plan = planSearch({ integration, terms, entityTypeIds, kinds, first, region, selected })
          return ask(integration, plan, tagged, signal)
        }),
      )
      return { hits: inOrder(results), integrations: results }
    },
  }
}

const nothingFound: SearchResult = { matchedBy: null, targets: [] }

function toResults(
  integration: IntegrationSnapshot,
  entityTypes: readonly EntityTypeSnapshot[],
  result: SearchResult,
  tagged: ReadonlySet<string>,
) {
  const found = new Map(result.targets.map((target) => [target.entityName, target.matches]))
  return {
    matchedBy: result.matchedBy,
    entityTypes: entityTypes.map((entityType) => ({
      entityType,
      integration,
      hits: (found.get(entityType.name) ?? []).map((match) => {
        const record = toRecordNode(integration, entityType, match.record)
        return {
          record,
          matchedBy: match.identifier,
          matchedField: match.field,
          exact: match.exact,
          alreadyTagged: tagged.has(record.nodeId),
        }
      }),
    })),
  }
}

function inOrder(results: readonly IntegrationSearchResult[]): SearchHit[] {
  const exact: SearchHit[] = []
  const loose: SearchHit[] = []
  for (const { entityTypes } of results) {
    for (const { hits } of entityTypes) {
      for (const hit of hits) (hit.exact ? exact : loose).push(hit)
    }
  }
  return exact.concat(loose)
}

/** What the caller types stands before what the visitor said. */
function termsOf(input: SearchRecordsInput, visitor: VisitorValues): SearchTerms {
  return {
    term: input.term,
    phone: input.phone ?? visitor.phone,
    email: input.email ?? visitor.email,
    fullName: input.fullName ?? visitor.fullName,
  }
}

function faultsOf(input: SearchRecordsInput): FieldError[] {
  const faults: FieldError[] = []
  const texts = ['phone', 'email', 'fullName', 'term'] as const
  for (const name of texts) {
    if ((input[name]?.length ?? 0) > maxTextLength) {
      faults.push({ path: ['input', name], message: `Search for ${maxTextLength} characters at most.` })
    }
  }
  if (input.term && texts.some((name) => name !== 'term' && input[name])) {
    faults.push({ path: ['input', 'term'], message: 'Give either a term or phone, e-mail and name, not both.' })
  }
  if (input.first < 1 || input.first > maxHits) {
    faults.push({ path: ['input', 'first'], message: `Ask for 1 to ${maxHits} records of each entity type.` })
  }
  return faults
}

function nobodyToAsk(chosen: readonly IntegrationSnapshot[]): NotConnectedError {
  const providers = [...new Set(chosen.map((integration) => integration.provider))]
  if (providers.length === 0) {
    const all = Object.values(providerDefinitions).map((definition) => definition.descriptor)
    const names = all.map((descriptor) => descriptor.displayName).join(' or ')
    return new NotConnectedError(
      all.map((descriptor) => descriptor.key),
      `No CRM is connected. An admin can connect ${names} under Integrations.`,
    )
  }
  const names = chosen.map((integration) => integration.name).join(', ')
  return new NotConnectedError(providers, `Not connected: ${names}. An admin can connect it again under Integrations.`)
}
