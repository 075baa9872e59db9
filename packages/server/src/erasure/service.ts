/** Forgets a visitor: what is kept here is removed, and what stands in the CRMs is told, so that it can be removed there. */
import { setTimeout as wait } from 'node:timers/promises'
import type { CrmProvider } from '@backchannel/providers'
import type { VisitorIdentifiers } from '../conversations/visitor-keys.ts'
import { visitorKeys } from '../conversations/visitor-keys.ts'
import { toActivityType } from '../pushes/activity-choice.ts'
import { activityKey } from '../pushes/activity-key.ts'
import type { SecretBox } from '../secrets/secret-box.ts'
import { ValidationError } from '../shared/errors.ts'
import type { ErasedActivity, ErasureStore, UnknownActivity } from './store.ts'

export type { ErasedActivity } from './store.ts'

/** Whom to forget: one of these. */
export interface ErasedVisitor extends VisitorIdentifiers {
  readonly conversationIds?: readonly string[] | null | undefined
}

export interface Erasure {
  /** How many conversations were removed. */
  readonly conversations: number
  /** What of them stands in the CRMs. The rows themselves are gone. */
  readonly activities: readonly ErasedActivity[]
}

export interface ErasureService {
  /**
   * Removes every conversation of a visitor, whatever they were known by before, and answers the activities that exist in
   * the CRMs. An attempt under way is waited for, so that what it writes is among them; nothing is written afterwards.
   * Again, or for a visitor who is not known, it answers that there was none.
   *
   * @throws ValidationError where nobody is named, or by two things
   */
  erase(workspaceId: string, visitor: ErasedVisitor): Promise<Erasure>
}

export interface ErasureParts {
  store: ErasureStore
  secrets: SecretBox
  integrations: {
    call<T>(workspaceId: string, id: string, work: (provider: CrmProvider) => Promise<T>): Promise<T>
  }
  /** The country that phone numbers without a prefix are read as of. */
  regionOf(workspaceId: string): Promise<string>
  /** Resolves when every visitor can be found by their keys. */
  keysCompleted(): Promise<void>
  /** Milliseconds since 1970. */
  now: () => number
  /** How long attempts under way are waited for, all of them together, in milliseconds. */
  patienceMs?: number
}

/** How often an attempt under way is looked at. */
const LOOK_MS = 25
/** How long a CRM may take to say whether an activity is there. */
const CRM_MS = 10_000
/** How long a request whose answer was lost may still be carried out (ruling 14). */
const LANDS_WITHIN_MS = 630_000
const MOST_IDS = 1_000

export function createErasureService(parts: ErasureParts): ErasureService {
  const { store, secrets, integrations, regionOf, keysCompleted, now, patienceMs = 15_000 } = parts

  async function find(workspaceId: string, visitor: ErasedVisitor): Promise<string[]> {
    const [name, ...others] = Object.entries(visitor).flatMap(([key, value]) => (value == null ? [] : [key]))
    if (name === undefined || others.length > 0) {
      const message = 'Name one of externalId, phone, email and conversationIds.'
      throw new ValidationError([{ path: ['input'], message }])
    }
    if (visitor.conversationIds != null) {
      const ids = [...new Set(visitor.conversationIds)]
      if (ids.length > MOST_IDS) throw invalid(name, `Name at most ${MOST_IDS} conversations at a time.`)
      return store.findByIds(workspaceId, ids)
    }
    const hashes = visitorKeys(secrets, visitor, await regionOf(workspaceId))
    if (hashes.length === 0) throw invalid(name, 'Name a visitor: this is blank.')
    await keysCompleted()
    return store.findByKeys(workspaceId, hashes)
  }

  async function stop(workspaceId: string, id: string, deadline: number): Promise<void> {
    for (;;) {
      const force = performance.now() > deadline
      if (await store.stop(workspaceId, id, { now: new Date(now()), force })) return
      await wait(LOOK_MS)
    }
  }

  /** What a create of unknown outcome came to. Where that cannot be said yet, it is named by its key; null: to nothing. */
  async function resolve(workspaceId: string, unknown: UnknownActivity) {
    const { integrationId, orgId, orgUrl, part, generation, remoteId, conversationExternalId } = unknown
    const identity = { orgId: orgId ?? orgUrl, workspaceId, conversationExternalId, remoteId, generation, part }
    const key = activityKey(identity)
    const signal = AbortSignal.timeout(CRM_MS)
    try {
      const found = await integrations.call(workspaceId, integrationId, (provider) =>
        provider.findActivityByKey(toActivityType(unknown.activityType), key, { signal }),
      )
      if (found !== null) return { remoteId: found.remoteId, url: found.url, closed: found.closed }
      // It is not there, and a request that was lost long ago does not arrive any more.
      if (unknown.attemptedAt.getTime() + LANDS_WITHIN_MS < now()) return null
    } catch {
      // The CRM cannot tell.
    }
    return { remoteId: key, url: orgUrl, closed: false }
  }

  /** Null: somebody else has removed it. */
  async function eraseOne(workspaceId: string, id: string, deadline: number): Promise<ErasedActivity[] | null> {
    await stop(workspaceId, id, deadline)
    const resolved = new Map<string, Awaited<ReturnType<typeof resolve>>>()
    for (const unknown of await store.listUnknown(workspaceId, id)) {
      resolved.set(unknown.id, await resolve(workspaceId, unknown))
    }
    const activities = await store.remove(workspaceId, id)
    if (activities === 'GONE') return null
    // It was tagged, or a push of it tried again, since it was stopped.
    if (activities === 'RESUMED') return eraseOne(workspaceId, id, deadline)
    return activities
      .map((activity) => ({ ...activity, ...resolved.get(activity.id) }))
      .filter((activity) => activity.remoteId !== null)
  }

  return {
    async erase(workspaceId, visitor) {
      const deadline = performance.now() + patienceMs
      const ids = await find(workspaceId, visitor)
      const receipts: ErasedActivity[][] = []
      for (const id of ids) {
        const activities = await eraseOne(workspaceId, id, deadline)
        if (activities !== null) receipts.push(activities)
      }
      if (ids.length > 0) await store.removeEvents(workspaceId, ids)
      return { conversations: receipts.length, activities: receipts.flat() }
    },
  }
}

const invalid = (field: string, message: string) => new ValidationError([{ path: ['input', field], message }])
