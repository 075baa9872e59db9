/** A conversation that is only tried out, as rules read it. Pure. */
import type { ConversationFacts, Message } from '../conversations/conversation.ts'
import { type DraftInput, parseDraft } from '../conversations/input.ts'
import { orderMessages } from '../conversations/message-order.ts'
import { readVariables } from '../conversations/variables.ts'

export interface TriedConversation {
  readonly facts: ConversationFacts
  readonly messages: readonly Message[]
}

/**
 * @param declared the workspace's own chat variables
 * @param now milliseconds since 1970: when it begins, if no message is older
 * @throws ValidationError whose paths begin with `path`
 */
export function readDraft(
  input: DraftInput,
  path: readonly string[],
  { declared, now }: { declared: readonly string[]; now: number },
): TriedConversation {
  const { channel, visitor, variables, pageUrl, messages } = parseDraft(input, path)
  const arrived = messages.map((message, index): Message => ({ ...message, arrival: index + 1 }))
  const startedAt = new Date(Math.min(now, ...arrived.map(({ sentAt }) => sentAt.getTime())))
  return {
    facts: {
      id: null,
      channel,
      // What is tried out is what would be written, and a chat is written when it has ended.
      status: channel === 'CHAT' ? 'ENDED' : 'ACTIVE',
      startedAt,
      visitor,
      variables: readVariables(variables, pageUrl, declared),
    },
    messages: orderMessages(arrived),
  }
}
