import type { CallPart } from '../../http.ts'
import type { Store } from '../../store.ts'
import { notFound, refused, SalesforceError } from '../errors.ts'
import type { Schema } from '../metadata/schema.ts'
import type { RecordContext } from '../records/context.ts'
import type { QueryContext } from '../soql/context.ts'
import type { Cursors } from './cursors.ts'

/** One operation of the REST API: a request of its own or a part of a composite one. */
export interface ApiCall {
  method: string
  /** `v60.0` */
  version: string
  /** The path behind the version, decoded. */
  segments: readonly string[]
  query: URLSearchParams
  /** Names in lower case. */
  headers: Readonly<Record<string, string>>
  /** JSON as it came in, or the value inside a composite request. */
  body: { text: string } | { value: unknown }
}

export interface ApiAnswer {
  status: number
  headers?: Record<string, string>
  /** Sent as JSON; undefined: no body. */
  value?: unknown
  /** Of a composite answer. */
  parts?: CallPart[]
}

/** What the emulated org is made of, for the routes. */
export interface Org {
  store: Store
  /** Milliseconds since 1970. */
  now(): number
  schema(): Schema
  userId: string
  cursors: Cursors
  /** Out of the daily ones. */
  callsUsed(): number
  /** Duplicate rules block instead of warning. */
  duplicatesBlocked(): boolean
}

/** The decoded segments of a path behind the version. */
export function toSegments(path: string): string[] {
  try {
    return path
      .split('/')
      .filter((segment) => segment !== '')
      .map(decodeURIComponent)
  } catch {
    throw notFound()
  }
}

/** The body as a JSON object. */
export function readObject(call: ApiCall): Record<string, unknown> {
  const value = 'value' in call.body ? call.body.value : parseJson(call.body.text)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw refused('JSON_PARSER_ERROR', 'The HTTP entity body is required, but this request has no entity body.')
  }
  return value as Record<string, unknown>
}

/** A member of a body that must be a list of JSON objects. */
export function toObjects(value: unknown, name: string): Record<string, unknown>[] {
  const isObject = (one: unknown) => typeof one === 'object' && one !== null && !Array.isArray(one)
  if (!Array.isArray(value) || !value.every(isObject)) {
    throw refused('JSON_PARSER_ERROR', `${name} must be a list of objects`)
  }
  return value as Record<string, unknown>[]
}

function parseJson(text: string): unknown {
  if (text === '') return undefined
  try {
    return JSON.parse(text)
  } catch (error) {
    const detail = error instanceof Error ? error.message : ''
    throw refused('JSON_PARSER_ERROR', `Unexpected character: ${detail} at [line:1, column:1]`)
  }
}

/** Runs the work; an error of the vendor's becomes its answer. Any other passes. */
export function answering(work: () => ApiAnswer): ApiAnswer {
  try {
    return work()
  } catch (error) {
    if (error instanceof SalesforceError) return { status: error.status, value: error.items }
    throw error
  }
}

export function recordContext(call: ApiCall, org: Org): RecordContext {
  return {
    store: org.store,
    schema: org.schema(),
    now: org.now(),
    userId: org.userId,
    version: call.version,
    duplicatesBlocked: org.duplicatesBlocked(),
    allowDuplicates: /allowSave\s*=\s*true/i.test(call.headers['sforce-duplicate-rule-header'] ?? ''),
  }
}

export function queryContext(call: ApiCall, org: Org, includeDeleted: boolean): QueryContext {
  return { store: org.store, schema: org.schema(), now: org.now(), version: call.version, includeDeleted }
}
