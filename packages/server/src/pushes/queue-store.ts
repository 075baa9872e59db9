/**
 * The worker's side of the Push table: what is due, who works on it, and what became of it. It serves every workspace.
 *
 * A claim carries a token of its own, and every later write asks for it: a worker that was paused for longer than its
 * lease can no longer change anything (fencing). Each change of a status is one transaction with its event.
 */
import { v7 as uuid } from 'uuid'
import type { Prisma, PrismaClient, PushStatus } from '../generated/prisma/client.ts'
import { integrationFaults } from '../integrations/health.ts'
import type { SecretBox } from '../secrets/secret-box.ts'
import type { KnownActivity } from './deliver.ts'
import type { PushFault } from './fault.ts'
import { queueNext } from './follow-up-store.ts'
import { pushUpdated } from './push-event.ts'
import { createPushSeals } from './seals.ts'

/** A push that this worker works on for now. */
export interface Claim {
  readonly id: string
  readonly workspaceId: string
  readonly conversationId: string
  readonly integrationId: string
  readonly leaseOwner: string
  /** This one included. */
  readonly attempts: number
}

/** The lease ran out and somebody else took over, or the push was taken away: nothing more is written. */
export class LeaseLostError extends Error {
  override readonly name = 'LeaseLostError'
}

export type ClaimedPush = NonNullable<Awaited<ReturnType<PushQueue['load']>>>
export type PushQueue = ReturnType<typeof createPushQueue>

export interface PushQueueOptions {
  secrets: SecretBox
  leaseMs: number
  /** Milliseconds since 1970. */
  now: () => number
}

