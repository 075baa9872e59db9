/** One environment's Web API: addresses, headers, tokens, batches, and errors in our words. Knows no table. */
import { randomUUID } from 'node:crypto'
import { ProviderError } from '../errors.ts'
import { createFanOut, type Deadline, type HttpResponse, type Lane } from '../http/index.ts'
import type { ProviderCall } from '../provider.ts'
import type { TokenSource } from './auth.ts'
import { type BatchAnswer, type BatchQuery, readBatch, writeBatch } from './batch.ts'
import { toCrmError, toUnreadableError } from './errors.ts'

/** Longer addresses travel inside a batch: proxies on the way cut what the CRM itself would take (crm-apis.md 1.5). */
const longestPath = 8_000
/** What the CRM may recommend to us at most; its own limit per user is 52 (crm-apis.md 1.12). */
const mostConcurrent = 50

/** A row or another object of the CRM, as JSON. */
export type Row = Record<string, unknown>

export interface DataverseRequest {
  /** For logs and metrics: what the product does with this call. */
  operation: string
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  /** Behind the address of the Web API, percent-encoded: `contacts?$select=fullname`. */
  path: string
  headers?: Record<string, string>
  body?: Row
}

export interface DataverseQuery {
  /** Behind the address of the Web API, percent-encoded. */
  path: string
  prefer?: string
  /** Reads what was changed a moment ago, too. */
  strong?: boolean
}

/** What became of one read among several: a text of JSON, or the error of this one alone. */
export type QueryAnswer = { body: string; error: null } | { body: null; error: ProviderError }

export interface DataverseClient {
  /** Sends one request. Rejects with `ProviderError` for every answer that is no success. */
  send(request: DataverseRequest, deadline: Deadline): Promise<HttpResponse>
  /**
   * Reads several things in one HTTP request, each with its own outcome; side by side where this org is measured to be
   * slow at that. A single one is a plain GET. Rejects where the request as a whole failed.
   */
  read(operation: string, queries: readonly DataverseQuery[], deadline: Deadline): Promise<QueryAnswer[]>
}

export interface ClientParts {
  /** Address of the environment, without a trailing slash: an origin, and on-premises perhaps the org's name behind it. */
  origin: string
  /** What was written for v9.0 keeps working on later ones (crm-apis.md 1.1). */
  apiVersion: 'v9.1' | 'v9.2'
  lane: Lane
  tokens: TokenSource
  /** Milliseconds since 1970. */
  now: () => number
  onCall: ((call: ProviderCall) => void) | undefined
}

