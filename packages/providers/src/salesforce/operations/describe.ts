/** The org's metadata, kept: asked once, revalidated in the background, and never in the way of an agent. */
import { ProviderError } from '../../errors.ts'
import { type Deadline, shareWork, startDeadline, waitWithin } from '../../http/index.ts'
import type { EntitySummary } from '../../model/index.ts'
import { apiRoot, type SalesforceClient } from '../client.ts'
import { notJson } from '../errors.ts'
import {
  type DescribeAnswer,
  type GlobalDescribeAnswer,
  type ObjectMetadata,
  toObjectMetadata,
  toSummaries,
} from '../metadata.ts'
import { isName } from '../soql.ts'

export interface Metadata {
  /** An object with its fields; null where the org has none of that name, or hides it. */
  object(entityName: string, deadline: Deadline): Promise<ObjectMetadata | null>
  /** The same, asked anew where what we hold is older than this: it lacks a name, or has one too many. */
  newerThan(ageMs: number, entityName: string, deadline: Deadline): Promise<ObjectMetadata | null>
  objects(deadline: Deadline): Promise<EntitySummary[]>
  /** The next who asks gets what the org says then: something that we named is not there. */
  forget(entityName: string): void
}

interface Kept<T> {
  value: T
  /** Milliseconds since 1970. */
  readAt: number
  lastModified: string | undefined
}

const staleAfterMs = 10 * 60_000
/** That an object is missing is believed so long. */
const missingForMs = 10_000
/** Shared by all who wait, so none of their deadlines counts. */
const loadTimeoutMs = 30_000

export function createMetadata(client: SalesforceClient, keyFieldName: string, now: () => number): Metadata {
  const kept = new Map<string, Kept<ObjectMetadata | null>>()
  let list: Kept<EntitySummary[]> | null = null

  /** The describe answer at `path`, which lists what `member` names; undefined where it is what we hold already. */
  async function ask(
    path: string,
    member: 'fields' | 'sobjects',
    lastModified: string | undefined,
    deadline: Deadline,
  ) {
    const answer = await client.call(
      {
        operation: 'describe',
        method: 'GET',
        path: `${apiRoot}${path}`,
        effect: 'READ',
        ...(lastModified === undefined ? {} : { headers: { 'if-modified-since': lastModified } }),
      },
      deadline,
    )
    if (answer.status === 304) return undefined
    // Something between us and the org may answer with JSON of its own.
    if (!Array.isArray((answer.body as Record<string, unknown> | null | undefined)?.[member])) {
      throw notJson(answer.status, 'READ')
    }
    return { body: answer.body, lastModified: answer.headers['last-modified'] }
  }

  const sharedDeadline = (force: boolean) => startDeadline({ timeoutMs: loadTimeoutMs, force })

  /** @param anew do not ask whether it changed: what we hold is known to be wrong, whatever its date says */
  const load = shareWork(async (entityName: string, anew: boolean, force: boolean): Promise<ObjectMetadata | null> => {
    const held = anew ? undefined : kept.get(entityName)
    const keep = (value: ObjectMetadata | null, lastModified: string | undefined) => {
      kept.set(entityName, { value, readAt: now(), lastModified })
      return value
    }
    try {
      const path = `/sobjects/${entityName}/describe`
      const answer = await ask(path, 'fields', held?.lastModified, sharedDeadline(force))
      if (answer === undefined && held !== undefined) {
        // It may have been read anew, or found wrong, while we asked.
        return kept.get(entityName) === held ? keep(held.value, held.lastModified) : held.value
      }
      return keep(toObjectMetadata(answer?.body as DescribeAnswer, keyFieldName), answer?.lastModified)
    } catch (error) {
      if (error instanceof ProviderError && error.code === 'NOT_FOUND') return keep(null, undefined)
      throw error
    }
  })

  const loadList = shareWork(async (force: boolean): Promise<EntitySummary[]> => {
    const answer = await ask('/sobjects', 'sobjects', list?.lastModified, sharedDeadline(force))
    const value = answer === undefined && list !== null ? list.value : toSummaries(answer?.body as GlobalDescribeAnswer)
    list = { value, readAt: now(), lastModified: answer === undefined ? list?.lastModified : answer.lastModified }
    return value
  })

  /** What we hold goes on to serve when the org cannot be asked. */
  function inBackground(work: Promise<unknown>): void {
    work.catch(() => undefined)
  }

  const age = (entry: Kept<unknown>) => now() - entry.readAt

  return {
    async object(entityName, deadline) {
      if (!isName(entityName)) return null
      const held = kept.get(entityName)
      if (held === undefined || (held.value === null && age(held) > missingForMs)) {
        return waitWithin(load(entityName, false, deadline.force), deadline)
      }
      if (age(held) > staleAfterMs) inBackground(load(entityName, false, false))
      return held.value
    },

    async newerThan(ageMs, entityName, deadline) {
      if (!isName(entityName)) return null
      const held = kept.get(entityName)
      if (held !== undefined && age(held) < ageMs) return held.value
      return waitWithin(load(entityName, true, deadline.force), deadline)
    },

    async objects(deadline) {
      if (list === null) return waitWithin(loadList(deadline.force), deadline)
      if (age(list) > staleAfterMs) inBackground(loadList(false))
      return list.value
    },

    forget: (entityName) => {
      kept.delete(entityName)
    },
  }
}
