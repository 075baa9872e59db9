import { expect, test, vi } from 'vitest'
import { activitiesOf, delivered, end, pushesOf, say, startConversation, tag } from '../gateway/conversing.ts'
import { createRecord, type Person, valuesOf } from '../gateway/creating.ts'
import type { Provider } from '../gateway/searching.ts'
import { openRules, type RuleCrm } from './support/rules.ts'

const rules = openRules()

async function newContact(
  { running, org, provider }: RuleCrm,
  person: Person = { last: 'Different' },
): Promise<string> {
  const { record } = await createRecord(running, org, 'CONTACT', {
    values: valuesOf(provider, person),
    allowDuplicate: true,
  })
  return record?.id ?? ''
}

const both = ['DYNAMICS', 'SALESFORCE'] as const

/** Each message in an activity of its own, or all in one; the texts of the activities, the shortest first. */
async function textsAfterThree(crm: RuleCrm, activities: number): Promise<string[]> {
  const { running, provider } = crm
  const conversation = await startConversation(running, 'SMS')
  await tag(running, conversation, [await newContact(crm)])
  await delivered(running, conversation, 1)
  await say(running, conversation, 'second')
  await say(running, conversation, 'third')
  await vi.waitFor(
    async () => {
      const pushes = await pushesOf(running, conversation)
      expect(pushes).toHaveLength(activities)
      for (const { status } of pushes) expect(status).toBe('DELIVERED')
      expect(Math.max(...pushes.map((push) => push.deliveredMessages))).toBe(3)
    },
    { timeout: 20_000, interval: 20 },
  )
  const texts = (await activitiesOf(running, provider, conversation)).map(({ text }) => text)
  return texts.toSorted((one, other) => one.length - other.length)
}

const wordsOf = (text: string) => ['first', 'second', 'third'].filter((word) => text.includes(word))

test('X-DIF-30 after tagging, Allow New Creation decides in Dynamics what becomes of a text message; Salesforce appends', async () => {
  const dynamics = rules.crm('DYNAMICS')
  await dynamics.settings({})
  expect((await textsAfterThree(dynamics, 1)).map(wordsOf)).toEqual([['first', 'second', 'third']])
  await dynamics.settings({ allowNewCreation: true })
  expect((await textsAfterThree(dynamics, 3)).map(wordsOf)).toEqual([
    ['first'],
    ['first', 'second'],
    ['first', 'second', 'third'],
  ])
  const salesforce = rules.crm('SALESFORCE')
  await salesforce.settings({})
  expect((await textsAfterThree(salesforce, 1)).map(wordsOf)).toEqual([['first', 'second', 'third']])
})

test('X-DIF-31 a running chat is refused by both CRMs, and pushed once it has ended', async () => {
  for (const provider of both) {
    const crm = rules.crm(provider)
    const conversation = await startConversation(crm.running, 'CHAT')
    const contact = await newContact(crm)
    await crm.control.clearCalls()
    expect(await tag(crm.running, conversation, [contact])).toMatchObject({ code: 'CHAT_NOT_ENDED' })
    expect(await crm.control.calls()).toEqual([])
    await end(crm.running, conversation)
    await tag(crm.running, conversation, [contact])
    await delivered(crm.running, conversation, 1)
  }
})

interface Match {
  kind: string
  identifier: string | null
  actions: string[]
  hits: { record: { name: string } }[]
}

async function matchOf(crm: RuleCrm, channel: 'CHAT' | 'SMS', visitor: object): Promise<Match> {
  const conversation = await startConversation(crm.running, channel, visitor)
  const { conversation: found } = await crm.running.execute(
    'query ($id: ID!) { conversation(id: $id) { match { kind identifier actions hits { record { name } } } } }',
    { id: conversation.id },
  )
  return found.match
}

/** The other CRM stays silent: its automatic pushes are off. */
async function only(provider: Provider, changes: Record<string, unknown>): Promise<RuleCrm> {
  for (const other of both) if (other !== provider) await rules.crm(other).settings({})
  const crm = rules.crm(provider)
  await crm.settings(changes)
  return crm
}

test('X-DIF-12 text messages find their record by phone and by account id, in both CRMs', async () => {
  for (const provider of both) {
    const { names } = rules.crm(provider)
    const byPhone = { enabled: true, entityType: names.contact.entity, field: names.contact.phone, identifier: 'PHONE' }
    const phoned = await only(provider, { fetchCrmData: true, autoSmsPush: byPhone })
    await newContact(phoned, { last: 'Phoned', phone: '+15125550177' })
    expect(await matchOf(phoned, 'SMS', { phone: '(512) 555-0177' })).toMatchObject({
      identifier: 'PHONE',
      hits: [{ record: { name: 'Phoned' } }],
    })
    const byAccount = {
      enabled: true,
      entityType: names.account.entity,
      field: names.account.name,
      identifier: 'ACCOUNT_ID',
    }
    const named = await only(provider, { fetchCrmData: true, autoSmsPush: byAccount })
    await createRecord(named.running, named.org, 'ACCOUNT', { values: [{ name: names.account.name, value: 'A-77' }] })
    expect(await matchOf(named, 'SMS', { accountId: 'A-77' })).toMatchObject({
      identifier: 'ACCOUNT_ID',
      hits: [{ record: { name: 'A-77' } }],
    })
  }
})

test('X-DIF-13 a chat with one match is told from a chat with several, in both CRMs', async () => {
  for (const provider of both) {
    const { names } = rules.crm(provider)
    const rule = { identifier: 'PHONE', entityType: names.contact.entity, field: names.contact.phone }
    const crm = await only(provider, { autoChatPush: { enabled: true, rules: [rule], tagSingleMatchUnasked: false } })
    await newContact(crm, { last: 'Twin One', phone: '+15125550188' })
    expect(await matchOf(crm, 'CHAT', { phone: '+15125550188' })).toMatchObject({
      kind: 'ONE',
      actions: ['TAG', 'SEARCH_ANOTHER'],
    })
    await newContact(crm, { last: 'Twin Two', phone: '+15125550188' })
    expect(await matchOf(crm, 'CHAT', { phone: '+15125550188' })).toMatchObject({
      kind: 'MANY',
      actions: ['TAG_ALL', 'SEARCH_ANOTHER'],
    })
  }
})
