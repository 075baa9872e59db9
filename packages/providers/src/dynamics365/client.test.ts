import { afterEach, describe, expect, it } from 'vitest'
import { createHttpClient, createLane, startDeadline } from '../http/index.ts'
import type { ProviderCall } from '../provider.ts'
import { type ScriptedAnswer, type ScriptedRequest, startScriptedServer } from '../testing/scripted-server.ts'
import { createMemoryTokenStore } from '../testing/token-store.ts'
import { createTokenSource, type TokenSource } from './auth.ts'
import { createDataverseClient, readObject, readRows } from './client.ts'

const http = createHttpClient({ allowedHosts: ['127.0.0.1'] })
const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

async function connect(
  answer: (request: ScriptedRequest) => ScriptedAnswer | Promise<ScriptedAnswer>,
  tokens?: TokenSource,
) {
  const server = await startScriptedServer(answer)
  closing.push(() => server.close())
  let issued = 0
  let current: string | null = null
  const calls: ProviderCall[] = []
  const lane = createLane({ http, now: Date.now })
  const client = createDataverseClient({
    origin: server.url,
    apiVersion: 'v9.2',
    lane,
    tokens: tokens ?? {
      get lastIssued() {
        return `token-${issued}`
      },
      get: async () => {
        if (current === null) {
          issued += 1
          current = `token-${issued}`
        }
        return current
      },
      drop: (token) => {
        if (token === current) current = null
      },
    },
    now: Date.now,
    onCall: (call) => calls.push(call),
  })
  return { client, lane, calls, requests: server.requests, issued: () => issued }
}

const list = { operation: 'test', method: 'GET' as const, path: 'contacts' }
const multipart = (parts: readonly [status: number, body: string][]): ScriptedAnswer => ({
  headers: { 'content-type': 'multipart/mixed; boundary=batchresponse_1' },
  text: `${parts
    .map(
      ([status, body]) =>
        `--batchresponse_1\r\nContent-Type: application/http\r\n\r\nHTTP/1.1 ${status} X\r\nContent-Type: application/json\r\n\r\n${body}\r\n`,
    )
    .join('')}--batchresponse_1--\r\n`,
})

describe('a request', () => {
  it('carries the headers that the Web API asks for', async () => {
    const { client, requests, calls } = await connect(() => ({ json: { value: [{ contactid: '1' }] } }))
    const answer = await client.send(list, startDeadline())
    expect(readRows(answer.body)).toEqual([{ contactid: '1' }])
    expect(requests[0]?.path).toBe('/api/data/v9.2/contacts')
    expect(requests[0]?.headers).toMatchObject({
      accept: 'application/json',
      authorization: 'Bearer token-1',
      'odata-version': '4.0',
      'odata-maxversion': '4.0',
    })
    expect(calls).toMatchObject([{ provider: 'DYNAMICS', operation: 'test', method: 'GET', status: 200, error: null }])
  })

  it('is repeated once with a new token after a 401', async () => {
    const { client, requests, issued } = await connect(({ headers }) =>
      headers.authorization === 'Bearer token-1' ? { status: 401 } : { json: { value: [] } },
    )
    await client.send(list, startDeadline())
    expect(requests).toHaveLength(2)
    expect(issued()).toBe(2)
  })

  it('is repeated also where the token that another process had got is refused as well', async () => {
    const tokenOf = (accessToken: string) => ({
      ...{ accessToken, refreshToken: null, instanceUrl: null },
      expiresAt: Date.now() + 3_600_000,
    })
    const store = createMemoryTokenStore(tokenOf('ours'))
    const tokens = createTokenSource({ store, now: Date.now, signIn: async () => tokenOf('new') })
    let ended: (string | undefined)[] = []
    const { client, requests } = await connect(
      ({ headers }) => (ended.includes(headers.authorization) ? { status: 401 } : { json: { value: [] } }),
      tokens,
    )
    await client.send(list, startDeadline())
    await store.replace(tokenOf('theirs'))
    ended = ['Bearer ours', 'Bearer theirs']
    await client.send(list, startDeadline())
    expect(requests.map(({ headers }) => headers.authorization)).toEqual(['Bearer ours', ...ended, 'Bearer new'])
  })

  it('never loops where every token is refused', async () => {
    const { client, requests } = await connect(() => ({ status: 401 }))
    await expect(client.send(list, startDeadline())).rejects.toMatchObject({ code: 'CRM_UNAUTHENTICATED' })
    expect(requests).toHaveLength(2)
  })

  it('that HTML answers is no success, and leaves a write’s outcome open', async () => {
    const html = { headers: { 'content-type': 'text/html' }, text: '<html>Sign in</html>' }
    const { client, calls } = await connect(() => html)
    await expect(client.send(list, startDeadline())).rejects.toMatchObject({ code: 'CRM_UNAVAILABLE' })
    const write = { operation: 'test', method: 'PATCH' as const, path: 'contacts(1)', body: {} }
    await expect(client.send(write, startDeadline())).rejects.toMatchObject({
      code: 'CRM_UNAVAILABLE',
      outcome: 'UNKNOWN',
    })
    expect(calls.map((call) => call.error)).toEqual(['CRM_UNAVAILABLE', 'CRM_UNAVAILABLE'])
  })

  it('takes the CRM’s recommendation of how many may run at once', async () => {
    let running = 0
    let most = 0
    const { client } = await connect(async () => {
      running += 1
      most = Math.max(most, running)
      await new Promise((resolve) => setTimeout(resolve, 30))
      running -= 1
      return { headers: { 'x-ms-dop-hint': '2' }, json: { value: [] } }
    })
    const six = () => Promise.all(Array.from({ length: 6 }, () => client.send(list, startDeadline())))
    await six()
    expect(most).toBeGreaterThan(2)
    most = 0
    await six()
    expect(most).toBe(2)
  })
})

