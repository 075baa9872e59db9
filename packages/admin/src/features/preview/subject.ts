/** Whose conversation a preview is of. Pure, but for what is remembered while the app is open. */
import type { Channel, ConversationDraftInput, PreviewInput } from '../../graphql/generated/graphql.ts'

/** A visitor who is only tried out. */
export interface MadeUpVisitor {
  readonly channel: Channel
  readonly firstName: string
  readonly lastName: string
  readonly phone: string
  readonly email: string
  readonly accountId: string
  readonly pageUrl: string
  /** Chat variables by name. */
  readonly variables: Readonly<Record<string, string>>
  /** One message a line; the agent's begin with "Agent:". */
  readonly messages: string
  /** When the first message was sent: ISO 8601. */
  readonly at: string
}

export type Subject =
  | { readonly kind: 'MADE_UP'; readonly visitor: MadeUpVisitor }
  | { readonly kind: 'CONVERSATION'; readonly id: string; readonly name: string; readonly channel: Channel }

/** Somebody whom the emulated orgs know, so that the first look shows something. */
export function firstVisitor(now: Date): MadeUpVisitor {
  return {
    channel: 'CHAT',
    firstName: 'Ada',
    lastName: 'Lovelace-Byrne',
    phone: '+1 512 555 0143',
    email: 'ada@analytical-engines.example',
    accountId: '',
    pageUrl: '',
    variables: {},
    messages: 'Hello, can you help me with my order?\nAgent: Of course. What is its number?\nIt is 1843.',
    at: now.toISOString(),
  }
}

export function toPreviewInput(integrationId: string, settings: unknown, subject: Subject): PreviewInput {
  const shared = { integrationId, settings }
  if (subject.kind === 'CONVERSATION') return { ...shared, conversationId: subject.id }
  return { ...shared, conversation: toDraft(subject.visitor) }
}

function toDraft(visitor: MadeUpVisitor): ConversationDraftInput {
  const { channel, firstName, lastName, phone, email, accountId, pageUrl, variables, messages, at } = visitor
  const person = Object.entries({ firstName, lastName, phone, email, accountId })
  return {
    channel,
    visitor: Object.fromEntries(person.filter(([, value]) => value.trim() !== '')),
    ...(pageUrl.trim() !== '' && { pageUrl: pageUrl.trim() }),
    variables: Object.entries(variables)
      .filter(([, value]) => value.trim() !== '')
      .map(([name, value]) => ({ name, value })),
    messages: linesOf(messages).map(({ author, text }, index) => ({
      externalId: `line-${index + 1}`,
      author,
      text,
      sentAt: new Date(Date.parse(at) + index * secondsApart * 1000).toISOString(),
    })),
  }
}

const secondsApart = 30
const agentLine = /^agent:\s*/i

function linesOf(messages: string) {
  return messages
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => {
      const author = agentLine.test(line) ? ('AGENT' as const) : ('VISITOR' as const)
      return { author, text: line.replace(agentLine, '') }
    })
    .filter(({ text }) => text !== '')
}

/** Who it is, in a line. */
export function nameOfSubject(subject: Subject): string {
  if (subject.kind === 'CONVERSATION') return subject.name
  const { firstName, lastName, phone, email } = subject.visitor
  return [firstName, lastName].join(' ').trim() || phone || email || 'Somebody unknown'
}

export function channelOf(subject: Subject): Channel {
  return subject.kind === 'CONVERSATION' ? subject.channel : subject.visitor.channel
}

/** By integration, as long as the page is not loaded anew: a visitor's data is nowhere else. */
const remembered = new Map<string, Subject>()

export function recallSubject(integrationId: string): Subject {
  return remembered.get(integrationId) ?? { kind: 'MADE_UP', visitor: firstVisitor(new Date()) }
}

export function rememberSubject(integrationId: string, subject: Subject): void {
  remembered.set(integrationId, subject)
}
