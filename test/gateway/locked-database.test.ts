/** Another process holds SQLite's write lock: a backup, a tool, a second instance in a long transaction. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { workspaceDirectory } from '../../packages/server/src/shared/package-directory.ts'
import { type Conversation, startConversation } from './conversing.ts'
import { ask, type RunningGateway, startGateway } from './running-gateway.ts'

let gateway: RunningGateway
let thread: Conversation
let admin: string
beforeAll(async () => {
  gateway = await startGateway()
  thread = await startConversation(gateway, 'CHAT')
  admin = await gateway.key('ADMIN')
})
afterAll(() => gateway.stop())

const HOLD = `
  const lock = new (require('better-sqlite3'))(process.argv[1])
  lock.exec('BEGIN IMMEDIATE')
  console.log('held')
  setTimeout(() => { lock.exec('ROLLBACK'); lock.close() }, Number(process.argv[2]))
`

/** Another process takes the lock and lets it go after some milliseconds. Answers when it has it. */
async function holdLock(ms: number): Promise<{ released: Promise<unknown>; kill(): void }> {
  const cwd = join(workspaceDirectory, 'packages/server')
  const holder = spawn(process.execPath, ['-e', HOLD, join(gateway.directory, 'gateway.db'), String(ms)], {
    cwd,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const released = once(holder, 'exit')
  await once(holder.stdout, 'data')
  return { released, kill: () => void holder.kill('SIGKILL') }
}

const append = (externalId: string) =>
  ask(
    gateway.url,
    admin,
    `mutation ($id: ID!, $messages: [MessageInput!]!) {
      appendMessages(conversationId: $id, messages: $messages) {
        ... on ConversationSuccess { conversation { id } }
      }
    }`,
    { id: thread.id, messages: [{ externalId, author: 'VISITOR', text: 'hello', sentAt: '2026-11-25T12:00:00Z' }] },
  )

it('F25: what callers ask for meanwhile waits and is done; reading goes on, and so does the event loop', async () => {
  const lock = await holdLock(1_500)
  let isReleased = false
  void lock.released.then(() => {
    isReleased = true
  })
  const writing = Promise.all(Array.from({ length: 20 }, (_, index) => append(`waits-${index}`)))
  let ticks = 0
  let reads = 0
  while (!isReleased) {
    const { errors } = await ask(gateway.url, admin, '{ conversations(first: 1) { edges { node { id } } } }')
    expect(errors).toBeUndefined()
    reads += 1
    await wait(5)
    ticks += 1
  }
  // A driver that waits by itself would have let the loop turn once or twice.
  expect(ticks).toBeGreaterThan(10)
  expect(reads).toBe(ticks)
  for (const { data, errors } of await writing) {
    expect(errors).toBeUndefined()
    expect(data.appendMessages.conversation.id).toBe(thread.id)
  }
  const kept = await gateway.database.message.count({ where: { externalId: { startsWith: 'waits-' } } })
  expect(kept).toBe(20)
})

it('F25: one that is held for longer than a caller should wait is told as such, to be tried again', async () => {
  const lock = await holdLock(60_000)
  const { status, data, errors } = await append('too long')
  lock.kill()
  await lock.released
  expect(status).toBe(200)
  expect(data?.appendMessages ?? null).toBeNull()
  expect(errors?.map((error) => error.extensions.code)).toEqual(['TRY_AGAIN'])
  expect(errors?.[0]?.message).toBe(
    'The database was busy or locked for too long, and nothing was changed. Try again in a moment.',
  )
  expect(gateway.lines.join('\n')).not.toContain('A request failed')
  expect((await append('too long')).errors).toBeUndefined()
}, 30_000)
