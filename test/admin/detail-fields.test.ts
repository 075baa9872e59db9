import { expect, test } from 'vitest'
import { details, labelsOf, one } from '../rules/support/details.ts'
import { newWord, putAccount } from '../rules/support/looking.ts'
import { type AdminCrm, openAdminRules } from './admin-rules.ts'
import { agentsSide, faultAt, focused, pick, picker } from './picking.ts'
import {
  fillIn,
  input,
  labelsOn,
  listed,
  misspell,
  openForm,
  others,
  revenueOf,
  submit,
  typeNames,
} from './shown-field-form.ts'

const { twins, crm: crmOf } = openAdminRules('detail-fields')
const noun = 'detail field'

const both = (row: string) => ({ DYNAMICS: `D-DET-${row}`, SALESFORCE: `S-DET-${row}` })

const fields = async (crm: AdminCrm) => (await crm.document())['detailFields']

/** The details of a new account with this revenue, as an agent opens them. */
async function detailsOfAccount(crm: AdminCrm, revenue: number) {
  const side = await agentsSide(crm)
  const name = newWord()
  await putAccount(side, name, revenue)
  return details(side, name)
}

twins(both('05'), 'the label is what the details show', async (page, crm) => {
  await fillIn(page, crm, noun, 'Money made')
  await submit(page, noun)
  await listed(page, 'Money made')
  expect(labelsOf(await detailsOfAccount(crm, 700)).at(-1)).toBe('Money made')
})

test('X-DIF-26 the label is called Label in Dynamics, and Field Label in Salesforce', async () => {
  for (const [provider, label] of [
    ['DYNAMICS', 'Label'],
    ['SALESFORCE', 'Field Label'],
  ] as const) {
    const page = await crmOf(provider).open()
    await openForm(page, noun)
    await page.getByRole('textbox', { name: label, exact: true }).waitFor()
  }
})

twins(both('06'), 'Field Name is as in the CRM: a wrong one is told the nearest right one', async (page, crm) => {
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

twins(both('07'), 'Entity Type is a dropdown, and the field is of that entity type only', async (page, crm) => {
  await openForm(page, noun)
  await input(page, 'Entity Type').selectOption('Contact')
  await pick(page, 'Field Name', others[crm.provider].fax)
  await input(page, labelsOn(crm, noun).label).fill('Fax line')
  await submit(page, noun)
  await page.getByRole('list', { name: 'Detail fields of Contact' }).getByRole('link', { name: 'Fax line' }).waitFor()
  expect(labelsOf(await detailsOfAccount(crm, 700))).not.toContain('Fax line')
})

twins(both('08'), 'Field Type is a dropdown that the org fills in; the value is shown by it', async (page, crm) => {
  await fillIn(page, crm, noun)
  const type = input(page, 'Field Type')
  await expect.poll(() => type.getByRole('option').allTextContents()).toEqual(typeNames[crm.provider])
  await expect.poll(() => type.inputValue()).toBe('CURRENCY')
  await type.selectOption('Date')
  await submit(page, noun)
  expect(await faultAt(type)).toContain('Currency')
  await type.selectOption('Currency')
  await submit(page, noun)
  await listed(page, 'Turnover')
  const shown = one(await detailsOfAccount(crm, 700), 'Turnover')
  expect(shown).toMatchObject({ type: 'CURRENCY', raw: 700 })
})

twins(both('10'), 'Add Filter Value shows Value, which must be filled in', async (page, crm) => {
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

twins(both('11'), 'the filter of a look-up asks for Related Entity Name and Value', async (page, crm) => {
  const { company, account } = others[crm.provider]
  await openForm(page, noun)
  await input(page, 'Entity Type').selectOption('Contact')
  await pick(page, 'Field Name', company)
  await page.getByRole('checkbox', { name: 'Add Filter Value' }).check()
  await expect.poll(() => picker(page, 'Related Entity Name').inputValue()).toBe(account)
  const value = input(page, 'Value')
  await submit(page, noun)
  await faultAt(value)
  await picker(page, 'Related Entity Name').fill('')
  await value.fill('Some company')
  await submit(page, noun)
  await faultAt(picker(page, 'Related Entity Name'))
  expect(await fields(crm)).toEqual([])
  await pick(page, 'Related Entity Name', account)
  await submit(page, noun)
  await page.getByText('only Some company').waitFor()
  expect(await fields(crm)).toMatchObject([
    { fieldType: 'LOOKUP', filter: { value: 'Some company', relatedEntity: account } },
  ])
})
