/** One search over one or more CRMs: answers and failures side by side (decision 5). */
import type { ConversationFacts } from '../conversations/conversation.ts'
import { type IntegrationService, type IntegrationSnapshot, isConnected } from '../integrations/service.ts'
import type { SelectedAttributes } from '../records/selection.ts'
import type { SecretBox } from '../secrets/secret-box.ts'
import { ActionableError, ValidationError } from '../shared/errors.ts'
import type { Viewer } from '../viewers/viewer.ts'
import { askCrm, type ContextOf, type CrmSearch, describeAll, refusalOf } from './ask.ts'
import { choose } from './choice.ts'
import { createCursorBox, markOf, type SearchCursor } from './cursor.ts'
import { readFieldValues, searchBoxId } from './field-values.ts'
import { faultsOf, type SearchRecordsInput, termsOf } from './input.ts'
import { type MatchAnswer, matchIn } from './match.ts'
import { createPager, type MoreRecordsAnswer } from './more.ts'
import { type PanelIntegration, planPanel } from './panel.ts'
import { needsMetadata, searchedEntityTypes } from './plan.ts'
import { hasMore, type IntegrationSearchResult, inOrder, type SearchHit, toHits, winningTerms } from './results.ts'

export type { SearchRecordsInput } from './input.ts'
export type { MoreRecordsAnswer } from './more.ts'
export type { EntitySearchResult, IntegrationSearchResult, SearchHit } from './results.ts'

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
  /**
   * The same over integrations as they are given, with settings that need not be saved. Nothing goes on from it.
   *
   * @throws as searchRecords
   */
  searchIn(
    viewer: Viewer,
    integrations: readonly IntegrationSnapshot[],
    input: SearchRecordsInput,
    facts: ConversationFacts | null,
    selected: SelectedAttributes,
    signal: AbortSignal,
  ): Promise<SearchRecordsAnswer>
  /**
   * The next records of one entity type.
   *
   * @throws ValidationError for what is no cursor of this workspace, or an old one; NotAllowedError where the entity type
   *   is not searched any more; NotConnectedError, CrmError
   */
  moreRecords(
    viewer: Viewer,
    cursor: string,
    first: number,
    selected: SelectedAttributes,
    signal: AbortSignal,
  ): Promise<MoreRecordsAnswer>

  /** By connected integration. @throws NotFoundError */
  panel(viewer: Viewer, conversationId: string | null, signal: AbortSignal): Promise<PanelIntegration[]>
  /** The same of integrations and a conversation that need not be saved. */
  panelOf(
    integrations: readonly IntegrationSnapshot[],
    facts: ConversationFacts | null,
    signal: AbortSignal,
  ): Promise<PanelIntegration[]>

  /** Whom a conversation's visitor may be, by the settings of all integrations. */
  match(
    viewer: Viewer,
    facts: ConversationFacts,
    selected: SelectedAttributes,
    signal: AbortSignal,
  ): Promise<MatchAnswer>
  /** The same of integrations and a conversation that need not be saved. */
  matchOf(
    viewer: Viewer,
    integrations: readonly IntegrationSnapshot[],
    facts: ConversationFacts,
    selected: SelectedAttributes,
    signal: AbortSignal,
  ): Promise<MatchAnswer>
}

export interface SearchServiceParts {
  integrations: IntegrationService
  secrets: SecretBox
  /** What is known of a conversation that the viewer may see. Rejects with NotFoundError. */
  factsOf(viewer: Viewer, conversationId: string): Promise<ConversationFacts>
  contextOf: ContextOf
  /** Milliseconds since 1970. */
  now: () => number
}

