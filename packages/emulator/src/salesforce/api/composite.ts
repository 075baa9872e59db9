import type { CallPart } from '../../http.ts'
import { methodNotAllowed, refused } from '../errors.ts'
import { type ApiAnswer, type ApiCall, answering, type Org, readObject, toObjects, toSegments } from './call.ts'
import { resolveReferences, UnknownReference } from './references.ts'

/** Runs one operation; the router hands itself in. */
export type Dispatch = (call: ApiCall) => ApiAnswer

interface SubRequest {
  method: string
  url: string
  referenceId: string
  body?: unknown
  httpHeaders?: Record<string, string>
}

interface SubResponse {
  body: unknown
  httpHeaders: Record<string, string>
  httpStatusCode: number
  referenceId: string
}

const maxRequests = 25
const maxQueries = 5
const maxGraphNodes = 500

/** `POST composite`: up to 25 operations in order, later ones with values from earlier answers. */
export function answerComposite(call: ApiCall, org: Org, dispatch: Dispatch): ApiAnswer {
  if (call.method !== 'POST') throw methodNotAllowed(call.method, 'POST')
  const { compositeRequest, allOrNone } = readObject(call)
  const requests = readRequests(compositeRequest)
  if (requests.length > maxRequests) {
    throw refused('LIMIT_EXCEEDED', `The maximum number of subrequests in a composite call is ${maxRequests}`)
  }
  if (requests.filter(({ url }) => /\/(query|queryAll|composite\/sobjects)\b/i.test(url)).length > maxQueries) {
    throw refused('LIMIT_EXCEEDED', `The maximum number of query and collection subrequests is ${maxQueries}`)
  }
  const responses = runInOrder(requests, allOrNone === true, call, org, dispatch)
  return { status: 200, value: { compositeResponse: responses }, parts: partsOf(requests, responses) }
}

/** `POST composite/graph`: several lists of operations, each of them all or nothing. */
export function answerGraph(call: ApiCall, org: Org, dispatch: Dispatch): ApiAnswer {
  if (call.method !== 'POST') throw methodNotAllowed(call.method, 'POST')
  const { graphs } = readObject(call)
  const read = toObjects(graphs, 'graphs').map(({ graphId, compositeRequest }) => ({
    graphId: typeof graphId === 'string' ? graphId : '',
    requests: readRequests(compositeRequest),
  }))
  if (read.reduce((sum, graph) => sum + graph.requests.length, 0) > maxGraphNodes) {
    throw refused('LIMIT_EXCEEDED', `The maximum number of nodes is ${maxGraphNodes}`)
  }
  const parts: CallPart[] = []
  const value = read.map(({ graphId, requests }) => {
    const compositeResponse = runInOrder(requests, true, call, org, dispatch)
    parts.push(...partsOf(requests, compositeResponse))
    return {
      graphId,
      graphResponse: { compositeResponse },
      isSuccessful: compositeResponse.every((response) => isFine(response.httpStatusCode)),
    }
  })
  return { status: 200, value: { graphs: value }, parts }
}

/** `POST composite/batch`: up to 25 operations that know nothing of each other. */
export function answerBatch(call: ApiCall, dispatch: Dispatch): ApiAnswer {
  if (call.method !== 'POST') throw methodNotAllowed(call.method, 'POST')
  const { batchRequests, haltOnError } = readObject(call)
  const requests = toObjects(batchRequests, 'batchRequests')
  if (requests.length > maxRequests) {
    throw refused('LIMIT_EXCEEDED', `A batch holds up to ${maxRequests} requests`)
  }
  let halted = false
  const parts: CallPart[] = []
  const results = requests.map(({ method: givenMethod, url: givenUrl, richInput }) => {
    const method = typeof givenMethod === 'string' ? givenMethod : 'GET'
    const url = typeof givenUrl === 'string' ? givenUrl : ''
    const answer: ApiAnswer = halted
      ? {
          status: 412,
          value: [{ errorCode: 'BATCH_PROCESSING_HALTED', message: 'Batch processing halted per request' }],
        }
      : answering(() => dispatch(toCall(method, `/services/data/${url}`, richInput, {}, call)))
    parts.push({ method, path: `/services/data/${url}`, status: answer.status })
    halted ||= haltOnError === true && !isFine(answer.status)
    return { statusCode: answer.status, result: answer.value ?? null }
  })
  return { status: 200, value: { hasErrors: results.some((one) => !isFine(one.statusCode)), results }, parts }
}