export function createPushQueue(prisma: PrismaClient, { secrets, leaseMs, now }: PushQueueOptions) {
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
    return prisma.$transaction(async (transaction) => {
      const { count } = await transaction.push.updateMany({
        where: { ...held(claim), ...condition },
        data: { ...data, leaseOwner: null, leaseExpiresAt: null },
      })
      if (count !== 1) return false
      await transaction.event.create({ data: pushUpdated(claim) })
      await queueNext(transaction, claim.id, data.status, now())
      return true
    })
  }

  /** Writes something for a push that is held, and prolongs the lease. @throws LeaseLostError */
  function whileHeld(claim: Claim, write: (transaction: Prisma.TransactionClient) => Promise<unknown>): Promise<void> {
    return prisma.$transaction(async (transaction) => {
      const { count } = await transaction.push.updateMany({
        where: held(claim),
        data: { leaseExpiresAt: leaseEnd() },
      })
      if (count !== 1) throw new LeaseLostError(`Push ${claim.id} is not ours any more`)
      await write(transaction)
    })
  }

  const due = (): Prisma.PushWhereInput => {
    const at = new Date(now())
    return {
      OR: [
        { status: { in: ['QUEUED', 'RETRYING'] }, nextAttemptAt: { lte: at } },
        { status: 'DELIVERING', leaseExpiresAt: { lte: at } },
      ],
    }
  }

  return {
    /** The integrations that have something due. */
    async dueIntegrations(): Promise<string[]> {
      const rows = await prisma.push.groupBy({ by: ['integrationId'], where: due() })
      return rows.map((row) => row.integrationId)
    },

    /** Takes up to `limit` due pushes of an integration, the longest due first. Two workers never get the same one. */
    async claim(integrationId: string, limit: number): Promise<Claim[]> {
      const candidates = await prisma.push.findMany({
        where: { AND: [{ integrationId }, due()] },
        select: { id: true, workspaceId: true, conversationId: true, status: true, leaseOwner: true, attempts: true },
        orderBy: { nextAttemptAt: 'asc' },
        take: limit,
      })
      const claims: Claim[] = []
      for (const { id, workspaceId, conversationId, status, leaseOwner, attempts } of candidates) {
        const claim = { id, workspaceId, conversationId, integrationId, leaseOwner: uuid(), attempts: attempts + 1 }
        const taken = await prisma.$transaction(async (transaction) => {
          const { count } = await transaction.push.updateMany({
            where: { AND: [{ id, status, leaseOwner, attempts }, due()] },
            data: {
              status: 'DELIVERING',
              leaseOwner: claim.leaseOwner,
              leaseExpiresAt: leaseEnd(),
              attempts: claim.attempts,
            },
          })
          if (count === 1) await transaction.event.create({ data: pushUpdated(claim) })
          return count === 1
        })
        if (taken) claims.push(claim)
      }
      return claims
    },

    /** Everything that an attempt needs to know; null where the lease is lost. */
    load(claim: Claim) {
      return prisma.push.findFirst({
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
      const { count } = await prisma.push.updateMany({ where: held(claim), data: { leaseExpiresAt: leaseEnd() } })
      return count === 1
    },

    savePlan(claim: Claim, planSealed: string, activityType: string, plannedMessages: number): Promise<void> {
      return whileHeld(claim, (transaction) =>
        transaction.push.updateMany({
          where: { id: claim.id },
          data: { planSealed, activityType, plannedMessages },
        }),
      )
    },

    /** What is known of one part's activity: an attempt that begins, or what the CRM confirmed. */
    saveActivity(claim: Claim, part: number, activity: KnownActivity): Promise<void> {
      return whileHeld(claim, (transaction) =>
        transaction.pushActivity.upsert({
          where: { pushId_part: { pushId: claim.id, part } },
          create: { ...activity, id: uuid(), workspaceId: claim.workspaceId, pushId: claim.id, part },
          update: activity,
        }),
      )
    },

    /** What the record's backend fields came to, for this many taggings. */
    recordSettled(claim: Claim, planSealed: string, taggings: number): Promise<void> {
      return whileHeld(claim, (transaction) =>
        transaction.push.updateMany({ where: { id: claim.id }, data: { planSealed, backendWritten: taggings } }),
      )
    },

    /**
     * Done, all of it or save for `shortfall`; or due again at once, where messages came while it was delivered, or the
     * record was tagged again.
     */
    async delivered(
      claim: Claim,
      { messages, taggings, shortfall }: { messages: number; taggings: number; shortfall: PushFault | null },
    ): Promise<void> {
      const data = { deliveredMessages: messages, ...faultColumns(claim, shortfall) }
      const done = await settle(
        claim,
        { ...data, status: shortfall ? 'PARTIAL' : 'DELIVERED', nextAttemptAt: null },
        { wantedMessages: { lte: messages }, backendWanted: { lte: taggings } },
      )
      if (!done) await settle(claim, { ...data, status: 'QUEUED', nextAttemptAt: new Date(now()), attempts: 0 })
    },

    retry: (claim: Claim, nextAttemptAt: Date, fault: PushFault | null) =>
      settle(claim, { status: 'RETRYING', nextAttemptAt, ...faultColumns(claim, fault) }),

    fail: (claim: Claim, fault: PushFault) =>
      settle(claim, { status: 'FAILED', nextAttemptAt: null, ...faultColumns(claim, fault) }),

    waitForIntegration: (claim: Claim) =>
      settle(claim, { status: 'WAITING_FOR_INTEGRATION', nextAttemptAt: null, attempts: 0 }),

    /** Gives it back undone: the next worker takes it at once. */
    release: (claim: Claim) =>
      settle(claim, { status: 'QUEUED', nextAttemptAt: new Date(now()), attempts: claim.attempts - 1 }),

    /** This activity takes no more: a further generation files what came after `confirmed` messages in one of its own. */
    continueElsewhere(claim: Claim, confirmed: number): Promise<void> {
      return whileHeld(claim, async (transaction) => {
        const push = await transaction.push.findUniqueOrThrow({ where: { id: claim.id } })
        await transaction.push.update({
          where: { id: claim.id },
          data: {
            status: 'DELIVERED',
            continued: true,
            deliveredMessages: confirmed,
            wantedMessages: confirmed,
            nextAttemptAt: null,
            leaseOwner: null,
            leaseExpiresAt: null,
            ...noFault,
          },
        })
        await transaction.event.create({ data: pushUpdated(claim) })
        // With Allow New Creation there is one already, which holds all messages.
        if (push.continued) return queueNext(transaction, claim.id, 'DELIVERED', now())
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
          startsAfter: confirmed,
          deliveredMessages: confirmed,
          wantedMessages,
          nextAttemptAt: new Date(now()),
        } as const
        await transaction.push.create({ data: next })
        await transaction.event.create({ data: pushUpdated(next) })
      })
    },

    /**
     * Pushes that waited for an integration which is connected again are due, and so are those that failed by a fault of
     * an integration which works again.
     *
     * @param integrationId null: all of them
     */
    async integrationsChanged(integrationId: string | null): Promise<void> {
      const where: Prisma.PushWhereInput = {
        ...(integrationId !== null && { integrationId }),
        OR: [
          { status: 'WAITING_FOR_INTEGRATION', integration: { status: { not: 'DISCONNECTED' } } },
          {
            status: 'RETRYING',
            errorCode: { in: [...integrationFaults] },
            nextAttemptAt: { gt: new Date(now()) },
            integration: { status: 'CONNECTED' },
          },
        ],
      }
      const pushes = await prisma.push.findMany({
        where,
        select: { id: true, workspaceId: true, conversationId: true, integrationId: true, status: true },
      })
      for (const push of pushes) {
        await prisma.$transaction(async (transaction) => {
          const { count } = await transaction.push.updateMany({
            where: { id: push.id, status: push.status },
            data: { status: 'QUEUED', nextAttemptAt: new Date(now()) },
          })
          if (count === 1) await transaction.event.create({ data: pushUpdated(push) })
        })
      }
    },
  }
}

const noFault = { errorCode: null, errorSealed: null, errorProviderCode: null, errorRetryAfter: null }
