/**
 * Watches sessions that nothing renews. Every process notes in memory which CRM it called, and writes that down
 * every few seconds at most; whichever process sees first that a session is idle asks, or ends it.
 */
import type { EventBus } from '../events/bus.ts'
import type { NewEvent } from '../events/event.ts'
import { type IdlingSession, nextIdleStep } from './idle.ts'
import type { IntegrationRegistry } from './registry.ts'
import type { SessionStore } from './session-store.ts'

/** When which integration's CRM was last called by this process, in milliseconds since 1970. */
export type LastCalls = Map<string, number>

export interface SessionWatch {
  /** Asks and ends what is due. Where nothing is, the database is not asked. */
  settle(): Promise<void>
  /** A session may have begun: the sessions are read now rather than at the next turn. */
  refresh(): Promise<void>
  /** Somebody goes on. Nothing where there is nothing to keep. */
  keep(workspaceId: string, integrationId: string): Promise<void>
  close(): Promise<void>
}

export interface SessionWatchParts {
  store: SessionStore
  registry: Pick<IntegrationRegistry, 'find'>
  events: Pick<EventBus, 'wake'>
  lastCalls: LastCalls
  /** Nobody answered: the integration is to be disconnected. */
  end(workspaceId: string, integrationId: string): Promise<void>
  now: () => number
  /** Told of a turn that failed; the next one tries again. */
  onError(error: unknown): void
}

const turnMs = 10_000

export function createSessionWatch(parts: SessionWatchParts): SessionWatch {
  const { store, registry, events, lastCalls, end, now, onError } = parts
  /** As they were at the last turn; null before the first. */
  let known: readonly IdlingSession[] | null = null
  let turning: Promise<void> | null = null

  /** With what this process has done since. A call is an answer to the question whether to go on. */
  function current(session: IdlingSession): IdlingSession {
    const called = lastCalls.get(session.integrationId) ?? 0
    if (called <= session.lastUsedAt.getTime()) return session
    return { ...session, lastUsedAt: new Date(called), promptedAt: null }
  }

  async function stepOf(session: IdlingSession) {
    const integration = await registry.find(session.workspaceId, session.integrationId)
    const options = integration?.settings.salesforce
    return options ? nextIdleStep(session, options, now()) : { do: 'NOTHING' as const }
  }

  /** In one process of several; the others read anew at the next turn. */
  async function change(before: IdlingSession, after: IdlingSession, event: NewEvent | null): Promise<boolean> {
    const isOurs = await store.change(before, after, event)
    if (isOurs && event !== null) events.wake()
    return isOurs
  }

  /** What it is afterwards; null where it is over. */
  async function treat(kept: IdlingSession): Promise<IdlingSession | null> {
    const session = current(kept)
    const { workspaceId, integrationId } = session
    if (session !== kept) {
      const wasAsked = kept.promptedAt !== null
      await change(kept, session, wasAsked ? { workspaceId, integrationId, kind: 'INTEGRATION_CHANGED' } : null)
    }
    const step = await stepOf(session)
    if (step.do === 'NOTHING') return session
    // Ending begins with asking anew, so that an end that fails is tried again.
    const asked = { ...session, promptedAt: new Date(now()) }
    if (step.do === 'ASK') {
      const { expiresAt } = step
      await change(session, asked, { workspaceId, integrationId, kind: 'SESSION_EXPIRING', expiresAt })
      return asked
    }
    if (!(await change(session, asked, null))) return asked
    await end(workspaceId, integrationId)
    return null
  }

  async function turn(): Promise<void> {
    const treated = []
    for (const session of await store.list()) treated.push(await treat(session))
    known = treated.filter((session) => session !== null)
  }

  /** One turn at a time. */
  function take(): Promise<void> {
    turning ??= turn().finally(() => {
      turning = null
    })
    return turning
  }

  async function isDue(): Promise<boolean> {
    if (known === null) return true
    for (const session of known) if ((await stepOf(current(session))).do !== 'NOTHING') return true
    return false
  }

  const timer = setInterval(() => void take().catch(onError), turnMs)
  timer.unref()

  return {
    async settle() {
      if (await isDue()) await take().catch(onError)
    },

    async refresh() {
      await turning
      await take()
    },

    async keep(workspaceId, integrationId) {
      const session = await store.find(workspaceId, integrationId)
      if (session === null) return
      await change(session, { ...session, lastUsedAt: new Date(now()), promptedAt: null }, null)
      await take()
    },

    async close() {
      clearInterval(timer)
      await turning?.catch(onError)
    },
  }
}
