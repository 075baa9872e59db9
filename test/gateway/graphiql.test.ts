import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { launchBrowser } from '../support/browser.ts'
import { type RunningGateway, startGateway } from './running-gateway.ts'

let gateway: RunningGateway
let browser: Browser

beforeAll(async () => {
  gateway = await startGateway()
  browser = await launchBrowser()
})
afterAll(async () => {
  await browser.close()
  await gateway.stop()
})

/** The editor writes blanks as no-break spaces, and only as many lines as there is room for. */
const answerOf = async (page: Page) =>
  (await page.getByRole('region', { name: 'Result Window' }).textContent())?.replaceAll('\u00a0', ' ')

it('GraphiQL runs the first tab as it stands and shows people of both CRMs, asking nobody but this server', async () => {
  const page = await browser.newPage()
  const problems: string[] = []
  const asked: string[] = []
  page.on('pageerror', (error) => problems.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text())
  })
  page.on('request', (request) => asked.push(request.url()))

  await page.goto(`${gateway.url}/graphql`)
  await page.getByRole('button', { name: /execute/i }).click()
  await expect.poll(() => answerOf(page)).toContain('Analytical Engines')

  await expect.poll(() => page.getByRole('tab').count()).toBeGreaterThanOrEqual(8)
  const elsewhere = asked.filter((url) => !/^(data|blob):/.test(url) && !url.startsWith(gateway.url))
  expect(elsewhere).toEqual([])
  expect(problems).toEqual([])
})

it('a click opens a tab of GraphiQL, and one of its operations is chosen beside the play button', async () => {
  const page = await browser.newPage()
  page.setDefaultTimeout(30_000)
  await page.goto(`${gateway.url}/graphql`)
  const tabs = page.getByRole('tab')
  for (const name of ['OpenRecord', 'Converse', 'TrySettings']) {
    const tab = tabs.filter({ hasText: name })
    await tab.click({ position: { x: 20, y: 10 } })
    await expect.poll(() => tab.getAttribute('aria-selected')).toBe('true')
  }
  // The editor needs a moment to see that there are two.
  const choice = page.getByRole('menuitem', { name: 'TrySettings' })
  await vi.waitFor(
    async () => {
      // Pressed once more, it would close.
      if (!(await choice.isVisible())) await page.getByRole('button', { name: /execute/i }).click()
      await choice.click({ timeout: 3_000 })
    },
    { timeout: 40_000, interval: 200 },
  )
  await expect.poll(() => answerOf(page)).toContain('"recordForm"')
})
