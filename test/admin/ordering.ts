/** The order of a list as an admin changes it: by the mouse and by the keyboard. */
import type { Page } from 'playwright-core'
import { expect } from 'vitest'

/** What a list shows, from the top. */
export const shownIn = (page: Page, list: string) =>
  page.getByRole('list', { name: list, exact: true }).getByRole('link').allTextContents()

/** Holds the handle of one, moves it to the place of another, and lets go. */
export async function dragOnto(page: Page, from: string, to: string): Promise<void> {
  const handle = page.getByRole('button', { name: `Move ${from}`, exact: true })
  const target = page.getByRole('button', { name: `Move ${to}`, exact: true })
  await handle.hover()
  await page.mouse.down()
  const box = await target.boundingBox()
  if (box === null) throw new Error(`${to} is not shown`)
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2, { steps: 8 })
  await page.mouse.up()
}

/** Picks the first one up by its handle, moves it down by one and puts it down, all by keys. */
export async function moveDownByKeys(page: Page, name: string): Promise<void> {
  // What a screen reader hears says when the next key counts.
  const said = page.locator('[id^="DndLiveRegion"]')
  await page.getByRole('button', { name: `Move ${name}`, exact: true }).focus()
  await page.keyboard.press('Space')
  await expect.poll(() => said.textContent()).toContain(`${name} is picked up. It is 1 of`)
  await page.keyboard.press('ArrowDown')
  await expect.poll(() => said.textContent()).toContain(`${name}: 2 of`)
  await page.keyboard.press('Space')
}
