/** How messages read in a CRM: one line each, in the workspace's time zone. Pure. */
import { type Message, type Visitor, visitorName } from '../conversations/conversation.ts'
import { toVisible } from './visible-text.ts'

/** A message as text, with the number by which it is counted. */
export interface Passage {
  readonly arrival: number
  readonly text: string
}

/**
 * `[2026-01-31 14:05] Dana Fox: Hello`, attachments on lines of their own. Further lines of a message are set in, so that
 * what a visitor types can never pass for somebody else's message.
 */
export function renderMessages(messages: readonly Message[], visitor: Visitor, timeZone: string): Passage[] {
  const clock = clockOf(timeZone)
  const names = { VISITOR: visitorName(visitor) ?? 'Visitor', AGENT: 'Agent', SYSTEM: 'System' }
  return messages.map((message) => {
    const lines = [
      ...(message.text.trim() === '' ? [] : linesOf(message.text)),
      ...message.attachments.map((attachment) => `${oneLine(attachment.name)}: ${oneLine(attachment.url)}`),
    ]
    const author = oneLine(message.authorName ?? names[message.author])
    return { arrival: message.arrival, text: `[${clock(message.sentAt)}] ${author}: ${lines.join('\n  ')}` }
  })
}

/** The day of a moment in a time zone: `2026-01-31`. */
export function dayOf(moment: Date, timeZone: string): string {
  return clockOf(timeZone)(moment).slice(0, 10)
}

const clocks = new Map<string, (moment: Date) => string>()

/** Making a formatter costs more than a long transcript: one is kept for each time zone. */
function clockOf(timeZone: string): (moment: Date) => string {
  const known = clocks.get(timeZone)
  if (known) return known
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  })
  const clock = (moment: Date) => {
    const part = Object.fromEntries(format.formatToParts(moment).map(({ type, value }) => [type, value]))
    return `${part['year']}-${part['month']}-${part['day']} ${part['hour']}:${part['minute']}`
  }
  clocks.set(timeZone, clock)
  return clock
}

function linesOf(text: string): string[] {
  return text
    .trimEnd()
    .split(/\r\n|[\n\r\u2028\u2029]/u)
    .map((line) => toVisible(line).trimEnd())
}

function oneLine(text: string): string {
  return linesOf(text).join(' ').trim()
}
