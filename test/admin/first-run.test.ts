/** The first owner of an empty installation, in the app. */
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { faintTexts, headingLevels, namelessParts, overflow } from './accessibility.ts'
import { type AdminApp, startAdminApp } from './admin-app.ts'

let app: AdminApp
const ines = { name: 'Ines Example', email: 'ines@example.com', password: 'a long password' }

beforeAll(async () => {
  app = await startAdminApp()
})
beforeEach(async () => {
  await app.gateway.database.user.deleteMany()
})
afterEach(() => {
  expect(app.complaints.splice(0)).toEqual([])
})
afterAll(() => app.stop())

const users = () => app.gateway.database.user.findMany({ include: { member: true } })

async function fillIn(page: Page, { name, email, password }: typeof ines): Promise<void> {
  await page.getByRole('textbox', { name: 'E-mail' }).fill(email)
  await page.getByRole('textbox', { name: 'Your name' }).fill(name)
  await page.getByRole('textbox', { name: 'Password' }).fill(password)
}

/** As if a proxy stood before the gateway: its requests do not come from this machine. */
async function fromElsewhere(page: Page): Promise<void> {
  await page.route('**/auth/first-run', (route) =>
    route.continue({ headers: { ...route.request().headers(), 'x-forwarded-for': '203.0.113.7' } }),
  )
}

test('whoever opens an empty installation is led to make the first owner, and is in', async () => {
  const page = await app.openAsStranger('/pushes')
  await page.getByRole('heading', { name: 'Welcome to Backchannel' }).waitFor()
  await fillIn(page, ines)
  await page.getByRole('button', { name: 'Make my account' }).click()
  await page.getByRole('heading', { name: 'Integrations' }).waitFor()
  await page
    .getByRole('banner')
    .getByText(/Ines Example/)
    .waitFor()
  expect(await users()).toMatchObject([{ email: ines.email, name: ines.name, member: { role: 'OWNER' } }])
  await expect
    .poll(() => page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }])))
    .not.toContain(ines.password)
})

test('what is missing is said at its input, which gets the focus, all by keyboard', async () => {
  const page = await app.openAsStranger('/first-run')
  const email = page.getByRole('textbox', { name: 'E-mail' })
  await email.focus()
  await page.keyboard.type('no address')
  await page.keyboard.press('Enter')
  await expect.poll(() => email.getAttribute('aria-invalid')).toBe('true')
  await expect.poll(() => email.evaluate((element) => element === document.activeElement)).toBe(true)
  await page.keyboard.press('ControlOrMeta+A')
  await page.keyboard.type(ines.email)
  await page.keyboard.press('Tab')
  await page.keyboard.type(ines.name)
  await page.keyboard.press('Tab')
  await page.keyboard.type('short')
  await page.keyboard.press('Enter')
  await page.getByText('Choose at least 8 characters.').waitFor()
  await page.keyboard.type(' no longer')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Integrations' }).waitFor()
})

test('from elsewhere it takes the link of the log, whose code leaves the address at once', async () => {
  const stranger = await app.openAsStranger('/nowhere')
  await fromElsewhere(stranger)
  await stranger.goto(`${app.url}/admin/first-run`)
  await stranger.getByText('written into its log').waitFor()
  await expect.poll(() => stranger.getByRole('textbox').count()).toBe(0)

  const link = await app.gateway.gateway.entrance.firstRunUrl()
  await stranger.goto('about:blank')
  await stranger.goto(link ?? '')
  await fillIn(stranger, ines)
  await expect.poll(() => stranger.url()).toBe(`${app.url}/admin/first-run`)
  await stranger.getByRole('button', { name: 'Make my account' }).click()
  await stranger.getByRole('heading', { name: 'Integrations' }).waitFor()
  expect(await users()).toHaveLength(1)
})

test('who was too slow is told that the first owner is there, and where to go on', async () => {
  const page = await app.openAsStranger('/first-run')
  await fillIn(page, ines)
  await app.gateway.gateway.entrance.ensureFirstOwner({ email: 'quicker@example.com', password: 'a long password' })
  await page.getByRole('button', { name: 'Make my account' }).click()
  await page.getByRole('alert').getByText('The first owner has been made already.').waitFor()
  await page.reload()
  await page.getByRole('heading', { name: 'The first owner is there' }).waitFor()
  await page.getByRole('link', { name: 'Sign in' }).click()
  await page.getByRole('heading', { name: 'Sign in' }).waitFor()
  expect(await users()).toMatchObject([{ email: 'quicker@example.com' }])
  expect(app.complaints.splice(0)).toEqual([expect.stringContaining('a status of 409')])
})

test.each([
  ['light', 390],
  ['dark', 1440],
] as const)('the page can be read and fits, %s at %i pixels', async (colorScheme, width) => {
  const page = await app.openAsStranger('/first-run', { colorScheme, width })
  await page.getByRole('button', { name: 'Make my account' }).waitFor()
  await expect.poll(() => faintTexts(page)).toEqual([])
  await expect.poll(() => namelessParts(page)).toEqual([])
  await expect.poll(() => overflow(page)).toBe(0)
  await expect.poll(() => headingLevels(page)).toEqual([1])
})
