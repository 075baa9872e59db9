/** The form of a search field or a detail field, as a person fills it in. */
import type { Locator, Page } from 'playwright-core'
import { crmNames } from '../rules/support/crm-names.ts'
import type { AdminCrm } from './admin-rules.ts'
import { pick, picker, typeName } from './picking.ts'

export type ListNoun = 'search field' | 'detail field'

/** The label of the label, and of the type. */
export function labelsOn(crm: AdminCrm, noun: ListNoun) {
  const plain = noun === 'detail field' && crm.provider === 'DYNAMICS'
  return { label: plain ? 'Label' : 'Field Label', type: noun === 'detail field' ? 'Field Type' : 'Search Type' }
}

export const revenueOf = (crm: AdminCrm) => crmNames[crm.provider].accountField.revenue

/** A field that accounts and contacts have, and one that points to another record. */
export const others = {
  DYNAMICS: { fax: 'fax', company: 'parentcustomerid', account: 'account', misspelled: 'revenu' },
  SALESFORCE: { fax: 'Fax', company: 'AccountId', account: 'Account', misspelled: 'annualrevenue' },
} as const

export const typeNames = {
  DYNAMICS: ['Currency', 'Date', 'Lookup', 'Option Set', 'Status Reason', 'Text Box', 'Two Options', 'Whole Number'],
  SALESFORCE: ['Checkbox', 'Currency', 'Textbox', 'Date', 'Lookup', 'Picklist', 'Picklist (Multi-Select)'],
} as const

/** A text or a dropdown. */
export const input = (page: Page, name: string): Locator =>
  page.getByRole('textbox', { name, exact: true }).or(page.getByRole('combobox', { name, exact: true }))

export const openForm = (page: Page, noun: ListNoun) => page.getByRole('link', { name: `Add ${noun}` }).click()

export const submit = (page: Page, noun: ListNoun) =>
  page.getByRole('button', { name: `Add ${noun}`, exact: true }).click()

/** An account's revenue, by picking; its label is written. */
export async function fillIn(page: Page, crm: AdminCrm, noun: ListNoun, label = 'Turnover'): Promise<void> {
  await openForm(page, noun)
  await pick(page, 'Field Name', revenueOf(crm))
  await input(page, labelsOn(crm, noun).label).fill(label)
}

export const listed = (page: Page, label: string): Promise<void> =>
  page.getByRole('link', { name: label, exact: true }).waitFor()

/** A name that the org does not have, and the one that was meant. */
export async function misspell(page: Page, crm: AdminCrm): Promise<Locator> {
  await typeName(page, 'Field Name', others[crm.provider].misspelled)
  return picker(page, 'Field Name')
}
