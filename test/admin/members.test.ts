/** Members and invites, in the app. */
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { addMember, type SignedIn, signIn as signInAt } from '../gateway/signing-in.ts'
import { faintTexts, headingLevels, namelessParts, overflow } from './accessibility.ts'
import { type AdminApp, owner, startAdminApp } from './admin-app.ts'

let app: AdminApp
let asOwner: SignedIn

beforeAll(async () => {
  app = await startAdminApp()
  asOwner = await signInAt({ url: app.url }, owner)
})
afterEach(() => {
  expect(app.complaints.splice(0)).toEqual([])
})
afterAll(() => app.stop())

const members = async (): Promise<{ email: string; role: string }[]> =>
  (await app.gateway.execute('{ members { email role } }')).members
const invites = async (): Promise<{ email: string }[]> => (await app.gateway.execute('{ invites { email } }')).invites
const row = (page: Page, name: string) => page.getByRole('listitem', { name, exact: true })

/** Makes an invite in the app and answers its link. */
async function invite(page: Page, email: string): Promise<string> {
  await page.getByRole('button', { name: 'Invite somebody' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('textbox', { name: 'E-mail' }).fill(email)
  await page.keyboard.press('Enter')
  const link = await dialog.getByLabel('the link', { exact: true }).textContent()
  await dialog.getByRole('button', { name: 'I have copied it' }).click()
  await dialog.waitFor({ state: 'hidden' })
  return link ?? ''
}

test('who is alone is told to invite somebody; the link is shown once, and whoever follows it joins', async () => {
  const page = await app.open('/members')
  await row(page, 'owner').getByText('You', { exact: true }).waitFor()
  await page.getByText('You are the only one here.').waitFor()
  const link = await invite(page, 'ines@example.com')
  await row(page, 'ines@example.com')
    .getByText(/Admin · invited by owner · works until/)
    .waitFor()
  expect(await page.content()).not.toContain(link.split('#')[1])

  const guest = await app.openAsStranger('/nowhere')
  await guest.goto(link)
  await guest.getByRole('heading', { name: 'Join My workspace' }).waitFor()
  await guest.getByText('owner invites you to be an admin.').waitFor()
  await expect.poll(() => guest.url()).toBe(`${app.url}/admin/join`)
  await expect.poll(() => guest.getByRole('textbox', { name: 'E-mail' }).inputValue()).toBe('ines@example.com')
  await guest.getByRole('textbox', { name: 'Your name' }).fill('Ines Example')
  await guest.getByRole('textbox', { name: 'Password' }).fill('a long password')
  await guest.keyboard.press('Enter')
  await guest.getByRole('heading', { name: 'Integrations' }).waitFor()
  await guest
    .getByRole('banner')
    .getByText(/^Ines Example · /)
    .waitFor()
  expect(await members()).toEqual([
    { email: owner.email, role: 'OWNER' },
    { email: 'ines@example.com', role: 'ADMIN' },
  ])

  // An admin sees who is here, and changes nothing.
  await guest.getByRole('link', { name: 'Members' }).click()
  await row(guest, 'owner').getByText('Owner', { exact: true }).waitFor()
  await guest.getByText('Only owners invite members').waitFor()
  await expect.poll(() => guest.getByRole('main').getByRole('button').count()).toBe(0)
  await expect.poll(() => guest.getByRole('combobox').count()).toBe(0)
})

test('an invite that was used, and one that was withdrawn, say so where they are followed', async () => {
  const page = await app.open('/members')
  const link = await invite(page, 'withdrawn@example.com')
  await page.getByRole('button', { name: 'Withdraw the invite of withdrawn@example.com' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Withdraw' }).click()
  await row(page, 'withdrawn@example.com').waitFor({ state: 'hidden' })
  // The button that had the focus went with its row.
  await page
    .locator(':focus')
    .filter({ has: page.getByRole('heading', { name: 'Members' }) })
    .waitFor()
  expect(await invites()).toEqual([])

  const guest = await app.openAsStranger('/nowhere')
  await guest.goto(link)
  await guest.getByRole('heading', { name: 'This invite does not open' }).waitFor()
  await guest.getByText('This invite was withdrawn.').waitFor()
  await guest.goto(`${app.url}/admin/join`)
  await guest.getByRole('heading', { name: 'Follow the link of your invite' }).waitFor()
  expect(app.complaints.splice(0)).toEqual([expect.stringContaining('a status of 404')])
})

test('an address that is a member, or none at all, is refused at its input', async () => {
  const page = await app.open('/members')
  await page.getByRole('button', { name: 'Invite somebody' }).click()
  const dialog = page.getByRole('dialog')
  const email = dialog.getByRole('textbox', { name: 'E-mail' })
  for (const [given, sentence] of [
    ['nobody', 'Give an e-mail address'],
    [owner.email, `${owner.email} is a member already.`],
  ] as const) {
    await email.fill(given)
    await dialog.getByRole('button', { name: 'Make the link' }).click()
    await dialog.getByText(sentence).waitFor()
    await expect.poll(() => email.evaluate((element) => element === document.activeElement)).toBe(true)
  }
  await page.keyboard.press('Escape')
  await dialog.waitFor({ state: 'hidden' })
  expect(await invites()).toEqual([])
})

test('an owner changes a role by keyboard; the last owner stays one, and it is put back', async () => {
  await addMember({ url: app.url }, asOwner, 'rising@example.com', 'ADMIN')
  const page = await app.open('/members')
  const role = page.getByRole('combobox', { name: 'Role of rising' })
  await role.focus()
  await page.keyboard.press('O')
  await page.getByText('rising is an owner now.').waitFor()
  expect(await members()).toContainEqual({ email: 'rising@example.com', role: 'OWNER' })
  await role.selectOption('Admin')
  await page.getByText('rising is an admin now.').waitFor()

  const own = page.getByRole('combobox', { name: 'Role of owner' })
  await own.selectOption('Admin')
  await page.getByRole('alert').getByText('Make somebody else an owner first.').waitFor()
  await expect.poll(() => own.inputValue()).toBe('OWNER')
  expect(await members()).toContainEqual({ email: owner.email, role: 'OWNER' })
})

test('who is removed is led to the sign-in page from what they had open, and cannot come back', async () => {
  const leaving = { email: 'leaving@example.com', password: 'a long password' }
  await addMember({ url: app.url }, asOwner, leaving.email, 'ADMIN')
  const theirs = await app.openAsStranger('/sign-in')
  await theirs.getByLabel('E-mail').fill(leaving.email)
  await theirs.getByRole('textbox', { name: 'Password' }).fill(leaving.password)
  await theirs.keyboard.press('Enter')
  await theirs.getByRole('heading', { name: 'Integrations' }).waitFor()

  const page = await app.open('/members')
  await page.getByRole('button', { name: 'Remove leaving' }).click()
  const dialog = page.getByRole('dialog', { name: 'Remove leaving?' })
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  await dialog.waitFor({ state: 'hidden' })
  await page.getByRole('button', { name: 'Remove leaving' }).click()
  await dialog.getByText('They are signed out at once').waitFor()
  await dialog.getByRole('button', { name: 'Remove' }).click()
  await row(page, 'leaving').waitFor({ state: 'hidden' })
  expect(await members()).not.toContainEqual(expect.objectContaining({ email: leaving.email }))

  // By itself: the stream of events ends with the right to it.
  await theirs.getByText('You were signed out').waitFor()
  await theirs.getByLabel('E-mail').fill(leaving.email)
  await theirs.getByRole('textbox', { name: 'Password' }).fill(leaving.password)
  await theirs.keyboard.press('Enter')
  await theirs.getByRole('alert').getByText('do not belong together').waitFor()
})

test.each([
  ['light', 390],
  ['dark', 1440],
] as const)('the page and its dialog can be read and fit, %s at %i pixels', async (colorScheme, width) => {
  await addMember({ url: app.url }, asOwner, `${'long'.repeat(15)}-${width}@example.com`, 'ADMIN')
  const page = await app.open('/members', { colorScheme, width })
  await row(page, 'owner').waitFor()
  await expect.poll(() => faintTexts(page)).toEqual([])
  await expect.poll(() => namelessParts(page)).toEqual([])
  await expect.poll(() => overflow(page)).toBe(0)
  await expect.poll(async () => (await headingLevels(page))[0]).toBe(1)
  await page.getByRole('button', { name: 'Invite somebody' }).click()
  await page.getByRole('dialog').getByRole('textbox', { name: 'E-mail' }).waitFor()
  await expect.poll(() => faintTexts(page)).toEqual([])
  await page.close()
})
