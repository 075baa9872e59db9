/** Where the two CRMs differ in what agents see and in what is written, as the preview shows it. */
import { expect } from 'vitest'
import { end, startConversation, tag } from '../gateway/conversing.ts'
import { createRecord, valuesOf } from '../gateway/creating.ts'
import { orgsOf, type Provider } from '../gateway/searching.ts'
import { type AdminCrm, openAdminRules } from './admin-rules.ts'
import { hitOf, look, planOf, previewOf, tryWith } from './preview-page.ts'

const { twins } = openAdminRules('integration', 1440)

const both = (row: string) => ({ DYNAMICS: row, SALESFORCE: row })
const panelLabels: Record<Provider, string> = {
  DYNAMICS: 'Connect with Dynamics CRM',
  SALESFORCE: 'Connect with Salesforce',
}

async function make({ app, provider }: AdminCrm, kind: string, values: { name: string; value: string }[]) {
  const orgs = await orgsOf(app.gateway)
  const { record } = await createRecord(app.gateway, orgs[provider], kind, { values, allowDuplicate: true })
  if (!record) throw new Error(`No ${kind} could be made`)
  return record
}

twins(both('X-DIF-03'), 'the button of the panel is called as the CRM has it', async (page, { app, provider }) => {
  const preview = previewOf(page)
  await preview.getByText(panelLabels[provider], { exact: true }).waitFor()
  const { panel } = await app.gateway.execute('{ panel { integrations { label integration { provider } } } }')
  expect(panel.integrations).toContainEqual({ label: panelLabels[provider], integration: { provider } })
})

twins(both('X-DIF-11'), 'subjects begin with the brand and the channel', async (page) => {
  await hitOf(previewOf(page)).waitFor()
  const plan = planOf(await look(page, 'Tag'))
  await plan.getByText('Alive Chat with Ada Lovelace-Byrne').waitFor()
  await tryWith(page, { channel: 'SMS' })
  await plan.getByText('Alive SMS with Ada Lovelace-Byrne').waitFor()
})

twins(both('X-DIF-13'), 'a chat with one match is told from a chat with several', async (page, crm) => {
  const { provider } = crm
  const [phone, other] =
    provider === 'DYNAMICS' ? ['+1 512 555 0188', '+1 512 555 0189'] : ['+1 512 555 0198', '+1 512 555 0199']
  const entityType = provider === 'DYNAMICS' ? 'contact' : 'Contact'
  const field = provider === 'DYNAMICS' ? 'telephone1' : 'Phone'
  for (const [last, at] of [
    ['Single', phone],
    ['Twin', other],
    ['Sibling', other],
  ] as const) {
    await make(crm, 'CONTACT', valuesOf(provider, { last, phone: at }))
  }
  await crm.settings({
    autoChatPush: { enabled: true, rules: [{ identifier: 'PHONE', entityType, field }], tagSingleMatchUnasked: false },
  })
  await crm.open()
  await tryWith(page, { phone })
  const preview = await look(page, 'Match')
  const popUp = preview.getByRole('region', { name: 'Match pop-up' })
  await popUp.getByText('One record is found by phone').waitFor()
  await popUp.getByRole('heading', { name: 'Single' }).waitFor()
  await popUp.getByRole('button', { name: 'Tag this record' }).waitFor()
  await popUp.getByRole('button', { name: 'Search another' }).waitFor()

  await tryWith(page, { phone: other })
  await popUp.getByText('2 records are found by phone').waitFor()
  await popUp.getByRole('button', { name: 'Tag all 2' }).click()
  const plan = planOf(preview)
  await plan.getByText(/^1\. Make a new .* on (Twin|Sibling)$/).waitFor()
  await plan.getByText(/^2\. Make a new .* on (Twin|Sibling)$/).waitFor()
})

const details = {
  DYNAMICS: {
    ACCOUNT: ['Account Name', 'Account Number', 'Phone', 'Description'],
    CONTACT: ['Full Name', 'Email', 'Phone'],
    LEAD: ['Full Name', 'Company', 'Phone', 'Email'],
  },
  SALESFORCE: {
    ACCOUNT: ['Account Name', 'Phone'],
    CONTACT: ['First Name', 'Last Name', 'Email', 'Phone', 'Account'],
    LEAD: ['First Name', 'Last Name', 'Company', 'Email', 'Phone'],
  },
} as const

