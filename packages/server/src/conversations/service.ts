/** Conversations: how they begin, grow and end, and who may see them. */
import { v7 as uuid } from 'uuid'
import type { EventBus } from '../events/bus.ts'
import { conversationEventKinds, type StoredEvent } from '../events/event.ts'
import type { PrismaClient } from '../generated/prisma/client.ts'
import type { SecretBox } from '../secrets/secret-box.ts'
import { ConflictError, NotAllowedError, NotFoundError, ValidationError } from '../shared/errors.ts'
import {
  type ConversationFacts,
  type ConversationScope,
  completeVisitor,
  isSameProfile,
  type MessageContent,
  mergeVisitor,
  type Variable,
  type Visitor,
} from './conversation.ts'
import {
  MESSAGES_PER_CONVERSATION,
  type MessageInput,
  parseMessages,
  parseStart,
  parseVisitor,
  type StartInput,
  type VisitorInput,
} from './input.ts'
import { createMessageReader, type MessageReader } from './reading.ts'
import { createConversationSeals } from './sealing.ts'
import {
  type ConversationFilter,
  type ConversationFollowUps,
  type ConversationPage,
  type ConversationQuery,
  type ConversationRow,
  createConversationStore,
  type MessageRow,
} from './store.ts'
import { readVariables } from './variables.ts'
import { keptKeys } from './visitor-keys.ts'

export type { MessageInput, StartInput, VisitorInput } from './input.ts'
export type { MessagePage, Transcript } from './reading.ts'
export type { ConversationFilter, ConversationRow, MessageRow } from './store.ts'

/**
 * Every method sees only what the caller may reach: another workspace's conversation, or one that an agent is not bound
 * to, answers as not found. Those that change something answer the conversation's id.
 */
export interface ConversationService extends MessageReader {
  find(
    scope: ConversationScope,
    by: { id: string } | { externalId: string },
    query?: ConversationQuery,
  ): Promise<ConversationRow | null>
  /** @throws NotFoundError */
  get(scope: ConversationScope, id: string, query?: ConversationQuery): Promise<ConversationRow>
  list(scope: ConversationScope, filter: ConversationFilter, page: ConversationPage): Promise<ConversationRow[]>
  visitorOf(row: Pick<ConversationRow, 'id' | 'visitorSealed'>): Visitor
  variablesOf(row: Pick<ConversationRow, 'id' | 'variablesSealed'>): readonly Variable[]
  /** What rules read of it. @throws NotFoundError */
  facts(scope: ConversationScope, id: string): Promise<ConversationFacts>
  factsOf(row: ConversationRow): ConversationFacts
  contentOf(row: Pick<MessageRow, 'id' | 'contentSealed'>): MessageContent

  /**
   * Begins a conversation, or answers the one that this external id has begun before, completed by what is new.
   *
   * @throws ValidationError; ConflictError where it is of the other channel; NotAllowedError for an agent bound to others
   */
  start(scope: ConversationScope, input: StartInput): Promise<string>
  /** What is given replaces what was known; the rest stays. @throws ValidationError, NotFoundError */
  updateVisitor(scope: ConversationScope, id: string, visitor: VisitorInput): Promise<string>
  /** Adds the messages that are not there yet. @throws ValidationError, NotFoundError */
  append(scope: ConversationScope, id: string, messages: readonly MessageInput[]): Promise<string>
  /** Ends it; ending it again changes nothing. @throws NotFoundError */
  end(scope: ConversationScope, id: string): Promise<string>
  /**
   * What happens to some conversations, from now on or behind an event that was seen before.
   *
   * @throws ValidationError for none or too many; NotFoundError where one of them is none that the scope reaches
   */
  listen(
    scope: ConversationScope,
    ids: readonly string[],
    options: { after: number | null; signal: AbortSignal },
  ): Promise<AsyncIterableIterator<StoredEvent>>
}

/** How many conversations one listener may name. */
const LISTENED_CONVERSATIONS = 100

export interface ConversationServiceParts {
  prisma: PrismaClient
  secrets: SecretBox
  followUps: ConversationFollowUps
  /** The names of the workspace's own chat variables. */
  declaredVariables(workspaceId: string): Promise<readonly string[]>
  /** The country that phone numbers without a prefix are read as of, ISO 3166 alpha-2. */
  regionOf(workspaceId: string): Promise<string>
  events: Pick<EventBus, 'wake' | 'subscribe'>
  /** Milliseconds since 1970. */
  now: () => number
}

