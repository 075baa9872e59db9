import type { ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { RateLimiterRes } from 'rate-limiter-flexible'
import { createInProcessState } from '../shared-state/in-process.ts'
import type { Counter, SharedState } from '../shared-state/shared-state.ts'
import type { Viewer } from '../viewers/viewer.ts'
import { networkOf } from './client-address.ts'
import type { Limits } from './limit-values.ts'
import { overLimit } from './refusal.ts'

export interface RateLimits {
  /**
   * Counts a request from an address, before anything is known about it.
   *
   * @throws Refusal with 429
   */
  countAddress(address: string): Promise<void>
  /**
   * Counts an operation of a caller. The answer tells how many more there may be, in the headers of the IETF's draft
   * `draft-ietf-httpapi-ratelimit-headers`.
   *
   * @throws Refusal with 429
   */
  countViewer(viewer: Viewer, response?: ServerResponse): Promise<void>
  /**
   * Counts the characters of a document of a caller that has to be parsed and checked anew.
   *
   * @throws Refusal with 429
   */
  countDocument(viewer: Viewer, characters: number): Promise<void>
}

/** A caller that goes on all the same waits for its refusals, so that refusing costs the others nothing. */
const REFUSAL_MS = 250
/** More than so many do not wait at a time: each holds a connection. */
const MOST_WAITING = 2_000

type CountedName = 'addressRequests' | 'keyOperations' | 'personOperations' | 'documentCharacters'

/** @param shared counts over all instances; without it, this process counts for itself */
export function createRateLimits(
  limits: Limits,
  shared: Pick<SharedState, 'counter'> = createInProcessState(),
): RateLimits {
  const { windowSeconds } = limits
  let waiting = 0

  function counterOf(name: CountedName): Counter | null {
    const points = limits[name]
    return points === 0 ? null : shared.counter(name, { points, seconds: windowSeconds })
  }
  const counters: Record<CountedName, Counter | null> = {
    addressRequests: counterOf('addressRequests'),
    keyOperations: counterOf('keyOperations'),
    personOperations: counterOf('personOperations'),
    documentCharacters: counterOf('documentCharacters'),
  }

  async function count(name: CountedName, who: string, response?: ServerResponse, points = 1): Promise<void> {
    const counter = counters[name]
    if (!counter) return
    try {
      const state = await counter.consume(who, points)
      for (const [header, value] of Object.entries(headersOf(name, state))) response?.setHeader(header, value)
    } catch (refused) {
      if (!(refused instanceof RateLimiterRes)) throw refused
      await wait()
      throw overLimit(
        429,
        { name, most: limits[name], found: refused.consumedPoints },
        `${sentences[name](limits[name])} in ${windowSeconds} s. Go on in ${secondsUntil(refused)} s.`,
        { ...headersOf(name, refused), 'retry-after': String(secondsUntil(refused)) },
      )
    }
  }

  function headersOf(name: CountedName, state: RateLimiterRes): Record<string, string> {
    return {
      'ratelimit-policy': `"${name}";q=${limits[name]};w=${windowSeconds}`,
      ratelimit: `"${name}";r=${state.remainingPoints};t=${secondsUntil(state)}`,
    }
  }

  async function wait(): Promise<void> {
    if (waiting >= MOST_WAITING) return
    waiting += 1
    await sleep(REFUSAL_MS, undefined, { ref: false })
    waiting -= 1
  }

  return {
    countAddress: (address) => count('addressRequests', networkOf(address)),
    countViewer: (viewer, response) =>
      count(viewer.kind === 'API_KEY' ? 'keyOperations' : 'personOperations', identityOf(viewer), response),
    countDocument: (viewer, characters) => count('documentCharacters', identityOf(viewer), undefined, characters),
  }
}

const sentences: Record<CountedName, (most: number) => string> = {
  addressRequests: (most) => `One address may send ${most} requests`,
  keyOperations: (most) => `One API key may run ${most} operations`,
  personOperations: (most) => `One person may run ${most} operations`,
  documentCharacters: (most) =>
    `Put values into variables, so that documents stay the same: one caller may send ${most} characters of new ones`,
}

/** The same key, person or agent, also where a token was issued anew. */
function identityOf({ workspaceId, kind, apiKeyId, userId, agent }: Viewer): string {
  return [workspaceId, kind, kind === 'AGENT' ? agent?.id : kind === 'USER' ? userId : apiKeyId].join('|')
}

function secondsUntil({ msBeforeNext }: RateLimiterRes): number {
  return Math.max(1, Math.ceil(msBeforeNext / 1_000))
}
