/** One search over one or more CRMs: answers and failures side by side (decision 5). */
import type { ConversationFacts } from '../conversations/conversation.ts'
import { type IntegrationService, type IntegrationSnapshot, isConnected } from '../integrations/service.ts'
import type { SelectedAttributes } from '../records/selection.ts'
import type { SecretBox } from '../secrets/secret-box.ts'
import { ActionableError, CrmError, ValidationError } from '../shared/errors.ts'
import type { Viewer } from '../viewers/viewer.ts'
import { askCrm, describeAll } from './ask.ts'
import { choose, switchedOff } from './choice.ts'
import { createCursorBox, markOf, type SearchCursor } from './cursor.ts'
import { type AskedValue, readFieldValues, searchBoxId } from './field-values.ts'
import { faultsOf, faultsOfFirst, type SearchRecordsInput, termsOf } from './input.ts'
import { type MatchAnswer, matchIn } from './match.ts'
import { type PanelIntegration, planPanel } from './panel.ts'
import { needsMetadata, type SearchScope, type SearchTerms, searchedEntityTypes } from './plan.ts'
import { hasMore, type IntegrationSearchResult, inOrder, type SearchHit, toHits, winningTerms } from './results.ts'

export type { SearchRecordsInput } from './input.ts'
export type { EntitySearchResult, IntegrationSearchResult, SearchHit } from './results.ts'

export interface SearchRecordsAnswer {
  /** All of them: exact ones first, otherwise in the order of integrations and entity types. */
  readonly hits: readonly SearchHit[]
  readonly integrations: readonly IntegrationSearchResult[]
}

export interface MoreRecordsAnswer {
  readonly hits: readonly SearchHit[]
  readonly moreCursor: string | null
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
  /** The region that phone numbers of a workspace are read in. */
  regionOf(workspaceId: string): Promise<string>
  /** What is known of a conversation that the viewer may see. Rejects with NotFoundError. */
  factsOf(viewer: Viewer, conversationId: string): Promise<ConversationFacts>
  /** Global IDs of the records that a conversation is tagged with. */
  taggedRecordsOf(viewer: Viewer, conversationId: string): Promise<ReadonlySet<string>>
  /** Milliseconds since 1970. */
  now: () => number
}

/** How many records of one entity type can be paged through. */
const mostRows = 1_000
const nothingTagged: ReadonlySet<string> = new Set()

/** What the parts of one search have in common. */
interface Search {
  readonly scope: SearchScope
  readonly terms: SearchTerms
  readonly asked: readonly AskedValue[]
  readonly conversationId: string | null
  readonly tagged: ReadonlySet<string>
  readonly first: number
  readonly region: string
  readonly selected: SelectedAttributes
  readonly signal: AbortSignal
}

export function createSearchService(parts: SearchServiceParts): SearchService {
  const { integrations, regionOf, factsOf, taggedRecordsOf } = parts
  const cursors = createCursorBox(parts.secrets, parts.now)

  const askedOf = (integration: IntegrationSnapshot, { scope, ...search }: Search) => ({
    ...search,
    ...scope,
    integration,
  })

  async function ask(
    integration: IntegrationSnapshot,
    search: Search,
    paged: boolean,
  ): Promise<IntegrationSearchResult> {
    try {
      const { plan, result } = await askCrm(integrations, askedOf(integration, search), search.signal)
      const [refusal] = plan.refusals
      return {
        integration,
        matchedBy: result.matchedBy,
        failure:
          refusal === undefined
            ? null
            : new CrmError(integration.provider, {
                code: 'CRM_REJECTED',
                message: plan.refusals.map(({ text }) => text).join(' '),
              }),
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
    const conversationId = facts?.id ?? null
    const [tagged, region] = await Promise.all([
      conversationId === null ? nothingTagged : taggedRecordsOf(viewer, conversationId),
      regionOf(viewer.workspaceId),
    ])
    const terms = termsOf(input, facts)
    const { asked } = values
    const search = { scope, terms, asked, conversationId, tagged, first: input.first, region, selected, signal }
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
    const [tagged, region] = await Promise.all([
      facts.id === null ? nothingTagged : taggedRecordsOf(viewer, facts.id),
      regionOf(viewer.workspaceId),
    ])
    return matchIn(integrations, all, { facts, tagged, region, selected, signal })
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

    async moreRecords(viewer, sealed, first, selected, signal) {
      const { workspaceId } = viewer
      const cursor = cursors.open(workspaceId, sealed)
      const integration = cursor && (await integrations.find(workspaceId, cursor.integrationId))
      const entityType = integration?.entityTypes.find(({ id }) => id === cursor?.entityTypeId)
      if (!cursor || !integration || !entityType) throw endedCursor()
      const faults = faultsOfFirst(first, ['first'])
      if (faults.length > 0) throw new ValidationError(faults)
      if (!entityType.searchable) throw switchedOff(entityType.displayName)
      const values = readFieldValues([[integration, [entityType]]], cursor.fieldValues)
      if (values.faults.length > 0) throw endedCursor()

      const { conversationId, terms, shown } = cursor
      const [tagged, region] = await Promise.all([
        conversationId === null ? nothingTagged : taggedRecordsOf(viewer, conversationId),
        regionOf(workspaceId),
      ])
      const scope = { entityTypeIds: [entityType.id], kinds: null }
      const wanted = Math.min(shown.length + first, mostRows)
      const { asked } = values
      const common = { scope, terms, asked, conversationId, tagged, first: wanted, region, selected, signal }
      const { plan, result } = await askCrm(integrations, askedOf(integration, common), signal)
      const [refusal] = plan.refusals
      if (refusal) throw new CrmError(integration.provider, { code: 'CRM_REJECTED', message: refusal.text })
      const known = new Set(shown)
      const hits = toHits(integration, entityType, result, tagged)
        .filter(({ record }) => !known.has(markOf(record.record.remoteId)))
        .slice(0, first)
      const all = [...shown, ...hits.map(({ record }) => markOf(record.record.remoteId))]
      const goesOn = hits.length > 0 && all.length < mostRows && hasMore(result, entityType)
      return { hits, moreCursor: goesOn ? cursors.seal(workspaceId, { ...cursor, shown: all }) : null }
    },
  }
}

const endedCursor = () =>
  new ValidationError([{ path: ['cursor'], message: 'This list has ended. Search once more to see what there is.' }])
