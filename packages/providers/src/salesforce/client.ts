/** The REST API of one org: addresses, headers, the session, and answers turned into data or neutral errors. */
import { ProviderError } from '../errors.ts'
import { createFanOut, createLane, type Deadline, type HttpResponse, parseRetryAfter } from '../http/index.ts'
import type { ProviderCall, ProviderLimits, ProviderPorts } from '../provider.ts'
import type { ApiSession, SalesforceAuth } from './auth.ts'
import { type Effect, notJson, toProviderError } from './errors.ts'

/** Pinned: what an org answers must not change when Salesforce does (crm-apis.md 2). */
export const apiRoot = '/services/data/v60.0'

/** A request line longer than this travels in a body: Salesforce takes 16 KB of address and headers together. */
const longestPath = 12_000
/** A used-up daily budget is tried again this often. */
const quotaPauseMs = 15 * 60_000
const throttlePauseMs = 5_000
/** Calls are spent on speed only while more than a fifth of the day's budget is left. */
const spareBudgetShare = 0.8

interface ApiRequest {
  /** What it is part of, for logs and metrics. */
  operation: string
  method: 'GET' | 'POST' | 'PATCH'
  /** From the root of the org's host, with its query. */
  path: string
  effect: Effect
  headers?: Record<string, string>
  /** Sent as JSON. */
  body?: unknown
}

interface ApiAnswer {
  status: number
  headers: Record<string, string>
  /** Parsed; undefined where the answer is empty. */
  body: unknown
}

/** One part of a composite answer: data, or what went wrong with this part alone. */
export type QueryOutcome = { rows: Row[] } | { error: ProviderError }

/** A row as a query answers it. */
export type Row = Record<string, unknown>

export interface SalesforceClient {
  /**
   * Resolves with an answer of 2xx or 304.
   * @throws ProviderError for any other answer, or none
   */
  call(request: ApiRequest, deadline: Deadline): Promise<ApiAnswer>
  /** The rows of one query, its first page. */
  query(operation: string, soql: string, deadline: Deadline): Promise<Row[]>
  /** The same with rows in the recycle bin (crm-apis.md 2.4). */
  queryAll(operation: string, soql: string, deadline: Deadline): Promise<Row[]>
  /**
   * Up to five queries in one request, which counts as one call (crm-apis.md 2.4); side by side where its parts are
   * measured to be slow. One that fails leaves the others alone. Rejects where a request of several failed as a whole.
   */
  queries(operation: string, soqls: readonly string[], deadline: Deadline): Promise<QueryOutcome[]>
  limits(): ProviderLimits
}

interface CompositeAnswer {
  compositeResponse?: { httpStatusCode: number; body: unknown }[]
}

const queryPath = (soql: string) => `${apiRoot}/query?q=${encodeURIComponent(soql)}`

function rowsOf(body: unknown): Row[] {
  const records = typeof body === 'object' && body !== null && 'records' in body ? body.records : null
  if (Array.isArray(records) && records.every(isRow)) return records
  throw notJson(200, 'READ')
}

function isRow(json: unknown): json is Row {
  return typeof json === 'object' && json !== null && !Array.isArray(json)
}

function readBody(answer: HttpResponse, effect: Effect): unknown {
  if (answer.body === '') return undefined
  try {
    return JSON.parse(answer.body)
  } catch {
    // A throttling proxy need not speak JSON to be understood.
    if (answer.status === 429) return undefined
    throw notJson(answer.status, effect)
  }
}

/**
 * The key of the row that a create has made.
 * @throws ProviderError CRM_UNAVAILABLE of unknown outcome, where the answer names none
 */
export function createdId({ status, body }: ApiAnswer): string {
  if (typeof body === 'object' && body !== null && 'id' in body && typeof body.id === 'string') return body.id
  throw notJson(status, 'WRITE')
}

