import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { type AdminApp, owner, signIn, startAdminApp } from './admin-app.ts'

let app: AdminApp

beforeAll(async () => {
  app = await startAdminApp()
})
afterEach(() => {
  expect(app.complaints.splice(0)).toEqual([])
})
afterAll(() => app.stop())

test('somebody without a session is asked to sign in, and then sees the page that was asked for', async () => {
  const page = await app.openAsStranger('/integrations/salesforce')
  await page.getByRole('heading', { name: 'Sign in' }).waitFor()
  await signIn(page)
  await page.getByRole('heading', { name: 'Integrations' }).waitFor()
  await expect.poll(() => new URL(page.url()).pathname).toBe('/admin/integrations/salesforce')
})

test('a wrong password is told, and the right one goes on', async () => {
  const page = await app.openAsStranger('/sign-in')
  await signIn(page, 'not the password')
  await expect
    .poll(() => page.getByRole('alert').textContent())
    .toBe('This e-mail address and password do not belong together. Check both.')
  await signIn(page)
  await page.getByRole('heading', { name: 'Integrations' }).waitFor()
})

test('who guesses passwords is told to wait', async () => {
  const page = await app.openAsStranger('/sign-in')
  const stranger = { email: 'guessed@example.com', password: 'a guess of a password' }
  const guess = () =>
    page.request.post(`${app.url}/auth/sign-in/email`, { data: stranger, headers: { origin: app.url } })
  for (let tries = 0; tries < 10; tries++) await guess()
  await page.getByLabel('E-mail').fill(stranger.email)
  await page.getByRole('textbox', { name: 'Password' }).fill(stranger.password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect.poll(() => page.getByRole('alert').textContent()).toBe('Too many attempts. Wait a while and try again.')
  expect(app.complaints.splice(0)).toEqual([expect.stringContaining('a status of 429')])
})

test('signing in never leads to another site', async () => {
  const page = await app.openAsStranger(`/sign-in?${new URLSearchParams({ next: '//elsewhere.example/integrations' })}`)
  await signIn(page)
  await page.getByRole('heading', { name: 'Integrations' }).waitFor()
  await expect.poll(() => page.url()).toBe(`${app.url}/admin/integrations`)
})

test('signing out ends the session for every page', async () => {
  const page = await app.openAsStranger('/sign-in')
  await signIn(page)
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.getByRole('heading', { name: 'Sign in' }).waitFor()
  await page.goto(`${app.url}/admin/integrations`)
  await page.getByRole('heading', { name: 'Sign in' }).waitFor()
})

test('a page that the browser kept for its Back button asks anew who is signed in', async () => {
  const page = await app.openAsStranger('/sign-in')
  await signIn(page)
  await page.getByRole('heading', { name: 'Integrations' }).waitFor()
  await page.context().clearCookies()
  // Browsers under remote control keep no pages: this is what one that does tells the page.
  await page.evaluate(() => dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })))
  await page.getByRole('heading', { name: 'Sign in' }).waitFor()
})

test('a session that has ended meanwhile leads to the sign-in page at the next action, and back to where one was', async () => {
  const page = await app.openAsStranger('/integrations/salesforce?from=a%20link')
  await page.getByRole('heading', { name: 'Sign in' }).waitFor()
  await expect.poll(() => page.getByText('You were signed out').count()).toBe(0)
  await signIn(page)
  await page.getByRole('heading', { name: 'Integrations' }).waitFor()
  const before = page.url()
  expect(before).toContain('from=')
  await page.context().clearCookies()
  const told = page.getByRole('status').filter({ hasText: 'You were signed out' })
  const check = page.getByRole('button', { name: 'Check' }).first()
  // Whatever asks next finds it out; a page that follows events may ask before a person does.
  await Promise.race([told.waitFor(), check.click().then(() => told.waitFor())])
  await signIn(page)
  await page.getByRole('heading', { name: 'Integrations' }).waitFor()
  await expect.poll(() => page.url()).toBe(before)
})

test('one signs in by keyboard alone, and what is wrong is told where one is', async () => {
  const page = await app.openAsStranger('/sign-in')
  await page.keyboard.press('Tab')
  await page.keyboard.type(owner.email)
  await page.keyboard.press('Tab')
  await page.keyboard.type('not the password')
  await page.keyboard.press('Enter')
  await page.getByRole('alert').waitFor()
  await page.getByRole('textbox', { name: 'Password' }).focus()
  await page.keyboard.press('ControlOrMeta+A')
  await page.keyboard.type(owner.password)
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Integrations' }).waitFor()
})

test('a server that does not answer is told, and trying again goes on', async () => {
  const page = await app.open()
  await page.route('**/graphql', (route) => route.abort())
  await page.getByRole('button', { name: 'Check' }).first().click()
  await page.getByRole('alert').getByText('The server does not answer.').first().waitFor()

  await page.reload()
  await page.getByRole('heading', { name: 'The server does not answer' }).waitFor()
  await page.unroute('**/graphql')
  await page.getByRole('button', { name: 'Try again' }).click()
  await page.getByRole('heading', { name: 'Integrations' }).waitFor()

  const reported = app.complaints.splice(0)
  expect(reported.filter((text) => !/net::ERR_FAILED/.test(text))).toEqual([])
})

test('an address that the app does not know says so and leads back', async () => {
  const page = await app.open('/nowhere')
  await page.getByRole('heading', { name: 'There is no such page' }).waitFor()
  await page.getByRole('main').getByRole('link', { name: 'Integrations' }).click()
  await page.getByRole('heading', { name: 'Integrations' }).waitFor()
})

test('the page says who is signed in and where', async () => {
  const page = await app.open()
  const name = owner.email.slice(0, owner.email.indexOf('@'))
  await page
    .getByRole('banner')
    .getByText(new RegExp(`^${name} · \\w+`))
    .waitFor()
})
