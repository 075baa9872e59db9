import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { providers } from '../gateway/searching.ts'
import { formOf, opportunities, tabsOf } from '../rules/support/opportunities.ts'
import { type AdminCrm, openAdminRules } from './admin-rules.ts'
import { agentsSide, faultAt, focused, pick, picker, rowsOf, typeName } from './picking.ts'

const { twins, crm: crmOf } = openAdminRules('entities')

const both = (row: string, salesforce = row) => ({ DYNAMICS: `D-ENT-${row}`, SALESFORCE: `S-ENT-${salesforce}` })

/** Fills in the form of a new entity: opportunities, by picking. */
async function fillIn(page: Page, crm: AdminCrm, displayName = 'Deal') {
  const { name, primaryField } = opportunities[crm.provider]
  await page.getByRole('link', { name: 'Add entity' }).click()
  await pick(page, 'Entity Name', name)
  await page.getByLabel('Entity Display Name').fill(displayName)
  await pick(page, 'Primary Field Name', primaryField)
  await page.getByLabel('Primary Field Display Name').fill('Deal topic')
}

const submit = (page: Page, label = 'Add entity') => page.getByRole('button', { name: label, exact: true }).click()

/** Opportunities are added behind the app's back; the page is loaded anew. */
async function openWithDeals(crm: AdminCrm, more: Record<string, unknown> = {}): Promise<Page> {
  const { entityTypes } = await crm.document()
  const { name, primaryField } = opportunities[crm.provider]
  const deal = {
    name,
    primaryField,
    displayName: 'Deal',
    primaryFieldLabel: 'Deal topic',
    searchable: true,
    creatable: true,
  }
  await crm.settings({ entityTypes: [...entityTypes, deal], ...more })
  return crm.open()
}

const editDeal = (page: Page) => page.getByRole('link', { name: 'Deal', exact: true }).click()

const added = async (crm: AdminCrm) => (await crm.document())['entityTypes'].slice(3)

twins(both('01'), 'an entity is added by picking, stands behind the default ones, and is kept', async (page, crm) => {
  await page.getByText('None yet. Add one').waitFor()
  await fillIn(page, crm)
  await submit(page)
  const row = page.getByRole('link', { name: 'Deal', exact: true })
  await expect.poll(() => focused(row)).toBe(true)
  await expect.poll(() => rowsOf(page, 'Default entities')).toEqual(['Account', 'Contact', 'Lead'])
  await expect.poll(() => rowsOf(page, 'Added entities')).toEqual(['Deal'])
  const { name, primaryField } = opportunities[crm.provider]
  expect(await added(crm)).toMatchObject([{ name, primaryField, displayName: 'Deal', primaryFieldLabel: 'Deal topic' }])
  await page.reload()
  await row.waitFor()
})

twins(
  both('03'),
  'Entity Display Name comes from the org, can be changed, and is what agents see',
  async (page, crm) => {
    await page.getByRole('link', { name: 'Add entity' }).click()
    // In both CRMs its name is another than what people call it.
    await pick(page, 'Entity Name', crm.provider === 'DYNAMICS' ? 'new_vehicle' : 'Vehicle__c')
    await expect.poll(() => page.getByLabel('Entity Display Name').inputValue()).toBe('Vehicle')

    const again = await openWithDeals(crm)
    await editDeal(again)
    await again.getByLabel('Entity Display Name').fill('Chance')
    await submit(again, 'Save')
    await again.getByRole('link', { name: 'Chance', exact: true }).waitFor()
    expect((await tabsOf(await agentsSide(crm))).at(-1)).toMatchObject({ label: 'Chance', saveLabel: 'Save Chance' })
  },
)

twins(
  both('04'),
  'Entity Name is spelled as in the CRM: a wrong one is told the nearest right one',
  async (page, crm) => {
    const { name, primaryField } = opportunities[crm.provider]
    const wrong = crm.provider === 'DYNAMICS' ? 'Opportunity' : 'opportunity'
    await page.getByRole('link', { name: 'Add entity' }).click()
    await typeName(page, 'Entity Name', wrong)
    await page.getByLabel('Entity Display Name').fill('Deal')
    await typeName(page, 'Primary Field Name', primaryField)
    await page.getByLabel('Primary Field Display Name').fill('Deal topic')
    await submit(page)
    expect(await faultAt(picker(page, 'Entity Name'))).toContain(name)
    await expect.poll(() => focused(picker(page, 'Entity Name'))).toBe(true)
    expect(await added(crm)).toEqual([])

    await pick(page, 'Entity Name', name)
    await submit(page)
    await page.getByRole('link', { name: 'Deal', exact: true }).waitFor()
  },
)

twins(
  both('05'),
  'Primary Field Display Name is what agents see on the form and above the results',
  async (page, crm) => {
    const deals = await openWithDeals(crm)
    await editDeal(page)
    await deals.getByLabel('Primary Field Display Name').fill('Chance name')
    await submit(deals, 'Save')
    await deals.getByText(`Chance name (${opportunities[crm.provider].primaryField})`).waitFor()
    const side = await agentsSide(crm)
    const tab = (await tabsOf(side)).at(-1)
    const shown = { name: opportunities[crm.provider].primaryField, label: 'Chance name' }
    expect(tab.columns).toContainEqual(shown)
    expect((await formOf(side, tab.entityType.id)).fields).toContainEqual(shown)
  },
)

