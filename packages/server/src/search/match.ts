/** Whom a conversation's visitor may be in the CRMs: proposed, for an agent or a rule to tag. */
import type { ConversationFacts } from '../conversations/conversation.ts'
import { withFreshMetadata } from '../integrations/fresh-metadata.ts'
import type { MatchIdentifier } from '../integrations/settings.ts'
import { type IntegrationSnapshot, isConnected } from '../integrations/snapshot.ts'
import type { Explanation } from '../plans/plan.ts'
import { settingsId } from '../pushes/settings-id.ts'
import type { SelectedAttributes } from '../records/selection.ts'
import { ActionableError } from '../shared/errors.ts'
import { type AskingIntegrations, describeAll } from './ask.ts'
import { type MatchPlan, matchedEntityTypes, matchRule, planMatch } from './match-plan.ts'
import { type SearchHit, toHits } from './results.ts'

export const matchKinds = ['NONE', 'ONE', 'MANY'] as const
export type MatchKind = (typeof matchKinds)[number]

export const matchActions = ['TAG', 'TAG_ALL', 'SEARCH_ANOTHER'] as const
export type MatchAction = (typeof matchActions)[number]

export interface ConversationMatch {
  readonly kind: MatchKind
  /** By what they were found; null where nobody was, or the CRMs found them by different ones. */
  readonly identifier: MatchIdentifier | null
  /** Chats: all. Text messages: of each CRM the one that is tagged. */
  readonly hits: readonly SearchHit[]
  readonly actions: readonly MatchAction[]
}

export interface MatchAnswer {
  /** Null: no integration's settings have anybody looked for, or nobody was found and a CRM could not be asked. */
  readonly match: ConversationMatch | null
  readonly why: readonly Explanation[]
}

export interface MatchRequest {
  readonly facts: ConversationFacts
  /** Global IDs of the records that the conversation is tagged with. */
  readonly tagged: ReadonlySet<string>
  readonly region: string
  readonly selected: SelectedAttributes
  readonly signal: AbortSignal
}

/** What one integration gives to the answer. */
export interface FoundInCrm {
  /** False: its settings have nobody looked for. */
  readonly enabled: boolean
  /** Chats: all. Text messages: the one that comes first. */
  readonly hits: readonly SearchHit[]
  readonly why: readonly Explanation[]
  /** Why it could not be asked. */
  readonly failure: ActionableError | null
}

/** Each integration is asked by its own rules; what one that could not be asked would have found is not known. */
export async function matchIn(
  integrations: AskingIntegrations,
  all: readonly IntegrationSnapshot[],
  request: MatchRequest,
): Promise<MatchAnswer> {
  const found = await Promise.all(all.map((integration) => findMatches(integrations, integration, request)))
  const hits = found.flatMap((it) => it.hits)
  const why = found.flatMap((it) => it.why)
  const match = isAnswered(found) ? toMatch(hits, ({ matchedBy }) => matchedBy as MatchIdentifier) : null
  return { match, why }
}

/** Whether it can be said whom they found: "nobody" only where every CRM that was to be asked has answered. */
export function isAnswered(
  found: readonly { enabled: boolean; hits: readonly unknown[]; failure: unknown }[],
): boolean {
  const asked = found.filter(({ enabled }) => enabled)
  if (asked.some(({ hits }) => hits.length > 0)) return true
  return asked.length > 0 && asked.every(({ failure }) => failure === null)
}

/** What hits of all integrations come to. */
export function toMatch<Hit>(
  hits: readonly Hit[],
  identifierOf: (hit: Hit) => MatchIdentifier,
): Omit<ConversationMatch, 'hits'> & { readonly hits: readonly Hit[] } {
  const identifiers = new Set(hits.map(identifierOf))
  const [identifier = null] = identifiers.size === 1 ? identifiers : []
  const kind = hits.length === 0 ? 'NONE' : hits.length === 1 ? 'ONE' : 'MANY'
  return { kind, identifier, hits, actions: actionsOf[kind] }
}