export function createSearchService(parts: SearchServiceParts): SearchService {
  const { integrations, contextOf, factsOf } = parts
  const cursors = createCursorBox(parts.secrets, parts.now)

  async function ask(
    integration: IntegrationSnapshot,
    search: CrmSearch,
    paged: boolean,
  ): Promise<IntegrationSearchResult> {
    try {
      const { plan, result } = await askCrm(integrations, integration, search)
      return {
        integration,
        matchedBy: result.matchedBy,
        failure: refusalOf(integration, plan),
        entityTypes: plan.entityTypes.map(({ entityType, columns }) => {
          const hits = toHits(integration, entityType, result, search.tagged)
          const goesOn = paged && hits.length > 0 && hasMore(result, entityType)
          const cursor = (): SearchCursor => ({
            integrationId: integration.id,
            entityTypeId: entityType.id,
            conversationId: search.conversationId,
            terms: winningTerms(search.terms, result.matchedBy),
            fieldValues: search.asked
              .filter(({ field }) => field.entityTypeId === entityType.id)
              .map(({ field, texts }) => ({ fieldId: searchBoxId(field), values: texts })),
            shown: hits.map(({ record }) => markOf(record.record.remoteId)),
          })
          return {
            entityType,
            columns,
            hits,
            moreCursor: goesOn ? cursors.seal(integration.workspaceId, cursor()) : null,
          }
        }),
        notes: plan.notes,
      }
    } catch (error) {
      // What the caller gave is the caller's to correct, whichever CRM found it.
      if (!(error instanceof ActionableError) || error instanceof ValidationError) throw error
      return { integration, matchedBy: null, failure: error, entityTypes: [], notes: [] }
    }
  }

  async function searchIn(
    viewer: Viewer,
    all: readonly IntegrationSnapshot[],
    input: SearchRecordsInput,
    facts: ConversationFacts | null,
    { selected, signal, paged }: { selected: SelectedAttributes; signal: AbortSignal; paged: boolean },
  ): Promise<SearchRecordsAnswer> {
    const faults = faultsOf(input)
    if (faults.length > 0) throw new ValidationError(faults)
    const chosen = choose(all, input)
    const scope = { entityTypeIds: input.entityTypeIds ?? null, kinds: input.kinds ?? null }
    const values = readFieldValues(
      chosen.map((integration) => [integration, searchedEntityTypes(integration, scope)]),
      input.fieldValues ?? [],
    )
    if (values.faults.length > 0) throw new ValidationError(values.faults)
    const { asked } = values
    // Who asks for values of single fields asks for those, not for the visitor.
    const terms = termsOf(input, asked.length > 0 ? null : facts)
    const conversationId = facts?.id ?? null
    const common = await contextOf(viewer, conversationId)
    const search = { ...common, ...scope, terms, asked, conversationId, first: input.first, selected, signal }
    const results = await Promise.all(chosen.map((integration) => ask(integration, search, paged)))
    return { hits: inOrder(results), integrations: results }
  }

  /** An org that cannot be asked does not take the panel away. */
  async function panelIn(integration: IntegrationSnapshot, facts: ConversationFacts | null, signal: AbortSignal) {
    const described = integration.entityTypes.filter((entityType) => needsMetadata(integration, entityType))
    const options = { fresh: false, signal }
    const metadata = await describeAll(integrations, integration, described, options).catch((error: unknown) => {
      if (error instanceof ActionableError) return new Map()
      throw error
    })
    return planPanel(integration, facts, metadata)
  }

  const panelOf: SearchService['panelOf'] = (all, facts, signal) =>
    Promise.all(all.filter(isConnected).map((integration) => panelIn(integration, facts, signal)))

  const matchOf: SearchService['matchOf'] = async (viewer, all, facts, selected, signal) => {
    const context = await contextOf(viewer, facts.id)
    return matchIn(integrations, all, { ...context, facts, selected, signal })
  }

  return {
    panelOf,
    async panel(viewer, conversationId, signal) {
      const facts = conversationId === null ? null : await factsOf(viewer, conversationId)
      return panelOf(await integrations.list(viewer.workspaceId), facts, signal)
    },
    matchOf,
    match: async (viewer, facts, selected, signal) =>
      matchOf(viewer, await integrations.list(viewer.workspaceId), facts, selected, signal),

    async searchRecords(viewer, input, selected, signal) {
      const { conversationId = null } = input
      const [all, facts] = await Promise.all([
        integrations.list(viewer.workspaceId),
        conversationId === null ? null : factsOf(viewer, conversationId),
      ])
      return searchIn(viewer, all, input, facts, { selected, signal, paged: true })
    },

    searchIn: (viewer, all, input, facts, selected, signal) =>
      searchIn(viewer, all, input, facts, { selected, signal, paged: false }),

    moreRecords: createPager({ ...parts, cursors }),
  }
}
