/** What callers may say about a conversation, checked: what is too long or makes no sense is named by its path. */
import { z } from 'zod'
import { type FieldError, ValidationError } from '../shared/errors.ts'
import { authors, channels } from './conversation.ts'

/** How many messages one call may bring. */
const MESSAGES_PER_CALL = 500
/** How many messages a conversation may have. */
export const MESSAGES_PER_CONVERSATION = 10_000

const name = z.string().trim().max(200, 'Use at most 200 characters.')
/** Kept as it is given: half a character would come back from the database as another one, and never be found again. */
const identifier = z
  .string()
  .trim()
  .min(1, 'Give an id.')
  .max(255, 'Use at most 255 characters.')
  .refine((it) => !/\p{Cs}/u.test(it), 'Use whole characters: this is no valid Unicode.')
  .refine((it) => !it.includes('\u0000'), 'Leave out the character NUL.')
const address = z
  .url({ protocol: /^https?$/, error: 'Give an absolute http or https address.' })
  .max(2_048, 'Use at most 2,048 characters.')
const moment = z.date('Give a moment such as 2026-01-31T14:05:00Z.')
/** Blank text says nothing, so it is the same as none. */
const maybe = <T extends z.ZodType<string>>(text: T) => text.nullish().transform((it) => it || null)

const visitor = z.object({
  externalId: maybe(z.string().trim().max(255, 'Use at most 255 characters.')),
  firstName: maybe(name),
  lastName: maybe(name),
  fullName: maybe(name),
  phone: maybe(z.string().trim().max(50, 'Use at most 50 characters.')),
  email: maybe(z.string().trim().max(320, 'Use at most 320 characters.')),
  accountId: maybe(z.string().trim().max(255, 'Use at most 255 characters.')),
})

const variable = z.object({
  name: z.string().trim().min(1, 'Name the variable.').max(100, 'Use at most 100 characters.'),
  value: z.string().max(4_000, 'Use at most 4,000 characters.'),
})

const attachment = z.object({
  name: z.string().trim().min(1, 'Name the attachment.').max(255, 'Use at most 255 characters.'),
  url: address,
  contentType: maybe(z.string().trim().max(255, 'Use at most 255 characters.')),
})

const message = z
  .object({
    externalId: identifier,
    author: z.enum(authors),
    authorName: maybe(name),
    text: z.string().max(100_000, 'Use at most 100,000 characters in one message.'),
    sentAt: moment,
    sequence: z
      .int32('Use a whole number.')
      .min(0, 'Use a number from 0.')
      .nullish()
      .transform((it) => it ?? null),
    attachments: z
      .array(attachment)
      .max(20, 'Use at most 20 attachments.')
      .nullish()
      .transform((it) => it ?? []),
  })
  .refine((it) => it.text.trim() !== '' || it.attachments.length > 0, {
    path: ['text'],
    error: 'Give a text or an attachment.',
  })

const start = z.object({
  externalId: identifier,
  channel: z.enum(channels),
  visitor,
  startedAt: moment.nullish().transform((it) => it ?? null),
  url: maybe(address),
  variables: z
    .array(variable)
    .max(100, 'Use at most 100 variables.')
    .nullish()
    .transform((it) => it ?? []),
  pageUrl: maybe(z.string().trim().max(4_000, 'Use at most 4,000 characters.')),
})

const messages = z
  .array(message)
  .min(1, 'Give at least one message.')
  .max(MESSAGES_PER_CALL, `Give at most ${MESSAGES_PER_CALL} messages at a time.`)

/** A conversation that is only tried out. */
const draft = start.pick({ channel: true, visitor: true, variables: true, pageUrl: true }).extend({
  messages: z
    .array(message)
    .max(MESSAGES_PER_CALL, `Give at most ${MESSAGES_PER_CALL} messages.`)
    .nullish()
    .transform((it) => it ?? []),
})

export type DraftInput = z.input<typeof draft>
export type StartInput = z.input<typeof start>
export type VisitorInput = z.input<typeof visitor>
export type MessageInput = z.input<typeof message>

export const parseStart = (input: StartInput) => parse(start, input, ['input'])
export const parseDraft = (input: DraftInput, path: readonly string[]) => parse(draft, input, path)
export const parseVisitor = (input: VisitorInput) => parse(visitor, input, ['visitor'])
export const parseMessages = (input: readonly MessageInput[]) => parse(messages, input, ['messages'])

/** @throws ValidationError with every fault, each below `path` */
function parse<T extends z.ZodType>(schema: T, input: unknown, path: readonly string[]): z.output<T> {
  const result = schema.safeParse(input)
  if (result.success) return result.data
  throw new ValidationError(
    result.error.issues.map(
      (issue): FieldError => ({ path: [...path, ...issue.path.map(String)], message: issue.message }),
    ),
  )
}
