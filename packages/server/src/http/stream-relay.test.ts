import { randomBytes } from 'node:crypto'
import { expect, onTestFinished, test, vi } from 'vitest'
import { troubleOr } from '../database/lost-connections.ts'
import { createSecretBox } from '../secrets/secret-box.ts'
import { createLogger } from '../shared/logger.ts'
import type { Talk } from '../shared-state/shared-state.ts'
import { type AskedOfStream, createStreamRelay } from './stream-relay.ts'

const asked: AskedOfStream = {
  token: 'stream',
  credentials: { authorization: 'Bearer key', cookie: null },
  requestId: 'request',
  work: { kind: 'RUN', body: {} },
}

/** Two ends that hear each other. `deliver` decides whether, and when, something arrives. */
function talks(deliver: (arrive: () => void, subject: string) => void = (arrive) => arrive()): [Talk, Talk] {
  const listeners = [new Map<string, (text: string) => void>(), new Map<string, (text: string) => void>()] as const
  const end = (own: 0 | 1, others: 0 | 1): Talk => ({
    async tell(subject, text) {
      deliver(() => listeners[others].get(subject)?.(text), subject)
      return true
    },
    onTold(subject, listener) {
      listeners[own].set(subject, listener)
      return () => void listeners[own].delete(subject)
    },
  })
  return [end(0, 1), end(1, 0)]
}

/** One that asks, and one that holds the stream and takes what is asked by `take`. */
function relays([ours, theirs]: [Talk, Talk], take: (asked: AskedOfStream) => Promise<void>) {
  const secrets = createSecretBox(`test:${randomBytes(32).toString('base64')}`)
  const lines: string[] = []
  const logger = createLogger('warn', { write: (line) => lines.push(line) })
  const left: string[] = []
  const parts = { secrets, logger, take, leave: (token: string) => left.push(token) }
  createStreamRelay({ ...parts, shared: theirs, holds: (token) => token === 'stream' })
  return { relay: createStreamRelay({ ...parts, shared: ours, holds: () => false }), lines, left }
}

function moveClocks(): void {
  vi.useFakeTimers()
  onTestFinished(() => void vi.useRealTimers())
}

test('what the instance that holds the stream cannot do is refused there, and said here at once', async () => {
  const lost = troubleOr(new Error('Connection terminated'))
  const { relay } = relays(talks(), () => Promise.reject(lost))
  const again = {
    status: 503,
    code: 'TRY_AGAIN',
    message: expect.stringContaining('database'),
    headers: { 'retry-after': '1' },
  }
  await expect(relay.ask(asked)).rejects.toMatchObject(again)

  const failing = relays(talks(), () => Promise.reject(new Error('The password is swordfish')))
  const wrong = { status: 500, code: 'INTERNAL_SERVER_ERROR', message: expect.not.stringContaining('swordfish') }
  await expect(failing.relay.ask(asked)).rejects.toMatchObject(wrong)
  expect(failing.lines.join()).toContain('swordfish')
})

test('what nobody was told is said to run nowhere; what was told and not answered, to try again and look first', async () => {
  moveClocks()
  const [ours, theirs] = talks()
  const alone = relays([{ ...ours, tell: async () => false }, theirs], async () => {})
  expect(await alone.relay.ask(asked)).toBe(false)

  const { relay } = relays(talks(), () => new Promise(() => {}))
  const answered = expect(relay.ask(asked)).rejects.toMatchObject({ status: 503, code: 'TRY_AGAIN' })
  await vi.advanceTimersByTimeAsync(2_000)
  await answered
})

test('what arrives long after its caller was answered, or twice, is not run', async () => {
  moveClocks()
  const arriving: (() => void)[] = []
  const take = vi.fn(async () => {})
  const isLate = (subject: string) => subject === 'stream-ask'
  const { relay } = relays(
    talks((arrive, subject) => (isLate(subject) ? arriving.push(arrive) : arrive())),
    take,
  )
  const late = expect(relay.ask(asked)).rejects.toMatchObject({ status: 503 })
  await vi.advanceTimersByTimeAsync(5_001)
  await late
  for (const arrive of arriving) arrive()
  expect(take).not.toHaveBeenCalled()

  const taken = relay.ask(asked)
  for (const arrive of [...arriving, ...arriving]) arrive()
  expect(await taken).toBe(true)
  expect(take).toHaveBeenCalledOnce()
})

test('what cannot be read is noted and goes no further, and what comes next is taken', async () => {
  const [ours, theirs] = talks()
  const { relay, lines, left } = relays([ours, theirs], async () => {})
  for (const subject of ['stream-ask', 'stream-answer', 'stream-opened']) {
    await theirs.tell(subject, 'nonsense')
    await ours.tell(subject, 'nonsense')
  }
  await expect.poll(() => lines).toHaveLength(6)
  expect(await relay.ask(asked)).toBe(true)
  await relay.takeOver('stream')
  expect(left).toEqual(['stream'])
})
