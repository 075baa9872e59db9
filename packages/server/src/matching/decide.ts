/** What follows from whom the CRMs found: what is tagged by itself, which names are filled in, when is asked again. Pure. */
import type { Channel, Visitor } from '../conversations/conversation.ts'
import type { IntegrationSnapshot } from '../integrations/snapshot.ts'
import type { Explanation } from '../plans/plan.ts'
import { settingsId } from '../pushes/settings-id.ts'
import { matchRule } from '../search/match-plan.ts'
import { type ActionableError, CrmError, type ErrorCode } from '../shared/errors.ts'
import type { CrmAnswer, StoredHit } from './stored-match.ts'

/** A tag of the conversation, be it taken off by now. */
export interface TagFact {
  readonly integrationId: string
  readonly entityName: string
  readonly remoteId: string
  readonly automatic: boolean
  readonly removedAt: Date | null
}

export interface TagDecision {
  readonly tag: StoredHit | null
  /** Why it is tagged by itself, or not; null where there is nobody to tag. */
  readonly why: Explanation | null
}

/**
 * Each integration is judged by its own settings and its own hits alone: where two CRMs find one record each, the
 * one that tags unasked does so, and the other's record stays a proposal. A person comes first: nothing is tagged in a CRM
 * of which the conversation has a tag, or had one that was taken off.
 *
 * Text messages: the first that was found. Chats: the only one, where the admin wants no question asked.
 */
export function decideTag(
  integration: IntegrationSnapshot,
  channel: Channel,
  { enabled, hits }: Pick<CrmAnswer, 'enabled' | 'hits'>,
  tags: readonly TagFact[],
): TagDecision {
  const [first, ...others] = hits
  if (!enabled || first === undefined) return { tag: null, why: null }
  const say = (row: Parameters<typeof matchRule>[1], text: string): Explanation => ({
    rule: matchRule(integration, row),
    text: `${integration.name}: ${text}`,
    settingId: settingsId(integration),
  })
  const row = channel === 'SMS' ? 'SMS-02' : 'CHT-01'
  const own = tags.filter(({ integrationId }) => integrationId === integration.id)
  const known = own.find(({ entityName, remoteId }) => entityName === first.entityName && remoteId === first.remoteId)
  if (known?.automatic && known.removedAt === null)
    return { tag: null, why: taggedByItself(integration, channel, first) }
  if (own.some(({ removedAt }) => removedAt !== null)) {
    return { tag: null, why: say(row, 'Nothing is tagged by itself: a person took a record of this CRM off.') }
  }
  if (own.length > 0) {
    return { tag: null, why: say(row, 'Nothing is tagged by itself: it is attached to a record of this CRM already.') }
  }
  if (channel === 'CHAT' && others.length > 0) {
    return { tag: null, why: say('CHT-06', 'Nothing is tagged by itself: several were found, so an agent decides.') }
  }
  if (channel === 'CHAT' && !integration.settings.autoChatPush.tagSingleMatchUnasked) {
    return { tag: null, why: say('CHT-05', 'Nothing is tagged by itself: an agent is asked.') }
  }
  return { tag: first, why: taggedByItself(integration, channel, first) }
}

function taggedByItself(integration: IntegrationSnapshot, channel: Channel, { name }: StoredHit): Explanation {
  return {
    rule: matchRule(integration, channel === 'SMS' ? 'SMS-02' : 'CHT-01'),
    text: `${integration.name}: tagged by itself: ${name ?? 'a record without a name'}.`,
    settingId: settingsId(integration),
  }
}

export interface Names {
  readonly firstName: string | null
  readonly lastName: string | null
}

export const lacksNames = ({ firstName, lastName, fullName }: Visitor): boolean =>
  fullName === null && (firstName === null || lastName === null)

/**
 * The visitor with the names of the record that was found: what is not known is filled in, what was given stays. A record
 * of another name than the one that was given is somebody else behind the same number, and gives nothing: names of two
 * people are not mixed. Null: nothing changes.
 */
export function fillNames(visitor: Visitor, found: Names): Visitor | null {
  if (!lacksNames(visitor)) return null
  const isOther = (['firstName', 'lastName'] as const).some((name) => {
    const [given, held] = [visitor[name], found[name]]
    return given !== null && held !== null && fold(given) !== fold(held)
  })
  if (isOther) return null
  const firstName = visitor.firstName ?? found.firstName
  const lastName = visitor.lastName ?? found.lastName
  const changes = firstName !== visitor.firstName || lastName !== visitor.lastName
  return changes ? { ...visitor, firstName, lastName } : null
}

const fold = (text: string) => text.trim().toLowerCase()

/** Waits before the CRM is asked again, in milliseconds: about four minutes in all. */
const delays = [2_000, 5_000, 15_000, 30_000, 60_000, 60_000, 60_000] as const
/** Who has to wait longer is not waited for: a visitor is looked up while they are there. */
const LONGEST_WAIT = 5 * 60_000

/** Failures that may be over in a moment. */
const passing: ReadonlySet<ErrorCode> = new Set([
  'CRM_UNREACHABLE',
  'CRM_TIMEOUT',
  'CRM_UNAVAILABLE',
  'CRM_RATE_LIMITED',
])

/**
 * In how many milliseconds a CRM that could not be asked is asked again; null: it is given up.
 *
 * @param attempts this one included
 */
export function retryDelay(failure: ActionableError, attempts: number): number | null {
  const delay = delays[attempts - 1]
  if (!passing.has(failure.code) || delay === undefined) return null
  const demanded = failure instanceof CrmError ? (failure.retryAfter ?? 0) * 1_000 : 0
  return demanded > LONGEST_WAIT ? null : Math.max(delay, demanded)
}

/** The same of a look-up that failed on our side. */
export const unforeseenDelay = (attempts: number): number | null => delays[attempts - 1] ?? null

/** An answer that is not waited for any more says how often it was tried. */
export function givenUp(answer: CrmAnswer, attempts: number): CrmAnswer {
  const last = answer.why.at(-1)
  if (answer.failure === null || last === undefined || attempts === 1) return answer
  const text = `It was tried ${attempts} times, and is not tried again until more is known of the visitor.`
  return { ...answer, why: [...answer.why, { ...last, text }] }
}
