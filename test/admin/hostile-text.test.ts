/**
 * What visitors, agents, admins and CRMs write is text wherever the app shows it: nothing of it runs, loads or leads away
 * (T14). The browser's own complaints count too: a refused script would be one.
 */
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startConversation, tag } from '../gateway/conversing.ts'
import { orgsOf, type Provider } from '../gateway/searching.ts'
import { addField, versionOf } from '../gateway/setting-up.ts'
import { putPerson } from '../rules/support/matching.ts'
import { openCrm } from '../rules/support/rules.ts'
import { type AdminApp, startAdminApp } from './admin-app.ts'
import { hitOf, look, previewOf, tryWith } from './preview-page.ts'

/** At most 50 characters, which every field takes. */
const payloads = [
  '<script>hit=1</script>',
  '<img src=x onerror=hit=1>',
  '"><img src=//evil.example/a>',
  "'><svg onload=hit=1>",
  '<svg><script>hit=1</script></svg>',
  '<body onload=hit=1>',
  '<iframe srcdoc="<script>hit=1</script>">',
  '<iframe src=javascript:hit=1>',
  '<a href=javascript:hit=1>x</a>',
  'javascript:hit=1',
  'JaVaScRiPt:hit=1//',
  ' java\tscript:hit=1',
  'data:text/html,<script>hit=1</script>',
  '<input autofocus onfocus=hit=1>',
  '<details open ontoggle=hit=1>',
  '<video><source onerror=hit=1>',
  '<math><mi xlink:href="javascript:hit=1">',
  '<link rel=stylesheet href=//evil.example/a>',
  '<style>@import "//evil.example/a"</style>',
  '<base href=//evil.example>',
  '<meta http-equiv=refresh content=0;//evil.example>',
  '<form action=//evil.example><button>x',
  '<object data=//evil.example/a>',
  '</textarea><script>hit=1</script>',
  '</title><script>hit=1</script>',
  '<!--><script>hit=1</script>-->',
  '<template><script>hit=1</script></template>',
  '{{constructor.constructor("hit=1")()}}',
  '$(hit=1)',
  '&lt;script&gt;hit=1&lt;/script&gt;',
]

const phone = '+1 432 555 0999'
const [script = '', image = ''] = payloads

let app: AdminApp
const dialogs: string[] = []
const elsewhere: string[] = []
let conversationId = ''

beforeAll(async () => {
  app = await startAdminApp({ worker: true })
  const { gateway } = app
  const orgs = await orgsOf(gateway)
  const records: string[] = []
  for (const provider of ['DYNAMICS', 'SALESFORCE'] as const) {
    const crm = await openCrm(gateway, orgs[provider], app[provider === 'DYNAMICS' ? 'dynamics' : 'salesforce'])
    await Promise.all(payloads.map((last) => putPerson(crm, 'CONTACT', { phone, last, first: last.slice(0, 40) })))
    await label(provider, orgs[provider].id)
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

/** Labels of the admin's own, in lists that the preview shows. */
async function label(provider: Provider, integrationId: string): Promise<void> {
  const { gateway } = app
  const org = (await orgsOf(gateway))[provider]
  const entityTypeId = org.entityTypes.find(({ kind }) => kind === 'CONTACT')?.id
  const name = provider === 'DYNAMICS' ? 'jobtitle' : 'Title'
  const add = async (list: 'ExportField' | 'DetailField' | 'SearchField', field: object) => {
    const { fields = [] } = await addField(gateway, list, integrationId, await versionOf(gateway, org), field)
    expect(fields).toEqual([])
  }
  const text = { entityTypeId, fieldType: 'TEXT' }
  await add('ExportField', { ...text, name, variableType: 'INPUT', label: script })
  await add('DetailField', { ...text, name, label: image })
  await add('SearchField', { ...text, name, label: script })
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

async function open(path: string): Promise<Page> {
  const page = await app.open()
  page.on('dialog', (dialog) => {
    dialogs.push(dialog.message())
    void dialog.dismiss()
  })
  page.on('request', (request) => {
    if (!request.url().startsWith(app.url) && !request.url().startsWith('data:image')) elsewhere.push(request.url())
  })
  await page.goto(`${app.url}/admin${path}`)
  return page
}

/** What of a text has become more than text. */
async function harmOf(page: Page) {
  const found = await page.evaluate(() => ({
    hit: 'hit' in window,
    handlers: [...document.querySelectorAll('*')]
      .filter((element) => element.getAttributeNames().some((name) => name.startsWith('on')))
      .map((element) => element.outerHTML),
    frames: document.querySelectorAll('iframe, object, embed, base, form[action], meta[http-equiv]').length,
    links: [...document.querySelectorAll('a[href]')]
      .map((link) => link.getAttribute('href') ?? '')
      .filter((href) => !/^(https?:\/\/|[/#?.]|mailto:|tel:)/.test(href)),
    scripts: [...document.scripts].filter(({ src }) => !src.startsWith(location.origin)).length,
  }))
  return { ...found, dialogs: dialogs.splice(0), elsewhere: elsewhere.splice(0), complaints: app.complaints.splice(0) }
}

const none = { hit: false, handlers: [], frames: 0, links: [], scripts: 0, dialogs: [], elsewhere: [], complaints: [] }

test('conversations, their messages, records and matches show it as text', async () => {
  const list = await open('/conversations')
  await list.getByRole('listitem').filter({ hasText: script }).first().waitFor()
  expect(await harmOf(list)).toEqual(none)

  const one = await open(`/conversations/${encodeURIComponent(conversationId)}`)
  for (const payload of payloads)
    await one.getByText(payload.trim().replace('\t', ' '), { exact: true }).first().waitFor()
  await one.getByRole('region', { name: 'Tagged to' }).getByRole('link').first().waitFor()
  await one.getByRole('button', { name: 'Look the visitor up in the CRMs now' }).press('Enter')
  await one.getByRole('region', { name: 'Whom it may be with' }).getByText(/\./).first().waitFor()
  expect(await harmOf(one)).toEqual(none)
})

test('pushes show what a CRM refuses with as text', async () => {
  const list = await open('/pushes')
  await list.getByText(script).first().waitFor()
  expect(await harmOf(list)).toEqual(none)
  await list.getByRole('listitem').first().getByRole('link').first().click()
  await list.getByText(script).first().waitFor()
  expect(await harmOf(list)).toEqual(none)
})

test.each(['DYNAMICS', 'SALESFORCE'] as const)(
  'the preview and the settings of %s show it as text',
  async (provider) => {
    const { id } = (await orgsOf(app.gateway))[provider]
    const page = await open(`/settings/${encodeURIComponent(id)}/export-fields`)
    await page.getByText(script).first().waitFor()
    await tryWith(page, { phone })
    const preview = previewOf(page)
    await hitOf(preview, 'hit=1').waitFor()
    expect(await harmOf(page)).toEqual(none)
    await look(page, 'Create')
    await preview.getByRole('tab', { name: 'Contact' }).click()
    await preview.getByLabel(script).waitFor()
    expect(await harmOf(page)).toEqual(none)
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
