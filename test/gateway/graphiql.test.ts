import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
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
  const answer = page.getByRole('region', { name: 'Result Window' })
  // The editor writes blanks as no-break spaces, and only as many lines as there is room for.
  const shown = async () => (await answer.textContent())?.replaceAll('\u00a0', ' ')
  await expect.poll(shown, { timeout: 15_000 }).toContain('Analytical Engines')

  expect(await page.getByRole('tab').count()).toBeGreaterThanOrEqual(8)
  const elsewhere = asked.filter((url) => !/^(data|blob):/.test(url) && !url.startsWith(gateway.url))
  expect(elsewhere).toEqual([])
  expect(problems).toEqual([])
})