for (const [row, kind, label, phone] of [
  ['X-DIF-23', 'ACCOUNT', 'Account', '+1 512 555 0171'],
  ['X-DIF-24', 'CONTACT', 'Contact', '+1 512 555 0172'],
  ['X-DIF-25', 'LEAD', 'Lead', '+1 512 555 0173'],
] as const) {
  twins(both(row), `the details of ${label} are those of the CRM`, async (page, crm) => {
    const { provider } = crm
    const name = `Detailed ${label}`
    const account = {
      DYNAMICS: [
        { name: 'name', value: name },
        { name: 'telephone1', value: phone },
      ],
      SALESFORCE: [
        { name: 'Name', value: name },
        { name: 'Phone', value: phone },
      ],
    }
    const person = valuesOf(provider, { first: 'Detailed', last: label, phone })
    const company = { name: provider === 'DYNAMICS' ? 'companyname' : 'Company', value: 'Analytical Engines' }
    await make(crm, kind, kind === 'ACCOUNT' ? account[provider] : kind === 'LEAD' ? [...person, company] : person)
    await previewOf(page).getByRole('region', { name: 'Search form' }).getByLabel('Phone').fill(phone)
    const hit = hitOf(previewOf(page), name)
    await hit.getByRole('button', { name: 'Details' }).click()
    const shown = hit.getByRole('article', { name: `Details of ${name}` })
    await shown.waitFor()
    await expect.poll(() => shown.getByRole('term').allTextContents()).toEqual(details[provider][kind])
  })
}

twins(
  both('X-DIF-30'),
  'what becomes of a text message after tagging is said: Allow New Creation decides in Dynamics, Salesforce appends',
  async (page, crm) => {
    await hitOf(previewOf(page)).waitFor()
    await tryWith(page, { channel: 'SMS' })
    const plan = planOf(await look(page, 'Tag'))
    await plan.getByText('Later messages are added to this activity.').waitFor()
    const allow = page.getByRole('switch', { name: 'Allow New Creation' })
    await expect.poll(() => allow.count()).toBe(crm.provider === 'DYNAMICS' ? 1 : 0)
    if (crm.provider === 'SALESFORCE') return
    await allow.check({ force: true })
    await plan.getByText(/every later message makes a new activity/).waitFor()
    expect((await crm.document())['allowNewCreation']).toBe(false)
  },
)

twins(both('X-DIF-31'), 'a chat that is still running is said to be written when it has ended', async (page, crm) => {
  const { gateway } = crm.app
  const conversation = await startConversation(gateway, 'CHAT')
  const { last } = { last: `Running ${crm.provider}` }
  const record = await make(crm, 'CONTACT', valuesOf(crm.provider, { last }))
  await hitOf(previewOf(page)).waitFor()
  const preview = previewOf(page)
  const choose = async () => {
    await preview.getByRole('button', { name: 'Change visitor' }).click()
    const tried = preview.getByRole('region', { name: 'Tried with' })
    await tried.getByText('A conversation', { exact: true }).last().click()
    await tried.getByLabel('Find a conversation').fill(conversation.mark)
    await tried.getByRole('list', { name: 'Conversations' }).getByRole('button').first().click()
    await tried.getByRole('button', { name: 'Done' }).click()
  }
  await choose()
  const plan = planOf(await look(page, 'Tag'))
  await plan.getByText(/The chat is still running/).waitFor()
  expect(await tag(gateway, conversation, [record.id])).toMatchObject({ code: 'CHAT_NOT_ENDED' })

  await end(gateway, conversation)
  await crm.open()
  await hitOf(previewOf(page)).waitFor()
  await choose()
  await look(page, 'Tag')
  await plan.getByText(/^1\. Make a new/).waitFor()
  await expect.poll(() => plan.getByText(/still running/).count()).toBe(0)
  expect(await tag(gateway, conversation, [record.id])).toMatchObject({ __typename: 'TagConversationSuccess' })
})
