/** What a conversation is: its words, and the plain shapes that travel between services. */

export const channels = ['CHAT', 'SMS'] as const
export type Channel = (typeof channels)[number]

export const conversationStatuses = ['ACTIVE', 'ENDED'] as const
export type ConversationStatus = (typeof conversationStatuses)[number]

export const authors = ['VISITOR', 'AGENT', 'SYSTEM'] as const
export type Author = (typeof authors)[number]

/** Who the chat product talks to. Null: not known. */
export interface Visitor {
  readonly externalId: string | null
  readonly firstName: string | null
  readonly lastName: string | null
  readonly fullName: string | null
  readonly phone: string | null
  readonly email: string | null
  /** What the chat product calls the visitor's account. */
  readonly accountId: string | null
}

export const unknownVisitor: Visitor = {
  externalId: null,
  firstName: null,
  lastName: null,
  fullName: null,
  phone: null,
  email: null,
  accountId: null,
}

/** What a visitor is looked up by in CRMs. */
export type Profile = Pick<Visitor, 'phone' | 'email' | 'accountId'>

export const profileOf = ({ phone, email, accountId }: Visitor): Profile => ({ phone, email, accountId })

export const isSameProfile = (one: Profile, other: Profile): boolean =>
  one.phone === other.phone && one.email === other.email && one.accountId === other.accountId

/** One chat variable of a conversation: what the product knows besides, by name. */
export interface Variable {
  readonly name: string
  readonly value: string
}

export interface Attachment {
  readonly name: string
  readonly url: string
  readonly contentType: string | null
}

/** What of a message is kept encrypted. */
export interface MessageContent {
  readonly authorName: string | null
  readonly text: string
  readonly attachments: readonly Attachment[]
}

export interface Message extends MessageContent {
  readonly author: Author
  readonly sentAt: Date
  readonly sequence: number | null
  /** Counts arrivals within the conversation, from 1, without gaps. */
  readonly arrival: number
}

/** What rules read of a conversation, whether it is kept or only tried out. */
export interface ConversationFacts {
  /** Null: only tried out. */
  readonly id: string | null
  readonly channel: Channel
  readonly status: ConversationStatus
  readonly startedAt: Date
  readonly visitor: Visitor
  /** Those of the call that began it, then those of the page URL's query. */
  readonly variables: readonly Variable[]
}

/** Which conversations a caller may reach. A viewer is one: null stands for all of its workspace. */
export interface ConversationScope {
  readonly workspaceId: string
  readonly conversationIds: readonly string[] | null
}

/** The name to show for a visitor: the best of what is known; null for nothing. */
export function visitorName(visitor: Visitor): string | null {
  const fromParts = [visitor.firstName, visitor.lastName].filter(Boolean).join(' ')
  return visitor.fullName || fromParts || visitor.phone || visitor.email || visitor.externalId
}

/** What is known already stays; what was not known is filled in. */
export function completeVisitor(known: Visitor, given: Visitor): Visitor {
  return mergeVisitor(given, known)
}

/** What is given replaces what was known; what is not given stays. */
export function mergeVisitor(known: Visitor, given: Visitor): Visitor {
  return {
    externalId: given.externalId ?? known.externalId,
    firstName: given.firstName ?? known.firstName,
    lastName: given.lastName ?? known.lastName,
    fullName: given.fullName ?? known.fullName,
    phone: given.phone ?? known.phone,
    email: given.email ?? known.email,
    accountId: given.accountId ?? known.accountId,
  }
}
