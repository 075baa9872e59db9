/**
 * One event to thousands of subscribers over server-sent events: the gateway, from the mutation that makes the event,
 * against a loop over sockets with a frame that is there already, and against Yoga's own publish and subscribe.
 */
import type { ChildProcess } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { request } from 'undici'
import { apiKey } from '../gateway.ts'
import { answer, ask, end, start } from '../processes.ts'
import { median, printTable } from '../report.ts'
import type { Received, SubscribeOrder } from './subscribers-process.ts'
import { report, reset, startWatched, startWatchedGateway } from './watched-gateway.ts'

const SUBSCRIBERS = [1_000, 5_000]
const EVENTS = 7
const EVENT = `id at ... on MessageAppended { message { id author text } }`

interface Contender {
  name: string
  server: ChildProcess
  port: number
  body: object
  publish(): Promise<void>
}

interface Found {
  firstMs: number
  halfMs: number
  allMs: number
  blockMs: number
  worstBlockMs: number
  cpuMs: number
  kbEach: number
  /** What the server needs after all have come and left three times, against once. */
  rssLeft: number
}

export async function measureFanOut(bundles: string, directory: string): Promise<void> {
  const contenders = await startContenders(bundles, directory)
  const subscribers = start(join(bundles, 'streams/subscribers-process.js'))
  await answer(subscribers)
  const found = new Map<string, Found>()
  for (const count of SUBSCRIBERS) {
    for (const contender of contenders) {
      found.set(`${contender.name} ${count}`, await measure(contender, subscribers, count))
    }
  }
  for (const { server } of contenders) await end(server)

  const of = (name: string, count: number) => {
    const cell = found.get(`${name} ${count}`)
    if (!cell) throw new Error(`${name} was not measured with ${count}`)
    return cell
  }
  console.log(`\nOne event to all subscribers over server-sent events; medians of ${EVENTS} events\n`)
  printTable(
    SUBSCRIBERS.flatMap((count) =>
      contenders.map(({ name }) => {
        const cell = of(name, count)
        return {
          server: name,
          subscribers: count,
          'first ms': cell.firstMs.toFixed(1),
          'half ms': cell.halfMs.toFixed(1),
          'all ms': cell.allMs.toFixed(1),
          'all / raw': (cell.allMs / of('raw', count).allMs).toFixed(2),
          'longest block ms': cell.blockMs.toFixed(1),
          'worst of all': cell.worstBlockMs.toFixed(1),
          'server CPU ms': cell.cpuMs.toFixed(0),
          'KB per subscriber': cell.kbEach.toFixed(1),
          'RSS left': cell.rssLeft.toFixed(2),
        }
      }),
    ),
  )
  const [few = 0, many = 0] = SUBSCRIBERS
  const ratio = (count: number) => of('gateway', count).allMs / of('raw', count).allMs
  const worst = (value: (cell: Found) => number) => Math.max(value(of('gateway', few)), value(of('gateway', many)))
  console.log('\nGoals for subscriptions (D)\n')
  printTable([
    goal('D1', `last of ${few}, against raw`, ratio(few), 4.5, 1.5, 'x'),
    goal('D2', `last of ${many}, against raw`, ratio(many), 3.5, 1.5, 'x'),
    goal('D2', `last of ${many}`, of('gateway', many).allMs, 350, 150, 'ms'),
    goal(
      'D3',
      'longest block of the event loop',
      worst((cell) => cell.blockMs),
      40,
      10,
      'ms',
    ),
    goal(
      'D4',
      'memory per subscriber',
      worst((cell) => cell.kbEach),
      60,
      25,
      'KB',
    ),
    goal(
      'D6',
      'memory after all have left',
      worst((cell) => cell.rssLeft),
      1.1,
      1.05,
      'x',
    ),
  ])
}

function goal(no: string, quantity: string, seen: number, must: number, wanted: number, unit: string) {
  const verdict = seen <= wanted ? 'goal' : seen <= must ? 'must' : 'MISSED'
  return { no, quantity, seen: `${seen.toFixed(2)} ${unit}`, must: `<= ${must}`, goal: `<= ${wanted}`, verdict }
}

