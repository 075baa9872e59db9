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

/** Takes one by its handle with the keyboard, and waits until a screen reader would have said so. */
export async function pickUpByKeys(page: Page, name: string): Promise<void> {
  const said = page.locator('[id^="DndLiveRegion"]')
  await page.getByRole('button', { name: `Move ${name}`, exact: true }).focus()
  await page.keyboard.press('Space')
  await expect.poll(() => said.textContent()).toContain(`${name} is picked up.`)
  // dnd-kit hears keys from the next timer on; no hand is quicker than that, but a test is.
  await page.evaluate(() => new Promise((resolve) => setTimeout(resolve)))
}

/** Picks the first one up by its handle, moves it down by one and puts it down, all by keys. */
export async function moveDownByKeys(page: Page, name: string): Promise<void> {
  const said = page.locator('[id^="DndLiveRegion"]')
  await pickUpByKeys(page, name)
  await page.keyboard.press('ArrowDown')
  await expect.poll(() => said.textContent()).toContain(`${name}: 2 of`)
  await page.keyboard.press('Space')
}
