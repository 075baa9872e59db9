import { afterAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { createClock } from './clock.ts'
import { createControl as createControlState } from './control.ts'
import { createControl } from './control-client.ts'
import { serveCrm } from './crm-server.ts'
import type { Desk } from './desk.ts'
import { type CrmHandler, jsonResponse } from './http.ts'
import { createStore } from './store.ts'

const store = createStore((sink) => sink.put('thing', 'seeded', { id: 'seeded', color: 'red' }))
const parts = { store, clock: createClock(), control: createControlState() }
/** A CRM of one table: POST makes a row, everything answers how the request looked. */
const handler: CrmHandler = (request) => {
  if (request.path === '/bug') throw new TypeError('a bug')
  if (request.method === 'POST') store.put('thing', request.body, { id: request.body, color: 'blue' })
  const wait = parts.control.takeThrottle()
  if (wait !== undefined) return jsonResponse(429, {}, { 'retry-after': String(wait) })
  const answer = jsonResponse(200, { path: request.path, query: request.rawQuery, origin: request.origin })
  return request.path === '/batch'
    ? { ...answer, parts: [1, 2, 3].map((n) => ({ method: 'GET', path: `/${n}`, status: 200 })) }
    : answer
}
const done: unknown[][] = []
const desk: Desk = {
  change: (...args) => void done.push(['change', ...args]),
  remove: (...args) => void done.push(['remove', ...args]),
  merge: (...args) => void done.push(['merge', ...args]),
  convertLead: (...args) => void done.push(['convertLead', ...args]),
}
const crm = await serveCrm(() => ({ ...parts, handler, desk }), { host: '127.0.0.1', port: 0 })
const control = createControl(crm.url)

afterAll(() => crm.stop())
beforeEach(() => control.reset())

const post = (id: string) => fetch(`${crm.url}/things`, { method: 'POST', body: id })
const madeIds = async () => (await control.records('thing', { color: 'blue' })).map((row) => row['id'])

test('what people do in the CRM is asked for by table and id', async () => {
  const record = { table: 'thing', id: 'a b/c' }
  await control.changeRecord(record, { color: 'green' })
  await control.mergeRecords(record, 'master')
  await control.convertLead('lead', { contactId: 'contact' })
  await control.removeRecord(record)
  expect(done).toEqual([
    ['change', record, { color: 'green' }],
    ['merge', record, 'master'],
    ['convertLead', 'lead', { contactId: 'contact' }],
    ['remove', record],
  ])
})

describe('recorded calls', () => {
  test('tell method, path, query, status, time and how many operations it was', async () => {
    await fetch(`${crm.url}/a%20b?x=1%2B2`)
    await fetch(`${crm.url}/batch`)
    expect(await control.calls()).toEqual([
      {
        method: 'GET',
        path: '/a%20b',
        query: 'x=1%2B2',
        status: 200,
        startedAt: expect.any(Number),
        durationMs: expect.any(Number),
        operations: 1,
      },
      expect.objectContaining({
        path: '/batch',
        operations: 3,
        parts: expect.arrayContaining([{ method: 'GET', path: '/2', status: 200 }]),
      }),
    ])
    await control.clearCalls()
    expect(await control.calls()).toEqual([])
  })

  test('show a call that is still running as status 0', async () => {
    await control.addFault({}, { hang: true })
    const ending = new AbortController()
    const hanging = fetch(`${crm.url}/slow`, { signal: ending.signal }).catch((error: Error) => error.name)
    await expect.poll(() => control.calls()).toMatchObject([{ path: '/slow', status: 0 }])
    ending.abort()
    expect(await hanging).toBe('AbortError')
  })
})

describe('latency', () => {
  test('is what was asked for, and more for each part of a batch', async () => {
    await control.setLatency({ ms: 80, perPartMs: 40 })
    const time = async (path: string) => {
      const started = performance.now()
      await fetch(`${crm.url}${path}`)
      return performance.now() - started
    }
    expect(await time('/one')).toBeGreaterThanOrEqual(119)
    expect(await time('/batch')).toBeGreaterThanOrEqual(199)
    await control.setLatency({ ms: 60_000 })
    await control.setLatency({ ms: 0 })
    await control.clearCalls()
    await fetch(`${crm.url}/one`)
    expect((await control.calls())[0]?.durationMs).toBeLessThan(60_000)
  })
})

describe('faults', () => {
  test('one that could never strike is refused', async () => {
    const refused = fetch(`${crm.url}/_emulator/faults`, {
      method: 'POST',
      body: JSON.stringify({ match: { method: 'POST|PATCH' }, effect: { status: 500 } }),
    })
    expect((await refused).status).toBe(400)
    expect(await (await refused).text()).toContain('There is no POST|PATCH.')
    await post('made')
    expect(await madeIds()).toEqual(['made'])
  })

  test('dropped before: the change was not made', async () => {
    await control.addFault({ method: 'POST', path: '^/things' }, { drop: 'BEFORE' })
    await expect(post('lost')).rejects.toThrow()
    expect(await madeIds()).toEqual([])
  })

  test('dropped after: the change was made, the caller does not know', async () => {
    await control.addFault({ method: 'POST' }, { drop: 'AFTER' })
    await expect(post('made')).rejects.toThrow()
    expect(await madeIds()).toEqual(['made'])
  })

  test('hanging after: the change was made and no answer comes', async () => {
    await control.addFault({ method: 'POST' }, { hang: 'AFTER' })
    const leaving = new AbortController()
    const answered = vi.fn()
    const call = fetch(`${crm.url}/things`, { method: 'POST', body: 'silent', signal: leaving.signal }).finally(
      answered,
    )
    await expect.poll(madeIds).toEqual(['silent'])
    expect(answered).not.toHaveBeenCalled()
    leaving.abort()
    await expect(call).rejects.toThrow()
  })

  test('strike the nth call that matches, so many times', async () => {
    await control.addFault(
      { path: 'x=1', nth: 2, times: 2 },
      { status: 503, headers: { 'retry-after': '3' }, body: { no: 1 } },
    )
    const statuses: number[] = []
    for (const query of ['x=1', 'y=1', 'x=1', 'x=1', 'x=1']) {
      const response = await fetch(`${crm.url}/a?${query}`)
      statuses.push(response.status)
      if (response.status === 503)
        expect([response.headers.get('retry-after'), await response.json()]).toEqual(['3', { no: 1 }])
    }
    expect(statuses).toEqual([200, 200, 503, 503, 200])
  })

  test('can look into the body', async () => {
    await control.addFault({ body: 'second' }, { status: 500 })
    expect([(await post('first')).status, (await post('second')).status]).toEqual([200, 500])
  })

  test('can answer HTML as a proxy does', async () => {
    await control.addFault({}, { html: true })
    const response = await fetch(`${crm.url}/a`)
    expect([response.status, response.headers.get('content-type')]).toEqual([502, 'text/html; charset=utf-8'])
  })

  test('can be taken back', async () => {
    await control.addFault({}, { status: 500 })
    await control.clearFaults()
    expect((await fetch(`${crm.url}/a`)).status).toBe(200)
  })
})

describe('faults by chance', () => {
  const faults = { seed: 7, share: 0, kinds: {}, lateShare: 0, lateMs: [10, 20] } as const
  const write = (id: string, giveUp: AbortSignal | null = null) =>
    fetch(`${crm.url}/api/data/things`, { method: 'POST', body: id, signal: giveUp }).then(
      (response) => response.status,
      () => 'no answer',
    )

  test('strike as many calls as they are to, the same ones for the same seed', async () => {
    const drawn: unknown[] = []
    for (let round = 0; round < 2; round++) {
      await control.setRandomFaults({ ...faults, share: 0.2, kinds: { UNAVAILABLE: 1, THROTTLED: 1 } })
      for (let call = 0; call < 100; call++) drawn.push(await write(`row-${call}`))
    }
    expect(drawn.slice(0, 100)).toEqual(drawn.slice(100))
    const { calls, writes, dealt } = await control.faultFigures()
    expect([calls, writes]).toEqual([100, 100])
    expect(dealt.UNAVAILABLE).toBeGreaterThan(3)
    expect(dealt.THROTTLED).toBeGreaterThan(3)
    expect(dealt.UNAVAILABLE + dealt.THROTTLED).toBeLessThan(35)
    expect(drawn.filter((status) => status === 503)).toHaveLength(2 * dealt.UNAVAILABLE)
    expect(drawn.filter((status) => status === 429)).toHaveLength(2 * dealt.THROTTLED)
  })

  test.each([
    ['BEFORE', []],
    ['AFTER', ['made']],
    ['HANG_BEFORE', []],
    ['HANG_AFTER', ['made']],
  ] as const)('%s gives no answer', async (kind, made) => {
    await control.setRandomFaults({ ...faults, share: 1, kinds: { [kind]: 1 } })
    const leaving = new AbortController()
    const answer = write('made', leaving.signal)
    await expect.poll(async () => (await control.faultFigures()).dealt[kind]).toBe(1)
    leaving.abort()
    expect(await answer).toBe('no answer')
    await expect.poll(madeIds).toEqual(made)
  })

  test('a late change is made after its caller gave up, and is counted until then', async () => {
    await control.setRandomFaults({ ...faults, lateShare: 1, lateMs: [1_500, 1_600] })
    expect(await write('late')).toBe('no answer')
    expect([await madeIds(), (await control.faultFigures()).pending]).toEqual([[], 1])
    await expect.poll(madeIds).toEqual(['late'])
    expect((await control.faultFigures()).pending).toBe(0)
  })

  test('leave reads of late landings, sign-ins and the control API alone, and end when they are told to', async () => {
    await control.setRandomFaults({ ...faults, share: 0, lateShare: 1 })
    expect((await fetch(`${crm.url}/api/data/things`)).status).toBe(200)
    await control.setRandomFaults({ ...faults, share: 1, kinds: { UNAVAILABLE: 1 } })
    expect((await fetch(`${crm.url}/services/oauth2/token`)).status).toBe(200)
    await control.setRandomFaults(null)
    expect((await fetch(`${crm.url}/api/data/things`)).status).toBe(200)
  })
})

describe('the control API', () => {
  test('throttles, moves the clock, sets switches and metadata', async () => {
    await control.throttle({ retryAfter: 7, times: 1 })
    const throttled = await fetch(`${crm.url}/a`)
    expect([throttled.status, throttled.headers.get('retry-after')]).toEqual([429, '7'])
    const before = parts.clock.now()
    await control.advanceClock(60_000)
    expect(parts.clock.now() - before).toBeGreaterThanOrEqual(60_000)
    const generation = parts.control.tokenGeneration
    await control.setSwitches({ apiOff: true, expireTokens: true })
    expect([parts.control.switches, parts.control.tokenGeneration]).toEqual([{ apiOff: true }, generation + 1])
    await control.changeMetadata({ entity: 'contact', hide: true })
    expect(parts.control.metadata).toEqual([{ entity: 'contact', hide: true }])
  })

  test('resets everything to the seed', async () => {
    await post('new')
    store.remove('thing', 'seeded')
    await control.setSwitches({ apiOff: true })
    await control.reset()
    expect(await control.records('thing')).toEqual([{ id: 'seeded', color: 'red' }])
    expect(parts.control.switches).toEqual({})
    expect(await control.calls()).toEqual([])
  })

  test('does nothing for a page that a browser has open elsewhere', async () => {
    await post('mine')
    const headers = { origin: 'https://elsewhere.example' }
    expect((await fetch(`${crm.url}/_emulator/reset`, { method: 'POST', headers })).status).toBe(403)
    expect(await madeIds()).toEqual(['mine'])
    const own = { origin: crm.url }
    expect((await fetch(`${crm.url}/_emulator/reset`, { method: 'POST', headers: own })).status).toBe(204)
  })

  test('says what it does not understand', async () => {
    await expect(control.addFault({ path: '(' }, { status: 500 })).rejects.toThrow('Invalid regular expression')
    expect((await fetch(`${crm.url}/_emulator/nosuch`)).status).toBe(404)
    expect((await fetch(`${crm.url}/_emulator/latency`, { method: 'POST', body: '{' })).status).toBe(400)
  })
})

test('a failure of the emulator itself is a 500 that says so, and is recorded', async () => {
  const response = await fetch(`${crm.url}/bug`)
  expect([response.status, await response.text()]).toEqual([
    500,
    expect.stringContaining('The emulator failed. TypeError: a bug'),
  ])
  expect(await control.calls()).toMatchObject([{ path: '/bug', status: 500 }])
})

test('a body beyond the limit is 413', async () => {
  const response = await fetch(`${crm.url}/things`, { method: 'POST', body: 'x'.repeat(33 * 1024 * 1024) }).catch(
    () => undefined,
  )
  // The server may close before the client has sent everything.
  expect(response?.status ?? 413).toBe(413)
  expect(await madeIds()).toEqual([])
})