export function createDataverseClient(parts: ClientParts): DataverseClient {
  const { origin, apiVersion, lane, tokens, now, onCall } = parts
  const root = `${origin}/api/data/${apiVersion}/`
  const apiPath = new URL(root).pathname
  const fanOut = createFanOut(now)

  async function sendWithToken(request: DataverseRequest & { text?: string }, deadline: Deadline) {
    const token = await tokens.get(deadline)
    const headers: Record<string, string> = {
      accept: 'application/json',
      authorization: `Bearer ${token}`,
      'odata-maxversion': '4.0',
      'odata-version': '4.0',
      ...request.headers,
    }
    let body = request.text
    if (request.body !== undefined) {
      body = JSON.stringify(request.body)
      headers['content-type'] = 'application/json'
    }
    const answer = await lane.send(
      {
        method: request.method,
        url: root + request.path,
        headers,
        effect: effectOf(request),
        ...(body === undefined ? {} : { body }),
      },
      deadline,
    )
    if (answer.status === 401) tokens.drop(token)
    return answer
  }

  /**
   * After a 401 with another token (crm-apis.md 1.2). One that another process keeps may have ended as well, one that was
   * issued for this call has not: what is said to it stands.
   */
  async function sendSignedIn(request: DataverseRequest & { text?: string }, deadline: Deadline) {
    let answer = await sendWithToken(request, deadline)
    for (let others = 0; answer.status === 401 && others < 2; others += 1) {
      const { lastIssued } = tokens
      answer = await sendWithToken(request, deadline)
      if (tokens.lastIssued !== lastIssued) break
    }
    return answer
  }

  /** A whole answer of the CRM. */
  async function exchange(request: DataverseRequest & { text?: string }, deadline: Deadline): Promise<HttpResponse> {
    const startedAt = performance.now()
    let status: number | null = null
    let error: ProviderError | null = null
    try {
      const answer = await sendSignedIn(request, deadline)
      status = answer.status
      heed(answer)
      return check(answer, request)
    } catch (thrown) {
      if (thrown instanceof ProviderError) error = thrown
      throw thrown
    } finally {
      onCall?.({
        provider: 'DYNAMICS',
        operation: request.operation,
        method: request.method,
        status,
        durationMs: performance.now() - startedAt,
        error: error?.code ?? null,
      })
    }
  }

  function heed({ headers }: HttpResponse): void {
    const recommended = Number(headers['x-ms-dop-hint'])
    if (recommended >= 1) lane.limitTo(Math.min(Math.floor(recommended), mostConcurrent))
  }

  function check(answer: HttpResponse, request: DataverseRequest & { text?: string }): HttpResponse {
    const { status, body } = answer
    const type = answer.headers['content-type'] ?? ''
    const expected = request.text === undefined ? 'json' : 'multipart/'
    if (status >= 200 && status < 300) {
      if (body === '' || type.includes(expected)) return answer
      throw toUnreadableError(status, effectOf(request))
    }
    // A 401 and a 429 say what they have to say by their status, whoever wrote the page.
    const isForeign = body !== '' && !type.includes('json') && status !== 401 && status !== 429
    if (isForeign) throw toUnreadableError(status, effectOf(request))
    throw toCrmError(answer, { effect: effectOf(request), now: now() })
  }

  async function sendBatch(operation: string, queries: readonly DataverseQuery[], deadline: Deadline) {
    const boundary = `batch_${randomUUID()}`
    const parts = queries.map((query): BatchQuery => ({ ...query, path: apiPath + query.path }))
    const request = {
      operation,
      method: 'POST' as const,
      path: '$batch',
      headers: { 'content-type': `multipart/mixed; boundary="${boundary}"`, prefer: 'odata.continue-on-error' },
      text: writeBatch(parts, boundary),
    }
    const answer = await exchange(request, deadline)
    let answers: BatchAnswer[]
    try {
      answers = readBatch(answer.headers['content-type'] ?? '', answer.body)
    } catch (error) {
      throw toUnreadableError(answer.status, 'READ', error)
    }
    if (answers.length !== queries.length) throw toUnreadableError(answer.status, 'READ')
    return answers.map(toQueryAnswer)
  }

  function toQueryAnswer(answer: BatchAnswer): QueryAnswer {
    if (answer.status >= 200 && answer.status < 300) return { body: answer.body, error: null }
    const error = toCrmError(answer, { effect: 'READ', now: now() })
    if (error.code === 'CRM_RATE_LIMITED') lane.pause(error.code, now() + (error.retryAfter ?? 5) * 1_000)
    return { body: null, error }
  }

  async function sendGet(operation: string, { path, prefer, strong }: DataverseQuery, deadline: Deadline) {
    const headers = {
      ...(prefer === undefined ? {} : { prefer }),
      ...(strong === true ? { consistency: 'Strong' } : {}),
    }
    const answer = await exchange({ operation, method: 'GET', path, headers }, deadline)
    return answer.body
  }

  async function readOne(operation: string, query: DataverseQuery, deadline: Deadline): Promise<QueryAnswer[]> {
    if (query.path.length > longestPath) return sendBatch(operation, [query], deadline)
    try {
      return [{ body: await sendGet(operation, query, deadline), error: null }]
    } catch (error) {
      // With a code of the CRM's it is the answer to this read, as it would be inside a batch.
      if (error instanceof ProviderError && error.providerCode !== undefined) return [{ body: null, error }]
      throw error
    }
  }

  async function read(operation: string, queries: readonly DataverseQuery[], deadline: Deadline) {
    if (fanOut.isParallel(queries.length)) {
      const answers = await Promise.all(queries.map((query) => readOne(operation, query, deadline)))
      return answers.flat()
    }
    const startedAt = performance.now()
    const [only] = queries
    if (only === undefined) return []
    const answers =
      queries.length === 1 ? await readOne(operation, only, deadline) : await sendBatch(operation, queries, deadline)
    fanOut.learn(queries.length, performance.now() - startedAt)
    return answers
  }

  return { send: exchange, read }
}

/** A batch holds reads only, so that a broken one may be sent again. */
function effectOf(request: DataverseRequest & { text?: string }): 'READ' | 'WRITE' {
  return request.method === 'GET' || request.text !== undefined ? 'READ' : 'WRITE'
}

/**
 * The rows of a collection's page.
 *
 * @throws ProviderError `CRM_UNAVAILABLE` for text that is no such page
 */
export function readRows(body: string): Row[] {
  const { value } = readObject(body)
  if (!Array.isArray(value) || !value.every(isRow)) throw toUnreadableError(200, 'READ')
  return value
}

/** @throws ProviderError `CRM_UNAVAILABLE` for text that is no JSON object */
export function readObject(body: string): Row {
  let json: unknown
  try {
    json = JSON.parse(body)
  } catch (error) {
    throw toUnreadableError(200, 'READ', error)
  }
  if (!isRow(json)) throw toUnreadableError(200, 'READ')
  return json
}

function isRow(json: unknown): json is Row {
  return typeof json === 'object' && json !== null && !Array.isArray(json)
}
