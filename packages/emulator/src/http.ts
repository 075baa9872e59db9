/** One request as an emulated CRM sees it: read whole, with nothing of node's streams left in it. */
export interface EmulatorRequest {
  method: string
  /** Without the query, still percent-encoded. */
  path: string
  query: URLSearchParams
  /** The query as it was sent, without `?`. */
  rawQuery: string
  /** Names in lower case; a repeated header is joined with `, `. */
  headers: Record<string, string>
  body: string
  /** What the caller addressed, for links in answers: `http://127.0.0.1:4401`. */
  origin: string
}

/** One operation inside a batch or composite call, for the list of recorded calls. */
export interface CallPart {
  method: string
  /** With its query, as it was sent. */
  path: string
  status: number
}

export interface EmulatorResponse {
  status: number
  headers?: Record<string, string | string[]>
  body?: string
  /** What a batch or composite call was made of. Absent: the call is one operation. */
  parts?: readonly CallPart[]
}

/** An emulated CRM: everything about HTTP itself (bodies, latency, faults, recording) happens around it. */
export type CrmHandler = (request: EmulatorRequest) => EmulatorResponse | Promise<EmulatorResponse>

/** A JSON answer in UTF-8. */
export function jsonResponse(status: number, value: unknown, headers: Record<string, string> = {}): EmulatorResponse {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
    body: JSON.stringify(value),
  }
}

/** An HTML page that no browser may keep or let run scripts. */
export function htmlResponse(status: number, html: string): EmulatorResponse {
  return {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; form-action 'self' http: https:",
    },
    body: html,
  }
}