describe('several reads', () => {
  it('travel as one batch, each with its own outcome', async () => {
    const { client, requests } = await connect(() =>
      multipart([
        [200, '{"value":[1]}'],
        [404, '{"error":{"code":"0x8006088a","message":"Resource not found for the segment \'leads\'."}}'],
      ]),
    )
    const [first, second] = await client.read('test', [{ path: 'contacts' }, { path: 'leads' }], startDeadline())
    expect(requests).toHaveLength(1)
    expect(requests[0]).toMatchObject({ method: 'POST', path: '/api/data/v9.2/$batch' })
    expect(requests[0]?.headers.prefer).toBe('odata.continue-on-error')
    expect(requests[0]?.body).toContain('GET /api/data/v9.2/contacts HTTP/1.1')
    expect(first).toEqual({ body: '{"value":[1]}', error: null })
    expect(second?.error).toMatchObject({ code: 'NOT_FOUND', providerCode: '0x8006088a' })
  })

  it('are a plain GET where there is one, and a batch again where its address is long', async () => {
    const { client, requests } = await connect(({ method }) =>
      method === 'GET' ? { json: { value: [] } } : multipart([[200, '{"value":[]}']]),
    )
    await client.read('test', [{ path: 'contacts?$top=1' }], startDeadline())
    await client.read('test', [{ path: `contacts?$filter=${'a'.repeat(9_000)}` }], startDeadline())
    expect(requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'GET /api/data/v9.2/contacts',
      'POST /api/data/v9.2/$batch',
    ])
    expect(await client.read('test', [], startDeadline())).toEqual([])
  })

  it('fail together where the answer is cut off or holds too few parts', async () => {
    const { client } = await connect(() => multipart([[200, '{}']]))
    await expect(client.read('test', [{ path: 'a' }, { path: 'b' }], startDeadline())).rejects.toMatchObject({
      code: 'CRM_UNAVAILABLE',
      outcome: 'NOT_APPLIED',
    })
  })

  it('hold later calls back when one of them was throttled', async () => {
    const { client, lane } = await connect(() =>
      multipart([
        [200, '{"value":[]}'],
        [429, '{"error":{"code":"0x80072322","message":"…"}}'],
      ]),
    )
    await client.read('test', [{ path: 'a' }, { path: 'b' }], startDeadline())
    expect(lane.throttledUntil()).toBeGreaterThan(Date.now())
  })
})

describe('answers that are no JSON', () => {
  it('are trouble on the way, not a crash', () => {
    for (const body of ['', '[', 'null', '"text"', '{"value":1}']) {
      expect(() => readRows(body)).toThrow(expect.objectContaining({ code: 'CRM_UNAVAILABLE' }))
    }
    expect(() => readObject('3')).toThrow(expect.objectContaining({ code: 'CRM_UNAVAILABLE' }))
  })
})
