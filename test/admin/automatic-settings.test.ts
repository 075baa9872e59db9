import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { type AdminCrm, openAdminRules } from './admin-rules.ts'
import { choose, flip, pick, refusedAt, save, switchOf } from './settings-forms.ts'

const rules = openAdminRules('integration')
const { twins } = rules

const phoneOf = ({ provider }: AdminCrm) => (provider === 'DYNAMICS' ? 'telephone1' : 'Phone')
const emailOf = ({ provider }: AdminCrm) => (provider === 'DYNAMICS' ? 'emailaddress1' : 'Email')
const contactOf = ({ provider }: AdminCrm) => (provider === 'DYNAMICS' ? 'contact' : 'Contact')

// ------------------------------------------------------------------------------------------------ text messages

const texts = (page: Page) => page.getByRole('region', { name: 'Text messages' })
const smsEntity = (page: Page) => texts(page).getByRole('combobox', { name: 'Entity', exact: true })
const smsField = (page: Page) => texts(page).getByRole('combobox', { name: 'Entity Field to Map' })

twins(
  { DYNAMICS: 'D-INT-15', SALESFORCE: 'S-INT-12' },
  'Allow Auto SMS Push is a switch with an entity and its field beside it, which it asks for',
  async (page, crm) => {
    await expect.poll(() => smsEntity(page).count()).toBe(0)
    await flip(page, 'Allow Auto SMS Push')
    await texts(page).getByText('Allow Auto SMS Push does nothing while Allow Fetch CRM Data').waitFor()
    expect(await refusedAt(page, smsEntity(page))).toContain('Choose account, contact or lead.')
    expect((await crm.document()).autoSmsPush.enabled).toBe(false)
    await choose(page, smsEntity(page), 'Contact')
    await pick(page, smsField(page), phoneOf(crm))
    await texts(page).getByRole('switch', { name: 'Allow Fetch CRM Data' }).press('Space')
    await save(page)
    const enabled = { enabled: true, entityType: contactOf(crm), field: phoneOf(crm), identifier: 'PHONE' }
    expect(await crm.document()).toMatchObject({ fetchCrmData: true, autoSmsPush: enabled })
    await flip(page, 'Allow Auto SMS Push')
    await save(page)
    expect((await crm.document()).autoSmsPush.enabled).toBe(false)
  },
)

twins(
  { DYNAMICS: 'D-SMS-03', SALESFORCE: 'S-SMS-03' },
  'the match is made on a chosen field of a default entity: an added one is not offered',
  async (page, crm) => {
    const { entityTypes } = await crm.document()
    const added = crm.provider === 'DYNAMICS' ? ['opportunity', 'name'] : ['Opportunity', 'Name']
    const [name, primaryField] = added
    const entity = {
      name,
      displayName: 'Deal',
      primaryField,
      primaryFieldLabel: 'Topic',
      searchable: true,
      creatable: true,
    }
    await crm.settings({ entityTypes: [...entityTypes, entity] })
    await page.reload()
    await flip(page, 'Allow Auto SMS Push')
    await smsEntity(page).click()
    await expect.poll(() => page.getByRole('option').allTextContents()).toEqual(['Account', 'Contact', 'Lead'])
    await page.getByRole('option', { name: 'Contact' }).click()
    await pick(page, smsField(page), phoneOf(crm))
    await texts(page)
      .getByText(`tagged to the Contact whose ${phoneOf(crm)} is the visitor's phone`)
      .waitFor()
    await save(page)
    expect((await crm.document()).autoSmsPush).toMatchObject({ entityType: contactOf(crm), field: phoneOf(crm) })
  },
)

// ------------------------------------------------------------------------------------------------ chats

const chats = (page: Page) => page.getByRole('region', { name: 'Chats' })
const rows = (page: Page) => chats(page).getByRole('list', { name: 'Field identifiers' }).getByRole('listitem')
const inRow = (page: Page, index: number, label: string) =>
  rows(page).nth(index).getByRole('combobox', { name: label, exact: true })

