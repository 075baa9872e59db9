/** What people do to pushes: have them tried again, or give them up; one, or all that a filter finds. */
import type { ConversationScope } from '../conversations/conversation.ts'
import type { PrismaClient, PushStatus } from '../generated/prisma/client.ts'
import { ConflictError, NotFoundError } from '../shared/errors.ts'
import { createPushActionStore } from './action-store.ts'
import type { PushPlan } from './plan.ts'
import { demandNarrowFilter, demandSoundFilter, type PushFilter } from './push-filter.ts'
import {
  discardableStatuses,
  type PushState,
  pushStateColumns,
  refusalToDiscard,
  refusalToRetry,
  retryableStatuses,
  troubledStatuses,
} from './push-states.ts'
import { pushRank } from './rank.ts'
import { within } from './scope.ts'

export interface PushActions {
  /**
   * Has one push tried at once, whatever pause of ours is on (ruling 15). What was discarded is taken up again, with the
   * messages that came meanwhile; an activity of which nothing is in the CRM is planned anew, by the settings of now.
   *
   * @throws NotFoundError; ConflictError where there is nothing to try, or it is under way
   */
  retry(scope: ConversationScope, id: string): Promise<void>
  /**
   * Gives one push up: those behind it go on, and where it is the newest of its tag, later messages do not follow. One
   * that is under way is taken from its worker: what was sent to the CRM may stand there. Doing it again changes nothing.
   *
   * @throws NotFoundError; ConflictError where its text is in the CRM
   */
  discard(scope: ConversationScope, id: string): Promise<void>
  /**
   * Has those be due again that are in trouble, or in the states that the filter names, as far as each can be. They come
   * behind what people and messages ask for, and pauses hold for them. Answers how many.
   *
   * @throws ValidationError
   */
  retryAll(scope: ConversationScope, filter: PushFilter): Promise<number>
  /** Gives up those that are not done. Answers how many. @throws ValidationError */
  discardAll(scope: ConversationScope, filter: PushFilter): Promise<number>
}

export interface PushActionParts {
  prisma: PrismaClient
  planOf(push: { id: string; planSealed: string | null }): PushPlan | null
  wake: () => void
  /** Milliseconds since 1970. */
  now: () => number
}

export function createPushActions({ prisma, planOf, wake, now }: PushActionParts): PushActions {
  const store = createPushActionStore(prisma, (push) => (planOf(push)?.record.refused ?? null) !== null)
  const at = () => new Date(now())

  async function stateOf(scope: ConversationScope, id: string): Promise<PushState> {
    const push = await prisma.push.findFirst({
      where: { AND: [within(scope), { id }] },
      select: pushStateColumns,
    })
    if (push === null) throw new NotFoundError('There is no push of this id that you may see.')
    return push
  }

  /** Refused in words, or done; a worker may change its state between our look and our doing. */
  async function act(
    scope: ConversationScope,
    id: string,
    refusalOf: (push: PushState) => string | null,
    change: () => Promise<number>,
  ): Promise<void> {
    for (let round = 1; round <= MOST_ROUNDS; round++) {
      const refusal = refusalOf(await stateOf(scope, id))
      if (refusal !== null) throw new ConflictError(refusal)
      if ((await change()) > 0) return wake()
    }
    throw new ConflictError('Its state changes at this moment. Look at it again.')
  }

  async function toAll(
    scope: ConversationScope,
    filter: PushFilter,
    possible: readonly PushStatus[],
    change: (ids: readonly string[]) => Promise<number>,
  ): Promise<number> {
    demandSoundFilter(filter)
    const status = filter.status?.filter((it) => possible.includes(it)) ?? possible
    let count = 0
    for await (const ids of store.batches(scope, { ...filter, status })) {
      count += await change(ids)
      wake()
    }
    return count
  }

  return {
    retry(scope, id) {
      return act(scope, id, refusalToRetry, () =>
        store.retry(scope.workspaceId, [id], { at: at(), rank: pushRank.forced, forced: true }),
      )
    },

    async discard(scope, id) {
      const isDone = (push: PushState) => push.status === 'DISCARDED'
      if (isDone(await stateOf(scope, id))) return
      await act(scope, id, refusalToDiscard, () => store.discard(scope.workspaceId, [id], at()))
    },

    retryAll(scope, filter) {
      const possible = filter.status ? retryableStatuses : troubledStatuses
      return toAll(scope, filter, possible, (ids) =>
        store.retry(scope.workspaceId, ids, { at: at(), rank: pushRank.retry, forced: false }),
      )
    },

    async discardAll(scope, filter) {
      demandNarrowFilter(filter)
      return toAll(scope, filter, discardableStatuses, (ids) => store.discard(scope.workspaceId, ids, at()))
    },
  }
}

const MOST_ROUNDS = 3
