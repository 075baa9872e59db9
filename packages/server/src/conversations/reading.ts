/** The messages of a conversation, in its order. */
import { NotFoundError, ValidationError } from '../shared/errors.ts'
import type { ConversationScope, Message, Visitor } from './conversation.ts'
import { orderMessages } from './message-order.ts'
import type { ConversationSeals } from './sealing.ts'
import type { ConversationRow, ConversationStore, MessageRow } from './store.ts'

/** Messages in order, and whether there are others before and behind them. */
export interface MessagePage {
  readonly rows: readonly MessageRow[]
  readonly before: boolean
  readonly more: boolean
}

/** All that a transcript is made of. */
export interface Transcript {
  readonly id: string
  readonly externalId: string
  readonly channel: ConversationRow['channel']
  readonly startedAt: Date
  readonly visitor: Visitor
  /** Those that are kept, in the order of the conversation. */
  readonly messages: readonly Message[]
  /** Messages that arrived up to this one were removed when the retention period was over. */
  readonly removedMessages: number
}

export interface MessageReader {
  /**
   * A page in the order of the conversation, `first` messages behind the one that arrived as number `after`.
   *
   * @throws ValidationError where none arrived as that
   */
  listMessages(
    row: Pick<ConversationRow, 'id' | 'workspaceId'>,
    page: { first: number; after: number | null },
  ): Promise<MessagePage>
  /** @throws NotFoundError */
  getMessage(scope: ConversationScope, id: string): Promise<MessageRow>
  /** Everything at once, for those who write it into a CRM; null where the conversation is gone. */
  readTranscript(workspaceId: string, id: string): Promise<Transcript | null>
}

export function createMessageReader(store: ConversationStore, seals: ConversationSeals): MessageReader {
  return {
    async getMessage(scope, id) {
      const message = await store.findMessage(scope, id)
      if (message === null) throw new NotFoundError('There is no message of this id that you may see.')
      return message
    },

    async listMessages({ workspaceId, id }, { first, after }) {
      const order = orderMessages(await store.listOrder(workspaceId, id))
      const start = after === null ? 0 : order.findIndex((it) => it.arrival === after) + 1
      if (after !== null && start === 0) {
        throw new ValidationError([{ path: ['after'], message: 'Take a cursor of a page of this conversation.' }])
      }
      const page = order.slice(start, start + first)
      const rows = await store.listMessages(
        workspaceId,
        id,
        page.map((it) => it.id),
      )
      return { rows: orderMessages(rows), before: start > 0, more: start + page.length < order.length }
    },

    async readTranscript(workspaceId, id) {
      const row = await store.find({ workspaceId, conversationIds: null }, { id })
      if (row === null) return null
      const rows = await store.listMessages(workspaceId, id)
      const messages = orderMessages(rows.filter((message) => message.contentSealed !== null))
      const removed = rows.filter((message) => message.contentSealed === null).map((message) => message.arrival)
      return {
        id,
        externalId: row.externalId,
        channel: row.channel,
        startedAt: row.startedAt,
        visitor: seals.openVisitor(row),
        messages: messages.map(({ author, sentAt, sequence, arrival, ...message }) => ({
          author,
          sentAt,
          sequence,
          arrival,
          ...seals.openContent(message),
        })),
        removedMessages: removed.reduce((last, arrival) => Math.max(last, arrival), 0),
      }
    },
  }
}