const actionsOf: Record<MatchKind, readonly MatchAction[]> = {
  NONE: ['SEARCH_ANOTHER'],
  ONE: ['TAG', 'SEARCH_ANOTHER'],
  MANY: ['TAG_ALL', 'SEARCH_ANOTHER'],
}

/** Whom one integration finds by its settings. */
export async function findMatches(
  integrations: AskingIntegrations,
  integration: IntegrationSnapshot,
  request: MatchRequest,
): Promise<FoundInCrm> {
  const { facts, tagged, signal } = request
  if (!isConnected(integration)) return { enabled: false, hits: [], why: [], failure: null }
  try {
    const { plan, hits } = await withFreshMetadata(async (fresh) => {
      const entityTypes = matchedEntityTypes(integration, facts)
      const metadata = await describeAll(integrations, integration, entityTypes, { fresh, signal })
      const planned = planMatch({ ...request, integration, metadata })
      return { plan: planned, hits: await ask(planned) }
    })
    const why = [...plan.why, ...outcomeOf(integration, facts, plan, hits)]
    return { enabled: plan.enabled, hits, why, failure: null }
  } catch (error) {
    if (!(error instanceof ActionableError)) throw error
    return { enabled: true, hits: [], why: [notAsked(integration, facts, error.message)], failure: error }
  }

  async function ask({ request: search, entityTypes }: MatchPlan): Promise<SearchHit[]> {
    if (search === null) return []
    const result = await integrations.call(integration.workspaceId, integration.id, (provider) =>
      provider.searchRecords(search, { signal }),
    )
    const hits = entityTypes
      .flatMap((entityType) => toHits(integration, entityType, result, tagged))
      .toSorted(inMatchOrder)
    return facts.channel === 'SMS' ? hits.slice(0, 1) : hits
  }
}

/** That an integration would have been asked, and why it was not. */
export function notAsked(
  integration: IntegrationSnapshot,
  { channel }: Pick<ConversationFacts, 'channel'>,
  reason: string,
): Explanation {
  const rule = matchRule(integration, channel === 'CHAT' ? 'CHT-01' : 'SMS-01')
  const text = `${integration.name} could not be asked, so whom it knows is open: ${reason}`
  return { rule, text, settingId: settingsId(integration) }
}

/** The same number before a like one, then the one that was changed last, then by key. */
export function inMatchOrder(left: SearchHit, right: SearchHit): number {
  const keyOf = ({ record: { record } }: SearchHit) => [record.modifiedAt ?? '', record.remoteId] as const
  const [leftAt, leftId] = keyOf(left)
  const [rightAt, rightId] = keyOf(right)
  if (left.exact !== right.exact) return left.exact ? -1 : 1
  if (leftAt !== rightAt) return leftAt > rightAt ? -1 : 1
  return leftId < rightId ? -1 : 1
}

function outcomeOf(
  integration: IntegrationSnapshot,
  { channel }: ConversationFacts,
  plan: MatchPlan,
  hits: readonly SearchHit[],
): Explanation[] {
  if (!plan.enabled) return []
  const say = (row: Parameters<typeof matchRule>[1], text: string): Explanation => ({
    rule: matchRule(integration, row),
    text: `${integration.name}: ${text}`,
    settingId: settingsId(integration),
  })
  const [first] = hits
  if (first === undefined) {
    return [say(channel === 'CHAT' ? 'CHT-08' : 'SMS-05', 'Nobody was found, so nothing is tagged by itself.')]
  }
  const field = `${first.record.entityType.displayName}.${first.matchedField}`
  if (channel === 'SMS') return [say('SMS-02', `${first.record.record.name} is the first that was found, by ${field}.`)]
  if (hits.length > 1)
    return [say('CHT-06', `${hits.length} records were found, by ${field}. All of them can be tagged.`)]
  return [say('CHT-05', `${first.record.record.name} was found, by ${field}.`)]
}
