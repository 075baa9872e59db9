/** Writes the audit log: who did what, when, and from where. */
import { ActionableError } from '../shared/errors.ts'
import { encodeId } from '../shared/global-id.ts'
import type { Viewer } from '../viewers/viewer.ts'
import { type AuditAction, inWords } from './action.ts'
import type { AuditStore, NewAuditEntry } from './store.ts'

/** What was done. Nothing of a visitor stands in it, so that forgetting one has nothing to do here. */
export interface AuditFact {
  readonly action: AuditAction
  /** To what, as people read it. */
  readonly subject?: string | null
  /** Its global ID. */
  readonly subjectId?: string | null
}

export interface AuditedWork<Answer> {
  readonly action: AuditAction
  run(): Promise<Answer>
  factsOf(answer: Answer): AuditFacts | Promise<AuditFacts>
  factsOfRefusal?(error: ActionableError): AuditFacts | Promise<AuditFacts>
}

/** Who did it: a viewer is one. */
export type Actor = Pick<Viewer, 'workspaceId' | 'kind' | 'actor' | 'userId' | 'apiKeyId' | 'agent' | 'address'>

/** None where nothing was different. */
export type AuditFacts = readonly AuditFact[]

export interface AuditTrail {
  /**
   * Does the work and tells of it: an intent is kept before it, and given up for the facts after it. A process that ends in
   * between leaves the intent, of which the log tells later (intents.ts). So does work that fails in a way that nobody foresaw;
   * what is refused in words has changed nothing, and is told of only by `factsOfRefusal`.
   */
  during<Answer>(by: Actor, work: AuditedWork<Answer>): Promise<Answer>
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

/** Somebody as they stand in an entry. */
interface By {
  readonly actor: string
  readonly actorId: string | null
  readonly address: string | null
}

const operator = { actor: 'operator', actorId: null, address: null }

/** @param newest the id of the key that so many texts of the workspace are sealed with now */
export function keysRotated(newest: string, texts: number): AuditFact {
  return { action: 'KEYS_ROTATED', subject: `${texts} texts sealed anew with key "${newest}"` }
}

/** @param now milliseconds since 1970 */
export function createAuditTrail(store: AuditStore, now: () => number): AuditTrail {
  const entryOf = (by: By, { action, subject = null, subjectId = null }: AuditFact): NewAuditEntry => ({
    ...{ at: new Date(now()), ...by, action, subject, subjectId },
  })
  const add = (workspaceId: string, by: By, fact: AuditFact) => store.add(workspaceId, entryOf(by, fact))

  async function told<Answer>(workspaceId: string, by: By, work: AuditedWork<Answer>): Promise<Answer> {
    const { action, run, factsOf, factsOfRefusal = () => [] } = work
    const intent = await store.intend(workspaceId, { at: new Date(now()), ...by, action })
    const settle = async (facts: AuditFacts) =>
      store.settle(
        workspaceId,
        intent,
        facts.map((fact) => entryOf(by, fact)),
      )
    let answer: Answer
    try {
      answer = await run()
    } catch (error) {
      if (error instanceof ActionableError) await settle(await factsOfRefusal(error))
      throw error
    }
    await settle(await factsOf(answer))
    return answer
  }

  /** A member by the address that they cannot change themselves, rather than by a name that they can. */
  async function nameOf({ kind, actor, agent, userId, apiKeyId, address }: Actor): Promise<By> {
    const by = (name: string): By => ({ actor: name, actorId: agent?.id ?? userId ?? apiKeyId, address })
    if (kind === 'API_KEY') return by(`key "${actor}"`)
    if (kind === 'AGENT') return by(`agent ${actor}`)
    const account = userId === null ? null : await store.findAccount({ userId })
    return by(account?.email ?? actor)
  }

  return {
    during: async (by, work) => told(by.workspaceId, await nameOf(by), work),

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
      await add(workspaceId, operator, {
        action,
        subject: `${email} (${inWords(role)})`,
        subjectId: encodeId('User', userId),
      })
    },
  }
}
