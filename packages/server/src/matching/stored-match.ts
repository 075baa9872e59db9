/** What the look-ups of a conversation's visitor came to, as it is kept: sealed, by integration. */
import type { Profile } from '../conversations/conversation.ts'
import type { MatchIdentifier } from '../integrations/settings.ts'
import type { IntegrationSnapshot } from '../integrations/snapshot.ts'
import type { Explanation } from '../plans/plan.ts'
import { isAnswered, type MatchKind, toMatch } from '../search/match.ts'
import { sealed } from '../secrets/sealed-columns.ts'
import type { SecretBox } from '../secrets/secret-box.ts'
import type { ReferenceSnapshot } from '../shared/errors.ts'

/** A record that was found, as it was called then. */
export interface StoredHit extends ReferenceSnapshot {
  readonly matchedBy: MatchIdentifier
  readonly matchedField: string | null
  readonly exact: boolean
}

/** What one integration answered, by the settings of `settingsVersion`. */
export interface CrmAnswer {
  readonly integrationId: string
  readonly settingsVersion: number
  /** False: its settings have nobody looked for. */
  readonly enabled: boolean
  /** Chats: all. Text messages: the one that comes first. */
  readonly hits: readonly StoredHit[]
  /** What was found, and what was tagged by itself or was not. */
  readonly why: readonly Explanation[]
  /** Words of why it could not be asked, or not for all that was to be known. */
  readonly failure: string | null
}

export interface StoredMatch {
  readonly profile: Profile
  /** In the order of the integrations. Disconnected ones are left out. */
  readonly answers: readonly CrmAnswer[]
}

export function createMatchSeals(secrets: SecretBox) {
  const { identity } = sealed.match
  return {
    sealMatch: (conversationId: string, match: StoredMatch) =>
      secrets.seal(identity(conversationId), JSON.stringify(match)),
    /** Null: nobody was looked up yet. */
    openMatch: ({ id, matchSealed }: { id: string; matchSealed: string | null }): StoredMatch | null =>
      matchSealed === null ? null : JSON.parse(secrets.open(identity(id), matchSealed)),
  }
}

/** Whether an answer was given by the settings that an integration has now. */
export const isCurrent = (answer: CrmAnswer, { settings }: Pick<IntegrationSnapshot, 'settings'>): boolean =>
  answer.settingsVersion === settings.version

/** What all integrations together found; null where nobody was looked for, or that cannot be said. */
export function storedMatchOf(stored: StoredMatch | null) {
  const answers = stored?.answers ?? []
  if (!isAnswered(answers)) return null
  return toMatch(
    answers.flatMap(({ hits }) => hits),
    ({ matchedBy }) => matchedBy,
  )
}

/** Whether there is somebody to propose who was not proposed before. */
export function isNewProposal(before: StoredMatch | null, after: StoredMatch): boolean {
  const found = markOf(after)
  return found.kind !== 'NONE' && JSON.stringify(found) !== JSON.stringify(markOf(before))
}

function markOf(stored: StoredMatch | null): { kind: MatchKind; identifier: MatchIdentifier | null; keys: string[] } {
  const { kind = 'NONE', identifier = null, hits = [] } = storedMatchOf(stored) ?? {}
  return { kind, identifier, keys: hits.map((it) => `${it.integrationId}:${it.entityName}:${it.remoteId}`).toSorted() }
}
