/** One's own account, in the app. */
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { post, signIn as signInAt } from '../gateway/signing-in.ts'
import { type AdminApp, owner, signIn, startAdminApp } from './admin-app.ts'

let app: AdminApp

beforeAll(async () => {
  app = await startAdminApp()
})
afterEach(() => {
  expect(app.complaints.splice(0)).toEqual([])
})
afterAll(() => app.stop())

test('one changes one’s name, and sees it everywhere at once', async () => {
  const page = await app.open('/account')
  await page.getByText(`You sign in as ${owner.email}.`).waitFor()
  const name = page.getByRole('textbox', { name: 'Your name' })
  await name.fill('')
  await page.getByRole('button', { name: 'Save the name' }).click()
  await page.getByText('Say how your colleagues know you.').waitFor()
  await name.fill('Olga Owner')
  await page.keyboard.press('Enter')
  await page
    .getByRole('banner')
    .getByText(/^Olga Owner · /)
    .waitFor()
  const { members } = await app.gateway.execute('{ members { name email } }')
  expect(members).toEqual([{ name: 'Olga Owner', email: owner.email }])
})

test('a new password takes the present one; every other device is signed out, this one is not', async () => {
  const other = await signInAt({ url: app.url }, owner)
  const page = await app.openAsStranger('/account')
  await signIn(page)
  const present = page.getByRole('textbox', { name: 'Present password' })
  const wanted = page.getByRole('textbox', { name: 'New password' })
  await present.fill('not my password')
  await wanted.fill('a better password')
  await page.getByRole('button', { name: 'Change the password' }).click()
  await page.getByText('This is not your present password.').waitFor()
  await expect.poll(() => present.evaluate((element) => element === document.activeElement)).toBe(true)
  await other.execute('{ viewer { kind } }')

  await present.fill(owner.password)
  await page.getByRole('button', { name: 'Change the password' }).click()
  await page.getByText('You are signed out everywhere else.').waitFor()
  expect(await present.inputValue()).toBe('')
  expect(await wanted.inputValue()).toBe('')
  await expect(other.execute('{ viewer { kind } }')).rejects.toThrow('UNAUTHENTICATED')
  expect((await post({ url: app.url }, '/sign-in/email', owner)).status).toBe(401)
  await page.reload()
  await page.getByRole('heading', { name: 'Your account' }).waitFor()
  await signInAt({ url: app.url }, { ...owner, password: 'a better password' })
  expect(app.complaints.splice(0)).toEqual([expect.stringContaining('a status of 400')])
})
