/**
 * Takes what is asked of a stream to the instance that holds it, over Redis: behind a load balancer, the requests of one
 * client reach any of them. What is asked travels sealed, with the credentials that it came with, and is authenticated where
 * it is run, as it is here.
 */
import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import type { SecretBox } from '../secrets/secret-box.ts'
import type { Logger } from '../shared/logger.ts'
import type { Talk } from '../shared-state/shared-state.ts'
import { Refusal } from './refusal.ts'

const asked = z.object({
  token: z.string(),
  credentials: z.object({
    authorization: z.string().nullable(),
    cookie: z.string().nullable(),
    address: z.string().exactOptional(),
  }),
  requestId: z.string(),
  work: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('RUN'), body: z.unknown() }),
    z.object({ kind: z.literal('STOP'), operationId: z.string() }),
  ]),
})
const ask = z.object({ id: z.string(), until: z.number(), asked })
const answer = z.object({
  id: z.string(),
  refusal: z.object({ status: z.number(), code: z.string(), message: z.string() }).nullable(),
})

/** What is asked of a stream that another instance holds. */
export type AskedOfStream = z.infer<typeof asked>

export interface StreamRelay {
  /**
   * Answers when the instance that holds the stream has taken it; false where none does, or none can be asked.
   *
   * @throws Refusal as that instance refuses it
   */
  ask(asked: AskedOfStream): Promise<boolean>
  close(): void
}

export interface StreamRelayParts {
  shared: Talk
  secrets: Pick<SecretBox, 'seal' | 'open'>
  holds(token: string): boolean
  /** @throws Refusal */
  take(asked: AskedOfStream): Promise<void>
  logger: Logger
}

const ASK = 'stream-ask'
const ANSWER = 'stream-answer'
/** How long an answer is waited for, in milliseconds. */
const PATIENCE_MS = 2_000
/** How long something may be on its way, by clocks that differ: what comes later, or twice, is not taken. */
const GOOD_FOR_MS = 30_000

export function createStreamRelay({ shared, secrets, holds, take, logger }: StreamRelayParts): StreamRelay {
  const waiting = new Map<string, (refusal: z.infer<typeof answer>['refusal']) => void>()
  const taken = new Set<string>()

  async function hear(text: string): Promise<void> {
    const { id, until, asked } = ask.parse(JSON.parse(secrets.open(ASK, text)))
    if (!holds(asked.token) || until < Date.now() || taken.has(id)) return
    taken.add(id)
    setTimeout(() => taken.delete(id), 2 * GOOD_FOR_MS).unref()
    const refusal = await take(asked).then(
      () => null,
      (error: unknown) => {
        if (!(error instanceof Refusal)) throw error
        const { status, code, message } = error
        return { status, code, message }
      },
    )
    await shared.tell(ANSWER, secrets.seal(ANSWER, JSON.stringify({ id, refusal })))
  }

  const stopListening = [
    shared.onTold(ASK, (text) => {
      hear(text).catch((error: unknown) => logger.warn({ err: error }, 'What was asked of a stream was not taken'))
    }),
    shared.onTold(ANSWER, (text) => {
      const { id, refusal } = answer.parse(JSON.parse(secrets.open(ANSWER, text)))
      waiting.get(id)?.(refusal)
    }),
  ]

  return {
    async ask(asked) {
      const id = randomUUID()
      let timer: NodeJS.Timeout | undefined
      const answered = new Promise<boolean>((resolve, reject) => {
        timer = setTimeout(() => resolve(false), PATIENCE_MS)
        waiting.set(id, (refusal) => {
          if (refusal === null) resolve(true)
          else reject(new Refusal(refusal.status, refusal.code, refusal.message))
        })
      })
      try {
        const until = Date.now() + GOOD_FOR_MS
        const isTold = await shared.tell(ASK, secrets.seal(ASK, JSON.stringify({ id, until, asked })))
        return isTold && (await answered)
      } finally {
        clearTimeout(timer)
        waiting.delete(id)
      }
    },
    close() {
      for (const stop of stopListening) stop()
    },
  }
}
