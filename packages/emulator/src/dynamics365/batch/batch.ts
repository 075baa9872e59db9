/** `POST $batch`: operations in order, change sets all or nothing (crm-apis.md 1.11). */
import { randomUUID } from 'node:crypto'
import type { CallPart, EmulatorResponse } from '../../http.ts'
import { type Call, toSegments } from '../call.ts'
import { badQuery, DataverseError, errorResponse } from '../errors.ts'
import { answerCall } from '../operations/routes.ts'
import type { Org } from '../org.ts'
import { readPreferences } from '../preferences.ts'
import {
  boundaryOf,
  type Part,
  readHeaders,
  readParts,
  splitHead,
  writeMultipart,
  writeResponsePart,
} from './multipart.ts'

const partLimit = 1000

/** One operation's answer, ready to be put among the others. */
interface Answered {
  text: string
  failed: boolean
}

interface Run {
  call: Call
  org: Org
  /** What was done, for the recorded call. */
  parts: CallPart[]
  /** Addresses of rows by the Content-ID of the part that made them. */
  made: Map<string, string>
}

export function answerBatch(call: Call, org: Org): EmulatorResponse {
  const boundary = boundaryOf(call.headers['content-type'])
  if (boundary === undefined)
    throw badQuery("The content type of a batch request must be 'multipart/mixed' with a boundary.")
  const parts = readParts(call.body, boundary)
  if (parts.length > partLimit) throw badQuery(`The batch holds more than ${partLimit} requests.`)

  const goesOn = readPreferences(call.headers['prefer']).continueOnError
  const run: Run = { call, org, parts: [], made: new Map() }
  const answers: string[] = []
  let failed = false
  for (const part of parts) {
    const inner = boundaryOf(part.headers['content-type'])
    const answered =
      inner === undefined ? answerPart(part, run, false) : answerChangeSet(readParts(part.content, inner), run)
    failed ||= answered.failed
    // Without continue-on-error the answer holds the first failure alone.
    if (answered.failed && !goesOn) answers.length = 0
    answers.push(answered.text)
    if (answered.failed && !goesOn) break
  }
  const outer = `batchresponse_${randomUUID()}`
  return {
    status: failed && !goesOn ? 400 : 200,
    headers: { 'content-type': `multipart/mixed; boundary=${outer}`, 'odata-version': '4.0' },
    body: writeMultipart(answers, outer),
    parts: run.parts,
  }
}

/** Thrown through the transaction of a change set, which undoes it. */
class ChangeSetFailure extends Error {
  readonly answered: Answered
  constructor(answered: Answered) {
    super('A request of the change set failed.')
    this.answered = answered
  }
}

function answerChangeSet(parts: readonly Part[], run: Run): Answered {
  try {
    const answers = run.org.store.transaction(() =>
      parts.map((part) => {
        const answered = answerPart(part, run, true)
        if (answered.failed) throw new ChangeSetFailure(answered)
        return answered.text
      }),
    )
    const boundary = `changesetresponse_${randomUUID()}`
    return {
      text: `Content-Type: multipart/mixed; boundary=${boundary}\r\n\r\n${writeMultipart(answers, boundary)}`,
      failed: false,
    }
  } catch (error) {
    if (error instanceof ChangeSetFailure) return error.answered
    throw error
  }
}

function answerPart(part: Part, run: Run, inChangeSet: boolean): Answered {
  const contentId = part.headers['content-id']
  const response = runPart(part, contentId, run, inChangeSet)
  return { text: writeResponsePart(response, contentId), failed: response.status >= 400 }
}

function runPart(part: Part, contentId: string | undefined, run: Run, inChangeSet: boolean): EmulatorResponse {
  const { head, rest } = splitHead(part.content)
  const [requestLine = '', ...headerLines] = head.split(/\r?\n/)
  const [method = '', target = ''] = requestLine.split(' ')
  const record = (response: EmulatorResponse) => {
    run.parts.push({ method, path: target, status: response.status })
    return response
  }
  try {
    if (inChangeSet && contentId === undefined) throw badQuery('Content-ID header not present')
    if (inChangeSet && method === 'GET') throw badQuery('GET requests are not allowed in a change set.')
    const inner = toCall(
      method,
      resolve(target, run),
      readHeaders(headerLines.join('\n')),
      resolveBinds(rest, run),
      run.call,
    )
    if (inner.segments[0] === '$batch') throw badQuery('A batch request can not contain another batch request.')
    const response = answerCall(inner, run.org)
    const address = response.headers?.['odata-entityid'] ?? addressOf(response, inner, run.org)
    if (contentId !== undefined && typeof address === 'string') run.made.set(contentId, address)
    return record(response)
  } catch (error) {
    if (!(error instanceof DataverseError)) throw error
    return record(errorResponse(error, false))
  }
}

/** With `return=representation` the address is in no header; the row's own key tells it. */
function addressOf({ status, body = '' }: EmulatorResponse, { root, segments }: Call, org: Org): string | undefined {
  const entity = status === 201 ? org.model().sets.get(segments[0] ?? '') : undefined
  if (!entity) return undefined
  const row = JSON.parse(body) as Record<string, unknown>
  return `${root}/${entity.setName}(${String(row[entity.definition.primaryId])})`
}

/** `$1` and `$1/…` stand for the row that part 1 made. */
function resolve(target: string, run: Run): string {
  const found = /^(?:[^?]*\/)?\$(\w+)(?=[/?]|$)/.exec(target)
  if (!found || ['$batch', '$count', '$metadata', '$ref', '$value'].includes(`$${found[1]}`)) return target
  return lookUp(found[1] ?? '', run) + target.slice(found[0].length)
}

function resolveBinds(body: string, run: Run): string {
  return body.replace(
    /("[\w.]+@odata\.(?:bind|id)"\s*:\s*")\/?\$(\w+)(?=")/g,
    (_, before: string, id: string) => before + lookUp(id, run),
  )
}

function lookUp(contentId: string, run: Run): string {
  const address = run.made.get(contentId)
  if (address === undefined)
    throw badQuery(`Content-ID Reference: '$${contentId}' does not exist in the batch context.`)
  return address
}

/** The address may be absolute, from the root of the host, or relative to the API. */
function toCall(method: string, target: string, headers: Record<string, string>, body: string, outer: Call): Call {
  const relative = target
    .replace(/^https?:\/\/[^/]+/i, '')
    .replace(/^(?:\/\w+)?\/api\/data\/v[\d.]+\//i, '')
    .replace(/^\//, '')
  const mark = relative.indexOf('?')
  const rawQuery = mark === -1 ? '' : relative.slice(mark + 1)
  return {
    method,
    segments: toSegments(mark === -1 ? relative : relative.slice(0, mark)),
    query: new URLSearchParams(rawQuery),
    rawQuery,
    headers,
    body,
    root: outer.root,
  }
}
