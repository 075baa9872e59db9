/** Looks the visitor of one conversation up in all its CRMs, and does what follows from it. */
import { setTimeout as wait } from 'node:timers/promises'
import { isSameProfile, profileOf, type Visitor } from '../conversations/conversation.ts'
import type { IntegrationService } from '../integrations/service.ts'
import { type IntegrationSnapshot, isConnected } from '../integrations/snapshot.ts'
import type { Tagging } from '../pushes/tagging.ts'
import { NotFoundError } from '../shared/errors.ts'
import { decideTag, fillNames, givenUp, retryDelay } from './decide.ts'
import type { LookedUp, LookUp } from './look-up.ts'
import type { LookUpClaim, LookUpQueue, LookUpState } from './look-up-store.ts'
import { type CrmAnswer, isCurrent, isNewProposal, type StoredHit } from './stored-match.ts'

export type LookUpJob = (claim: LookUpClaim, signal: AbortSignal) => Promise<void>

export interface LookUpJobParts {
  queue: LookUpQueue
  integrations: Pick<IntegrationService, 'list'>
  lookUp: LookUp
  tagging: Pick<Tagging, 'tagAutomatically'>
  /** Milliseconds since 1970. */
  now: () => number
}

/** How long a CRM that has answered waits for the others before what it said is kept, in milliseconds. */
const GRACE_MS = 250

type Arrived = readonly [integration: IntegrationSnapshot, lookedUp: LookedUp]

/**
 * What a CRM has answered counts at once, however long another takes; one that could not be asked is asked again by itself.
 * Tagging comes before the answer is kept, and does nothing the second time: where the process ends in between, the
 * look-up is made again.
 */
export function createLookUpJob({ queue, integrations, lookUp, tagging, now }: LookUpJobParts): LookUpJob {
  async function tag({ id, workspaceId }: LookUpClaim, hit: StoredHit): Promise<boolean> {
    const { integrationId, entityName, remoteId, name, url } = hit
    const record = { integrationId, entityName, remoteId, name, url }
    try {
      return (await tagging.tagAutomatically(workspaceId, id, record)) !== null
    } catch (error) {
      // Somebody has just removed the conversation or the integration.
      if (error instanceof NotFoundError) return false
      throw error
    }
  }

  async function act(claim: LookUpClaim, state: LookUpState, [integration, { answer }]: Arrived): Promise<CrmAnswer> {
    const { tag: hit, why } = decideTag(integration, state.facts.channel, answer, state.tags)
    const isTagged = hit === null || (await tag(claim, hit))
    return why === null || !isTagged ? answer : { ...answer, why: [...answer.why, why] }
  }

  return async (claim, signal) => {
    const first = await queue.load(claim)
    if (first === null) return queue.giveBack(claim, null)
    const all = (await integrations.list(claim.workspaceId)).filter(isConnected)
    const results = new Map(all.flatMap((it) => keptAnswer(it, first)))
    const arrived: Arrived[] = []
    const asking = new Set<Promise<void>>()
    for (const integration of all.filter(({ id }) => !results.has(id))) {
      const { facts, region, pauses } = first
      const work = lookUp(integration, { facts, region, pause: pauses.get(integration.id), signal }).then((it) => {
        asking.delete(work)
        arrived.push([integration, it])
      })
      asking.add(work)
    }

    for (let goesOn = true; goesOn; ) {
      if (arrived.length === 0) await someOf(asking)
      if (signal.aborted) return queue.giveBack(claim, new Date(now()))
      const state = await queue.load(claim)
      if (state === null) return
      for (const it of arrived.splice(0)) {
        results.set(it[0].id, { ...it[1], answer: await act(claim, state, it) })
      }
      const inOrder = all.flatMap(({ id }) => results.get(id) ?? [])
      // Others may have answered while records were tagged.
      goesOn = asking.size > 0 || arrived.length > 0
      const next = goesOn ? 'HELD' : nextLookUp(inOrder, claim, now())
      const answers = inOrder.map(({ answer }) => (next === null ? givenUp(answer, claim.attempts) : answer))
      const match = { profile: profileOf(state.facts.visitor), answers }
      const [named] = inOrder.flatMap(({ names }) => names ?? [])
      const isOurs = await queue.settle(claim, {
        match,
        isNewProposal: state.facts.channel === 'CHAT' && isNewProposal(state.stored, match),
        fill: (visitor: Visitor) => (named === undefined ? null : fillNames(visitor, named)),
        next,
      })
      if (!isOurs) return
    }
  }
}

/** What was answered before for the visitor of now and by the settings of now need not be asked again. */
function keptAnswer(integration: IntegrationSnapshot, { facts, stored }: LookUpState): [string, LookedUp][] {
  const answer = stored?.answers.find(({ integrationId }) => integrationId === integration.id)
  if (!stored || !answer || answer.failure !== null || !isCurrent(answer, integration)) return []
  if (!isSameProfile(stored.profile, profileOf(facts.visitor))) return []
  return [[integration.id, { answer, names: null, failure: null }]]
}

function nextLookUp(results: readonly LookedUp[], { attempts }: LookUpClaim, now: number): Date | null {
  const delays = results.flatMap(({ failure }) => (failure && retryDelay(failure, attempts)) ?? [])
  return delays.length === 0 ? null : new Date(now + Math.min(...delays))
}

/** Waits for the first answer, and for the others a little. */
async function someOf(asking: ReadonlySet<Promise<void>>): Promise<void> {
  if (asking.size === 0) return
  await Promise.race(asking)
  if (asking.size === 0) return
  const timer = new AbortController()
  const grace = wait(GRACE_MS, undefined, { signal: timer.signal }).catch(() => {})
  await Promise.race([Promise.all(asking), grace])
  timer.abort()
}
