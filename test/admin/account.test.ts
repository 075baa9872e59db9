/** One's own account, in the app. */
import { createHmac } from 'node:crypto'
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
  await expect.poll(() => present.inputValue()).toBe('')
  await expect.poll(() => wanted.inputValue()).toBe('')
  await expect(other.execute('{ viewer { kind } }')).rejects.toThrow('UNAUTHENTICATED')
  expect((await post({ url: app.url }, '/sign-in/email', owner)).status).toBe(401)
  await page.reload()
  await page.getByRole('heading', { name: 'Your account' }).waitFor()
  await signInAt({ url: app.url }, { ...owner, password: 'a better password' })
  expect(app.complaints.splice(0)).toEqual([expect.stringContaining('a status of 400')])
})

const password = 'a better password'

test('with a second factor signing in asks for a code; backup codes take its place; it is turned off again', async () => {
  const page = await app.openAsStranger('/account')
  await signIn(page, password)
  const factor = page.getByRole('region', { name: 'Second factor' })
  await factor.getByLabel('Your password').fill(password)
  await factor.getByRole('button', { name: 'Turn on the second factor' }).click()
  await factor.getByRole('img', { name: 'QR code for an authenticator app' }).waitFor()
  const secret = (await factor.getByLabel('the secret', { exact: true }).textContent()) ?? ''
  const backupCodes = ((await factor.getByLabel('the backup codes', { exact: true }).textContent()) ?? '').split('\n')
  expect(backupCodes).toHaveLength(10)
  await factor.getByLabel('Code of the app').fill(codeOf(secret, 0))
  await factor.getByRole('button', { name: 'Confirm' }).click()
  await factor.getByText('It is on.').waitFor()

  await page.getByRole('button', { name: 'Sign out', exact: true }).click()
  await signIn(page, password)
  await page.getByRole('textbox', { name: 'Code', exact: true }).fill('000000')
  await page.getByRole('button', { name: 'Go on' }).click()
  await page.getByText('This code is not right').waitFor()
  await page.getByRole('textbox', { name: 'Code', exact: true }).fill(codeOf(secret, 1))
  await page.getByRole('button', { name: 'Go on' }).click()
  await page.getByRole('heading', { name: 'Integrations' }).waitFor()

  await page.getByRole('button', { name: 'Sign out', exact: true }).click()
  await signIn(page, password)
  await page.getByRole('textbox', { name: 'Code', exact: true }).fill(backupCodes[0] ?? '')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Integrations' }).waitFor()
  await page.goto(`${app.url}/admin/account`)
  await factor.getByLabel('Your password').fill(password)
  await factor.getByRole('button', { name: 'Turn it off' }).click()
  await factor.getByText('It is off.').waitFor()
})

test('signing out everywhere ends this session and every other', async () => {
  const other = await signInAt({ url: app.url }, { ...owner, password })
  const page = await app.openAsStranger('/account')
  await signIn(page, password)
  await page.getByRole('button', { name: 'Sign out everywhere' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Sign out everywhere' }).click()
  await page.getByRole('heading', { name: 'Sign in' }).waitFor()
  await expect(other.execute('{ viewer { kind } }')).rejects.toThrow('UNAUTHENTICATED')
})

/** What an authenticator app shows (RFC 6238), so many half minutes from now. */
function codeOf(secret: string, ahead: number): string {
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + ahead))
  const digest = createHmac('sha1', Buffer.from(fromBase32(secret)))
    .update(counter)
    .digest()
  const offset = (digest.at(-1) ?? 0) & 15
  return String((digest.readUInt32BE(offset) & 0x7f_ff_ff_ff) % 1_000_000).padStart(6, '0')
}

/** Base 32 as RFC 4648 writes it. */
function fromBase32(text: string): number[] {
  const bits = [...text].map((sign) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(sign).toString(2).padStart(5, '0'))
  return (bits.join('').match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2))
}
