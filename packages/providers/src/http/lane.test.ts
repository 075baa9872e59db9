import { describe, expect, test } from 'vitest'
import { ProviderError } from '../errors.ts'
import { type HttpClient, HttpFailure, type HttpRequest, type HttpResponse } from './client.ts'
import { startDeadline } from './deadline.ts'
import { createLane, type Lane, type LaneOptions } from './lane.ts'

type LaneRequest = Parameters<Lane['send']>[0]
type Outcome = Partial<HttpResponse> | HttpFailure | 'HANG'

/** A client that answers from a list, then with 200, and keeps what it was sent. */
function scripted(...outcomes: Outcome[]) {
  const sent: HttpRequest[] = []
  const waiting: (() => void)[] = []
  const http: HttpClient = {
    send(request) {
      sent.push(request)
      const outcome = outcomes.shift() ?? {}
      if (outcome === 'HANG') {
        return new Promise((resolve) => waiting.push(() => resolve({ status: 200, headers: {}, body: '' })))
      }
      return outcome instanceof HttpFailure
        ? Promise.reject(outcome)
        : Promise.resolve({ status: 200, headers: {}, body: '', ...outcome })
    },
    problemOf: () => null,
    close: () => Promise.resolve(),
  }
  return { http, sent, waiting }
}

/** A client whose calls run until a test fails them. */
function manual() {
  const sent: ((failure: HttpFailure) => void)[] = []
  const http: HttpClient = {
    send: () => new Promise((_, reject) => sent.push(reject)),
    problemOf: () => null,
    close: () => Promise.resolve(),
  }
  return { http, sent, fail: (index: number, failure: HttpFailure) => sent[index]?.(failure) }
}

const read: LaneRequest = { method: 'GET', url: 'https://crm.example/', effect: 'READ' }
const write: LaneRequest = { method: 'POST', url: 'https://crm.example/', effect: 'WRITE' }
const reset = new HttpFailure('RESET', { message: 'broke', sent: true })
const timeout = new HttpFailure('TIMEOUT', { message: 'late', sent: true })
const unreachable = new HttpFailure('UNREACHABLE', { message: 'refused', sent: false })
const settled = () => new Promise((resolve) => setImmediate(resolve))

function lane(http: HttpClient, options: Partial<LaneOptions> = {}) {
  let time = 1_000_000
  const built = createLane({ http, now: () => time, ...options })
  const advance = (ms: number) => {
    time += ms
  }
  return { ...built, advance }
}

const errorOf = (sending: Promise<unknown>): Promise<ProviderError> =>
  sending.then(
    () => {
      throw new Error('an answer came')
    },
    (error: unknown) => {
      if (error instanceof ProviderError) return error
      throw error
    },
  )

describe('turns', () => {
  test('no more calls run at a time than the ceiling, and the rest follows in order', async () => {
    const { http, sent, waiting } = scripted(...Array.from({ length: 6 }, () => 'HANG' as const))
    const { send, limitTo } = lane(http, { concurrency: 2 })
    const running = Array.from({ length: 6 }, (_, i) =>
      send({ ...read, url: `https://crm.example/${i}` }, startDeadline()),
    )
    await settled()
    expect(sent).toHaveLength(2)
    waiting.shift()?.()
    await settled()
    expect(sent).toHaveLength(3)
    limitTo(4)
    await settled()
    expect(sent).toHaveLength(5)
    while (waiting.length > 0) {
      waiting.shift()?.()
      await settled()
    }
    await Promise.all(running)
    expect(sent.map(({ url }) => url.slice(-1))).toEqual(['0', '1', '2', '3', '4', '5'])
  })

  test('a full queue refuses in words, and nothing was applied', async () => {
    const { http, waiting } = scripted('HANG')
    const { send } = lane(http, { concurrency: 1, queue: 1 })
    const running = [send(read, startDeadline()), send(read, startDeadline())]
    await settled()
    expect(await errorOf(send(write, startDeadline()))).toMatchObject({
      code: 'CRM_RATE_LIMITED',
      outcome: 'NOT_APPLIED',
    })
    waiting.shift()?.()
    await Promise.all(running)
  })

  test('who waits longer than the operation has, or leaves, gives its place up', async () => {
    const { http, sent, waiting } = scripted('HANG')
    const { send } = lane(http, { concurrency: 1 })
    const running = send(read, startDeadline())
    await settled()
    expect(await errorOf(send(write, startDeadline({ timeoutMs: 20 })))).toMatchObject({
      code: 'CRM_TIMEOUT',
      outcome: 'NOT_APPLIED',
    })
    const leaving = new AbortController()
    const left = errorOf(send(read, startDeadline({ signal: leaving.signal })))
    leaving.abort()
    expect((await left).code).toBe('CRM_TIMEOUT')
    waiting.shift()?.()
    await running
    expect(sent).toHaveLength(1)
  })
})

