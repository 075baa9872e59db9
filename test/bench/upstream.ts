/**
 * The upstream of every contender: the emulated Dynamics 365 behind a server that gives searches the answer that the
 * emulator once gave, after a fixed latency. So all contenders wait for the very same bytes, and none for the emulator.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { request } from 'undici'

export interface UpstreamOrder {
  latencyMs: number
}

export interface RecordedCall {
  path: string
  headers: Record<string, string>
  bytes: number
}

const [target = '', port = '0'] = process.argv.slice(2)
const recorded = new Map<string, { body: Buffer; headers: Record<string, string> }>()
let latencyMs = 0
let calls = 0

const isSearch = (method: string | undefined, url: string) => method === 'GET' && /\/contacts\?/.test(url)

async function answer(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const url = incoming.url ?? '/'
  const known = isSearch(incoming.method, url) ? recorded.get(url) : undefined
  if (known) {
    calls += 1
    if (latencyMs > 0) await sleep(latencyMs)
    outgoing.writeHead(200, known.headers).end(known.body)
    return
  }
  const chunks: Buffer[] = []
  for await (const chunk of incoming) chunks.push(chunk)
  const {
    'transfer-encoding': _chunked,
    connection: _connection,
    'accept-encoding': _packed,
    ...headers
  } = incoming.headers
  const answered = await request(target + url, {
    method: (incoming.method ?? 'GET') as 'GET',
    headers: headers as Record<string, string>,
    body: chunks.length > 0 ? Buffer.concat(chunks) : null,
  })
  const body = Buffer.from(await answered.body.arrayBuffer())
  const { 'transfer-encoding': _again, connection: _close, ...kept } = answered.headers
  const plain = { ...(kept as Record<string, string>), 'content-length': String(body.length) }
  if (isSearch(incoming.method, url) && answered.statusCode === 200) {
    calls += 1
    const first = recorded.size === 0
    recorded.set(url, { body, headers: plain })
    const call: RecordedCall = { path: url, headers: incoming.headers as Record<string, string>, bytes: body.length }
    if (first) process.send?.({ recorded: call })
  }
  outgoing.writeHead(answered.statusCode, plain).end(body)
}

// Where the caller or the emulator ends in the middle, there is nothing to answer: it is no fault of the measurement.
const server = createServer((incoming, outgoing) => void answer(incoming, outgoing).catch(() => outgoing.destroy()))

server.keepAliveTimeout = 60_000
server.listen(Number(port), '127.0.0.1', () => {
  const address = server.address()
  process.send?.({ port: typeof address === 'object' && address ? address.port : 0 })
})
process.on('message', (order: UpstreamOrder | 'count') => {
  if (order === 'count') process.send?.({ calls })
  else latencyMs = order.latencyMs
})
process.on('disconnect', () => process.exit(0))
