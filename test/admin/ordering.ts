/** The order of a list as an admin changes it: by the mouse and by the keyboard. */
import type { Page } from 'playwright-core'
import { expect } from 'vitest'

/** What a list shows, from the top. */
export const shownIn = (page: Page, list: string) =>
  page.getByRole('list', { name: list, exact: true }).getByRole('link').allTextContents()

export const handleOf = (page: Page, name: string) => page.getByRole('button', { name: `Move ${name}`, exact: true })

/** Until a screen reader would have said this of what is held. */
async function hear(page: Page, words: string): Promise<void> {
  await expect.poll(() => page.locator('[id^="DndLiveRegion"]').textContent()).toContain(words)
}

/** What is let go earlier than it is seen to be at the place of another falls back. */
export async function hearPlace(page: Page, name: string, target: string): Promise<void> {
  const place = await handleOf(page, target).evaluate((it) => {
    const row = it.closest('li')
    return row ? [...(row.parentElement?.children ?? [])].indexOf(row) + 1 : 0
  })
  await hear(page, `${name}: ${place} of`)
}

/** Holds the handle of one, moves it to the place of another, and lets go. */
export async function dragOnto(page: Page, from: string, to: string): Promise<void> {
  await handleOf(page, from).hover()
  await page.mouse.down()
  const box = await handleOf(page, to).boundingBox()
  if (box === null) throw new Error(`${to} is not shown`)
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2, { steps: 8 })
  await hearPlace(page, from, to)
  await page.mouse.up()
}

/** Takes one by its handle with the keyboard, and waits until a screen reader would have said so. */
export async function pickUpByKeys(page: Page, name: string): Promise<void> {
  await handleOf(page, name).focus()
  await page.keyboard.press('Space')
  await hear(page, `${name} is picked up.`)
  // dnd-kit hears keys from the next timer on; no hand is quicker than that, but a test is.
  await page.evaluate(() => new Promise((resolve) => setTimeout(resolve)))
}

/** Picks the first one up by its handle, moves it down by one and puts it down, all by keys. */
export async function moveDownByKeys(page: Page, name: string): Promise<void> {
  await pickUpByKeys(page, name)
  await page.keyboard.press('ArrowDown')
  await hear(page, `${name}: 2 of`)
  await page.keyboard.press('Space')
}
