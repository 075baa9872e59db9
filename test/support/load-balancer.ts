/**
 * A plain load balancer: turn by turn, over connections that it keeps, to the instances that say at `/ready` that they are.
 * It knows no sessions, and tries nothing a second time. WebSockets pass through it.
 */
import { Agent, request as ask, createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { setTimeout as wait } from 'node:timers/promises'

export interface LoadBalancer {
  readonly url: string
  /** The ports of the instances. One that is new is asked whether it is ready before it gets anything. */
  use(ports: readonly number[]): void
  /** How many requests each port was given. */
  given(): ReadonlyMap<number, number>
  close(): Promise<void>
}

/** How often each instance is asked: a server drains for longer. */
const CHECK_MS = 50

export async function startLoadBalancer(): Promise<LoadBalancer> {
  const agent = new Agent({ keepAlive: true })
  const given = new Map<number, number>()
  let ports: readonly number[] = []
  let ready: readonly number[] = []
  let turn = 0

  const upgraded = new Set<Duplex>()
  const server = createServer((request, response) => {
    const port = next()
    if (port === undefined) return void response.writeHead(502).end()
    pass(request, response, port)
  })
  server.on('upgrade', (request: IncomingMessage, socket: Duplex) => {
    const port = next()
    // Whoever breaks off is told nothing, here or there.
    socket.on('error', () => {})
    if (port === undefined) return void socket.destroy()
    upgraded.add(socket)
    socket.once('close', () => upgraded.delete(socket))
    passUpgrade(request, socket, port)
  })

  function next(): number | undefined {
    turn += 1
    const port = ready[turn % ready.length]
    if (port !== undefined) given.set(port, (given.get(port) ?? 0) + 1)
    return port
  }

  function pass(request: IncomingMessage, response: ServerResponse, port: number): void {
    const { method, url, headers } = request
    const onward = ask({
      agent,
      host: '127.0.0.1',
      port,
      method,
      path: url,
      headers: { ...headers, connection: 'keep-alive' },
    })
    onward.once('error', () => (response.headersSent ? response.destroy() : response.writeHead(502).end()))
    onward.once('response', (answer) => {
      const { connection, 'keep-alive': _, 'transfer-encoding': __, ...rest } = answer.headers
      response.writeHead(answer.statusCode ?? 502, rest)
      response.flushHeaders()
      answer.pipe(response)
      answer.once('error', () => response.destroy())
    })
    response.once('close', () => onward.destroy())
    request.pipe(onward)
  }

  /** What is refused, too, only ends: a client comes back from both alike. */
  function passUpgrade({ method, url, headers }: IncomingMessage, socket: Duplex, port: number): void {
    const onward = ask({ host: '127.0.0.1', port, method, path: url, headers })
    onward.once('error', () => socket.destroy())
    onward.once('response', () => socket.destroy())
    onward.once('upgrade', ({ rawHeaders }: IncomingMessage, there: Duplex, first: Buffer) => {
      const lines = rawHeaders.map((text, index) => (index % 2 === 0 ? `${text}: ` : `${text}\r\n`))
      socket.write(`HTTP/1.1 101 Switching Protocols\r\n${lines.join('')}\r\n`)
      socket.write(first)
      there.on('error', () => {})
      there.once('close', () => socket.destroy())
      socket.once('close', () => there.destroy())
      there.pipe(socket).pipe(there)
    })
    onward.end()
  }

  async function check(): Promise<void> {
    const asked = ports
    const answers = await Promise.all(asked.map(isReady))
    if (asked === ports) ready = asked.filter((_, index) => answers[index])
  }

  const isReady = (port: number) =>
    fetch(`http://127.0.0.1:${port}/ready`).then(
      ({ status }) => status === 200,
      () => false,
    )

  let isOver = false
  const checking = (async () => {
    // One after the other: an answer that comes late must not stand for what is so now.
    while (!isOver) await Promise.all([check(), wait(CHECK_MS)])
  })()
  // A connection that is taken up again at the moment in which it ends would look like an instance that fails.
  server.keepAliveTimeout = 0
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    use(wanted) {
      ports = wanted
      ready = ready.filter((port) => wanted.includes(port))
    },
    given: () => given,
    async close() {
      isOver = true
      await checking
      agent.destroy()
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      for (const socket of upgraded) socket.destroy()
      await closed
    },
  }
}
