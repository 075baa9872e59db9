/** A real HTTP server whose answers a test decides, for the corners that no emulated CRM should have a switch for. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface ScriptedRequest {
  method: string
  /** Without its query. */
  path: string
  query: URLSearchParams
  headers: Record<string, string | undefined>
  body: string
}

export interface ScriptedAnswer {
  /** Default 200. */
  status?: number
  headers?: Record<string, string>
  json?: unknown
  text?: string
  /** Ends the connection without an answer. */
  drop?: boolean
  /** In the place of an answer: whatever can be done to a connection. */
  raw?: (response: ServerResponse) => void
}

export interface ScriptedServer {
  url: string
  /** Everything that arrived, in this order. */
  requests: ScriptedRequest[]
  close(): Promise<void>
}

async function readRequest(message: IncomingMessage): Promise<ScriptedRequest> {
  const chunks: Buffer[] = []
  for await (const chunk of message) chunks.push(chunk as Buffer)
  const url = new URL(message.url ?? '/', 'http://localhost')
  return {
    method: message.method ?? '',
    path: url.pathname,
    query: url.searchParams,
    headers: Object.fromEntries(Object.entries(message.headers).map(([name, value]) => [name, value?.toString()])),
    body: Buffer.concat(chunks).toString('utf8'),
  }
}

export async function startScriptedServer(
  answer: (request: ScriptedRequest) => ScriptedAnswer | Promise<ScriptedAnswer>,
): Promise<ScriptedServer> {
  const requests: ScriptedRequest[] = []
  async function respond(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const request = await readRequest(message)
    requests.push(request)
    const { status = 200, headers = {}, json, text = '', drop = false, raw } = await answer(request)
    if (raw !== undefined) {
      raw(response)
      return
    }
    if (drop) {
      response.destroy()
      return
    }
    response.writeHead(status, { ...(json === undefined ? {} : { 'content-type': 'application/json' }), ...headers })
    response.end(json === undefined ? text : JSON.stringify(json))
  }
  const server = createServer((message, response) => {
    respond(message, response).catch(() => response.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
