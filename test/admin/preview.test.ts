/** The preview beside the settings: what agents will see, with what is not saved yet. */
import { expect, test } from 'vitest'
import { startConversation } from '../gateway/conversing.ts'
import { headingLevels, namelessParts, overflow } from './accessibility.ts'
import { openAdminRules } from './admin-rules.ts'
import { violations } from './axe.ts'
import { hitOf, look, previewOf, tryWith } from './preview-page.ts'

const rules = openAdminRules('integration', 1440)
const each = { DYNAMICS: 'DYNAMICS:', SALESFORCE: 'SALESFORCE:' }

rules.twins(each, 'the preview follows edits that are not saved, and agents see nothing of them', async (page, crm) => {
  const preview = await look(page, 'Create')
  const contact = preview.getByRole('tab', { name: 'Contact' })
  await contact.click()
  await preview.getByRole('region', { name: 'Save Contact' }).getByLabel('Last Name').waitFor()

  await page.getByRole('switch', { name: 'Allow Contact Creation' }).uncheck({ force: true })
  await contact.waitFor({ state: 'detached' })
  await preview.getByRole('region', { name: 'Save Account' }).waitFor()
  const { panel } = await crm.app.gateway.execute('{ panel { integrations { id: label tabs { saveLabel } } } }')
  for (const { tabs } of panel.integrations) expect(tabs).toContainEqual({ saveLabel: 'Save Contact' })

  await page.getByRole('button', { name: 'Discard' }).click()
  await contact.waitFor()
})

test('an edit costs one request, however fast one types, and what was answered before stays meanwhile', async () => {
  const page = await rules.app().open(rules.crm('DYNAMICS').path('integration'))
  const preview = previewOf(page)
  await hitOf(preview).waitFor()
  // Its time stands still between the keys, however slow the machine is.
  await page.clock.install()
  await page.clock.pauseAt(Date.now() + 60_000)
  const asked: string[] = []
  page.on('request', (request) => {
    const [, name] = /query (\w+_Preview)\b/.exec(request.postData() ?? '') ?? []
    if (name) asked.push(name)
  })
  const phone = preview.getByRole('region', { name: 'Search form' }).getByLabel('Phone')
  await phone.fill('')
  await phone.pressSequentially('+1 512 555 0143')
  expect(asked).toEqual([])
  expect(await hitOf(preview).isVisible()).toBe(true)
  await page.clock.runFor(1_000)
  await expect.poll(() => asked).toEqual(['SearchView_Preview'])
  await page.clock.resume()
  await preview.getByRole('button', { name: 'As the visitor fills it in' }).click()
  await expect.poll(() => asked).toHaveLength(2)
})

test('what is not complete yet is told calmly, and the last good preview stays', async () => {
  const crm = rules.crm('DYNAMICS')
  await crm.settings({})
  const page = await crm.open()
  const preview = previewOf(page)
  await hitOf(preview).waitFor()
  await page.getByRole('radio', { name: 'Custom Activity Type' }).check({ force: true })
  await preview.getByText('Not complete yet').waitFor()
  await expect.poll(() => hitOf(preview).isVisible()).toBe(true)
  await page.getByRole('radio', { name: 'Notes' }).check({ force: true })
  await preview.getByText('Not complete yet').waitFor({ state: 'detached' })
})

test('a server that does not answer is told, and asked again when one wants', async () => {
  const page = await rules.crm('SALESFORCE').open()
  const preview = previewOf(page)
  await hitOf(preview).waitFor()
  await page.route('**/graphql', (route) => route.abort())
  await tryWith(page, { phone: '+1 512 555 0144' })
  await preview.getByText('The server does not answer').waitFor()
  await page.unroute('**/graphql')
  await preview.getByRole('button', { name: 'Try again' }).click()
  await preview.getByText('The server does not answer').waitFor({ state: 'detached' })
  rules.app().complaints.splice(0)
})

rules.twins(each, 'it is tried with a conversation of one’s choice, or with a record of the CRM', async (page, crm) => {
  const visitor = { phone: '+1 512 555 0111', firstName: 'Chosen', lastName: crm.provider }
  const conversation = await startConversation(crm.app.gateway, 'SMS', visitor)
  const preview = previewOf(page)
  await preview.getByRole('button', { name: 'Change visitor' }).click()
  const tried = preview.getByRole('region', { name: 'Tried with' })
  await tried.getByText('A conversation', { exact: true }).last().click()
  await tried.getByLabel('Find a conversation').fill('nobody of this name')
  await tried.getByText('No conversation is called so.').waitFor()
  await tried.getByLabel('Find a conversation').fill(`Chosen ${crm.provider}`.split(' ')[1] ?? '')
  await tried.getByRole('button', { name: new RegExp(conversation.mark) }).click()
  const form = preview.getByRole('region', { name: 'Search form' })
  await expect.poll(() => form.getByLabel('Phone').inputValue()).toBe(visitor.phone)
  await expect.poll(() => form.getByLabel('Full name').inputValue()).toBe(`Chosen ${crm.provider}`)

  await tried.getByText('A made-up visitor', { exact: true }).last().click()
  await tried.getByRole('button', { name: 'Try with a record of your CRM' }).click()
  await hitOf(preview).waitFor()
  await expect.poll(() => form.getByLabel('Phone').inputValue()).not.toBe('')
})

test.each([
  { colorScheme: 'light', width: 1440 },
  { colorScheme: 'dark', width: 390 },
] as const)('everybody can read and use it, $colorScheme and $width pixels wide', async (shown) => {
  const crm = rules.crm('DYNAMICS')
  const rule = { identifier: 'PHONE', entityType: 'contact', field: 'telephone1' }
  const input = { entityType: 'contact', variableType: 'INPUT', label: 'Asked' }
  await crm.settings({
    autoChatPush: { enabled: true, rules: [rule], tagSingleMatchUnasked: false },
    exportFields: [{ ...input, name: 'gendercode', fieldType: 'OPTION_SET' }],
    backendFields: [{ ...input, name: 'fax', fieldType: 'TEXT', overwrite: true }],
  })
  const page = await rules.app().open(crm.path('history'), shown)
  if (shown.width < 1280) await page.getByRole('button', { name: 'Show preview' }).click()
  const preview = previewOf(page)
  await hitOf(preview, 'Analytical Engines').waitFor()
  for (const view of ['Search', 'Create', 'Match', 'Tag'] as const) {
    await look(page, view)
    await preview.locator('[aria-busy="false"]').or(preview.getByText('No record is chosen')).first().waitFor()
    if (view === 'Create') await preview.getByRole('tab', { name: 'Contact' }).click()
    if (view === 'Match') await preview.getByRole('button', { name: 'Tag this record' }).waitFor()
    if (view === 'Tag') await preview.getByText(/^1\. Make a new note/).waitFor()
    await expect.poll(() => violations(page)).toEqual([])
    await expect.poll(() => namelessParts(page)).toEqual([])
    await expect.poll(() => overflow(page)).toBe(0)
    const levels = await headingLevels(page)
    for (const [index, level] of levels.entries()) expect(level - (levels[index - 1] ?? 0)).toBeLessThanOrEqual(1)
  }
  await preview.getByRole('button', { name: 'Change visitor' }).click()
  await preview.getByLabel('Messages').waitFor()
  await expect.poll(() => violations(page)).toEqual([])
  await page.close()
})
