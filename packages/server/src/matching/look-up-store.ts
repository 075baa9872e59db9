/**
 * The look-ups that conversations wait for: columns of the Conversation table. It serves every workspace.
 *
 * A claim carries a token of its own, and every later write asks for it: a worker that was paused for longer than its
 * lease can no longer change anything, nor can one whose visitor has changed meanwhile, since that takes the token away.
 */

import { v7 as uuid } from 'uuid'
import type { ConversationFacts, Visitor } from '../conversations/conversation.ts'
import { createConversationSeals } from '../conversations/sealing.ts'
import { acrossWorkspaces } from '../database/workspace-guard.ts'
import type { NewEvent } from '../events/event.ts'
import type { Prisma, PrismaClient } from '../generated/prisma/client.ts'
import type { SecretBox } from '../secrets/secret-box.ts'
import type { TagFact } from './decide.ts'
import { createMatchSeals, type StoredMatch } from './stored-match.ts'

/** A conversation whose visitor this worker looks up for now. */
export interface LookUpClaim {
  readonly id: string
  readonly workspaceId: string
  readonly leaseOwner: string
  /** This one included. */
  readonly attempts: number
}

/** Until when a CRM is to be left alone, and by the code of which failure. */
export interface Pause {
  readonly until: Date
  readonly code: string | null
}

export interface LookUpState {
  readonly facts: ConversationFacts
  readonly tags: readonly TagFact[]
  /** That phone numbers of the workspace are read in. */
  readonly region: string
  /** By integration. */
  readonly pauses: ReadonlyMap<string, Pause>
  /** What an earlier look-up came to. */
  readonly stored: StoredMatch | null
}

export interface LookUpOutcome {
  readonly match: StoredMatch
  /** There is somebody to propose who was not proposed before. */
  readonly isNewProposal: boolean
  /** Answers the visitor with what is filled in, or null where nothing is. */
  readonly fill: (visitor: Visitor) => Visitor | null
  /** When it is looked up once more; null: never. `HELD`: this look-up goes on. */
  readonly next: Date | null | 'HELD'
}

const claimedColumns = {
  ...{ id: true, workspaceId: true },
  ...{ matchDueAt: true, matchLeaseOwner: true, matchAttempts: true },
} as const satisfies Prisma.ConversationSelect
type ClaimedRow = Prisma.ConversationGetPayload<{ select: typeof claimedColumns }>

export type LookUpQueue = ReturnType<typeof createLookUpQueue>

export interface LookUpQueueOptions {
  secrets: SecretBox
  leaseMs: number
  /** Milliseconds since 1970. */
  now: () => number
  /** How many look-ups of one workspace may be under way here: slow CRMs of one hold up nobody else. */
  perWorkspace?: number
}

