/** How a conversation's personal data is kept: sealed, each bound to its own row and column (decision 9). */
import { sealed } from '../secrets/sealed-columns.ts'
import type { SecretBox } from '../secrets/secret-box.ts'
import type { MessageContent, Variable, Visitor } from './conversation.ts'

export interface ConversationSeals {
  sealVisitor(conversationId: string, visitor: Visitor): string
  openVisitor(row: { id: string; visitorSealed: string }): Visitor
  sealVariables(conversationId: string, variables: readonly Variable[]): string
  openVariables(row: { id: string; variablesSealed: string }): Variable[]
  sealContent(messageId: string, content: MessageContent): string
  /** Empty where it was removed when the retention period was over. */
  openContent(row: { id: string; contentSealed: string | null }): MessageContent
}

export function createConversationSeals(secrets: SecretBox): ConversationSeals {
  const seal = (identity: string, value: unknown) => secrets.seal(identity, JSON.stringify(value))
  const open = (identity: string, sealed: string) => JSON.parse(secrets.open(identity, sealed))
  return {
    sealVisitor: (id, visitor) => seal(sealed.visitor.identity(id), visitor),
    openVisitor: ({ id, visitorSealed }): Visitor => open(sealed.visitor.identity(id), visitorSealed),
    sealVariables: (id, variables) => seal(sealed.variables.identity(id), variables),
    openVariables: ({ id, variablesSealed }): Variable[] => open(sealed.variables.identity(id), variablesSealed),
    sealContent: (id, { authorName, text, attachments }) =>
      seal(sealed.content.identity(id), { authorName, text, attachments }),
    openContent: ({ id, contentSealed }): MessageContent =>
      contentSealed === null ? removed : open(sealed.content.identity(id), contentSealed),
  }
}

const removed: MessageContent = { authorName: null, text: '', attachments: [] }