export function createConversationService(parts: ConversationServiceParts): ConversationService {
  const { events, now } = parts
  const store = createConversationStore(parts.prisma, parts.followUps)
  const seals = createConversationSeals(parts.secrets)

  async function get(scope: ConversationScope, id: string, query?: ConversationQuery): Promise<ConversationRow> {
    const row = await store.find(scope, { id }, query)
    if (row === null) throw new NotFoundError('There is no conversation of this id that you may see.')
    return row
  }

  async function keysOf({ workspaceId }: ConversationScope, visitor: Visitor): Promise<string[]> {
    return keptKeys(parts.secrets, visitor, await parts.regionOf(workspaceId))
  }

  function factsOf(row: ConversationRow): ConversationFacts {
    const { id, channel, status, startedAt } = row
    return { id, channel, status, startedAt, visitor: seals.openVisitor(row), variables: seals.openVariables(row) }
  }

  /** Repeats the change on what others wrote meanwhile; each round somebody has got on. */
  async function changeDetails(
    scope: ConversationScope,
    by: { id: string } | { externalId: string },
    change: (before: Details) => Details,
  ): Promise<string> {
    for (;;) {
      const row = await store.find(scope, by)
      if (row === null) throw new NotFoundError('There is no conversation of this id that you may see.')
      const before: Details = { visitor: seals.openVisitor(row), variables: seals.openVariables(row), url: row.url }
      const { visitor, variables, url } = change(before)
      if (JSON.stringify({ visitor, variables, url }) === JSON.stringify(before)) return row.id
      const details = {
        visitorSealed: seals.sealVisitor(row.id, visitor),
        variablesSealed: seals.sealVariables(row.id, variables),
        url,
        visitorKeys: await keysOf(scope, visitor),
        ...(isSameProfile(before.visitor, visitor) ? {} : { matchDueAt: new Date(now()), ...lookedUpAnew }),
      }
      if (await store.replaceDetails(scope.workspaceId, row, details)) {
        events.wake()
        return row.id
      }
    }
  }

  return {
    ...createMessageReader(store, seals),
    find: store.find,
    get,
    list: store.list,
    visitorOf: seals.openVisitor,
    variablesOf: seals.openVariables,
    factsOf,
    facts: async (scope, id) => factsOf(await get(scope, id)),
    contentOf: seals.openContent,

    async start(scope, input) {
      const { externalId, channel, visitor, variables: given, pageUrl, startedAt, url } = parseStart(input)
      const variables = readVariables(given, pageUrl, await parts.declaredVariables(scope.workspaceId))
      const id = uuid()
      const known = await store.find(scope, { externalId })
      if (known === null) {
        if (scope.conversationIds !== null) {
          throw new NotAllowedError('This token is bound to other conversations: it cannot begin a new one.')
        }
        const created = await store.create(scope.workspaceId, {
          id,
          externalId,
          channel,
          status: 'ACTIVE',
          startedAt: startedAt ?? new Date(now()),
          endedAt: null,
          lastMessageAt: null,
          url,
          visitorSealed: seals.sealVisitor(id, visitor),
          variablesSealed: seals.sealVariables(id, variables),
          visitorKeys: await keysOf(scope, visitor),
          matchDueAt: new Date(now()),
        })
        if (created) return id
      }
      const row = known ?? (await store.find(scope, { externalId }))
      if (row && row.channel !== channel) {
        throw new ConflictError(`The conversation "${externalId}" is there already, as ${row.channel}.`)
      }
      return changeDetails(scope, { externalId }, (before) => ({
        visitor: completeVisitor(before.visitor, visitor),
        variables: completeVariables(before.variables, variables),
        url: before.url ?? url,
      }))
    },

    async updateVisitor(scope, id, input) {
      const visitor = parseVisitor(input)
      return changeDetails(scope, { id }, (before) => ({ ...before, visitor: mergeVisitor(before.visitor, visitor) }))
    },

    async append(scope, id, input) {
      const messages = withoutRepetition(parseMessages(input))
      for (;;) {
        const conversation = await get(scope, id)
        const externalIds = messages.map((it) => it.externalId)
        const { count, known } = await store.lookAtMessages(scope.workspaceId, id, externalIds)
        const fresh = messages.filter((message) => !known.has(message.externalId))
        if (fresh.length === 0) return id
        if (count + fresh.length > MESSAGES_PER_CONVERSATION) {
          const message = `A conversation holds at most ${MESSAGES_PER_CONVERSATION} messages. Begin another one.`
          throw new ValidationError([{ path: ['messages'], message }])
        }
        const rows = fresh.map(({ externalId, author, sentAt, sequence, ...content }) => {
          const messageId = uuid()
          return {
            id: messageId,
            externalId,
            author,
            sentAt,
            sequence,
            contentSealed: seals.sealContent(messageId, content),
          }
        })
        if (await store.append(scope.workspaceId, conversation, { count, rows, at: new Date(now()) })) break
      }
      events.wake()
      return id
    },

    async end(scope, id) {
      await get(scope, id)
      await store.end(scope.workspaceId, id, new Date(now()))
      events.wake()
      return id
    },

    async listen(scope, ids, { after, signal }) {
      const wanted = new Set(ids)
      if (wanted.size === 0 || wanted.size > LISTENED_CONVERSATIONS) {
        const message = `Name 1 to ${LISTENED_CONVERSATIONS} conversations.`
        throw new ValidationError([{ path: ['conversationIds'], message }])
      }
      if ((await store.count(scope, [...wanted])) < wanted.size) {
        throw new NotFoundError('One of these conversations does not exist, or you may not see it.')
      }
      return events.subscribe(scope.workspaceId, {
        kinds: conversationEventKinds,
        filter: ({ conversationId }) => conversationId !== null && wanted.has(conversationId),
        signal,
        ...(after !== null && { after }),
      })
    },
  }
}

/** A look-up that is under way is of a visitor who is another one now. */
const lookedUpAnew = { matchLeaseOwner: null, matchAttempts: 0 }

/** What may change of a conversation while it runs. */
interface Details {
  readonly visitor: Visitor
  readonly variables: readonly Variable[]
  readonly url: string | null
}

/** Variables that are known stay; names that are new are added. */
function completeVariables(known: readonly Variable[], given: readonly Variable[]): Variable[] {
  const names = new Set(known.map((variable) => variable.name))
  return [...known, ...given.filter(({ name }) => !names.has(name) && names.add(name))]
}

/** The same external id twice in one call is one message: the first. */
function withoutRepetition<T extends { externalId: string }>(messages: readonly T[]): T[] {
  const seen = new Set<string>()
  return messages.filter(({ externalId }) => !seen.has(externalId) && seen.add(externalId))
}
