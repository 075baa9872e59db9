import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { FaultEffect, RecordedCall } from './control.ts'
import { type ControlParts, controlPrefix, handleControl } from './control-api.ts'
import { faultResponse, takeFault } from './fault.ts'
import type { CrmHandler, EmulatorRequest, EmulatorResponse } from './http.ts'
import { jsonResponse } from './http.ts'
import type { DrawnFault } from './random-faults.ts'

/** Larger bodies are answered 413. */
const bodyLimit = 32 * 1024 * 1024

/** Of all headers and the address together: more than an emulated CRM takes, so that the refusal is its own. */
const headerLimit = 128 * 1024

/** Calls kept for `GET calls`; when there are more, the older half goes. */
const callLimit = 50_000

/** An emulated CRM that listens. */
export interface CrmServer {
  url: string
  stop(): Promise<void>
}

/** What is served: a CRM, and what its control API changes. */
interface ServedCrm extends ControlParts {
  handler: CrmHandler
}

/**
 * Serves one CRM and its control API. Rejects when the port is taken, and opens nothing then: whoever holds the port may
 * be an emulator that writes to the same file.
 */
export async function serveCrm(
  open: () => ServedCrm,
  { host, port }: { host: string; port: number },
): Promise<CrmServer> {
  let crm: ServedCrm
  const late = new Set<NodeJS.Timeout>()
  const server = createServer({ keepAliveTimeout: 65_000, maxHeaderSize: headerLimit }, (incoming, outgoing) => {
    // Only a caller that went away while it was sending leads here.
    serve(incoming, outgoing).catch(() => outgoing.destroy())
  })

  async function serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const arrived = performance.now()
    const body = await readBody(incoming)
    if (body === undefined) {
      outgoing.setHeader('connection', 'close')
      write(outgoing, jsonResponse(413, { error: 'The request body is too large.' }))
      return
    }
    const request = toRequest(incoming, body, host)
    if (request.path.startsWith(controlPrefix)) write(outgoing, handleControl(request, crm))
    else await serveCall(request, outgoing, arrived)
  }

  async function serveCall(request: EmulatorRequest, outgoing: ServerResponse, arrived: number): Promise<void> {
    const call = record(request)
    const drawn = crm.control.chance.draw(request)
    const fault = takeFault(crm.control.faults, request) ?? (drawn && effectOf(drawn))
    if (drawn?.kind === 'LATE') landLater(request, drawn.lateMs)
    const response = await answerUnder(fault, under(drawn, request)).catch(ownFailure)
    if (response?.parts) {
      call.parts = response.parts
      call.operations = Math.max(1, response.parts.length)
    }
    const { ms, perPartMs = 0 } = crm.control.latency
    const wait = ms + perPartMs * call.operations - (performance.now() - arrived)
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait))
    call.durationMs = performance.now() - arrived
    if (fault?.drop) outgoing.destroy()
    if (!response || fault?.drop || fault?.hang) return
    call.status = response.status
    write(outgoing, response)
  }

  /** Undefined: the CRM never saw the call. */
  async function answerUnder(fault: FaultEffect | undefined, request: EmulatorRequest) {
    if (!fault) return crm.handler(request)
    if (fault.drop === 'AFTER' || fault.hang === 'AFTER') return crm.handler(request)
    return faultResponse(fault)
  }

  /** As the CRM sees a call that it is to refuse by itself. */
  function under(drawn: DrawnFault | undefined, request: EmulatorRequest): EmulatorRequest {
    if (drawn?.kind === 'THROTTLED') crm.control.setThrottle({ retryAfter: 1, times: 1 })
    if (!crm.control.chance.isExpired(request)) return request
    return { ...request, headers: { ...request.headers, authorization: 'Bearer expired' } }
  }

  function landLater(request: EmulatorRequest, lateMs: number): void {
    const { figures } = crm.control.chance
    figures.pending += 1
    const timer = setTimeout(() => {
      late.delete(timer)
      Promise.resolve(crm.handler(request))
        .catch(() => {})
        .finally(() => (crm.control.chance.figures.pending -= 1))
    }, lateMs)
    late.add(timer)
  }

  function record(request: EmulatorRequest): RecordedCall {
    const { calls } = crm.control
    if (calls.length >= callLimit) calls.splice(0, callLimit / 2)
    const call: RecordedCall = {
      method: request.method,
      path: request.path,
      query: request.rawQuery,
      status: 0,
      startedAt: Date.now(),
      durationMs: 0,
      operations: 1,
    }
    calls.push(call)
    return call
  }

  await listen(server, host, port)
  try {
    crm = open()
  } catch (error) {
    server.close()
    throw error
  }
  const address = server.address() as AddressInfo
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => {
          crm.store.close()
          resolve()
        })
        for (const timer of late) clearTimeout(timer)
        server.closeAllConnections()
      }),
  }
}

/** What a fault by chance does in the CRM's place; nothing where the CRM itself refuses. */
function effectOf({ kind }: DrawnFault): FaultEffect | undefined {
  switch (kind) {
    case 'BEFORE':
    case 'LATE':
      return { drop: 'BEFORE' }
    case 'AFTER':
      return { drop: 'AFTER' }
    case 'HANG_BEFORE':
      return { hang: 'BEFORE' }
    case 'HANG_AFTER':
      return { hang: 'AFTER' }
    case 'UNAVAILABLE':
      return { status: 503 }
    case 'THROTTLED':
    case 'TOKEN_EXPIRED':
      return undefined
  }
}

/** A fault of the emulator itself says so, that nobody takes it for the vendor's. */
function ownFailure(error: unknown): EmulatorResponse {
  const reason = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return jsonResponse(500, { error: `The emulator failed. ${reason}` })
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve()
    })
  })
}

async function readBody(incoming: IncomingMessage): Promise<string | undefined> {
  if (incoming.method === 'GET' || incoming.method === 'HEAD') {
    incoming.resume()
    return ''
  }
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length > bodyLimit) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function toRequest(incoming: IncomingMessage, body: string, host: string): EmulatorRequest {
  const target = incoming.url ?? '/'
  const mark = target.indexOf('?')
  const rawQuery = mark === -1 ? '' : target.slice(mark + 1)
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value
  }
  return {
    method: incoming.method ?? 'GET',
    path: mark === -1 ? target : target.slice(0, mark),
    query: new URLSearchParams(rawQuery),
    rawQuery,
    headers,
    body,
    origin: `http://${headers['host'] ?? host}`,
  }
}

function write(outgoing: ServerResponse, response: EmulatorResponse): void {
  const body = response.body ?? ''
  const headers: Record<string, string | string[] | number> = { ...response.headers }
  if (response.status !== 204 && response.status !== 304) headers['content-length'] = Buffer.byteLength(body)
  outgoing.writeHead(response.status, headers)
  outgoing.end(body)
}
