import type { EmulatorResponse } from '../http.ts'

/** One Web API operation, whether a request of its own or a part of a batch. */
export interface Call {
  method: string
  /** Below `/api/data/v9.x/`, decoded: `['contacts(…)', 'fullname']`. */
  segments: readonly string[]
  query: URLSearchParams
  rawQuery: string
  headers: Readonly<Record<string, string>>
  body: string
  /** `http://127.0.0.1:4401/api/data/v9.2` */
  root: string
}

const odata = { 'odata-version': '4.0' }

/** A JSON answer with the headers that every answer has. */
export function odataResponse(status: number, value: unknown, headers: Record<string, string> = {}): EmulatorResponse {
  return {
    status,
    headers: { 'content-type': 'application/json; odata.metadata=minimal', ...odata, ...headers },
    body: JSON.stringify(value),
  }
}

/** 204, or 304 for what has not changed. */
export function emptyResponse(headers: Record<string, string> = {}, status = 204): EmulatorResponse {
  return { status, headers: { ...odata, ...headers } }
}

export function textResponse(text: string): EmulatorResponse {
  return { status: 200, headers: { 'content-type': 'text/plain', ...odata }, body: text }
}

/** Reads a path below `/api/data/v9.x/` into segments; a slash inside a quoted key does not separate. */
export function toSegments(path: string): string[] {
  const segments = path.match(/(?:[^/(]|\((?:'[^']*'|[^')])*\)|\()+/g) ?? []
  return segments.map((segment) => decodeURIComponent(segment))
}
