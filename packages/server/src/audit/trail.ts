/** Writes the audit log: who did what, when, and from where. */
import { encodeId } from '../shared/global-id.ts'
import type { Viewer } from '../viewers/viewer.ts'
import type { AuditAction } from './action.ts'
import type { AuditStore } from './store.ts'

/** What was done. Nothing of a visitor stands in it, so that forgetting one has nothing to do here. */
export interface AuditFact {
  readonly action: AuditAction
  /** To what, as people read it. */
  readonly subject?: string | null
  /** Its global ID. */
  readonly subjectId?: string | null
}

/** Who did it: a viewer is one. */
export type Actor = Pick<Viewer, 'workspaceId' | 'kind' | 'actor' | 'userId' | 'apiKeyId' | 'agent' | 'address'>

export interface AuditTrail {
  note(by: Actor, fact: AuditFact): Promise<void>
  /**
   * By somebody who signs in or out. Where nobody has such an account, nothing is kept: what was given for an address may be
   * a password in the wrong place.
   */
  noteAccount(account: AccountKey, action: AuditAction, address: string | null): Promise<void>
  /** By whoever runs the server, */
  noteOperator(workspaceId: string, fact: AuditFact): Promise<void>
  /** to somebody's account. */
  noteOperatorOn(account: AccountKey, action: AuditAction): Promise<void>
}

export type AccountKey = { readonly userId: string } | { readonly email: string }

const operator = { actor: 'operator', actorId: null, address: null }

/** @param now milliseconds since 1970 */
export function createAuditTrail(store: AuditStore, now: () => number): AuditTrail {
  const add = (
    workspaceId: string,
    by: { actor: string; actorId: string | null; address: string | null },
    { action, subject = null, subjectId = null }: AuditFact,
  ) => store.add(workspaceId, { at: new Date(now()), ...by, action, subject, subjectId })

  /** A member by the address that they cannot change themselves, rather than by a name that they can. */
  async function nameOf({ kind, actor, userId }: Actor): Promise<string> {
    if (kind === 'API_KEY') return `key "${actor}"`
    if (kind === 'AGENT') return `agent ${actor}`
    const account = userId === null ? null : await store.findAccount({ userId })
    return account?.email ?? actor
  }

  return {
    async note(by, fact) {
      const { workspaceId, agent, userId, apiKeyId, address } = by
      await add(workspaceId, { actor: await nameOf(by), actorId: agent?.id ?? userId ?? apiKeyId, address }, fact)
    },

    async noteAccount(key, action, address) {
      const account = await store.findAccount(key)
      if (account === null) return
      const { workspaceId, email, userId } = account
      await add(workspaceId, { actor: email, actorId: userId, address }, { action })
    },

    noteOperator: (workspaceId, fact) => add(workspaceId, operator, fact),

    async noteOperatorOn(key, action) {
      const account = await store.findAccount(key)
      if (account === null) return
      const { workspaceId, email, role, userId } = account
      await add(workspaceId, operator, { action, subject: `${email} (${role})`, subjectId: encodeId('User', userId) })
    },
  }
}
