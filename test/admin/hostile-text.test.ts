/**
 * What visitors, agents, admins and CRMs write is text wherever the app shows it: nothing of it runs, loads or leads away
 * (T14). The browser's own complaints count too: a refused script would be one.
 */
import type { ControlClient } from '@backchannel/emulator'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startConversation, tag } from '../gateway/conversing.ts'
import { orgsOf, type Provider } from '../gateway/searching.ts'
import { crmNames } from '../rules/support/crm-names.ts'
import { autoChatPush, putPerson } from '../rules/support/matching.ts'
import { openCrm, type RuleCrm } from '../rules/support/rules.ts'
import { lookupFields } from '../rules/support/typed-fields.ts'
import { type AdminApp, startAdminApp } from './admin-app.ts'
import { noHarm, payloads, type Watched, watchForHarm } from './harm.ts'
import { picker } from './picking.ts'
import { hitOf, look, planOf, previewOf, tryWith } from './preview-page.ts'

const phone = '+1 432 555 0999'
const [script = '', image = ''] = payloads

let app: AdminApp
let watched: Watched
let conversationId = ''

beforeAll(async () => {
  app = await startAdminApp({ worker: true })
  watched = watchForHarm(app)
  const { gateway } = app
  const orgs = await orgsOf(gateway)
  const records: string[] = []
  for (const provider of ['DYNAMICS', 'SALESFORCE'] as const) {
    const control = app[provider === 'DYNAMICS' ? 'dynamics' : 'salesforce']
    await nameThings(provider, control)
    // What the org said when it was connected is asked for anew.
    gateway.skip(11 * 60_000)
    const crm = await openCrm(gateway, orgs[provider], control)
    await Promise.all(payloads.map((last) => putPerson(crm, 'CONTACT', { phone, last, first: last.slice(0, 40) })))
    await label(crm)
  }
  // Both CRMs refuse with words of the customer's own.
  await app.dynamics.addFault(
    { path: 'annotations', times: 99 },
    { status: 400, body: { error: { code: '0x80040265', message: payloads.join(' ') } } },
  )
  await app.salesforce.addFault(
    { method: 'POST', path: 'sobjects/Task', times: 99 },
    { status: 400, body: [{ errorCode: 'FIELD_CUSTOM_VALIDATION_EXCEPTION', message: payloads.join(' ') }] },
  )
  const { searchRecords } = await gateway.execute(
    `query ($phone: String!) { searchRecords(input: { phone: $phone, first: 100 }) {
      ... on SearchRecordsSuccess { hits { record { id } } } } }`,
    { phone },
  )
  records.push(...searchRecords.hits.map((hit: { record: { id: string } }) => hit.record.id))
  expect(records).toHaveLength(2 * payloads.length)
  for (let at = 0; at < payloads.length; at += 3) {
    const [firstName, lastName, email] = payloads.slice(at)
    await startConversation(gateway, 'SMS', { firstName, lastName, email, phone })
  }
  const thread = await startConversation(gateway, 'SMS', { fullName: image, phone, email: `${image}@x.example` })
  conversationId = thread.id
  await append(payloads.map((text) => ({ text, authorName: text })))
  await tag(gateway, thread, records.slice(0, 4))
  await tag(gateway, thread, records.slice(-4))
})
afterAll(() => app.stop())

const words = {
  DYNAMICS: { title: 'jobtitle', picklist: 'gendercode', entity: { label: script, labelPlural: script } },
  SALESFORCE: { title: 'Title', picklist: 'LeadSource', entity: { label: script, labelPlural: script } },
}

/** The org's own words for its entities, fields and options. */
async function nameThings(provider: Provider, control: ControlClient): Promise<void> {
  const { title, picklist, entity } = words[provider]
  const contact = crmNames[provider].contact.entity
  await control.changeMetadata({ entity: contact, set: entity })
  await control.changeMetadata({ entity: contact, field: title, set: { label: image } })
  const options = provider === 'DYNAMICS' ? { options: [{ value: 1, label: image }] } : { picklistValues: [image] }
  await control.changeMetadata({ entity: contact, field: picklist, set: { label: script, ...options } })
}

/** The admin's own, in every list that the preview shows. */
async function label(crm: RuleCrm): Promise<void> {
  const { provider, names } = crm
  const { title, picklist } = words[provider]
  const [contact, account] = [names.contact.entity, names.account.entity]
  const { name: lookup, related, searched } = lookupFields[provider]
  const text = { entityType: contact, name: title, fieldType: 'TEXT' }
  const asked = { variableType: 'INPUT', label: script }
  const { entityTypes } = await crm.document()
  await crm.settings({
    entityTypes: Array.isArray(entityTypes)
      ? entityTypes.map((it) => (it.name === account ? { ...it, displayName: image } : it))
      : [],
    exportFields: [
      { ...text, ...asked },
      { entityType: contact, name: picklist, fieldType: 'OPTION_SET', variableType: 'INPUT', label: image },
      {
        ...{ entityType: account, name: lookup, fieldType: 'LOOKUP', variableType: 'INPUT', label: script },
        lookup: { relatedEntity: related, searchFields: [searched] },
      },
    ],
    detailFields: [{ ...text, label: image }],
    searchFields: [{ ...text, label: script }],
    backendFields: [{ ...text, ...asked, overwrite: true }],
    autoChatPush: autoChatPush(crm),
  })
}

