/** The preview beside the settings, as an admin looks at it. */
import type { Locator, Page } from 'playwright-core'

export type View = 'Search' | 'Create' | 'Tag' | 'Match'

export const previewOf = (page: Page): Locator => page.getByRole('complementary', { name: 'Preview' })

/** Goes to one of its views. */
export async function look(page: Page, view: View): Promise<Locator> {
  const preview = previewOf(page)
  await preview.getByRole('tab', { name: view, exact: true }).click()
  return preview
}

/** Tries it with a visitor of whom only this is known. */
export async function tryWith(page: Page, visitor: { channel?: 'Chat' | 'SMS'; phone?: string }): Promise<Locator> {
  const preview = previewOf(page)
  await preview.getByRole('button', { name: 'Change visitor' }).click()
  const tried = preview.getByRole('region', { name: 'Tried with' })
  if (visitor.channel) await tried.getByText(visitor.channel, { exact: true }).last().click()
  if (visitor.phone) await tried.getByLabel('Phone').fill(visitor.phone)
  await tried.getByRole('button', { name: 'Done' }).click()
  return preview
}

/** What was found under this name, or whatever was found first. */
export function hitOf(preview: Locator, name?: string): Locator {
  const hits = preview.getByRole('listitem').filter({ has: preview.page().getByRole('heading', { level: 3 }) })
  return name === undefined ? hits.first() : hits.filter({ hasText: name }).first()
}

export const planOf = (preview: Locator): Locator => preview.getByRole('region', { name: 'What would be written' })