describe('Retry-After', () => {
  test('holds every call until it ends: who cannot wait is told at once', async () => {
    const { http, sent } = scripted({ status: 429, headers: { 'retry-after': '30' } })
    const { send, advance, throttledUntil } = lane(http)
    expect((await send(read, startDeadline())).status).toBe(429)
    expect(throttledUntil()).toBe(1_030_000)
    expect(await errorOf(send(read, startDeadline()))).toMatchObject({ code: 'CRM_RATE_LIMITED', retryAfter: 30 })
    expect(await errorOf(send(read, startDeadline({ force: true })))).toMatchObject({ code: 'CRM_RATE_LIMITED' })
    expect(sent).toHaveLength(1)
    advance(30_000)
    expect((await send(read, startDeadline())).status).toBe(200)
    expect(throttledUntil()).toBeNull()
  })

  test('is waited out where the operation has the time', async () => {
    const { http, sent } = scripted({ status: 503, headers: { 'retry-after': '1' } })
    const send = createLane({ http, now: Date.now }).send
    const startedAt = performance.now()
    await send(write, startDeadline())
    expect((await send(read, startDeadline())).status).toBe(200)
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(990)
    expect(sent).toHaveLength(2)
  })

  test('that is missing from a 429 counts as a few seconds', async () => {
    const { http } = scripted({ status: 429 })
    const { send, throttledUntil } = lane(http)
    await send(read, startDeadline())
    expect(throttledUntil()).toBe(1_005_000)
  })
})

describe('pauses', () => {
  test('of a used-up quota hold calls back with that code, but not forced ones', async () => {
    const { http, sent } = scripted()
    const { send, pause } = lane(http)
    pause('CRM_QUOTA_EXHAUSTED', 1_000_000 + 3_600_000)
    expect(await errorOf(send(read, startDeadline()))).toMatchObject({ code: 'CRM_QUOTA_EXHAUSTED', retryAfter: 3_600 })
    expect((await send(read, startDeadline({ force: true }))).status).toBe(200)
    expect(sent).toHaveLength(1)
  })

  test('give way to a Retry-After where a call is forced, and that is what it is told', async () => {
    const { http, sent } = scripted({ status: 429, headers: { 'retry-after': '30' } })
    const { send, pause } = lane(http)
    await send(read, startDeadline())
    pause('CRM_QUOTA_EXHAUSTED', 1_000_000 + 3_600_000)
    const forced = await errorOf(send(read, startDeadline({ force: true })))
    expect(forced).toMatchObject({ code: 'CRM_RATE_LIMITED', retryAfter: 30 })
    expect((await errorOf(send(read, startDeadline()))).code).toBe('CRM_QUOTA_EXHAUSTED')
    expect(sent).toHaveLength(1)
  })

  test('begin after failures in a row, let one call probe, and end with its success', async () => {
    const { http, sent, waiting } = scripted(timeout, unreachable, { status: 500 }, { status: 500 }, 'HANG')
    const { send, advance } = lane(http, { failuresToPause: 3 })
    for (let i = 0; i < 3; i += 1) await send(write, startDeadline()).catch(() => {})
    expect(await errorOf(send(read, startDeadline()))).toMatchObject({ code: 'CRM_UNAVAILABLE', retryAfter: 30 })
    expect(sent).toHaveLength(3)

    advance(30_000)
    expect((await send(write, startDeadline())).status).toBe(500)
    expect((await errorOf(send(read, startDeadline()))).code).toBe('CRM_UNAVAILABLE')

    advance(30_000)
    const probe = send(read, startDeadline())
    await settled()
    expect((await errorOf(send(read, startDeadline()))).code).toBe('CRM_UNAVAILABLE')
    waiting.shift()?.()
    await probe
    expect((await send(read, startDeadline())).status).toBe(200)
    expect(sent).toHaveLength(6)
  })

  test('a forced call passes an open circuit and closes it when it succeeds', async () => {
    const { http } = scripted(timeout, timeout)
    const { send } = lane(http, { failuresToPause: 2 })
    for (let i = 0; i < 2; i += 1) await send(write, startDeadline()).catch(() => {})
    expect((await send(read, startDeadline({ force: true }))).status).toBe(200)
    expect((await send(read, startDeadline())).status).toBe(200)
  })

  test('do not begin because our own address check refuses', async () => {
    const blocked = new HttpFailure('BLOCKED', { message: 'private', sent: false })
    const { http } = scripted(blocked, blocked, blocked)
    const { send } = lane(http, { failuresToPause: 2 })
    for (let i = 0; i < 3; i += 1) expect((await errorOf(send(read, startDeadline()))).code).toBe('CRM_UNREACHABLE')
    expect((await send(read, startDeadline())).status).toBe(200)
  })

  test('end with one probe, however many calls come at once when it is time', async () => {
    const { http, sent, waiting } = scripted({ status: 500 }, 'HANG')
    const { send, advance } = lane(http, { failuresToPause: 1 })
    await send(write, startDeadline())
    advance(30_000)
    const probes = Array.from({ length: 5 }, () => send(read, startDeadline()).catch(({ code }: ProviderError) => code))
    await settled()
    expect(sent).toHaveLength(2)
    waiting.shift()?.()
    const outcomes = await Promise.all(probes)
    expect(outcomes.filter((outcome) => outcome === 'CRM_UNAVAILABLE')).toHaveLength(4)
    expect((await send(read, startDeadline())).status).toBe(200)
  })

  test('let no other call probe when one that was sent before ends while the probe is on its way', async () => {
    const { http, sent, fail } = manual()
    const { send, advance } = lane(http, { failuresToPause: 1 })
    const [one, early, left] = [1, 2, 3].map(() =>
      send(write, startDeadline()).catch(({ code }: ProviderError) => code),
    )
    await settled()
    fail(0, timeout)
    await one
    advance(30_000)
    const probe = errorOf(send(write, startDeadline()))
    await settled()
    expect(sent).toHaveLength(4)
    fail(1, timeout)
    fail(2, new HttpFailure('ABORTED', { message: 'left', sent: true }))
    await Promise.all([early, left])
    advance(30_000)
    expect((await errorOf(send(read, startDeadline()))).code).toBe('CRM_UNAVAILABLE')
    expect(sent).toHaveLength(4)
    fail(3, timeout)
    await probe
  })

  test.each([
    [0, 1],
    [100, 2],
  ])('do not begin because a call waited for its turn until %i ms were left of a second', async (left, requests) => {
    const { http, sent, waiting } = scripted('HANG', ...(left === 0 ? [] : [timeout]))
    const { send } = lane(http, { concurrency: 1, failuresToPause: 1 })
    const running = send(read, startDeadline())
    await settled()
    let remaining = 1_000
    const late = errorOf(send(write, { signal: undefined, force: false, remainingMs: () => remaining }))
    remaining = left
    waiting.shift()?.()
    await running
    expect((await late).code).toBe('CRM_TIMEOUT')
    expect((await late).outcome).toBe(left === 0 ? 'NOT_APPLIED' : 'UNKNOWN')
    expect(sent).toHaveLength(requests)
    expect((await send(read, startDeadline())).status).toBe(200)
  })

  test('a probe whose caller leaves lets the next one probe', async () => {
    const { http } = scripted(timeout, new HttpFailure('ABORTED', { message: 'left', sent: true }))
    const { send, advance } = lane(http, { failuresToPause: 1 })
    await send(write, startDeadline()).catch(() => {})
    advance(30_000)
    await send(read, startDeadline()).catch(() => {})
    expect((await send(read, startDeadline())).status).toBe(200)
  })
})

