import { expect } from 'vitest'
import { tabsOf } from '../rules/support/opportunities.ts'
import { type AdminCrm, openAdminRules } from './admin-rules.ts'
import { agentsSide, faultAt, focused, pick, picker } from './picking.ts'
import { fillIn, input, listed, misspell, openForm, others, revenueOf, submit, typeNames } from './shown-field-form.ts'

const { twins } = openAdminRules('search-fields')
const noun = 'search field'

const both = (row: string) => ({ DYNAMICS: `D-SEA-${row}`, SALESFORCE: `S-SEA-${row}` })

const fields = async (crm: AdminCrm) => (await crm.document())['searchFields']

/** Headings of the results of an entity type, as agents have them. */
async function headingsOf(crm: AdminCrm, displayName: string): Promise<string[]> {
  const tabs = await tabsOf(await agentsSide(crm))
  const tab = tabs.find(({ label }: { label: string }) => label === displayName)
  return tab.columns.map(({ label }: { label: string }) => label)
}

twins(both('03'), 'the page says that each adds a column, and that detail fields are recommended', async (page) => {
  await page.getByText('Each search field adds a column to the results').waitFor()
  await page.getByRole('alert').getByRole('link', { name: 'Detail fields' }).click()
  await page.getByRole('heading', { level: 1, name: 'Detail fields' }).waitFor()
})

twins(
  both('04'),
  'Field Label comes from the org, can be changed, and heads the column of the results',
  async (page, crm) => {
    await openForm(page, noun)
    await pick(page, 'Field Name', revenueOf(crm))
    await expect.poll(() => input(page, 'Field Label').inputValue()).toBe('Annual Revenue')
    await input(page, 'Field Label').fill('Turnover a year')
    await submit(page, noun)
    await listed(page, 'Turnover a year')
    expect((await headingsOf(crm, 'Account')).at(-1)).toBe('Turnover a year')
  },
)

twins(both('05'), 'Field Name is as in the CRM: a wrong one is told the nearest right one', async (page, crm) => {
  await fillIn(page, crm, noun)
  const name = await misspell(page, crm)
  await submit(page, noun)
  expect(await faultAt(name)).toContain(revenueOf(crm))
  await expect.poll(() => focused(name)).toBe(true)
  await pick(page, 'Field Name', revenueOf(crm))
  await submit(page, noun)
  await listed(page, 'Turnover')
  expect(await fields(crm)).toMatchObject([{ name: revenueOf(crm), label: 'Turnover' }])
})

twins(both('06'), 'Entity Type is a dropdown, and the field is of that entity type only', async (page, crm) => {
  const { fax } = others[crm.provider]
  await openForm(page, noun)
  await input(page, 'Entity Type').selectOption('Contact')
  await pick(page, 'Field Name', fax)
  await input(page, 'Field Label').fill('Fax line')
  await submit(page, noun)
  await page.getByRole('list', { name: 'Search fields of Contact' }).getByRole('link', { name: 'Fax line' }).waitFor()
  expect(await headingsOf(crm, 'Contact')).toContain('Fax line')
  expect(await headingsOf(crm, 'Account')).not.toContain('Fax line')
})

twins(both('07'), 'Search Type is a dropdown that the org fills in; a wrong one is refused', async (page, crm) => {
  await fillIn(page, crm, noun)
  const type = input(page, 'Search Type')
  await expect.poll(() => type.getByRole('option').allTextContents()).toEqual(typeNames[crm.provider])
  await expect.poll(() => type.inputValue()).toBe('CURRENCY')
  await type.selectOption('Date')
  await submit(page, noun)
  expect(await faultAt(type)).toContain('Currency')
  expect(await fields(crm)).toEqual([])
  await type.selectOption('Currency')
  await submit(page, noun)
  await listed(page, 'Turnover')
  expect(await fields(crm)).toMatchObject([{ fieldType: 'CURRENCY' }])
})

twins(both('09'), 'Add Filter Value shows Value, which must be filled in', async (page, crm) => {
  await fillIn(page, crm, noun)
  await expect.poll(() => input(page, 'Value').count()).toBe(0)
  await page.getByRole('checkbox', { name: 'Add Filter Value' }).check()
  await submit(page, noun)
  await faultAt(input(page, 'Value'))
  expect(await fields(crm)).toEqual([])
  await input(page, 'Value').fill('500')
  await submit(page, noun)
  await page.getByText('only 500').waitFor()
  expect(await fields(crm)).toMatchObject([{ filter: { field: revenueOf(crm), value: '500' } }])
})

twins(both('10'), 'the filter of a look-up asks for Related Entity Name and Value', async (page, crm) => {
  const { company, account } = others[crm.provider]
  await openForm(page, noun)
  await input(page, 'Entity Type').selectOption('Contact')
  await pick(page, 'Field Name', company)
  await page.getByRole('checkbox', { name: 'Add Filter Value' }).check()
  await expect.poll(() => picker(page, 'Related Entity Name').inputValue()).toBe(account)
  await picker(page, 'Related Entity Name').fill('')
  const value = input(page, 'Value')
  await value.fill('Some company')
  await submit(page, noun)
  await faultAt(picker(page, 'Related Entity Name'))
  await pick(page, 'Related Entity Name', account)
  await value.fill('')
  await submit(page, noun)
  await faultAt(value)
  expect(await fields(crm)).toEqual([])
  await value.fill('Some company')
  await submit(page, noun)
  await page.getByText('only Some company').waitFor()
  expect(await fields(crm)).toMatchObject([
    { fieldType: 'LOOKUP', filter: { value: 'Some company', relatedEntity: account } },
  ])
})
