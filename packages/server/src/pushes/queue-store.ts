/**
 * The worker's side of the Push table: what is due, who works on it, and what became of it. It serves every workspace.
 *
 * A claim carries a token of its own, and every later write asks for it: a worker that was paused for longer than its
 * lease can no longer change anything (fencing). Each change of a status is one transaction with its event.
 */

import type { RemoteReference } from '@backchannel/providers'
import { v7 as uuid } from 'uuid'
import { lockConversation } from '../conversations/lock.ts'
import { acrossWorkspaces } from '../database/workspace-guard.ts'
import type { Prisma, PrismaClient, PushStatus } from '../generated/prisma/client.ts'
import type { SecretBox } from '../secrets/secret-box.ts'
import { type Claim, createClaimStore } from './claim-store.ts'
import type { PushFault } from './fault.ts'
import { attemptEnded } from './follow-up-store.ts'
import { columnsOf, type KnownActivity } from './known-activity.ts'
import { type PauseStore, passageOf } from './pause-store.ts'
import { pushUpdated } from './push-event.ts'
import { pushRank } from './rank.ts'
import { createResumeStore } from './resume-store.ts'
import { createPushSeals } from './seals.ts'

/** The lease ran out and somebody else took over, or the push was taken away: nothing more is written. */
export class LeaseLostError extends Error {
  override readonly name = 'LeaseLostError'
}

/** The CRM is left alone since this push was claimed: it is handed back untried. */
export class HeldBackError extends Error {
  override readonly name = 'HeldBackError'
}

export type ClaimedPush = NonNullable<Awaited<ReturnType<PushQueue['load']>>>
export type PushQueue = ReturnType<typeof createPushQueue>

export interface PushQueueOptions {
  secrets: SecretBox
  pauses: PauseStore
  leaseMs: number
  /** Milliseconds since 1970. */
  now: () => number
}

