/**
 * Who works on what next. Two workers never get the same push, in one process or in many: whoever changes the row from
 * what was read has it (compare-and-swap), and a claim that is not renewed in time lapses.
 */

import { v7 as uuid } from 'uuid'
import { acrossWorkspaces } from '../database/workspace-guard.ts'
import type { PrismaClient } from '../generated/prisma/client.ts'
import { type CandidateRequest, candidates, dueIntegrations } from './due-store.ts'
import { type Pass, type PauseState, type PauseStore, passageOf } from './pause-store.ts'
import { pushUpdated } from './push-event.ts'

/** A push that this worker works on for now. */
export interface Claim extends Pass {
  readonly id: string
  readonly workspaceId: string
  readonly conversationId: string
  readonly leaseOwner: string
  /** A person asked for it: pauses of ours do not hold it (ruling 15). */
  readonly forced: boolean
  /** This one included. */
  readonly attempts: number
}

/** How many are looked at, so that one is left where other workers take the first ones. */
const CHOICE = 8

export interface ClaimStoreOptions {
  pauses: Pick<PauseStore, 'takeProbe' | 'giveBack' | 'end'>
  leaseMs: number
  /** Milliseconds since 1970. */
  now: () => number
}

export function createClaimStore(prisma: PrismaClient, { pauses, leaseMs, now }: ClaimStoreOptions) {
  const everywhere = acrossWorkspaces(prisma)
  async function findCandidates(request: Omit<CandidateRequest, 'now' | 'limit'>) {
    const sql = candidates({ ...request, now: new Date(now()), limit: CHOICE })
    const ids = (await everywhere.$queryRaw<{ id: string }[]>(sql)).map((row) => row.id)
    if (ids.length === 0) return []
    const rows = await everywhere.push.findMany({
      where: { id: { in: ids } },
      select: {
        ...{ id: true, workspaceId: true, conversationId: true, forced: true },
        ...{ status: true, leaseOwner: true, attempts: true },
      },
    })
    return rows.sort((a, b) => ids.indexOf(a.id) - ids.indexOf(b.id))
  }

  type Candidate = Awaited<ReturnType<typeof findCandidates>>[number]

  /** Takes it where neither the push nor its integration's pause is otherwise than it was read. */
  async function take(candidate: Candidate, { integrationId, pausedUntil }: Pass): Promise<Claim | null> {
    const { status, leaseOwner, attempts, ...push } = candidate
    const at = new Date(now())
    const isDue = status === 'DELIVERING' ? { leaseExpiresAt: { lte: at } } : { nextAttemptAt: { lte: at } }
    const claim = { ...push, integrationId, pausedUntil, leaseOwner: uuid(), attempts: attempts + 1 }
    return everywhere.$transaction(async (transaction) => {
      const { count } = await transaction.push.updateMany({
        where: { id: push.id, status, leaseOwner, attempts, ...isDue, integration: { pausedUntil } },
        data: {
          status: 'DELIVERING',
          leaseOwner: claim.leaseOwner,
          leaseExpiresAt: new Date(now() + leaseMs),
          attempts: claim.attempts,
        },
      })
      if (count !== 1) return null
      await transaction.event.create({ data: pushUpdated(claim) })
      return claim
    })
  }

  async function takeFirst(choice: readonly Candidate[], pass: Pass): Promise<Claim | null> {
    for (const candidate of choice) {
      const claim = await take(candidate, pass)
      if (claim !== null) return claim
    }
    return null
  }

  return {
    /** The integrations that have something to be claimed. */
    async dueIntegrations(): Promise<string[]> {
      const rows = await everywhere.$queryRaw<{ id: string }[]>(dueIntegrations(new Date(now())))
      return rows.map((row) => row.id)
    },

    /**
     * Takes a due push of an integration, as far as its pause lets one through; null where there is none.
     *
     * @param longestDue rather than by rank, so that nothing waits for ever behind what comes first
     */
    async claim(integrationId: string, { longestDue }: { longestDue: boolean }): Promise<Claim | null> {
      const state: PauseState | null = await everywhere.integration.findUnique({
        where: { id: integrationId },
        select: { pausedUntil: true, pauseCode: true },
      })
      if (state === null) return null
      const { pausedUntil } = state
      const order = longestDue ? 'LONGEST_DUE' : 'BY_RANK'
      switch (passageOf(state, now())) {
        case 'NONE':
          return null
        case 'FORCED':
          return takeFirst(await findCandidates({ integrationId, order: 'FORCED' }), { integrationId, pausedUntil })
        case 'OVER':
          await pauses.end({ integrationId, pausedUntil })
          return takeFirst(await findCandidates({ integrationId, order }), { integrationId, pausedUntil: null })
        case 'ALL':
          return takeFirst(await findCandidates({ integrationId, order }), { integrationId, pausedUntil: null })
        case 'PROBE': {
          const choice = await findCandidates({ integrationId, order })
          const until = choice.length > 0 ? await pauses.takeProbe(integrationId, state) : null
          if (until === null) return null
          const pass = { integrationId, pausedUntil: until }
          const claim = await takeFirst(choice, pass)
          if (claim === null) await pauses.giveBack(pass)
          return claim
        }
      }
    },
  }
}