export function createClient(ports: ProviderPorts, auth: SalesforceAuth): SalesforceClient {
  const lane = createLane({ http: ports.http, gate: ports.gate, now: ports.now })
  const fanOut = createFanOut(ports.now)
  const usage: { used: number | null; limit: number | null } = { used: null, limit: null }

  function noteUsage(answer: HttpResponse): void {
    const found = /api-usage=(\d+)\/(\d+)/.exec(answer.headers['sforce-limit-info'] ?? '')
    if (found === null) return
    usage.used = Number(found[1])
    usage.limit = Number(found[2])
  }

  /** Salesforce throttles without a `Retry-After`, by a code in the body (crm-apis.md 2.13). */
  function holdBack(error: ProviderError): void {
    if (error.code === 'CRM_QUOTA_EXHAUSTED') lane.pause('CRM_QUOTA_EXHAUSTED', ports.now() + quotaPauseMs)
    else if (error.code === 'CRM_RATE_LIMITED' && error.status === 403) {
      lane.pause('CRM_RATE_LIMITED', ports.now() + throttlePauseMs)
    }
  }

  function sendAs(session: ApiSession, request: ApiRequest, deadline: Deadline): Promise<HttpResponse> {
    return lane.send(
      {
        method: request.method,
        url: session.instanceUrl + request.path,
        effect: request.effect,
        headers: {
          authorization: `Bearer ${session.accessToken}`,
          accept: 'application/json',
          'sforce-call-options': 'client=Backchannel',
          ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
          ...request.headers,
        },
        ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
      },
      deadline,
    )
  }

  /**
   * A session that was refused is renewed. One that another process keeps may have ended as well, one that was issued for
   * this call has not: what is said to it stands.
   */
  async function send(request: ApiRequest, deadline: Deadline): Promise<HttpResponse> {
    let session = await auth.session(deadline.force)
    let answer = await sendAs(session, request, deadline)
    for (let others = 0; answer.status === 401 && others < 2; others += 1) {
      const { lastIssued } = auth
      session = await auth.renew(session, deadline)
      answer = await sendAs(session, request, deadline)
      if (auth.lastIssued !== lastIssued) break
    }
    return answer
  }

  async function call(request: ApiRequest, deadline: Deadline): Promise<ApiAnswer> {
    const startedAt = performance.now()
    let status: number | null = null
    let code: ProviderCall['error'] = null
    try {
      const answer = await send(request, deadline)
      status = answer.status
      noteUsage(answer)
      const body = readBody(answer, request.effect)
      if ((status >= 200 && status < 300) || status === 304) return { status, headers: answer.headers, body }
      const retryAfter = parseRetryAfter(answer.headers['retry-after'], ports.now())
      const error = toProviderError({ status, body, ...(retryAfter === null ? {} : { retryAfter }) }, request.effect)
      holdBack(error)
      throw error
    } catch (error) {
      if (error instanceof ProviderError) code = error.code
      throw error
    } finally {
      ports.onCall?.({
        provider: 'SALESFORCE',
        operation: request.operation,
        method: request.method,
        status,
        durationMs: performance.now() - startedAt,
        error: code,
      })
    }
  }

  async function compositeQueries(
    operation: string,
    paths: readonly string[],
    deadline: Deadline,
  ): Promise<QueryOutcome[]> {
    const { body } = await call(
      {
        operation,
        method: 'POST',
        path: `${apiRoot}/composite`,
        effect: 'READ',
        body: {
          allOrNone: false,
          compositeRequest: paths.map((url, index) => ({ method: 'GET', url, referenceId: `q${index}` })),
        },
      },
      deadline,
    )
    const parts = (body as CompositeAnswer | undefined)?.compositeResponse
    if (parts?.length !== paths.length) throw notJson(200, 'READ')
    return parts.map((part) =>
      part.httpStatusCode === 200
        ? { rows: rowsOf(part.body) }
        : { error: toProviderError({ status: part.httpStatusCode, body: part.body }, 'READ') },
    )
  }

  async function singleQuery(operation: string, path: string, deadline: Deadline): Promise<QueryOutcome> {
    try {
      const { body } = await call({ operation, method: 'GET', path, effect: 'READ' }, deadline)
      return { rows: rowsOf(body) }
    } catch (error) {
      if (error instanceof ProviderError) return { error }
      throw error
    }
  }

  /** Side by side each query counts against the day's budget, where one composite counts once. */
  const canAfford = () => usage.limit === null || (usage.used ?? 0) < usage.limit * spareBudgetShare

  async function queries(operation: string, soqls: readonly string[], deadline: Deadline): Promise<QueryOutcome[]> {
    const paths = soqls.map(queryPath)
    const [first] = paths
    if (first === undefined) return []
    const fitAddresses = paths.every((path) => path.length <= longestPath)
    if (fitAddresses && fanOut.isParallel(paths.length) && canAfford()) {
      return Promise.all(paths.map((path) => singleQuery(operation, path, deadline)))
    }
    const startedAt = performance.now()
    const outcomes =
      paths.length === 1 && fitAddresses
        ? [await singleQuery(operation, first, deadline)]
        : await compositeQueries(operation, paths, deadline)
    fanOut.learn(paths.length, performance.now() - startedAt)
    return outcomes
  }

  return {
    call,
    queries,
    async query(operation, soql, deadline) {
      const [outcome] = await queries(operation, [soql], deadline)
      if (outcome === undefined) return []
      if ('error' in outcome) throw outcome.error
      return outcome.rows
    },
    async queryAll(operation, soql, deadline) {
      const path = `${apiRoot}/queryAll?q=${encodeURIComponent(soql)}`
      const { body } = await call({ operation, method: 'GET', path, effect: 'READ' }, deadline)
      return rowsOf(body)
    },
    limits: () => ({ ...usage, throttledUntil: lane.throttledUntil() }),
  }
}
