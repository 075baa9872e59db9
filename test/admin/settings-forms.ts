/** Forms of settings that are saved as a whole, as an admin works with them. */
import type { Locator, Page } from 'playwright-core'

/** The switch, by its whole label. */
export function switchOf(page: Page, label: string): Locator {
  return page.getByRole('switch', { name: label, exact: true })
}

/** Switches it over, with the keyboard. */
export async function flip(page: Page, label: string): Promise<void> {
  await switchOf(page, label).press('Space')
}

/** Chooses one of a list. */
export async function choose(page: Page, box: Locator, option: string): Promise<void> {
  await box.click()
  await page.getByRole('option', { name: option, exact: true }).click()
}

/** Searches the org for a name, and picks it. */
export async function pick(page: Page, box: Locator, name: string): Promise<void> {
  await box.fill(name)
  await page.getByRole('option', { name: new RegExp(`\\b${name}$`) }).click()
}

const pressSave = (page: Page) => page.getByRole('button', { name: 'Save', exact: true }).click()

/** Saves, and waits until it is in force. */
export async function save(page: Page): Promise<void> {
  await pressSave(page)
  await page.getByText('Everything is saved').waitFor()
}

/** Saves what is refused: what stands at the faulty input. */
export async function refusedAt(page: Page, input: Locator): Promise<string> {
  await pressSave(page)
  // The first faulty input has the focus.
  await input.and(page.locator('[aria-invalid="true"]:focus')).waitFor()
  const ids = (await input.getAttribute('aria-describedby')) ?? ''
  const texts = await Promise.all(
    ids
      .split(' ')
      .filter(Boolean)
      .map((id) => page.locator(`[id="${id}"]`).textContent()),
  )
  return texts.join(' ')
}
