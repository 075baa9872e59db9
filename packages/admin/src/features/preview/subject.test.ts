import { expect, test } from 'vitest'
import { firstVisitor, nameOfSubject, type Subject, toPreviewInput } from './subject.ts'

const visitor = firstVisitor(new Date('2026-05-01T10:00:00Z'))
const madeUp = (changes: Partial<typeof visitor>): Subject => ({ kind: 'MADE_UP', visitor: { ...visitor, ...changes } })

test('a line is a message of the visitor, or of the agent where it says so', () => {
  const subject = madeUp({ messages: 'Hello\n\nagent: Good day\n  Agent:  \nBye' })
  const { conversation } = toPreviewInput('org', {}, subject)
  expect(conversation?.messages).toEqual([
    { externalId: 'line-1', author: 'VISITOR', text: 'Hello', sentAt: '2026-05-01T10:00:00.000Z' },
    { externalId: 'line-2', author: 'AGENT', text: 'Good day', sentAt: '2026-05-01T10:00:30.000Z' },
    { externalId: 'line-3', author: 'VISITOR', text: 'Bye', sentAt: '2026-05-01T10:01:00.000Z' },
  ])
})

test('what is empty is not known of the visitor', () => {
  const subject = madeUp({ phone: ' ', accountId: 'A-7', variables: { Location: 'Vienna', Computer: '' } })
  expect(toPreviewInput('org', {}, subject).conversation).toMatchObject({
    visitor: { firstName: 'Ada', lastName: 'Lovelace-Byrne', email: visitor.email, accountId: 'A-7' },
    variables: [{ name: 'Location', value: 'Vienna' }],
  })
  expect(toPreviewInput('org', {}, subject).conversation?.visitor).not.toHaveProperty('phone')
})

test('a conversation is named by its id, and nothing else of it is sent', () => {
  const subject: Subject = { kind: 'CONVERSATION', id: 'c-1', name: 'Ada', channel: 'SMS' }
  expect(toPreviewInput('org', { provider: 'DYNAMICS' }, subject)).toEqual({
    integrationId: 'org',
    settings: { provider: 'DYNAMICS' },
    conversationId: 'c-1',
  })
})

test('a visitor without a name is called by what is known', () => {
  expect(nameOfSubject(madeUp({}))).toBe('Ada Lovelace-Byrne')
  expect(nameOfSubject(madeUp({ firstName: '', lastName: '' }))).toBe(visitor.phone)
  expect(nameOfSubject(madeUp({ firstName: '', lastName: '', phone: '', email: '' }))).toBe('Somebody unknown')
})
