import { expect, test, vi } from 'vitest'
import { type Conversation, end, say } from '../gateway/conversing.ts'
import { constantOf, industries } from './support/backend-settings.ts'
import {
  converse,
  makeRecord,
  type Row,
  rowOf,
  type SettledPush,
  settled,
  type TestRecord,
  tagTo,
  usualTable,
} from './support/pushing.ts'
import { openRules, type RuleCrm } from './support/rules.ts'

const { crm } = openRules()

/** One test for each CRM: the row speaks of both. */
function both(outcome: string, run: (it: RuleCrm) => Promise<void>): void {
  for (const [provider, name] of [
    ['DYNAMICS', 'Dynamics'],
    ['SALESFORCE', 'Salesforce'],
  ] as const) {
    test(`I-11 ${name}: ${outcome}`, async () => {
      await crm(provider).settings({})
      await run(crm(provider))
    })
  }
}

const fields = {
  DYNAMICS: { id: 'annotationid', body: 'notetext', regarding: '_objectid_value' },
  SALESFORCE: { id: 'Id', body: 'Description', regarding: 'WhoId' },
} as const

/** The activities of a conversation that nobody has deleted: which record each is about, and its messages. */
async function activitiesOf({ control, provider }: RuleCrm, { mark }: Conversation) {
  const { id, body, regarding } = fields[provider]
  const rows = await control.records(usualTable[provider])
  return rows
    .filter((row) => row['IsDeleted'] !== true && String(row[body]).includes(mark))
    .map((row) => ({
      table: usualTable[provider],
      id: String(row[id]),
      regarding: row[regarding] ?? row['WhatId'],
      texts: [...String(row[body]).matchAll(/mark-\w+ (\w+)/g)].map(([, text]) => text),
      body: String(row[body]),
    }))
}

const at = ({ entity, remoteId }: TestRecord) => ({ table: entity, id: remoteId })

/** A chat that was tagged while it ran: its push falls due when it ends. */
async function tagRunning(it: RuleCrm, record: TestRecord): Promise<Conversation> {
  const chat = await converse(it, 'CHAT', { runs: true })
  const tagged = await tagTo(it, chat, [record], { afterEnd: true })
  expect(tagged.outcomes?.map(({ error }) => error)).toEqual([null])
  return chat
}

async function endOf(it: RuleCrm, chat: Conversation): Promise<SettledPush> {
  await end(it.running, chat)
  return vi.waitFor(
    async () => {
      const [push] = await settled(it, chat, 0)
      if (!push) throw new Error('There is no push')
      return push
    },
    { timeout: 20_000 },
  )
}

const nameOf = (row: Row) => String(row['fullname'] ?? row['Name'] ?? row['name'])

both(
  'a record that was merged before the chat ended is followed, twice over, and the push says to which',
  async (it) => {
    const [first, second, third] = [
      await makeRecord(it, 'CONTACT'),
      await makeRecord(it, 'CONTACT'),
      await makeRecord(it, 'CONTACT'),
    ]
    const chat = await tagRunning(it, first)
    await it.control.mergeRecords(at(first), second.remoteId)
    await it.control.mergeRecords(at(second), third.remoteId)
    const push = await endOf(it, chat)
    expect(push).toMatchObject({ status: 'DELIVERED', error: null })
    expect(await activitiesOf(it, chat)).toMatchObject([{ regarding: third.remoteId, texts: ['first'] }])
    const why = push.why.find(({ rule }) => rule === 'I-11')
    expect(why?.text).toContain(`merged into "${nameOf(await rowOf(it, third))}"`)
  },
)

both('what is written into the record goes to the one that it was merged into', async (it) => {
  const { name, one } = industries[it.provider]
  const [loser, master] = [await makeRecord(it), await makeRecord(it)]
  await it.settings({ backendFields: [constantOf(it)] })
  const chat = await tagRunning(it, loser)
  await it.control.mergeRecords(at(loser), master.remoteId)
  expect(await endOf(it, chat)).toMatchObject({ status: 'DELIVERED' })
  expect((await rowOf(it, master))[name]).toBe(one.held)
  expect((await rowOf(it, loser))[name] ?? null).not.toBe(one.held)
})

both(
  'a lead that was converted is followed to its contact; values that only leads have are left out and told',
  async (it) => {
    await it.settings({
      backendFields: [constantOf(it, { entityType: it.names.lead.entity, name: industries[it.provider].name })],
    })
    const [lead, contact] = [await makeRecord(it, 'LEAD'), await makeRecord(it, 'CONTACT')]
    const chat = await tagRunning(it, lead)
    await it.control.convertLead(lead.remoteId, { contactId: contact.remoteId })
    const push = await endOf(it, chat)
    expect(push).toMatchObject({ status: 'DELIVERED' })
    expect(await activitiesOf(it, chat)).toMatchObject([{ regarding: contact.remoteId, texts: ['first'] }])
    expect(push.why.map(({ rule }) => rule)).toContain('I-11')
    expect(push.warnings).toMatchObject([{ code: 'VALUE_LEFT_OUT', text: expect.stringContaining('Industry') }])
  },
)

both('a record that was deleted fails the push, in words, and nothing is filed', async (it) => {
  const record = await makeRecord(it, 'CONTACT')
  const chat = await tagRunning(it, record)
  await it.control.removeRecord(at(record))
  expect(await endOf(it, chat)).toMatchObject({
    status: 'FAILED',
    error: {
      code: 'CRM_RECORD_GONE',
      message: expect.stringMatching(/what became of it\. Tag the conversation to another record, and discard/),
    },
  })
  expect(await activitiesOf(it, chat)).toEqual([])
})

both('a thread whose record is merged goes on in its activity, wherever that was moved', async (it) => {
  const [loser, master] = [await makeRecord(it, 'CONTACT'), await makeRecord(it, 'CONTACT')]
  const thread = await converse(it, 'SMS')
  await tagTo(it, thread, [loser])
  await settled(it, thread)
  await it.control.mergeRecords(at(loser), master.remoteId)
  await say(it.running, thread, 'second')
  await settled(it, thread, 2)
  expect(await activitiesOf(it, thread)).toMatchObject([{ regarding: master.remoteId, texts: ['first', 'second'] }])
})

both('an activity that was deleted gets a new one for what comes later, on the record that survives', async (it) => {
  const [loser, master] = [await makeRecord(it, 'CONTACT'), await makeRecord(it, 'CONTACT')]
  const thread = await converse(it, 'SMS')
  await tagTo(it, thread, [loser])
  await settled(it, thread)
  const [filed] = await activitiesOf(it, thread)
  if (!filed) throw new Error('Nothing was filed')
  await it.control.removeRecord(filed)
  await it.control.mergeRecords(at(loser), master.remoteId)
  // Nothing is outstanding, so nothing is made.
  expect(await activitiesOf(it, thread)).toEqual([])
  await say(it.running, thread, 'second')
  const pushes = await settled(it, thread, 2)
  const [again, ...others] = await activitiesOf(it, thread)
  expect(others).toEqual([])
  expect(again).toMatchObject({ regarding: master.remoteId, texts: ['second'] })
  expect(again?.body).toMatch(/^\(continues an earlier activity, which was closed, deleted or full\)/)
  expect(pushes.at(-1)?.why.map(({ rule }) => rule)).toEqual(expect.arrayContaining(['A-51', 'I-11']))
})
