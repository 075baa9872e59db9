/** Moving about by keyboard: past the navigation, from page to page, and through the menu of a narrow window. */
import type { Locator, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { type AdminApp, startAdminApp } from './admin-app.ts'

let app: AdminApp

beforeAll(async () => {
  app = await startAdminApp()
})
afterEach(() => {
  expect(app.complaints.splice(0)).toEqual([])
})
afterAll(() => app.stop())

async function hasFocus(locator: Locator): Promise<void> {
  await expect.poll(() => locator.evaluate((element) => element === document.activeElement)).toBe(true)
}

function title(page: Page, name: string): Locator {
  return page.getByRole('heading', { level: 1, name })
}

test('the first key leads past the navigation, and one stays on the page', async () => {
  const page = await app.open('/workspace')
  const address = page.url()
  await page.keyboard.press('Tab')
  const skip = page.getByRole('link', { name: 'Skip to content' })
  await hasFocus(skip)
  expect((await skip.boundingBox())?.x).toBeGreaterThanOrEqual(0)
  await page.keyboard.press('Enter')
  await hasFocus(page.getByRole('main'))
  await page.keyboard.press('Tab')
  await expect.poll(() => page.evaluate(() => document.activeElement?.closest('main') !== null)).toBe(true)
  await expect.poll(() => page.url()).toBe(`${address}#content`)
})

test('a page that one goes to takes the focus with its title; the one that is opened first does not', async () => {
  const page = await app.open('/workspace')
  await expect.poll(() => page.evaluate(() => document.activeElement === document.body)).toBe(true)
  await page.getByRole('link', { name: 'Members' }).click()
  await hasFocus(title(page, 'Members'))
  await expect.poll(() => page.title()).toBe('Members · Backchannel')
  await page.getByRole('link', { name: 'Integrations', exact: true }).click()
  await hasFocus(title(page, 'Integrations'))
  await page.getByRole('link', { name: 'Entities' }).first().click()
  await hasFocus(title(page, 'Entities'))
  await expect
    .poll(() => page.getByRole('link', { name: 'Integrations' }).first().getAttribute('aria-current'))
    .toBe('true')
  await page.getByRole('link', { name: 'Search fields' }).click()
  await hasFocus(title(page, 'Search fields'))
})

test('the menu of a narrow window is closed by Escape, which leads back to its button', async () => {
  const page = await app.open('/workspace', { width: 390 })
  const menu = page.getByRole('button', { name: 'Menu' })
  await menu.press('Enter')
  await page.getByRole('link', { name: 'Members' }).focus()
  await page.keyboard.press('Escape')
  await hasFocus(menu)
  await expect.poll(() => page.getByRole('link', { name: 'Members' }).count()).toBe(0)
})
