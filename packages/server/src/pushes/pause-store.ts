/**
 * Pauses of a whole integration, kept in its row so that every process heeds them: nothing is claimed before
 * `pausedUntil`. Where the CRM asked for the pause, it is over then. Otherwise one push tries, by whoever moves it on first,
 * and what becomes of that one ends the pause or prolongs it.
 */
import { acrossWorkspaces } from '../database/workspace-guard.ts'
import type { Prisma, PrismaClient } from '../generated/prisma/client.ts'
import { type Pause, probeTime } from './schedule.ts'

export interface PauseState {
  readonly pausedUntil: Date | null
  readonly pauseCode: string | null
}

/** What may be claimed while an integration is as it is. */
type Passage =
  | 'ALL'
  /** All, and the pause is to be forgotten. */
  | 'OVER'
  /** One, to see whether the CRM answers. */
  | 'PROBE'
  /** What a person asked for (ruling 15). */
  | 'FORCED'
  | 'NONE'

export function passageOf({ pausedUntil, pauseCode }: PauseState, now: number): Passage {
  if (pausedUntil === null) return 'ALL'
  const wasAskedFor = pauseCode === 'CRM_RATE_LIMITED'
  if (pausedUntil.getTime() <= now) return wasAskedFor ? 'OVER' : 'PROBE'
  return wasAskedFor ? 'NONE' : 'FORCED'
}

/** A push that goes in spite of a pause, and the pause as it was then; null: there was none. */
export interface Pass {
  readonly integrationId: string
  readonly pausedUntil: Date | null
}

export type PauseStore = ReturnType<typeof createPauseStore>

/** @param now milliseconds since 1970 */
export function createPauseStore(prisma: PrismaClient, now: () => number) {
  const everywhere = acrossWorkspaces(prisma)
  const inSeconds = (seconds: number) => new Date(now() + seconds * 1_000)

  return {
    /** Takes the right to be the one that tries, for a time. Null: another one was faster. */
    async takeProbe(integrationId: string, { pausedUntil, pauseCode }: PauseState): Promise<Date | null> {
      const until = inSeconds(probeTime(pauseCode ?? ''))
      const { count } = await everywhere.integration.updateMany({
        where: { id: integrationId, pausedUntil },
        data: { pausedUntil: until },
      })
      return count === 1 ? until : null
    },

    /** The one that tried says for how long; what came from others only prolongs a pause. */
    async begin({ integrationId, pausedUntil }: Pass, { seconds, code }: Pause): Promise<void> {
      const until = inSeconds(seconds)
      const shorter: Prisma.IntegrationWhereInput[] = [{ pausedUntil: null }, { pausedUntil: { lt: until } }]
      await everywhere.integration.updateMany({
        where: { id: integrationId, OR: pausedUntil === null ? shorter : [...shorter, { pausedUntil }] },
        data: { pausedUntil: until, pauseCode: code },
      })
    },

    /** It has passed, or the CRM answered one that went in spite of it. One that began since stands. */
    async end({ integrationId, pausedUntil }: Pass): Promise<void> {
      if (pausedUntil === null) return
      await everywhere.integration.updateMany({
        where: { id: integrationId, pausedUntil },
        data: { pausedUntil: null, pauseCode: null },
      })
    },

    /** The one that tried did not get as far as the CRM: another one may. */
    async giveBack({ integrationId, pausedUntil }: Pass): Promise<void> {
      if (pausedUntil === null) return
      await everywhere.integration.updateMany({
        where: { id: integrationId, pausedUntil },
        data: { pausedUntil: inSeconds(0) },
      })
    },

    /**
     * An admin did something about an integration: one push tries at once, however long the pause; but a CRM that asked
     * for one has it. Of a disconnected CRM nothing is asked, and its pushes go to wait for it.
     */
    async reconsider(integrationId: string): Promise<void> {
      await everywhere.integration.updateMany({
        where: { id: integrationId, status: 'DISCONNECTED', pausedUntil: { not: null } },
        data: { pausedUntil: null, pauseCode: null },
      })
      await everywhere.integration.updateMany({
        where: {
          id: integrationId,
          status: 'CONNECTED',
          pausedUntil: { gt: inSeconds(0) },
          pauseCode: { not: 'CRM_RATE_LIMITED' },
        },
        data: { pausedUntil: inSeconds(0) },
      })
    },
  }
}
