import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { faintTexts, namelessParts, overflow } from './accessibility.ts'
import { type AdminApp, dynamicsOrg, startAdminApp } from './admin-app.ts'

let app: AdminApp

beforeAll(async () => {
  app = await startAdminApp()
})
afterEach(() => {
  expect(app.complaints.splice(0)).toEqual([])
})
afterAll(() => app.stop())

async function copied(what: string): Promise<string> {
  const page = await app.open('/developers')
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await page.getByRole('button', { name: `Copy ${what}` }).click()
  await page.getByRole('button', { name: `Copied ${what}` }).waitFor()
  const text = await page.evaluate(() => navigator.clipboard.readText())
  await page.close()
  return text
}

test('the curl command that is copied is one line, and runs as it stands with a key in it', async () => {
  const command = await copied('The curl command')
  expect(command).not.toContain('\n')
  expect(command).toContain('YOUR_KEY')
  const key = await app.gateway.key('AGENT')
  const { stdout } = await promisify(execFile)('sh', ['-c', command.replace('YOUR_KEY', key)])
  const { data } = JSON.parse(stdout)
  expect(data.viewer.scopes).toEqual(['AGENT'])
  expect(data.integrations.map(({ name }: { name: string }) => name)).toContain(dynamicsOrg)
})

test('the recipe for agents runs: the backend issues a token with its key, and the browser searches with the token', async () => {
  const [backend, browser] = [await copied('Code of the backend'), await copied('Code of the browser')]
  const load = (code: string) => import(/* @vite-ignore */ `data:text/javascript,${encodeURIComponent(code)}`)
  const { issueAgentToken } = await load(backend)
  const { findByPhone } = await load(browser)
  const token = await issueAgentToken(await app.gateway.key('SERVICE'), { id: 'agent-7', name: 'Anna' })
  const hits = await findByPhone(token, '+1 512 555 0143')
  expect(hits.map(({ record }: { record: { name: string } }) => record.name)).toContain('Ada Lovelace-Byrne')
  await expect(issueAgentToken(await app.gateway.key('AGENT'), { id: 'a', name: 'A' })).rejects.toThrow()
})

test('each link opens GraphiQL with an operation that is ready to run, whatever was open there before', async () => {
  const page = await app.open('/developers')
  const links = page.getByRole('main').locator('a[target=_blank]')
  const addresses = await links.evaluateAll((all) => all.map((it) => it.getAttribute('href') ?? ''))
  const openTab = page.getByRole('tab', { selected: true })
  for (const address of [...addresses, addresses[1] ?? '']) {
    // The page weighs megabytes.
    await page.goto(app.url + address, { waitUntil: 'commit' })
    const operation = new URLSearchParams(address.split('?')[1]).get('operation') ?? ''
    await expect.poll(() => openTab.textContent(), { timeout: 30_000 }).toMatch(new RegExp(`^${operation}`))
  }
  await page.getByRole('button', { name: /execute/i }).click()
  const answer = page.getByRole('region', { name: 'Result Window' })
  const text = async () => (await answer.textContent())?.replaceAll('\u00a0', ' ')
  await expect.poll(text).toContain('Analytical Engines')
  await page.close()
}, 120_000)

test('it says where the API is, can be read and fits', async () => {
  const page = await app.open('/developers', { width: 390, colorScheme: 'dark' })
  await page.getByText(`${app.url}/graphql`, { exact: true }).waitFor()
  await page.getByText(`${app.url.replace('http', 'ws')}/graphql (graphql-transport-ws)`).waitFor()
  await expect.poll(() => faintTexts(page)).toEqual([])
  await expect.poll(() => namelessParts(page)).toEqual([])
  await expect.poll(() => overflow(page)).toBe(0)
  await page.close()
})
