/** Asks one CRM whom a visitor may be: by the rules of its settings, and for names. */
import type { ConversationFacts } from '../conversations/conversation.ts'
import type { IntegrationSnapshot } from '../integrations/snapshot.ts'
import { toReference } from '../records/record-node.ts'
import { nameOnly } from '../records/selection.ts'
import type { AskingIntegrations } from '../search/ask.ts'
import { type FoundInCrm, findMatches, type MatchRequest, notAsked } from '../search/match.ts'
import { matchedEntityTypes } from '../search/match-plan.ts'
import type { SearchHit } from '../search/results.ts'
import { ActionableError, CrmError, isOutage } from '../shared/errors.ts'
import type { Logger } from '../shared/logger.ts'
import { lacksNames } from './decide.ts'
import type { Pause } from './look-up-store.ts'
import { type FoundNames, findNames } from './names.ts'
import type { CrmAnswer, StoredHit } from './stored-match.ts'

/** What one CRM gave. */
export interface LookedUp {
  readonly answer: CrmAnswer
  /** Null: nobody's, or they were not looked for. */
  readonly names: FoundNames | null
  /** Why it could not be asked, or not for everything. */
  readonly failure: ActionableError | null
}

export interface LookUpRequest {
  readonly facts: ConversationFacts
  readonly region: string
  /** For how long the worker leaves the CRM alone. */
  readonly pause: Pause | undefined
  readonly signal: AbortSignal
}

/** Rejects only where something of ours is away: what a CRM does is told in the answer. */
export type LookUp = (integration: IntegrationSnapshot, request: LookUpRequest) => Promise<LookedUp>

export interface LookUpParts {
  integrations: AskingIntegrations
  logger: Logger
  /** Milliseconds since 1970. */
  now: () => number
}

/** How long one CRM is waited for. */
const ASK_SECONDS = 10
export function createLookUp({ integrations, logger, now }: LookUpParts): LookUp {
  function whyLeftAlone({ provider }: IntegrationSnapshot, pause: Pause | undefined): ActionableError | null {
    const left = (pause?.until.getTime() ?? 0) - now()
    if (left <= 0) return null
    const message = 'It is left alone for a while, since it asked for a pause or kept failing.'
    return new CrmError(provider, { code: 'CRM_UNAVAILABLE', message, retryAfter: Math.ceil(left / 1_000) })
  }

  async function ask(integration: IntegrationSnapshot, request: LookUpRequest, phone: string | null) {
    const signal = AbortSignal.any([AbortSignal.timeout(ASK_SECONDS * 1_000), request.signal])
    const { region } = request
    const match = findMatches(integrations, integration, { ...matchRequest(request), signal })
    const names = phone === null ? null : findNames(integrations, integration, { phone, region, signal })
    const [found, named] = await Promise.allSettled([match, names])
    const failureOf = (it: PromiseSettledResult<unknown>) => (it.status === 'rejected' ? toFailure(it.reason) : null)
    const failure = failureOf(found) ?? failureOf(named)
    return {
      found: found.status === 'fulfilled' ? found.value : nothing,
      names: named.status === 'fulfilled' ? named.value : null,
      failure: (found.status === 'fulfilled' ? found.value.failure : null) ?? failure,
    }

    function toFailure(error: unknown): ActionableError {
      if (error instanceof ActionableError) return error
      // The CRM is not to blame: the whole look-up is made again.
      if (isOutage(error)) throw error
      if (!signal.aborted) {
        const { id } = request.facts
        logger.error({ err: error, integrationId: integration.id, conversationId: id }, 'A look-up failed')
      }
      return signal.aborted
        ? new CrmError(integration.provider, {
            code: 'CRM_TIMEOUT',
            message: `No answer within ${ASK_SECONDS} seconds.`,
          })
        : new CrmError(integration.provider, { code: 'CRM_REJECTED', message: 'Something went wrong on our side.' })
    }
  }

  return async (integration, request) => {
    const { facts } = request
    const phone = numberForNames(integration, facts)
    const asksNobody = phone === null && matchedEntityTypes(integration, facts).length === 0
    const leftAlone = asksNobody ? null : whyLeftAlone(integration, request.pause)
    const { found, names, failure } =
      leftAlone === null ? await ask(integration, request, phone) : { found: nothing, names: null, failure: leftAlone }
    return { answer: toAnswer(integration, facts, found, failure), names, failure }
  }
}

const nothing: FoundInCrm = { enabled: true, hits: [], why: [], failure: null }

const matchRequest = ({ facts, region, signal }: LookUpRequest): MatchRequest => ({
  ...{ facts, region, signal },
  tagged: new Set(),
  selected: nameOnly,
})

/** The number whose owner's names are looked for; null: they are not. */
function numberForNames({ settings }: IntegrationSnapshot, { channel, visitor }: ConversationFacts): string | null {
  return channel === 'SMS' && settings.fetchCrmData && lacksNames(visitor) ? visitor.phone : null
}

function toAnswer(
  integration: IntegrationSnapshot,
  facts: ConversationFacts,
  { enabled, hits, why, failure: told }: FoundInCrm,
  failure: ActionableError | null,
): CrmAnswer {
  return {
    integrationId: integration.id,
    settingsVersion: integration.settings.version,
    enabled,
    hits: hits.map(toStoredHit),
    why: failure !== null && told === null ? [...why, notAsked(integration, facts, failure.message)] : why,
    failure: failure?.message ?? null,
  }
}

function toStoredHit({ record, matchedBy, matchedField, exact }: SearchHit): StoredHit {
  return { ...toReference(record), matchedBy: matchedBy as StoredHit['matchedBy'], matchedField, exact }
}
