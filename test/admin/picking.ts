/** How a person uses the app's inputs and lists, and what agents then see. */

import type { Locator, Page } from 'playwright-core'
import { expect } from 'vitest'
import { orgsOf } from '../gateway/searching.ts'
import { openCrm, type RuleCrm } from '../rules/support/rules.ts'
import type { AdminCrm } from './admin-rules.ts'

/** The input of a picker. */
export const picker = (page: Page, label: string): Locator => page.getByRole('combobox', { name: label, exact: true })

/** Searches by part of a name and takes the one that has exactly this name in the CRM. */
export async function pick(page: Page, label: string, name: string): Promise<void> {
  await picker(page, label).fill(name)
  // Not those of a dropdown, which may have the same name.
  const options = page.getByRole('listbox', { name: label, exact: true }).getByRole('option')
  await options
    .filter({ has: page.getByText(name, { exact: true }) })
    .first()
    .click()
  await expect.poll(() => picker(page, label).inputValue()).toBe(name)
}

/** Types a name by hand, and goes on. */
export async function typeName(page: Page, label: string, name: string): Promise<void> {
  await picker(page, label).fill(name)
  await picker(page, label).press('Tab')
}

/** What stands at an input as its fault. */
export async function faultAt(input: Locator): Promise<string> {
  await expect.poll(() => input.getAttribute('aria-invalid')).toBe('true')
  const ids = ((await input.getAttribute('aria-describedby')) ?? '').split(' ').filter((id) => id !== '')
  const texts = await Promise.all(ids.map((id) => input.page().locator(`[id="${id}"]`).textContent()))
  return texts.join(' ')
}

/** The names of a list's rows, in order: each row begins with a link. */
export const rowsOf = (page: Page, list: string): Promise<string[]> =>
  page.getByRole('list', { name: list, exact: true }).getByRole('listitem').getByRole('link').allTextContents()

export const focused = (locator: Locator): Promise<boolean> =>
  locator.evaluate((element) => element === document.activeElement)

/** The same CRM as agents meet it. */
export async function agentsSide({ app, provider }: AdminCrm): Promise<RuleCrm> {
  const org = (await orgsOf(app.gateway))[provider]
  return openCrm(app.gateway, org, provider === 'DYNAMICS' ? app.dynamics : app.salesforce)
}