export function createPushQueue(prisma: PrismaClient, { secrets, pauses, leaseMs, now }: PushQueueOptions) {
  const everywhere = acrossWorkspaces(prisma)
  const seals = createPushSeals(secrets)
  const held = ({ id, leaseOwner }: Claim) => ({ id, leaseOwner, status: 'DELIVERING' }) as const
  const leaseEnd = () => new Date(now() + leaseMs)
  const faultColumns = (claim: Claim, fault: PushFault | null) =>
    fault === null
      ? noFault
      : {
          errorCode: fault.code,
          errorSealed: seals.sealError(claim.id, fault.message),
          errorProviderCode: fault.providerCode,
          errorRetryAfter: fault.retryAfter,
        }

  /** Changes a push that is held, with its event; false where it is not held, or is otherwise than `condition` says. */
  function settle(
    claim: Claim,
    data: Prisma.PushUpdateManyMutationInput & { status: PushStatus },
    condition: Prisma.PushWhereInput = {},
  ): Promise<boolean> {
    return everywhere.$transaction(async (transaction) => {
      const { count } = await transaction.push.updateMany({
        where: { ...held(claim), ...condition },
        data: { forced: false, ...data, leaseOwner: null, leaseExpiresAt: null },
      })
      if (count !== 1) return false
      await transaction.event.create({ data: pushUpdated(claim) })
      await attemptEnded(transaction, claim, data.status, now())
      return true
    })
  }

  /** Writes to a push that is held, `first` before it and `beside` it, and prolongs the lease. @throws LeaseLostError */
  function whileHeld(
    claim: Claim,
    data: Prisma.PushUpdateManyMutationInput,
    beside?: (transaction: Prisma.TransactionClient) => Promise<unknown>,
    first?: (transaction: Prisma.TransactionClient) => Promise<unknown>,
  ): Promise<void> {
    return everywhere.$transaction(async (transaction) => {
      await first?.(transaction)
      const { count } = await transaction.push.updateMany({
        where: held(claim),
        data: { ...data, leaseExpiresAt: leaseEnd() },
      })
      if (count !== 1) throw new LeaseLostError(`Push ${claim.id} is not ours any more`)
      await beside?.(transaction)
    })
  }

  /** Whoever is on the way already heeds a pause that began since, in whatever process (reliability.md R6). */
  async function demandPassage(transaction: Prisma.TransactionClient, claim: Claim): Promise<void> {
    const state = await transaction.integration.findUniqueOrThrow({
      where: { id: claim.integrationId },
      select: { pausedUntil: true, pauseCode: true },
    })
    if (state.pausedUntil?.getTime() === claim.pausedUntil?.getTime()) return
    const passage = passageOf(state, now())
    if (passage === 'NONE' || (passage === 'FORCED' && !claim.forced)) {
      throw new HeldBackError(`Integration ${claim.integrationId} is left alone`)
    }
  }

  return {
    ...createClaimStore(prisma, { pauses, leaseMs, now }),
    ...createResumeStore(prisma, pauses, now),

    /** Everything that an attempt needs to know; null where the lease is lost. */
    load(claim: Claim) {
      return everywhere.push.findFirst({
        where: held(claim),
        include: {
          tag: true,
          conversation: { select: { externalId: true } },
          integration: {
            select: {
              provider: true,
              orgId: true,
              url: true,
              workspace: { select: { timeZone: true, brand: true } },
            },
          },
          activities: true,
        },
      })
    },

    /** Prolongs the lease; false where it is lost. */
    async renew(claim: Claim): Promise<boolean> {
      const { count } = await everywhere.push.updateMany({ where: held(claim), data: { leaseExpiresAt: leaseEnd() } })
      return count === 1
    },

    savePlan(claim: Claim, planSealed: string, activityType: string, plannedMessages: number): Promise<void> {
      return whileHeld(claim, { planSealed, activityType, plannedMessages })
    },

    /** The first so many messages are not kept any more: the activity begins behind them. */
    startAfter(claim: Claim, messages: number): Promise<void> {
      return whileHeld(claim, { startsAfter: messages, deliveredMessages: messages })
    },

    /**
     * What is known of one part's activity: an attempt that begins, or what the CRM confirmed.
     *
     * @throws LeaseLostError, and HeldBackError where an attempt would begin in a pause that another one has caused
     */
    saveActivity(claim: Claim, part: number, activity: KnownActivity): Promise<void> {
      return whileHeld(claim, {}, async (transaction) => {
        if (activity.attemptedAt !== null) await demandPassage(transaction, claim)
        const columns = columnsOf(activity)
        await transaction.pushActivity.upsert({
          where: { pushId_part: { pushId: claim.id, part } },
          create: { ...columns, id: uuid(), workspaceId: claim.workspaceId, pushId: claim.id, part },
          update: columns,
        })
      })
    },

    /** Another record stands for the tagged one: what is written from now on goes there. */
    followed(claim: Claim, successor: RemoteReference, planSealed: string): Promise<void> {
      return whileHeld(claim, { planSealed }, (transaction) =>
        transaction.push.update({
          where: { id: claim.id },
          data: {
            tag: {
              update: { successorEntityName: successor.entityName, successorRemoteId: successor.remoteId },
            },
          },
        }),
      )
    },

    /** What the record's backend fields came to, for this many taggings. */
    recordSettled(claim: Claim, planSealed: string, taggings: number): Promise<void> {
      return whileHeld(claim, { planSealed, backendWritten: taggings })
    },

    /**
     * Done, all of it or save for `shortfall`; or due again at once, where messages came while it was delivered, or the
     * record was tagged again.
     */
    async delivered(
      claim: Claim,
      { messages, taggings, shortfall }: { messages: number; taggings: number; shortfall: PushFault | null },
    ): Promise<void> {
      const data = { deliveredMessages: messages, failingSince: null, ...faultColumns(claim, shortfall) }
      const done = await settle(
        claim,
        { ...data, status: shortfall ? 'PARTIAL' : 'DELIVERED', nextAttemptAt: null },
        { wantedMessages: { lte: messages }, backendWanted: { lte: taggings } },
      )
      if (done) return
      const again = { rank: pushRank.itself, nextAttemptAt: new Date(now()), attempts: 0 }
      await settle(claim, { ...data, ...again, status: 'QUEUED' })
    },

    retry: (claim: Claim, fault: PushFault, { at, failingSince }: { at: Date; failingSince: Date | null }) =>
      settle(claim, {
        status: 'RETRYING',
        rank: pushRank.retry,
        nextAttemptAt: at,
        failingSince,
        ...faultColumns(claim, fault),
      }),

    fail: (claim: Claim, fault: PushFault) =>
      settle(claim, { status: 'FAILED', nextAttemptAt: null, failingSince: null, ...faultColumns(claim, fault) }),

    waitForIntegration: (claim: Claim) =>
      settle(claim, { status: 'WAITING_FOR_INTEGRATION', nextAttemptAt: null, attempts: 0, failingSince: null }),

    /** Gives it back undone, as it was: the next worker takes it at once. */
    release: (claim: Claim) =>
      settle(claim, {
        status: 'QUEUED',
        forced: claim.forced,
        nextAttemptAt: new Date(now()),
        attempts: claim.attempts - 1,
      }),

    /** This activity takes no more: a further generation files what came after `confirmed` messages in one of its own. */
    continueElsewhere(claim: Claim, confirmed: number): Promise<void> {
      const ofIt = { workspaceId: claim.workspaceId, id: claim.conversationId }
      const addNext = async (transaction: Prisma.TransactionClient) => {
        const push = await transaction.push.findUniqueOrThrow({ where: { id: claim.id } })
        await transaction.push.update({
          where: { id: claim.id },
          data: {
            status: 'DELIVERED',
            continued: true,
            deliveredMessages: confirmed,
            wantedMessages: confirmed,
            forced: false,
            failingSince: null,
            nextAttemptAt: null,
            leaseOwner: null,
            leaseExpiresAt: null,
            ...noFault,
          },
        })
        await transaction.event.create({ data: pushUpdated(claim) })
        // With Allow New Creation there is one already, which holds all messages.
        if (push.continued) return attemptEnded(transaction, claim, 'DELIVERED', now())
        const { workspaceId, conversationId, integrationId, tagId, activityType, generation, wantedMessages } = push
        const next = {
          id: uuid(),
          workspaceId,
          conversationId,
          integrationId,
          tagId,
          activityType,
          generation: generation + 1,
          status: 'QUEUED',
          rank: pushRank.itself,
          startsAfter: confirmed,
          deliveredMessages: confirmed,
          wantedMessages,
          nextAttemptAt: new Date(now()),
        } as const
        await transaction.push.create({ data: next })
        await transaction.event.create({ data: pushUpdated(next) })
        await attemptEnded(transaction, next, next.status, now())
      }
      return whileHeld(claim, {}, addNext, (transaction) => lockConversation(transaction, ofIt))
    },
  }
}

const noFault = { errorCode: null, errorSealed: null, errorProviderCode: null, errorRetryAfter: null }