twins(
  { DYNAMICS: 'D-INT-16', SALESFORCE: 'S-INT-13' },
  'Allow Auto Chat Push is a switch that reveals what else it needs, and is not saved without it',
  async (page, crm) => {
    await expect.poll(() => rows(page).count()).toBe(0)
    await expect.poll(() => switchOf(page, 'Tag without asking when exactly one record matches').count()).toBe(0)
    await flip(page, 'Allow Auto Chat Push')
    await expect.poll(() => rows(page).count()).toBe(1)
    await refusedAt(page, inRow(page, 0, 'Entity Field to Map'))
    expect((await crm.document()).autoChatPush.enabled).toBe(false)
    await pick(page, inRow(page, 0, 'Entity Field to Map'), phoneOf(crm))
    await flip(page, 'Tag without asking when exactly one record matches')
    await save(page)
    expect((await crm.document()).autoChatPush).toEqual({
      enabled: true,
      rules: [{ identifier: 'PHONE', entityType: contactOf(crm), field: phoneOf(crm) }],
      tagSingleMatchUnasked: true,
    })
    await flip(page, 'Allow Auto Chat Push')
    await expect.poll(() => rows(page).count()).toBe(0)
  },
)

twins(
  { DYNAMICS: 'D-CHT-02', SALESFORCE: 'S-CHT-02' },
  'each preference is an identifier, an entity and its field; what is missing is told at its own input',
  async (page, crm) => {
    await flip(page, 'Allow Auto Chat Push')
    await pick(page, inRow(page, 0, 'Entity Field to Map'), phoneOf(crm))
    await chats(page).getByRole('button', { name: 'Add an identifier' }).click()
    await choose(page, inRow(page, 1, 'Entity'), 'Lead')
    const told = await refusedAt(page, inRow(page, 1, 'Entity Field to Map'))
    expect(told).not.toBe('')
    await expect.poll(() => inRow(page, 0, 'Entity Field to Map').getAttribute('aria-invalid')).not.toBe('true')
    await chats(page).getByRole('button', { name: 'Remove Email' }).click()
    await chats(page).getByRole('button', { name: 'Remove Phone' }).click()
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await chats(page).getByRole('alert').filter({ hasText: 'at least one identifier' }).waitFor()
    expect((await crm.document()).autoChatPush).toMatchObject({ enabled: false, rules: [] })
  },
)

twins(
  { DYNAMICS: 'D-CHT-03', SALESFORCE: 'S-CHT-03' },
  'identifiers are phone, e-mail and account ID, without the full name, and stand in an order of priority',
  async (page, crm) => {
    const rule = (identifier: string, field: string) => ({ identifier, entityType: contactOf(crm), field })
    const [phone, email] = [rule('PHONE', phoneOf(crm)), rule('EMAIL', emailOf(crm))]
    await crm.settings({ autoChatPush: { enabled: true, rules: [phone, email], tagSingleMatchUnasked: false } })
    await page.reload()
    await inRow(page, 1, 'Field identifier').click()
    await expect.poll(() => page.getByRole('option').allTextContents()).toEqual(['Phone', 'Email', 'Account ID'])
    await page.keyboard.press('Escape')
    await chats(page).getByRole('button', { name: 'Move Email up' }).click()
    await expect.poll(() => inRow(page, 0, 'Field identifier').inputValue()).toBe('Email')
    await choose(page, inRow(page, 1, 'Field identifier'), 'Account ID')
    await save(page)
    expect((await crm.document()).autoChatPush.rules).toEqual([email, { ...phone, identifier: 'ACCOUNT_ID' }])
  },
)

test('an automatic push that searches where search is off is warned of, and refused', async () => {
  const crm = rules.crm('DYNAMICS')
  await crm.settings({})
  const page = await crm.open()
  await flip(page, 'Allow Auto SMS Push')
  await choose(page, smsEntity(page), 'Contact')
  await pick(page, smsField(page), phoneOf(crm))
  await flip(page, 'Allow Contact Search')
  await texts(page).getByText('The search of Contact is off').waitFor()
  expect(await refusedAt(page, smsEntity(page))).toContain('their search is off')
})
