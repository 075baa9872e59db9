/**
 * The lane of one integration: every call to its CRM goes through it, so that one CRM's trouble stays there
 * (product.md decision 5). It bounds how many calls run and wait, honours `Retry-After`, pauses after repeated
 * failures, and keeps every call within the time of its operation.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { ProviderError } from '../errors.ts'
import { createCircuit } from './circuit.ts'
import { type HttpClient, HttpFailure, type HttpRequest, type HttpResponse } from './client.ts'
import type { Deadline } from './deadline.ts'
import { type CallGate, noGate } from './gate.ts'
import { parseRetryAfter } from './retry-after.ts'
import { createSlots, noTimeLeft } from './slots.ts'
import { toTransportError } from './transport-error.ts'

/** Why a lane is held back without a `Retry-After`. */
type PauseCode = 'CRM_RATE_LIMITED' | 'CRM_QUOTA_EXHAUSTED'

export interface LaneOptions {
  http: HttpClient
  /** What other processes that call this CRM have a part in; none unless given. */
  gate?: CallGate | undefined
  /** Milliseconds since 1970. */
  now: () => number
  /** Calls at a time. Default 50: Dataverse takes 52 of one user at once, and says so where it wants fewer. */
  concurrency?: number
  /** Calls that may wait for their turn. Default 500. */
  queue?: number
  /** Unavailable or timed out this often in a row, the CRM is left alone for `circuitPauseMs`. Default 5. */
  failuresToPause?: number
  /** Default 30,000. */
  circuitPauseMs?: number
}

interface LaneRequest extends Omit<HttpRequest, 'signal' | 'timeoutMs'> {
  /** A READ may be sent once more when its answer broke off; a WRITE never is, and its failure may leave the outcome unknown. */
  effect: 'READ' | 'WRITE'
}

export interface Lane {
  /**
   * Sends within the deadline. Any whole answer resolves, a 429 or 500 too.
   * @throws ProviderError where there is no answer: CRM_UNREACHABLE, CRM_UNAVAILABLE, CRM_TIMEOUT, CRM_RATE_LIMITED,
   * CRM_QUOTA_EXHAUSTED
   */
  send(request: LaneRequest, deadline: Deadline): Promise<HttpResponse>
  /** Changes how many calls run at a time, as the CRM recommends it. */
  limitTo(concurrency: number): void
  /** Holds calls back without a `Retry-After` of the CRM; forced calls pass. */
  pause(code: PauseCode, until: number): void
  /** Milliseconds since 1970; null when calls may go. */
  throttledUntil(): number | null
}

/** How long a throttled caller keeps away when the CRM does not say. */
const unnamedRetryAfterSeconds = 5
const retryDelayMs = 50
/** How often one that other processes leave no place asks again. */
const askAgainMs = { least: 15, spread: 20 }

