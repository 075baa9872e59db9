import { randomUUID } from 'node:crypto'
import { beforeEach, expect } from 'vitest'
import { newWord, put, putAccount } from '../rules/support/looking.ts'
import { openRules, type RuleCrm } from '../rules/support/rules.ts'
import { providers } from './searching.ts'

const { twins, crm } = openRules({ people: 5 })

beforeEach(async () => {
  for (const provider of providers) await crm(provider).settings({})
})

interface Match {
  kind: string
  identifier: string | null
  actions: string[]
  hits: { matchedBy: string; matchedField: string; record: { remoteId: string; name: string } }[]
}

interface Matched {
  id: string
  match: Match | null
  why: { rule: string; text: string; settingId: string | null }[]
}

const fields = `id match { kind identifier actions hits { matchedBy matchedField record { remoteId name } } } why { rule text settingId }`

async function begin(of: RuleCrm, channel: string, visitor: object): Promise<Matched> {
  const { startConversation } = await of.running.execute(
    `mutation ($input: StartConversationInput!) {
      startConversation(input: $input) { ... on ConversationSuccess { conversation { ${fields} } } ... on Error { message } }
    }`,
    { input: { externalId: randomUUID(), channel, visitor } },
  )
  return startConversation.conversation
}

let numbers = 3000
const newPhone = () => {
  numbers += 1
  return `+1 214 555 ${numbers}`
}

const putContact = (of: RuleCrm, phone: string) =>
  put(of, 'CONTACT', of.names.contact.entity, [
    { name: of.names.contact.last, type: 'TEXT', value: newWord() },
    { name: of.names.contact.phone, type: 'PHONE', value: phone },
  ])

const chatRule = ({ names }: RuleCrm, identifier: string) => ({
  identifier,
  entityType: identifier === 'ACCOUNT_ID' ? names.account.entity : names.contact.entity,
  field: identifier === 'ACCOUNT_ID' ? names.account.name : names.contact.phone,
})

const autoChatPush = (of: RuleCrm, ...identifiers: string[]) => ({
  autoChatPush: {
    enabled: true,
    rules: identifiers.map((identifier) => chatRule(of, identifier)),
    tagSingleMatchUnasked: false,
  },
})

const rulesOf = ({ why }: Matched, { provider }: RuleCrm) =>
  why.map(({ rule }) => rule).filter((rule) => rule.startsWith(provider === 'DYNAMICS' ? 'D' : 'S'))

const each = { DYNAMICS: 'DYNAMICS:', SALESFORCE: 'SALESFORCE:' }

twins(each, 'with Auto Chat Push off nobody is looked for, and why is said', async (of) => {
  const phone = newPhone()
  await putContact(of, phone)
  await of.control.clearCalls()
  const matched = await begin(of, 'CHAT', { phone })
  expect(matched.match).toBeNull()
  expect(rulesOf(matched, of)).toEqual([expect.stringMatching(/-CHT-07$/)])
  expect(await of.control.calls()).toEqual([])
})

twins(each, 'a chat is matched by the mapped field: one, several or none, with their actions', async (of) => {
  await of.settings(autoChatPush(of, 'PHONE'))
  const phone = newPhone()
  expect((await begin(of, 'CHAT', { phone })).match).toEqual({
    kind: 'NONE',
    identifier: null,
    actions: ['SEARCH_ANOTHER'],
    hits: [],
  })
  const first = await putContact(of, phone)
  const one = await begin(of, 'CHAT', { phone })
  expect(one.match).toMatchObject({
    kind: 'ONE',
    identifier: 'PHONE',
    actions: ['TAG', 'SEARCH_ANOTHER'],
    hits: [{ matchedBy: 'PHONE', matchedField: of.names.contact.phone, record: { remoteId: first } }],
  })
  expect(rulesOf(one, of)).toEqual([expect.stringMatching(/-CHT-05$/)])
  const second = await putContact(of, phone)
  const { match } = await begin(of, 'CHAT', { phone })
  expect(match).toMatchObject({ kind: 'MANY', actions: ['TAG_ALL', 'SEARCH_ANOTHER'] })
  expect(match?.hits.map(({ record }) => record.remoteId).sort()).toEqual([first, second].sort())
})

twins(each, 'the order of the rules decides, and what is not known is skipped', async (of) => {
  const phone = newPhone()
  const accountId = newWord()
  const [contact, account] = [await putContact(of, phone), await putAccount(of, accountId)]
  for (const [order, winner] of [
    [['PHONE', 'ACCOUNT_ID'], contact],
    [['ACCOUNT_ID', 'PHONE'], account],
  ] as const) {
    await of.settings(autoChatPush(of, ...order))
    const { match } = await begin(of, 'CHAT', { phone, accountId })
    expect(match).toMatchObject({ identifier: order[0], hits: [{ record: { remoteId: winner } }] })
    const alone = await begin(of, 'CHAT', { accountId })
    expect(alone.match).toMatchObject({ identifier: 'ACCOUNT_ID', hits: [{ record: { remoteId: account } }] })
  }
})

twins(
  each,
  'filters of agents do not bind the match, nor does a CRM that is down break the conversation',
  async (of) => {
    const { contact } = of.names
    const phone = newPhone()
    const id = await putContact(of, phone)
    const filter = { field: contact.last, value: 'Nobody' }
    const detail = { entityType: contact.entity, name: contact.last, label: 'Last', fieldType: 'TEXT', filter }
    await of.settings({ ...autoChatPush(of, 'PHONE'), detailFields: [detail] })
    expect((await begin(of, 'CHAT', { phone })).match).toMatchObject({ hits: [{ record: { remoteId: id } }] })
    await of.control.addFault({ times: 20 }, { status: 503 })
    const down = await begin(of, 'CHAT', { phone })
    await of.control.clearFaults()
    expect(down.match).toBeNull()
    expect(down.why.map(({ text }) => text).join()).toContain('could not be asked')
  },
)

twins(each, 'a text message is matched only with fetch on too, and to the one that was changed last', async (of) => {
  const { contact } = of.names
  const autoSmsPush = { enabled: true, entityType: contact.entity, field: contact.phone, identifier: 'PHONE' }
  const phone = newPhone()
  await putContact(of, phone)
  await of.control.advanceClock(60_000)
  const last = await putContact(of, phone)
  for (const settings of [{ autoSmsPush }, { fetchCrmData: true }, {}]) {
    await of.settings(settings)
    expect((await begin(of, 'SMS', { phone })).match, JSON.stringify(settings)).toBeNull()
  }
  await of.settings({ autoSmsPush, fetchCrmData: true })
  const matched = await begin(of, 'SMS', { phone })
  expect(matched.match).toMatchObject({ kind: 'ONE', hits: [{ record: { remoteId: last } }] })
  expect(rulesOf(matched, of)).toEqual([expect.stringMatching(/-SMS-02$/)])
})