const isFine = (status: number) => status < 400 && status !== 300

/** Thrown to undo a whole composite request; its answers are kept beside. */
class RolledBack extends Error {}

function runInOrder(
  requests: readonly SubRequest[],
  allOrNone: boolean,
  call: ApiCall,
  org: Org,
  dispatch: Dispatch,
): SubResponse[] {
  const responses: SubResponse[] = []
  const run = () => {
    for (const request of requests) {
      const answer = answering(() => runOne(request, responses, call, dispatch))
      responses.push({
        body: answer.value ?? null,
        httpHeaders: locationOf(answer),
        httpStatusCode: answer.status,
        referenceId: request.referenceId,
      })
      if (allOrNone && !isFine(answer.status)) throw new RolledBack()
    }
  }
  if (!allOrNone) {
    run()
    return responses
  }
  try {
    org.store.transaction(run)
    return responses
  } catch (error) {
    if (!(error instanceof RolledBack)) throw error
    const failed = responses.at(-1)
    return requests.map(({ referenceId }) =>
      failed && referenceId === failed.referenceId ? failed : halted(referenceId, rolledBackMessage),
    )
  }
}

const rolledBackMessage = 'The transaction was rolled back since another operation in the same transaction failed.'

const halted = (referenceId: string, message: string): SubResponse => ({
  body: [{ errorCode: 'PROCESSING_HALTED', message }],
  httpHeaders: {},
  httpStatusCode: 400,
  referenceId,
})

const locationOf = ({ headers }: ApiAnswer): Record<string, string> =>
  headers?.location ? { Location: headers.location } : {}

function runOne(request: SubRequest, earlier: readonly SubResponse[], call: ApiCall, dispatch: Dispatch): ApiAnswer {
  try {
    const url = resolveReferences(request.url, earlier)
    const body = resolveReferences(request.body, earlier)
    return dispatch(toCall(request.method, String(url), body, request.httpHeaders ?? {}, call))
  } catch (error) {
    if (error instanceof UnknownReference) throw refused('PROCESSING_HALTED', error.message)
    throw error
  }
}

/** A part as a call of its own, with the headers of the whole under its own ones. */
function toCall(method: string, url: string, body: unknown, headers: Record<string, string>, outer: ApiCall): ApiCall {
  const [path = '', query = ''] = splitOnce(url, '?')
  const [, version, rest] = /^\/services\/data\/(v\d+\.\d)\/(.+)$/.exec(path) ?? []
  if (version === undefined || rest === undefined) {
    throw refused('INVALID_INPUT', `The url of a subrequest must begin with /services/data/: ${url}`)
  }
  const own = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
  return {
    method: method.toUpperCase(),
    version,
    segments: toSegments(rest),
    query: new URLSearchParams(query),
    headers: { 'sforce-duplicate-rule-header': outer.headers['sforce-duplicate-rule-header'] ?? '', ...own },
    body: { value: body },
  }
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator)
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)]
}

function readRequests(value: unknown): SubRequest[] {
  const seen = new Set<string>()
  return toObjects(value, 'compositeRequest').map((request: Partial<SubRequest>) => {
    const { method, url, referenceId, body, httpHeaders } = request
    if (typeof method !== 'string' || typeof url !== 'string' || typeof referenceId !== 'string') {
      throw refused('JSON_PARSER_ERROR', 'A subrequest needs method, url and referenceId')
    }
    if (seen.has(referenceId)) throw refused('INVALID_INPUT', `Duplicate referenceId '${referenceId}'`)
    seen.add(referenceId)
    return { method, url, referenceId, body, ...(httpHeaders ? { httpHeaders } : {}) }
  })
}

const partsOf = (requests: readonly SubRequest[], responses: readonly SubResponse[]): CallPart[] =>
  requests.map(({ method, url }, index) => ({ method, path: url, status: responses[index]?.httpStatusCode ?? 0 }))