export function createLane(options: LaneOptions): Lane {
  const { http, gate = noGate, now } = options
  const slots = createSlots({ ceiling: options.concurrency ?? 50, queue: options.queue ?? 500 })
  const circuit = createCircuit({
    now,
    failures: options.failuresToPause ?? 5,
    pauseMs: options.circuitPauseMs ?? 30_000,
  })
  let retryAfterUntil = 0
  let pausedUntil = 0
  let pauseCode: PauseCode = 'CRM_RATE_LIMITED'

  function heldUntil(deadline: Deadline): number {
    return deadline.force ? retryAfterUntil : Math.max(retryAfterUntil, pausedUntil)
  }

  /** By a pause of ours rather than by a `Retry-After`. */
  function isPaused(deadline: Deadline): boolean {
    return !deadline.force && pausedUntil > retryAfterUntil
  }

  function refuseWhatCannotWait(deadline: Deadline): void {
    const wait = heldUntil(deadline) - now()
    if (wait > 0 && wait >= deadline.remainingMs())
      throw held(wait, isPaused(deadline) ? pauseCode : 'CRM_RATE_LIMITED')
    const circuitWait = deadline.force ? 0 : circuit.waitMs()
    if (circuitWait > 0) throw paused(circuitWait)
  }

  async function waitOut(deadline: Deadline): Promise<void> {
    for (;;) {
      refuseWhatCannotWait(deadline)
      const wait = heldUntil(deadline) - now()
      if (wait <= 0) return
      await pauseFor(wait, deadline)
    }
  }

  const heldMs = () => Math.max(0, retryAfterUntil - now())

  /** Waits until no process has anything against a call; answers what is called when it has ended. */
  async function pass(deadline: Deadline): Promise<() => void> {
    for (;;) {
      await waitOut(deadline)
      const forMs = deadline.remainingMs()
      if (forMs === 0) throw noTimeLeft()
      const entry = await gate.enter({ most: slots.ceiling, forMs, heldMs: heldMs() })
      retryAfterUntil = Math.max(retryAfterUntil, now() + entry.heldMs)
      const { place } = entry
      if (place !== null) return () => place.leave(heldMs())
      if (entry.heldMs === 0) await pauseFor(askAgainMs.least + Math.random() * askAgainMs.spread, deadline)
    }
  }

  function heed(answer: HttpResponse): void {
    const named = parseRetryAfter(answer.headers['retry-after'], now())
    const seconds = answer.status === 429 ? (named ?? unnamedRetryAfterSeconds) : answer.status === 503 ? named : null
    if (seconds !== null) retryAfterUntil = Math.max(retryAfterUntil, now() + seconds * 1_000)
  }

  async function sendOnce(request: LaneRequest, deadline: Deadline): Promise<HttpResponse> {
    refuseWhatCannotWait(deadline)
    const budgetMs = deadline.remainingMs()
    const giveBack = await slots.take(deadline)
    try {
      const leave = await pass(deadline)
      return await sendNow(request, deadline, budgetMs).finally(leave)
    } finally {
      giveBack()
    }
  }

  /** @param budgetMs what the call had before it waited for its turn */
  async function sendNow(
    { effect: _, ...call }: LaneRequest,
    deadline: Deadline,
    budgetMs: number,
  ): Promise<HttpResponse> {
    const timeoutMs = deadline.remainingMs()
    if (timeoutMs === 0) throw noTimeLeft()
    const passage = circuit.enter(deadline.force)
    if (passage === null) throw paused(circuit.waitMs())
    try {
      const answer = await http.send({ ...call, timeoutMs, ...(deadline.signal ? { signal: deadline.signal } : {}) })
      if (answer.status >= 500) passage.failed()
      else passage.succeeded()
      heed(answer)
      return answer
    } catch (error) {
      if (blames(error, timeoutMs / budgetMs)) passage.failed()
      else passage.unknown()
      throw error
    }
  }

  async function send(request: LaneRequest, deadline: Deadline): Promise<HttpResponse> {
    let answer: HttpResponse | null = null
    try {
      answer = await sendOnce(request, deadline)
      if (request.effect === 'WRITE' || !mayPassAtOnce(answer)) return answer
    } catch (error) {
      if (!(error instanceof HttpFailure)) throw error
      if (request.effect === 'WRITE' || error.kind !== 'RESET') throw toTransportError(error, request.effect)
    }
    try {
      await sleep(retryDelayMs)
      return await sendOnce(request, deadline)
    } catch (error) {
      // The pause that the first answer caused says less than that answer.
      if (answer !== null && error instanceof ProviderError) return answer
      throw error instanceof HttpFailure ? toTransportError(error, request.effect) : error
    }
  }

  return {
    send,
    limitTo: (concurrency) => slots.limitTo(concurrency),
    pause(code, until) {
      if (until <= pausedUntil) return
      pausedUntil = until
      pauseCode = code
    },
    throttledUntil() {
      const until = Math.max(retryAfterUntil, pausedUntil)
      return until > now() ? until : null
    },
  }
}

/** @throws ProviderError where the caller leaves meanwhile */
async function pauseFor(ms: number, { signal }: Deadline): Promise<void> {
  await sleep(ms, undefined, signal ? { signal } : {}).catch(() => {
    throw new ProviderError('CRM_TIMEOUT', { message: 'The call was cancelled.' })
  })
}

/**
 * Whether the server is to blame for a call without an answer.
 * @param share how much of the call's time was the server's; where it waited most of it for its turn, its time-out is ours
 */
function blames(error: unknown, share: number): boolean {
  if (!(error instanceof HttpFailure)) return false
  if (error.kind === 'TIMEOUT') return share >= 0.5
  return error.kind === 'UNREACHABLE' || error.kind === 'RESET' || error.kind === 'UNUSABLE'
}

/** A gateway's hiccup that says nothing of waiting. */
function mayPassAtOnce(answer: HttpResponse): boolean {
  return (answer.status === 502 || answer.status === 503) && answer.headers['retry-after'] === undefined
}

function held(waitMs: number, code: PauseCode): ProviderError {
  const retryAfter = Math.ceil(waitMs / 1_000)
  return new ProviderError(code, {
    message:
      code === 'CRM_QUOTA_EXHAUSTED'
        ? 'The daily budget of API calls to this CRM is used up.'
        : `This CRM asked for a pause. Try again in ${retryAfter} s.`,
    retryAfter,
  })
}

function paused(waitMs: number): ProviderError {
  return new ProviderError('CRM_UNAVAILABLE', {
    message: 'This CRM has failed several times in a row and is left alone for a moment.',
    retryAfter: Math.ceil(waitMs / 1_000),
  })
}
