/** The one HTTP client that carries every outgoing call (ruling 11). */

export interface HttpRequest {
  method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE' | 'HEAD'
  url: string
  headers?: Record<string, string>
  body?: string
  signal?: AbortSignal
  /** Until the whole answer is there, in milliseconds. */
  timeoutMs: number
}

export interface HttpResponse {
  status: number
  /** Names in lower case; repeated headers joined by a comma. */
  headers: Record<string, string>
  body: string
}

/** Never follows redirects, never throws anything but `HttpFailure`; a 4xx or 5xx is an answer, not a failure. */
export interface HttpClient {
  send(request: HttpRequest): Promise<HttpResponse>
  /** Why `send` would refuse this address, as a sentence; null where it would not. Names are resolved when connecting. */
  problemOf(url: string): string | null
  close(): Promise<void>
}

/**
 * No whole answer came. `sent` says whether the request may have reached the server: false means that a write surely
 * did not happen.
 */
export class HttpFailure extends Error {
  override readonly name = 'HttpFailure'
  /** UNUSABLE: an answer came, and it is larger or deeper than any that is read. */
  readonly kind: 'BLOCKED' | 'UNREACHABLE' | 'RESET' | 'TIMEOUT' | 'ABORTED' | 'UNUSABLE'
  readonly sent: boolean

  constructor(kind: HttpFailure['kind'], options: { message: string; sent: boolean; cause?: unknown }) {
    super(options.message, { cause: options.cause })
    this.kind = kind
    this.sent = options.sent
  }
}