describe('failures', () => {
  test.each([
    [reset, 'CRM_UNAVAILABLE', 'UNKNOWN'],
    [timeout, 'CRM_TIMEOUT', 'UNKNOWN'],
    [unreachable, 'CRM_UNREACHABLE', 'NOT_APPLIED'],
    [new HttpFailure('BLOCKED', { message: 'private', sent: false }), 'CRM_UNREACHABLE', 'NOT_APPLIED'],
  ])('of a write, %s, is told once with what is known of its outcome', async (failure, code, outcome) => {
    const { http, sent } = scripted(failure)
    expect(await errorOf(lane(http).send(write, startDeadline()))).toMatchObject({ code, outcome })
    expect(sent).toHaveLength(1)
  })

  test.each([[reset], [{ status: 503 }], [{ status: 502 }]])('of a read, %j, is tried once more', async (outcome) => {
    const recovering = scripted(outcome)
    expect((await lane(recovering.http).send(read, startDeadline())).status).toBe(200)
    expect(recovering.sent).toHaveLength(2)
    const lasting = scripted(outcome, outcome, outcome)
    const answer = await lane(lasting.http)
      .send(read, startDeadline())
      .catch((error: ProviderError) => error.code)
    expect(answer).toEqual(outcome === reset ? 'CRM_UNAVAILABLE' : expect.objectContaining(outcome))
    expect(lasting.sent).toHaveLength(2)
  })

  test('a write that answers 503 is never sent again', async () => {
    const { http, sent } = scripted({ status: 503 })
    expect((await lane(http).send(write, startDeadline())).status).toBe(503)
    expect(sent).toHaveLength(1)
  })

  test('each call gets what is left of the time of its operation', async () => {
    const { http, sent } = scripted()
    const { send } = lane(http)
    const deadline = startDeadline({ timeoutMs: 60_000 })
    await new Promise((resolve) => setTimeout(resolve, 30))
    await send(read, deadline)
    expect(sent[0]?.timeoutMs).toBeLessThanOrEqual(59_975)
    expect(sent[0]?.timeoutMs).toBeGreaterThan(30_000)
  })
})