async function append(messages: { text: string; authorName?: string; attachments?: object[] }[]) {
  await app.gateway.execute(
    `mutation ($id: ID!, $messages: [MessageInput!]!) {
      appendMessages(conversationId: $id, messages: $messages) { __typename }
    }`,
    {
      id: conversationId,
      messages: messages.map((message) => ({
        externalId: crypto.randomUUID(),
        author: 'VISITOR',
        sentAt: new Date().toISOString(),
        ...message,
      })),
    },
  )
}

test('conversations, their messages, records and matches show it as text', async () => {
  const list = await watched.open('/conversations')
  await list.getByRole('listitem').filter({ hasText: script }).first().waitFor()
  expect(await watched.harmOf(list)).toEqual(noHarm)

  const one = await watched.open(`/conversations/${encodeURIComponent(conversationId)}`)
  for (const payload of payloads)
    await one.getByText(payload.trim().replace('\t', ' '), { exact: true }).first().waitFor()
  await one.getByRole('region', { name: 'Tagged to' }).getByRole('link').first().waitFor()
  await one.getByRole('button', { name: 'Look the visitor up in the CRMs now' }).press('Enter')
  await one.getByRole('region', { name: 'Whom it may be with' }).getByText(/\./).first().waitFor()
  expect(await watched.harmOf(one)).toEqual(noHarm)
})

test('pushes show what a CRM refuses with as text', async () => {
  const list = await watched.open('/pushes')
  await list.getByText(script).first().waitFor()
  expect(await watched.harmOf(list)).toEqual(noHarm)
  await list.getByRole('listitem').first().getByRole('link').first().click()
  await list.getByText(script).first().waitFor()
  expect(await watched.harmOf(list)).toEqual(noHarm)
})

test.each(['DYNAMICS', 'SALESFORCE'] as const)(
  'every view of the preview of %s, and the history beside it, show it as text, whoever wrote it',
  async (provider) => {
    const { id } = (await orgsOf(app.gateway))[provider]
    const page = await watched.open(`/settings/${encodeURIComponent(id)}/history`)
    await page.getByText('What changed').first().click()
    await page.getByText(script).first().waitFor()
    await tryWith(page, { phone })
    const preview = previewOf(page)
    const hit = hitOf(preview, 'hit=1')
    await hit.getByText(script).first().waitFor()
    await hit.getByRole('button', { name: 'Details' }).click()
    await hit.getByText(image, { exact: true }).waitFor()
    expect(await watched.harmOf(page)).toEqual(noHarm)

    await look(page, 'Match')
    await preview.getByRole('button', { name: /^Tag all/ }).waitFor()
    expect(await watched.harmOf(page)).toEqual(noHarm)

    await look(page, 'Search')
    await hitOf(preview, 'hit=1').getByRole('button', { name: 'Tag' }).click()
    await preview.getByLabel(script).fill(image)
    await planOf(preview).getByText(image).first().waitFor()
    expect(await watched.harmOf(page)).toEqual(noHarm)

    await look(page, 'Create')
    await preview.getByRole('tab', { name: image }).click()
    await preview.getByLabel(script).fill('hit')
    await page.getByRole('option', { name: 'hit=1' }).first().waitFor()
    expect(await watched.harmOf(page)).toEqual(noHarm)
    await page.keyboard.press('Escape')
    await preview.getByRole('tab', { name: 'Contact' }).click()
    await preview.getByRole('combobox', { name: image }).selectOption({ label: image })
    await preview.getByRole('group', { name: 'Export fields' }).getByRole('textbox', { name: script }).fill(image)
    await planOf(preview).getByText(image).first().waitFor()
    expect(await watched.harmOf(page)).toEqual(noHarm)
  },
)

test.each(['DYNAMICS', 'SALESFORCE'] as const)(
  'what the org of %s calls its entities and fields is offered as text',
  async (provider) => {
    const { id } = (await orgsOf(app.gateway))[provider]
    const page = await watched.open(`/settings/${encodeURIComponent(id)}/entities/new`)
    const offered = (label: string, text: string) =>
      page.getByRole('listbox', { name: label, exact: true }).getByRole('option').filter({ hasText: text }).first()
    await picker(page, 'Entity Name').fill(crmNames[provider].contact.entity)
    await offered('Entity Name', script).click()
    await page.getByText(script).first().waitFor()
    await picker(page, 'Primary Field Name').fill(words[provider].title)
    await offered('Primary Field Name', image).waitFor()
    expect(await watched.harmOf(page)).toEqual(noHarm)
  },
)

test('an address that is none of a web page is taken by nobody', async () => {
  for (const url of [
    'javascript:hit=1',
    'JavaScript:hit=1',
    ' javascript:hit=1',
    'data:text/html,x',
    'vbscript:x',
    'file:///etc/passwd',
    '//evil.example/a',
    'java\nscript:hit=1',
  ]) {
    const sending = append([{ text: 'see this', attachments: [{ name: 'a', url }] }])
    await expect(sending, url).rejects.toThrow('BAD_USER_INPUT')
  }
})
