/** What is said is what the CRM holds, whatever it is made of: looked up in the emulated CRMs' own rows. */
import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { Conversation } from '../gateway/conversing.ts'
import { converse, makeRecord, settled, tagTo } from '../rules/support/pushing.ts'
import { openRules, type RuleCrm } from '../rules/support/rules.ts'

const { crm } = openRules()

interface Said {
  text: string
  /** As it stands in the CRM, where that is otherwise. */
  held?: string
  attachments?: { name: string; url: string }[]
}

const sentAt = '2026-01-31T14:05:00Z'
const head = '[2026-01-31 14:05] Dana: '

const nasty: Said[] = [
  { text: 'emoji 😀👩‍👩‍👧‍👦🏳️‍🌈 and e\u0301, ﷽' },
  { text: 'שלום עולם, مرحبا \u202Eback to front\u202C' },
  { text: '<b>bold</b> & "quotes" \'single\' &amp; &lt; \\ % _ [x] {y} `z` $1 $&' },
  { text: 'first\nsecond\r\nthird', held: 'first\n  second\n  third' },
  {
    text: 'nul \0, bell \u0007, escape \u001b[31m, delete \u007f, tab\there',
    held: 'nul ␀, bell ␇, escape ␛[31m, delete ␡, tab here',
  },
  { text: 'half \ud83d of one, next line \u0085, none \uffff', held: 'half � of one, next line �, none �' },
  { text: "Robert'); DROP TABLE Students;--' OR 1=1" },
  {
    text: 'see this',
    held: 'see this\n  plan <1>.pdf: https://files.example/plan?a=1&b=2',
    attachments: [{ name: 'plan <1>.pdf', url: 'https://files.example/plan?a=1&b=2' }],
  },
]

async function append(it: RuleCrm, { id }: Conversation, messages: readonly Said[]): Promise<void> {
  const { appendMessages } = await it.running.execute(
    `mutation ($id: ID!, $messages: [MessageInput!]!) {
      appendMessages(conversationId: $id, messages: $messages) { __typename ... on Error { message } }
    }`,
    {
      id,
      messages: messages.map(({ text, attachments = [] }) => ({
        ...{ externalId: randomUUID(), author: 'VISITOR', authorName: 'Dana', sentAt },
        ...{ text, attachments },
      })),
    },
  )
  expect(appendMessages).toEqual({ __typename: 'ConversationSuccess' })
}

/** The texts of a record's activities in their order. Notes are stored as rich text. */
async function textsOf({ control, provider }: RuleCrm, remoteId: string): Promise<{ subject: string; body: string }[]> {
  const rows =
    provider === 'DYNAMICS'
      ? await control.records('annotation', { _objectid_value: remoteId })
      : await control.records('Task', { WhatId: remoteId })
  const plain = (text: string) =>
    provider === 'DYNAMICS' ? text.replaceAll('&lt;', '<').replaceAll('&amp;', '&') : text
  return rows
    .map((row) => ({
      subject: String(row['subject'] ?? row['Subject']),
      body: plain(String(row['notetext'] ?? row['Description'])),
    }))
    .sort((a, b) => a.subject.localeCompare(b.subject, 'en', { numeric: true }))
}

describe.each(['DYNAMICS', 'SALESFORCE'] as const)('%s', (provider) => {
  test('text of every kind is there as it was said', async () => {
    const it = crm(provider)
    await it.settings({})
    const record = await makeRecord(it)
    const thread = await converse(it, 'SMS')
    await tagTo(it, thread, [record])
    await append(it, thread, nasty)
    await settled(it, thread, nasty.length + 1)
    const [activity, ...others] = await textsOf(it, record.remoteId)
    expect(others).toEqual([])
    const expected = nasty.map(({ text, held }) => `${head}${held ?? text}`).join('\n')
    expect(activity?.body).toMatch(/\n\[.*\] Ada: mark-\w+ first$/)
    expect(activity?.body.slice(0, activity.body.lastIndexOf('\n['))).toBe(expected)
  })

  test('a message of 100,000 characters is whole, over as many activities as the field asks for', async () => {
    const it = crm(provider)
    await it.settings({})
    const record = await makeRecord(it)
    const thread = await converse(it, 'SMS')
    const unit = '0123456789 😀 é שלום\n'
    const text = unit.repeat(6_000).slice(0, 100_000)
    await append(it, thread, [{ text }, { text: 'and on' }])
    await tagTo(it, thread, [record])
    await settled(it, thread, 3)
    const bodies = (await textsOf(it, record.remoteId)).map(({ body }) => body)
    expect(bodies.length).toBeGreaterThan(3)
    const frames = /^\(part \d+, continued\)\n|\n\(continues in part \d+\)$/g
    const joined = bodies.map((body) => body.replaceAll(frames, '')).join('\n')
    const withoutBlanks = (it: string) => it.replaceAll(/\s/g, '')
    expect(withoutBlanks(joined).startsWith(withoutBlanks(`${head}${text}${head}and on[`))).toBe(true)
  })
})

test('a note that a person saved as rich text with a line of their own keeps that line, and goes on below', async () => {
  const it = crm('DYNAMICS')
  await it.settings({})
  const record = await makeRecord(it)
  const thread = await converse(it, 'SMS')
  await append(it, thread, [{ text: '3 < 4 & <b>5</b>' }])
  await tagTo(it, thread, [record])
  await settled(it, thread, 2)
  const [note] = await it.control.records('annotation', { _objectid_value: record.remoteId })
  const at = { table: 'annotation', id: String(note?.['annotationid']) }
  const stored = String(note?.['notetext'])
  const asHtml = (text: string) =>
    `<div class="ck-content">${text
      .split('\n')
      .map((line) => `<p>${line}</p>`)
      .join('')}</div>`

  // The editor alone changes nothing that counts: the text is still ours, and is replaced.
  await it.control.changeRecord(at, { notetext: asHtml(stored) })
  await append(it, thread, [{ text: 'second' }])
  await settled(it, thread, 3)
  const [{ body: replaced } = { body: '' }] = await textsOf(it, record.remoteId)
  expect(replaced).not.toContain('<p>')
  expect(replaced.match(/3 < 4/g)).toHaveLength(1)

  await it.control.changeRecord(at, { notetext: asHtml(`Called back &amp; settled.\n${stored}\n${head}second`) })
  await append(it, thread, [{ text: 'third' }])
  await settled(it, thread, 4)
  const [{ body } = { body: '' }] = await textsOf(it, record.remoteId)
  expect(body).toMatch(/^Called back & settled\.\n/)
  for (const text of ['first', '3 < 4 & <b>5</b>', 'second', 'third']) expect(body.split(text)).toHaveLength(2)
})
