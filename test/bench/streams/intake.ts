/**
 * Messages as fast as the machine takes them: `appendMessages` over HTTP, each commit on disk before it is answered, while
 * the worker delivers them to both emulated CRMs. Then the same while another process holds SQLite's lock for 5 seconds.
 */
import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { startEmulator } from '@backchannel/emulator'
import type { Pace } from '../contest.ts'
import { root } from '../gateway.ts'
import { end, usage } from '../processes.ts'
import { printTable } from '../report.ts'
import { report, reset, startWatchedGateway, type WatchedGateway } from './watched-gateway.ts'

const CALLERS = [1, 16, 64]
const CONVERSATIONS = 64
const LOCKED_MS = 5_000
const APPEND = `mutation ($id: ID!, $messages: [MessageInput!]!) {
  appendMessages(conversationId: $id, messages: $messages) { ... on ConversationSuccess { conversation { id } } }
}`

interface Taken {
  durations: number[]
  errors: number
  seconds: number
}

interface Hit {
  record: { id: string; integration: { provider: string } }
}

export async function measureIntake(bundles: string, directory: string, { durationMs }: Pace): Promise<void> {
  const emulator = await startEmulator({})
  const home = join(directory, 'intake')
  mkdirSync(home)
  const gateway = await startWatchedGateway(bundles, home, {
    EMULATOR: 'on',
    EMULATOR_DYNAMICS_PORT: new URL(emulator.dynamics.url).port,
    EMULATOR_SALESFORCE_PORT: new URL(emulator.salesforce.url).port,
  })
  try {
    const conversations = await startConversations(gateway)
    await take(gateway, conversations, 16, 2_000)
    const rows: Record<string, string | number>[] = []
    for (const callers of CALLERS) {
      await reset(gateway.process)
      const before = usage(gateway.process)
      const taken = await take(gateway, conversations, callers, Math.max(durationMs, 5_000))
      const after = usage(gateway.process)
      const cpuUs = before && after ? (after.cpuUs - before.cpuUs) / taken.durations.length : 0
      const { longestBlockMs } = await report(gateway.process)
      rows.push({
        callers,
        ...figures(taken),
        'CPU us/op': Math.round(cpuUs),
        'longest block ms': longestBlockMs.toFixed(0),
      })
    }
    console.log('\nappendMessages with one message, the worker delivering to both emulated CRMs beside it\n')
    printTable(rows)

    await reset(gateway.process)
    const released = await holdLock(gateway.databaseFile)
    const waited = await take(gateway, conversations, 16, LOCKED_MS - 1_000)
    await released()
    const { longestBlockMs } = await report(gateway.process)
    console.log(
      `\nThe same while another process holds SQLite's lock for ${LOCKED_MS / 1_000} s (goal: loop held < 100 ms, no error)\n`,
    )
    printTable([{ callers: 16, ...figures(waited), 'longest block ms': longestBlockMs.toFixed(0) }])
  } finally {
    await end(gateway.process)
    await emulator.stop()
  }
}

function figures({ durations, errors, seconds }: Taken) {
  const sorted = [...durations].sort((a, b) => a - b)
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
  return {
    messages: sorted.length,
    'per second': Math.round(sorted.length / seconds),
    'p50 ms': at(0.5).toFixed(1),
    'p99 ms': at(0.99).toFixed(1),
    'worst ms': at(1).toFixed(0),
    errors,
  }
}

/** SMS conversations that are tagged to a contact of each CRM, so that each message has two pushes to make. */
export async function startConversations({ execute }: Pick<WatchedGateway, 'execute'>): Promise<string[]> {
  const phone = '+1 512 555 0143'
  const { searchRecords } = await execute<{ searchRecords: { hits: Hit[] } }>(
    `query ($phone: String!) { searchRecords(input: { phone: $phone, kinds: [CONTACT] }) {
      ... on SearchRecordsSuccess { hits { record { id integration { provider } } } }
    } }`,
    { phone },
  )
  const byProvider = new Map(searchRecords.hits.map(({ record }) => [record.integration.provider, record.id]))
  const recordIds = [...byProvider.values()]
  const ids: string[] = []
  for (let index = 0; index < CONVERSATIONS; index += 1) {
    const { startConversation } = await execute<{ startConversation: { conversation: { id: string } } }>(
      `mutation ($input: StartConversationInput!) {
        startConversation(input: $input) { ... on ConversationSuccess { conversation { id } } }
      }`,
      { input: { externalId: `intake-${index}`, channel: 'SMS', visitor: { phone } } },
    )
    const { id } = startConversation.conversation
    await append(execute, id)
    await execute(
      `mutation ($id: ID!, $records: [ID!]!) { tagConversation(conversationId: $id, recordIds: $records) { __typename } }`,
      { id, records: recordIds },
    )
    ids.push(id)
  }
  return ids
}

async function append(execute: WatchedGateway['execute'], id: string): Promise<void> {
  const message = { externalId: randomUUID(), author: 'VISITOR', text: 'Hello there', sentAt: new Date().toISOString() }
  const { appendMessages } = await execute<{ appendMessages: { conversation?: { id: string } } }>(APPEND, {
    id,
    messages: [message],
  })
  if (appendMessages.conversation?.id !== id) throw new Error(`Refused: ${JSON.stringify(appendMessages)}`)
}

export async function take(
  { execute }: Pick<WatchedGateway, 'execute'>,
  conversations: readonly string[],
  callers: number,
  durationMs: number,
): Promise<Taken> {
  const durations: number[] = []
  let errors = 0
  const began = performance.now()
  async function caller(number: number): Promise<void> {
    const id = conversations[number % conversations.length] ?? ''
    for (let now = performance.now(); now < began + durationMs; now = performance.now()) {
      await append(execute, id).catch((error: unknown) => {
        errors += 1
        if (errors === 1) console.error(String(error))
      })
      durations.push(performance.now() - now)
    }
  }
  await Promise.all(Array.from({ length: callers }, (_, number) => caller(number)))
  return { durations, errors, seconds: (performance.now() - began) / 1_000 }
}

/** Answers once the lock is held, with how to wait for its end. */
async function holdLock(file: string): Promise<() => Promise<unknown>> {
  const program = `
    const lock = new (require('better-sqlite3'))(process.argv[1], { timeout: 10000 })
    lock.exec('BEGIN IMMEDIATE')
    console.log('held')
    setTimeout(() => { lock.exec('ROLLBACK'); lock.close() }, ${LOCKED_MS})
  `
  const holder = spawn(process.execPath, ['-e', program, file], {
    cwd: join(root, 'packages/server'),
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exit = once(holder, 'exit')
  await once(holder.stdout, 'data')
  return () => exit
}
