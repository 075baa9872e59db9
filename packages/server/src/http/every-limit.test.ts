/** Every limit there is, with a request that goes beyond it. */
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { type StreamingServer, startStreamingServer } from '../testing/streaming-server.ts'
import { type LimitName, type Limits, usualLimits } from './limit-values.ts'

interface Hit {
  /** What the limit is set to, beside those that it needs. */
  most: number
  beside?: Partial<Limits>
  ask(server: StreamingServer): Promise<Answer>
  status: number
  found: number
}

interface Answer {
  status: number
  errors: { extensions: unknown }[]
}

const accept = { accept: 'application/graphql-response+json' }
const many = (count: number, text: string) => Array.from({ length: count }, () => text).join(' ')
const hello = '{ hello }'

const body =
  (text: string): Hit['ask'] =>
  async ({ post }) => {
    const answer = await post(text, { headers: accept })
    return { status: answer.status, errors: (await answer.json()).errors }
  }
const query = (text: string) => body(JSON.stringify({ query: text }))
const secondQuery =
  (text: string): Hit['ask'] =>
  async (server) => {
    await query(hello)(server)
    return query(text)(server)
  }

async function open({ http }: StreamingServer): Promise<Socket> {
  const socket = connect(http.port, '127.0.0.1')
  onTestFinished(() => void socket.destroy())
  socket.on('error', () => {})
  await once(socket, 'connect')
  return socket
}

/** Says something by a connection of its own, and hears what comes until the server ends it. */
const say =
  (text: string): Hit['ask'] =>
  async (server) => {
    const socket = await open(server)
    const heard: Buffer[] = []
    socket.on('data', (chunk) => heard.push(chunk))
    if (text !== '') socket.write(text)
    await once(socket, 'close')
    const [head = '', said = ''] = Buffer.concat(heard).toString().split('\r\n\r\n')
    return { status: Number(head.split(' ')[1]), errors: JSON.parse(said).errors }
  }

const secondConnection: Hit['ask'] = async (server) => {
  const first = await open(server)
  first.write('GET /health HTTP/1.1\r\nhost: x\r\n\r\n')
  await once(first, 'data')
  return say('')(server)
}

const post = 'POST /graphql HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ADMIN\r\ncontent-type: application/json\r\n'
const window = { windowSeconds: 600 }

/** Without the time in which requests are counted: it is no limit that could be hit by itself. */
const hits: Record<Exclude<LimitName, 'windowSeconds'>, Hit> = {
  tokens: { most: 500, ask: query(`{ ${many(600, 'hello')} }`), found: 501, status: 400 },
  depth: { most: 4, ask: query(`${'{ __schema '.repeat(4)} { hello ${'}'.repeat(5)}`), found: 5, status: 400 },
  rootFields: { most: 2, ask: query('{ a: hello b: hello c: hello }'), found: 3, status: 400 },
  aliases: { most: 1, ask: query('{ a: hello b: hello }'), found: 2, status: 400 },
  directives: { most: 1, ask: query('{ hello @skip(if: false) @include(if: true) }'), found: 2, status: 400 },
  fields: { most: 100, ask: query(`{ __schema { ${many(100, '__typename')} } }`), found: 101, status: 400 },
  cost: { most: 1, ask: query('{ hello slow }'), found: 2, status: 400 },
  bodyBytes: { most: 1_024, ask: body(`{"query":"${' '.repeat(2_000)}"}`), found: 2_012, status: 413 },
  nesting: {
    most: 8,
    ask: body(`{"query":"{ hello }","variables":{"a":${'['.repeat(9)}${']'.repeat(9)}}}`),
    found: 9,
    status: 400,
  },
  answerBytes: { most: 25, ask: query(hello), found: 26, status: 400 },
  operationSeconds: { most: 0.05, ask: query('{ slow }'), found: 0.05, status: 503 },
  headerBytes: {
    most: 4_096,
    ask: say(`GET /health HTTP/1.1\r\nhost: ${'x'.repeat(5_000)}\r\n\r\n`),
    found: 4_097,
    status: 431,
  },
  headerSeconds: { most: 0.5, ask: say('GET /health HTTP/1.1\r\nhost: '), found: 0.5, status: 408 },
  requestSeconds: {
    most: 0.5,
    beside: { headerSeconds: 0.5 },
    ask: say(`${post}content-length: 9\r\n\r\n{`),
    found: 0.5,
    status: 408,
  },
  connections: { most: 1, ask: secondConnection, found: 2, status: 503 },
  addressConnections: { most: 1, ask: secondConnection, found: 2, status: 429 },
  addressRequests: { most: 1, beside: window, ask: secondQuery(hello), found: 2, status: 429 },
  keyOperations: { most: 1, beside: window, ask: secondQuery(hello), found: 2, status: 429 },
  personOperations: {
    most: 1,
    beside: window,
    async ask(server) {
      const asAgent = () => server.post({ query: hello }, { as: 'AGENT' })
      await asAgent()
      const answer = await asAgent()
      return { status: answer.status, errors: (await answer.json()).errors }
    },
    found: 2,
    status: 429,
  },
  documentCharacters: { most: 10, beside: window, ask: secondQuery('{ hello } #'), found: 20, status: 429 },
}

const limitNames = Object.keys(usualLimits).filter((name) => name !== 'windowSeconds')

test.each(limitNames)(
  'whoever goes beyond %s is told so, how much may be and how much it was (T9, T21)',
  async (name) => {
    const hit = Object.entries(hits).find(([known]) => known === name)?.[1]
    if (!hit) return expect.unreachable(`Say in this file how the limit ${name} is hit`)
    const { most, beside, ask, status, found } = hit
    const answer = await ask(await startStreamingServer({ limits: { ...usualLimits, ...beside, [name]: most } }))
    const limit = { name, most, found }
    expect(answer).toEqual({
      status,
      errors: [expect.objectContaining({ extensions: { code: 'LIMIT_EXCEEDED', limit } })],
    })
  },
)
