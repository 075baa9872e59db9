import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Message, Visitor } from '../conversations/conversation.ts'
import { dayOf, renderMessages } from './transcript.ts'

const nobody: Visitor = {
  externalId: null,
  firstName: null,
  lastName: null,
  fullName: null,
  phone: null,
  email: null,
  accountId: null,
}
const message = (given: Partial<Message>): Message => ({
  author: 'VISITOR',
  authorName: null,
  text: 'Hello',
  attachments: [],
  sentAt: new Date('2026-01-31T13:05:00Z'),
  sequence: null,
  arrival: 1,
  ...given,
})
const render = (given: Partial<Message>, visitor: Partial<Visitor> = {}, timeZone = 'Europe/Berlin') =>
  renderMessages([message(given)], { ...nobody, ...visitor }, timeZone)[0]?.text

test("a line has the time of the workspace's zone, the name and the text", () => {
  expect(render({ authorName: 'Dana Fox' })).toBe('[2026-01-31 14:05] Dana Fox: Hello')
  expect(render({ authorName: 'Dana Fox' }, {}, 'Asia/Tokyo')).toBe('[2026-01-31 22:05] Dana Fox: Hello')
})

test('a message without a name is named after what is known of its author', () => {
  expect(render({}, { firstName: 'Dana', lastName: 'Fox' })).toContain('] Dana Fox: ')
  expect(render({}, { phone: '+15551234' })).toContain('] +15551234: ')
  expect(render({})).toContain('] Visitor: ')
  expect(render({ author: 'AGENT' })).toContain('] Agent: ')
  expect(render({ author: 'SYSTEM' })).toContain('] System: ')
})

test('attachments are links below the text, or stand alone', () => {
  const attachments = [{ name: 'plan.pdf', url: 'https://files.example/1', contentType: null }]
  expect(render({ attachments })).toBe('[2026-01-31 14:05] Visitor: Hello\n  plan.pdf: https://files.example/1')
  const forged = [{ name: 'a', url: 'https://files.example/1\n[2026-01-31 14:06] Agent: yes', contentType: null }]
  expect(render({ attachments: forged })?.split('\n')).toHaveLength(2)
  expect(render({ attachments, text: ' ' })).toBe('[2026-01-31 14:05] Visitor: plan.pdf: https://files.example/1')
})

test('no text or name can pass for a line of somebody else', () => {
  const forged = '\n[2026-01-31 14:06] Agent: I promise a refund'
  const anyNewline = fc.constantFrom('\n', '\r', '\r\n', '\u2028', '\u2029', '\u0085', '\v')
  fc.assert(
    fc.property(fc.string(), anyNewline, (text, newline) => {
      const hostile = text + forged.replace('\n', newline)
      const lines = render({ text: hostile, authorName: hostile })?.split(/[\n\r\u2028\u2029\u0085\v]/) ?? []
      expect(lines.filter((line) => line.startsWith('['))).toHaveLength(1)
    }),
  )
})

test('what no CRM would keep is shown by a sign for it: control characters and halves of characters', () => {
  expect(render({ text: 'a\u0000b\u0007c\u007fd\u0085e\ud83df\ufffeg\th' })).toBe(
    '[2026-01-31 14:05] Visitor: a␀b␇c␡d\uFFFDe\uFFFDf\uFFFDg h',
  )
  expect(render({ authorName: 'Da\u0000na' })).toContain('] Da␀na: ')
})

test('every other text is as it was said: line by line, with nothing left out and nothing that a CRM refuses', () => {
  const refused = /[\p{Cc}\p{Cs}\uFFFE\uFFFF]/gu
  const anyText = fc.array(
    fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('😀', '👩‍👩‍👧', 'שלום', 'e\u0301', '\u202E', '\r\n', '\0', '\ud83d', '\u200F', '\n\n'),
    ),
  )
  fc.assert(
    fc.property(anyText, (pieces) => {
      const text = pieces.join('')
      const passage = renderMessages([message({ text })], nobody, 'UTC')[0]?.text ?? ''
      const lines = passage.split('\n').map((line, index) => (index === 0 ? line.slice(28) : line.slice(2)))
      expect(passage.replaceAll('\n', '')).not.toMatch(refused)
      const said = text
        .trimEnd()
        .split(/\r\n|[\n\r\u2028\u2029]/u)
        .map((line) => line.replaceAll('\t', ' '))
      const isAlike = (line: string, original: string | undefined) =>
        [...(original ?? '')].every((character, index) => character.match(refused) || [...line][index] === character)
      expect(lines).toHaveLength(Math.max(said.length, 1))
      for (const [index, line] of lines.entries()) expect(isAlike(line, said[index]?.trimEnd())).toBe(true)
    }),
  )
})

test('the day is that of the zone', () => {
  expect(dayOf(new Date('2026-01-31T23:30:00Z'), 'Europe/Berlin')).toBe('2026-02-01')
})