export function createLookUpQueue(prisma: PrismaClient, options: LookUpQueueOptions) {
  const everywhere = acrossWorkspaces(prisma)
  const { secrets, leaseMs, now, perWorkspace = 8 } = options
  const seals = createConversationSeals(secrets)
  const matchSeals = createMatchSeals(secrets)
  const held = ({ id, leaseOwner }: LookUpClaim) => ({ id, matchLeaseOwner: leaseOwner })

  async function read(claim: LookUpClaim) {
    return everywhere.conversation.findFirst({
      where: { ...held(claim), purgedAt: null },
      include: {
        tags: {
          select: { integrationId: true, entityName: true, remoteId: true, automatic: true, removedAt: true },
        },
        workspace: {
          select: { countryCode: true, integrations: { select: { id: true, pausedUntil: true, pauseCode: true } } },
        },
      },
    })
  }

  async function take({ workspaceId, ...seen }: ClaimedRow): Promise<LookUpClaim | null> {
    const claim = { id: seen.id, workspaceId, leaseOwner: uuid(), attempts: seen.matchAttempts + 1 }
    const { count } = await everywhere.conversation.updateMany({
      where: seen,
      data: {
        matchDueAt: new Date(now() + leaseMs),
        matchLeaseOwner: claim.leaseOwner,
        matchAttempts: claim.attempts,
      },
    })
    return count === 1 ? claim : null
  }

  return {
    /**
     * Takes up to `limit` look-ups that are due, the longest due first. Two workers never get the same one.
     *
     * @param under how many of each workspace are under way already
     */
    async claim(limit: number, under: ReadonlyMap<string, number> = new Map()): Promise<LookUpClaim[]> {
      const running = new Map(under)
      const claims: LookUpClaim[] = []
      while (claims.length < limit) {
        const full = [...running].filter(([, count]) => count >= perWorkspace).map(([workspaceId]) => workspaceId)
        const due = await everywhere.conversation.findMany({
          where: { matchDueAt: { lte: new Date(now()) }, workspaceId: { notIn: full } },
          select: claimedColumns,
          orderBy: { matchDueAt: 'asc' },
          take: limit - claims.length,
        })
        if (due.length === 0) return claims
        for (const row of due) {
          const count = running.get(row.workspaceId) ?? 0
          const claim = count < perWorkspace ? await take(row) : null
          if (claim === null) continue
          claims.push(claim)
          running.set(row.workspaceId, count + 1)
        }
      }
      return claims
    },

    /** Everything that a look-up needs to know; null where it is not ours any more, or nothing of the visitor is kept. */
    async load(claim: LookUpClaim): Promise<LookUpState | null> {
      const row = await read(claim)
      if (row === null) return null
      const { id, channel, status, startedAt, tags, workspace } = row
      const pauses = workspace.integrations.flatMap(({ id: integrationId, pausedUntil, pauseCode }) =>
        pausedUntil === null ? [] : [[integrationId, { until: pausedUntil, code: pauseCode }] as const],
      )
      return {
        facts: { id, channel, status, startedAt, visitor: seals.openVisitor(row), variables: [] },
        tags,
        region: workspace.countryCode,
        pauses: new Map(pauses),
        stored: matchSeals.openMatch(row),
      }
    },

    /** One transaction with its events. False where the look-up is not ours any more. */
    settle(claim: LookUpClaim, { match, isNewProposal, fill, next }: LookUpOutcome): Promise<boolean> {
      const { id, workspaceId } = claim
      const progress =
        next === 'HELD' ? {} : { matchDueAt: next, matchLeaseOwner: null, ...(next === null && { matchAttempts: 0 }) }
      return everywhere.$transaction(async (transaction) => {
        // Written first, so that nobody else changes the row while its visitor is read and written.
        const { count } = await transaction.conversation.updateMany({
          where: held(claim),
          data: { matchSealed: matchSeals.sealMatch(id, match), ...progress },
        })
        if (count !== 1) return false
        const row = await transaction.conversation.findUniqueOrThrow({
          where: { id },
          select: { id: true, visitorSealed: true },
        })
        const events: NewEvent[] = isNewProposal ? [{ workspaceId, kind: 'MATCH_FOUND', conversationId: id }] : []
        const filled = fill(seals.openVisitor(row))
        if (filled !== null) {
          const visitorSealed = seals.sealVisitor(id, filled)
          await transaction.conversation.update({ where: { id }, data: { visitorSealed } })
          events.push({ workspaceId, kind: 'VISITOR_UPDATED', conversationId: id })
        }
        if (events.length > 0) await transaction.event.createMany({ data: events })
        return true
      })
    },

    /** Hands a look-up back undone: it is due at that moment, or never again. */
    async giveBack({ id, leaseOwner }: LookUpClaim, next: Date | null): Promise<void> {
      await everywhere.conversation.updateMany({
        where: { id, matchLeaseOwner: leaseOwner },
        data: { matchDueAt: next, matchLeaseOwner: null, ...(next === null && { matchAttempts: 0 }) },
      })
    },
  }
}
