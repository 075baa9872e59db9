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
import { databaseRefusal } from './database-trouble.ts'
import { failed, Refusal, tryAgain } from './refusal.ts'

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
  refusal: z
    .object({
      status: z.number(),
      code: z.string(),
      message: z.string(),
      headers: z.record(z.string(), z.string()).exactOptional(),
    })
    .nullable(),
})

type Answer = z.infer<typeof answer>

/** What is asked of a stream that another instance holds. */
export type AskedOfStream = z.infer<typeof asked>

export interface StreamRelay {
  /**
   * Answers when the instance that holds the stream has taken it; false where no other was asked: it runs nowhere.
   *
   * @throws Refusal as that instance refuses it; with 503 where others were asked and none answered: it may run
   */
  ask(asked: AskedOfStream): Promise<boolean>
  /** Says that a stream is about to be open here: whoever else holds it leaves it, before they are asked of it again. */
  takeOver(token: string): Promise<void>
  close(): void
}

export interface StreamRelayParts {
  shared: Talk
  secrets: Pick<SecretBox, 'seal' | 'open'>
  holds(token: string): boolean
  /** @throws Refusal */
  take(asked: AskedOfStream): Promise<void>
  /** A stream is opened elsewhere, which may be held here. */
  leave(token: string): void
  logger: Logger
}

const ASK = 'stream-ask'
const ANSWER = 'stream-answer'
const OPENED = 'stream-opened'
/** How long an answer is waited for, in milliseconds. */
const PATIENCE_MS = 2_000
/**
 * How long something may be on its way: what comes later, or twice, is not taken. No longer than an answer is waited for, but
 * for the 3 s by which the clocks of two instances may differ; where they differ by more, the caller is told.
 */
const GOOD_FOR_MS = PATIENCE_MS + 3_000

export function createStreamRelay(parts: StreamRelayParts): StreamRelay {
  const { shared, secrets, holds, take, leave, logger } = parts
  const waiting = new Map<string, (refusal: Answer['refusal']) => void>()
  const taken = new Set<string>()

  async function hear(text: string): Promise<void> {
    const { id, until, asked } = ask.parse(JSON.parse(secrets.open(ASK, text)))
    if (!holds(asked.token) || taken.has(id)) return
    taken.add(id)
    setTimeout(() => taken.delete(id), 2 * GOOD_FOR_MS).unref()
    const refusal = until < Date.now() ? tooLate() : await refusalOf(asked)
    await shared.tell(ANSWER, secrets.seal(ANSWER, JSON.stringify({ id, refusal: refusal && toAnswer(refusal) })))
  }

  /** Why it is not run; null where it is. Whoever asked hears of every failure. */
  async function refusalOf(asked: AskedOfStream): Promise<Refusal | null> {
    try {
      await take(asked)
      return null
    } catch (error) {
      if (error instanceof Refusal) return error
      const { requestId } = asked
      const again = databaseRefusal(error, requestId, logger)
      if (again) return again
      logger.error({ err: error, requestId }, 'What was asked of a stream failed')
      return failed()
    }
  }

  async function hearAnswer(text: string): Promise<void> {
    const { id, refusal } = answer.parse(JSON.parse(secrets.open(ANSWER, text)))
    waiting.get(id)?.(refusal)
  }

  /** What is heard first is done first, up to where it waits for something. */
  const listen = (subject: string, heard: (text: string) => Promise<void>) =>
    shared.onTold(subject, (text) => {
      heard(text).catch((error: unknown) =>
        logger.warn({ err: error, subject }, 'What was said of a stream was not taken'),
      )
    })

  const stopListening = [
    listen(ASK, hear),
    listen(ANSWER, hearAnswer),
    listen(OPENED, async (text) => leave(secrets.open(OPENED, text))),
  ]

  return {
    async ask(asked) {
      const id = randomUUID()
      let timer: NodeJS.Timeout | undefined
      const answered = new Promise<boolean>((resolve, reject) => {
        timer = setTimeout(() => reject(unanswered()), PATIENCE_MS)
        waiting.set(id, (refusal) => {
          if (refusal === null) resolve(true)
          else reject(asRefusal(refusal))
        })
      })
      // It may come before Redis says that somebody was told, and is looked at then.
      answered.catch(() => {})
      try {
        const until = Date.now() + GOOD_FOR_MS
        const isTold = await shared.tell(ASK, secrets.seal(ASK, JSON.stringify({ id, until, asked })))
        return isTold && (await answered)
      } finally {
        clearTimeout(timer)
        waiting.delete(id)
      }
    },
    async takeOver(token) {
      await shared.tell(OPENED, secrets.seal(OPENED, token))
    },
    close() {
      for (const stop of stopListening) stop()
    },
  }
}

function toAnswer({ status, code, message, headers }: Refusal): Answer['refusal'] {
  return { status, code, message, headers: { ...headers } }
}

function asRefusal({ status, code, message, headers = {} }: NonNullable<Answer['refusal']>): Refusal {
  return new Refusal(status, code, message, { headers })
}

function tooLate(): Refusal {
  return tryAgain(
    'This reached the instance that holds the stream too late, and nothing was run. Where it happens again and again, ' +
      'check that the clocks of all instances agree.',
  )
}

function unanswered(): Refusal {
  return tryAgain(
    'No instance answered that it holds this stream. Open a new one; where something was to be changed, look first ' +
      'whether it was.',
  )
}