twins(
  both('06'),
  'Primary Field Name is a field of that entity, picked or spelled as in the CRM',
  async (page, crm) => {
    const { name, primaryField } = opportunities[crm.provider]
    await page.getByRole('link', { name: 'Add entity' }).click()
    await pick(page, 'Entity Name', name)
    const wrong = crm.provider === 'DYNAMICS' ? 'Name' : 'name'
    await typeName(page, 'Primary Field Name', wrong)
    await page.getByLabel('Primary Field Display Name').fill('Deal topic')
    await submit(page)
    expect(await faultAt(picker(page, 'Primary Field Name'))).toContain(primaryField)
    await pick(page, 'Primary Field Name', primaryField)
    await submit(page)
    await page.getByRole('link', { name: 'Opportunity', exact: true }).waitFor()
    expect(await added(crm)).toMatchObject([{ name, primaryField }])
  },
)

twins(
  { DYNAMICS: 'D-ENT-07' },
  'Allow Record Search is a switch of an added entity, on at first; off, its results are gone',
  async (page, crm) => {
    await fillIn(page, crm)
    const allow = page.getByRole('switch', { name: 'Allow Record Search' })
    await expect.poll(() => allow.isChecked()).toBe(true)
    await allow.click()
    await submit(page)
    await page.getByText('not searched').waitFor()
    expect(await added(crm)).toMatchObject([{ searchable: false, creatable: true }])
    // What is left of its tab is the form.
    expect((await tabsOf(await agentsSide(crm))).at(-1)).toMatchObject({ label: 'Deal', columns: [] })
  },
)

twins(
  both('08', '07'),
  'Allow Record Creation is a switch of an added entity, on at first; off, its form is gone',
  async (page, crm) => {
    await fillIn(page, crm)
    const allow = page.getByRole('switch', { name: 'Allow Record Creation' })
    await expect.poll(() => allow.isChecked()).toBe(true)
    await allow.click()
    await submit(page)
    await page.getByText('not created').waitFor()
    expect(await added(crm)).toMatchObject([{ searchable: true, creatable: false }])
    const side = await agentsSide(crm)
    const { entityType } = (await tabsOf(side)).at(-1)
    expect(await formOf(side, entityType.id)).toMatchObject({ __typename: 'NotAllowedError' })
  },
)

twins({ SALESFORCE: 'S-ENT-08' }, 'there is no Allow Record Search: an added entity is searched', async (page, crm) => {
  await fillIn(page, crm)
  await page.getByRole('switch', { name: 'Allow Record Creation' }).waitFor()
  await expect.poll(() => page.getByRole('switch', { name: 'Allow Record Search' }).count()).toBe(0)
  await submit(page)
  await page.getByRole('link', { name: 'Deal', exact: true }).waitFor()
  expect((await tabsOf(await agentsSide(crm))).at(-1)).toMatchObject({ label: 'Deal' })
})

test('X-DIF-18 Allow Record Search is there in Dynamics, and not in Salesforce', async () => {
  for (const provider of providers) {
    const page = await crmOf(provider).open()
    await page.getByRole('link', { name: 'Add entity' }).click()
    await page.getByRole('switch', { name: 'Allow Record Creation' }).waitFor()
    const expected = provider === 'DYNAMICS' ? 1 : 0
    await expect.poll(() => page.getByRole('switch', { name: 'Allow Record Search' }).count()).toBe(expected)
  }
})

twins(
  both('10'),
  'an added entity stands behind the default ones in the entity lists of all four kinds of fields',
  async (_page, crm) => {
    const page = await openWithDeals(crm)
    for (const section of ['Export fields', 'Search fields', 'Detail fields', 'Backend fields']) {
      await page.getByRole('link', { name: section, exact: true }).first().click()
      await page.getByRole('heading', { level: 1, name: section }).waitFor()
      await page.getByRole('link', { name: /^Add / }).first().click()
      const dropdown = page.getByRole('combobox', { name: 'Entity Type', exact: true })
      await dropdown.click()
      const isNative = await dropdown.evaluate((element) => element instanceof HTMLSelectElement)
      const list = isNative ? dropdown : page.getByRole('listbox', { name: 'Entity Type' })
      const choices = list.getByRole('option')
      const firstFour = async () => (await choices.allTextContents()).slice(0, 4)
      await expect.poll(firstFour, { message: section }).toEqual(['Account', 'Contact', 'Lead', 'Deal'])
    }
  },
)

twins({ DYNAMICS: 'D-ENT-11' }, 'an entity that is there already is refused', async (page, crm) => {
  const deals = await openWithDeals(crm)
  await fillIn(deals, crm, 'Deal again')
  await submit(deals)
  expect(await faultAt(picker(page, 'Entity Name'))).toContain('is among the entity types already')
  expect(await added(crm)).toHaveLength(1)
})

twins(
  { DYNAMICS: 'an entity that other settings use', SALESFORCE: 'an entity in use' },
  'is removed only with them, after they were named',
  async (_page, crm) => {
    const { name, primaryField } = opportunities[crm.provider]
    const topic = { entityType: name, name: primaryField, label: 'Topic', fieldType: 'TEXT' }
    const page = await openWithDeals(crm, { detailFields: [topic] })
    await expect.poll(() => page.getByRole('button', { name: 'Remove Account' }).count()).toBe(0)
    await page.getByRole('button', { name: 'Remove Deal' }).click()
    const dialog = page.getByRole('dialog', { name: 'Remove Deal?' })
    await dialog.getByRole('button', { name: 'Remove', exact: true }).click()
    await dialog.getByText(`the detail field ${primaryField}`).waitFor()
    expect(await added(crm)).toHaveLength(1)
    await dialog.getByRole('button', { name: 'Remove them too' }).click()
    await page.getByText('None yet. Add one').waitFor()
    expect(await crm.document()).toMatchObject({ detailFields: [] })
    expect(await added(crm)).toEqual([])
    await expect.poll(() => focused(page.getByRole('link', { name: 'Add entity' }))).toBe(true)
  },
)