async function startContenders(bundles: string, directory: string): Promise<Contender[]> {
  const home = join(directory, 'fan-out')
  mkdirSync(home)
  const gateway = await startWatchedGateway(bundles, home)
  const { startConversation } = await gateway.execute<{ startConversation: { conversation: { id: string } } }>(
    `mutation ($input: StartConversationInput!) {
      startConversation(input: $input) { ... on ConversationSuccess { conversation { id } } }
    }`,
    { input: { externalId: 'fan-out', channel: 'CHAT', visitor: { phone: '+15125550171' } } },
  )
  const { id } = startConversation.conversation
  const say = async () => {
    const messages = [
      { externalId: randomUUID(), author: 'VISITOR', text: 'Hello '.repeat(20), sentAt: new Date().toISOString() },
    ]
    await gateway.execute(
      'mutation ($id: ID!, $messages: [MessageInput!]!) { appendMessages(conversationId: $id, messages: $messages) { __typename } }',
      { id, messages },
    )
  }
  const message = { id: 'x'.repeat(64), author: 'VISITOR', text: 'Hello '.repeat(20) }
  const event = { id: '1234567', at: new Date().toISOString(), message }
  const frame = `event: next\ndata: ${JSON.stringify({ data: { conversationEvents: event } })}\n\n`
  const contender = async (name: string, argument: string, query: string): Promise<Contender> => {
    const server = startWatched(bundles, join(bundles, `contenders/${name}-stream.js`), [argument], {})
    const { port } = await answer<{ port: number }>(server)
    const publish = async () => (await request(`http://127.0.0.1:${port}/publish`)).body.dump()
    return { name, server, port, body: { query }, publish }
  }
  return [
    await contender('raw', frame, ''),
    await contender(
      'yoga',
      JSON.stringify(event),
      'subscription { conversationEvents { id at message { id author text } } }',
    ),
    {
      name: 'gateway',
      server: gateway.process,
      port: gateway.port,
      body: {
        query: `subscription ($ids: [ID!]!) { conversationEvents(conversationIds: $ids) { ${EVENT} } }`,
        variables: { ids: [id] },
      },
      publish: say,
    },
  ]
}

async function measure(contender: Contender, subscribers: ChildProcess, count: number): Promise<Found> {
  const { server, port } = contender
  const order: SubscribeOrder = { port, subscribers: count, request: requestOf(contender) }
  // What a server sets aside once, for the first that come, is not the price of each of them.
  await ask(subscribers, { ...order, subscribers: 100 })
  await contender.publish()
  await leave(subscribers)
  const { rssMb: rssBefore } = await reset(server)
  await ask(subscribers, order)
  await sleep(200)
  const { rssMb: rssWith } = await reset(server)
  for (let warmUp = 0; warmUp < 3; warmUp += 1) await publish(contender, subscribers)

  const events: (Received & { blockMs: number; cpuMs: number })[] = []
  for (let event = 0; event < EVENTS; event += 1) {
    await reset(server)
    const told = await publish(contender, subscribers)
    const { longestBlockMs, cpuUs } = await report(server)
    events.push({ ...told, blockMs: longestBlockMs, cpuMs: cpuUs / 1_000 })
  }
  const rssLeft: number[] = []
  for (let round = 0; round < 3; round += 1) {
    if (round > 0) await ask(subscribers, order)
    await leave(subscribers)
    rssLeft.push((await reset(server)).rssMb)
  }
  const of = (value: (event: (typeof events)[number]) => number) => median(events.map(value))
  return {
    firstMs: of((event) => event.first),
    halfMs: of((event) => event.half),
    allMs: of((event) => event.all),
    blockMs: of((event) => event.blockMs),
    worstBlockMs: Math.max(...events.map((event) => event.blockMs)),
    cpuMs: of((event) => event.cpuMs),
    kbEach: ((rssWith - rssBefore) * 1024) / count,
    rssLeft: (rssLeft.at(-1) ?? 0) / (rssLeft[0] ?? 1),
  }
}

/** Times since the event was asked for. */
async function publish(contender: Contender, subscribers: ChildProcess): Promise<Received> {
  await ask(subscribers, 'arm')
  const all = answer<Received>(subscribers)
  const began = Number(process.hrtime.bigint()) / 1e6
  const [{ first, half, all: last }] = await Promise.all([all, contender.publish()])
  await sleep(50)
  return { first: first - began, half: half - began, all: last - began }
}

async function leave(subscribers: ChildProcess): Promise<void> {
  await ask(subscribers, 'leave')
  await sleep(500)
}

function requestOf({ port, body }: Contender): string {
  const text = JSON.stringify(body)
  const head = [
    'POST /graphql HTTP/1.1',
    `host: 127.0.0.1:${port}`,
    'accept: text/event-stream',
    'content-type: application/json',
    `authorization: Bearer ${apiKey}`,
    `content-length: ${Buffer.byteLength(text)}`,
  ]
  return `${head.join('\r\n')}\r\n\r\n${text}`
}
