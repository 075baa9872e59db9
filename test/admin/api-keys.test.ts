import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { ask } from '../gateway/running-gateway.ts'
import { faintTexts, namelessParts, overflow } from './accessibility.ts'
import { type AdminApp, startAdminApp } from './admin-app.ts'
import { holdAnswer } from './hold-answer.ts'

let app: AdminApp

beforeAll(async () => {
  app = await startAdminApp()
})
afterEach(() => {
  expect(app.complaints.splice(0)).toEqual([])
})
afterAll(() => app.stop())

/** Asks for a key and answers it, while it is still shown. */
async function create(page: Page, name: string, scope = 'Backend', lastDay = ''): Promise<string> {
  await page.getByRole('button', { name: 'Create a key' }).click()
  const form = page.getByRole('dialog', { name: 'Create a key' })
  await form.getByRole('textbox', { name: 'Name' }).fill(name)
  await form.getByRole('radio', { name: scope }).check()
  if (lastDay) await form.getByLabel('Last day').fill(lastDay)
  await form.getByRole('button', { name: 'Create the key' }).click()
  return (
    (await page
      .getByRole('dialog', { name: 'Store this key now' })
      .getByLabel('the key', { exact: true })
      .textContent()) ?? ''
  )
}

const stored = (page: Page) => page.getByRole('button', { name: 'I have stored it' }).click()

const viewerOf = async (key: string) => (await ask(app.url, key, '{ viewer { scopes } }')).data?.viewer

test('a key is shown once, works, and is nowhere on the page when it was stored', async () => {
  const page = await app.open('/api-keys')
  const key = await create(page, 'Chat backend')
  expect(await viewerOf(key)).toEqual({ scopes: ['SERVICE', 'AGENT'] })

  await page.keyboard.press('Escape')
  await expect.poll(() => page.getByLabel('the key', { exact: true }).isVisible()).toBe(true)
  await stored(page)
  await page.getByRole('dialog').waitFor({ state: 'hidden' })
  const row = page.getByRole('listitem', { name: 'Chat backend' })
  await row.getByText(key.slice(0, 8)).waitFor()
  expect(await page.content()).not.toContain(key)
  const kept = await page.evaluate(() => JSON.stringify([localStorage, sessionStorage, location.href]))
  expect(kept).not.toContain(key)

  await page.reload()
  await row.getByText('Last used').waitFor()
  expect(await page.content()).not.toContain(key)
  await page.close()
})

test('a key whose dialog was closed while it was being made is shown all the same', async () => {
  const page = await app.open('/api-keys')
  const answer = await holdAnswer(page, 'ApiKeyForm_Create')
  await page.getByRole('button', { name: 'Create a key' }).click()
  const form = page.getByRole('dialog', { name: 'Create a key' })
  await form.getByRole('textbox', { name: 'Name' }).fill('Impatient')
  await form.getByRole('button', { name: 'Create the key' }).click()
  await page.keyboard.press('Escape')
  await form.waitFor({ state: 'hidden' })
  answer()
  await page.getByRole('dialog', { name: 'Store this key now' }).getByText('Impatient').waitFor()
  await stored(page)
})

test('copying says so, and puts the key into the clipboard', async () => {
  const page = await app.open('/api-keys')
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  const key = await create(page, 'Copied')
  await page.getByRole('button', { name: 'Copy the key' }).click()
  await page.getByRole('button', { name: 'Copied the key' }).waitFor()
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe(key)
  await stored(page)
  await page.close()
})

test('each scope says what it opens, and a key of it opens that much', async () => {
  const page = await app.open('/api-keys')
  for (const [label, scopes] of [
    ['Agent', ['AGENT']],
    ['Admin', ['ADMIN', 'SERVICE', 'AGENT']],
  ] as const) {
    expect(await viewerOf(await create(page, `Scope ${label}`, label))).toEqual({ scopes })
    await stored(page)
    await page
      .getByRole('listitem', { name: `Scope ${label}` })
      .getByText(label, { exact: true })
      .waitFor()
  }
  await page.close()
})

test('a last day is the whole day in the zone of the workspace', async () => {
  await app.gateway.execute('mutation { updateWorkspace(input: { timeZone: "America/Chicago" }) { __typename } }')
  const page = await app.open('/api-keys')
  await create(page, 'For a while', 'Backend', '2031-01-15')
  await stored(page)
  await page.getByRole('listitem', { name: 'For a while' }).getByText('Works until').waitFor()
  const { apiKeys } = await app.gateway.execute('{ apiKeys { name expiresAt } }')
  expect(apiKeys.find((it: { name: string }) => it.name === 'For a while').expiresAt).toBe('2031-01-16T06:00:00.000Z')
  await page.close()
})

test('by keyboard alone a key is made and revoked, and what stops is said first', async () => {
  const page = await app.open('/api-keys', { width: 390, colorScheme: 'dark' })
  const button = page.getByRole('button', { name: 'Create a key' })
  await button.focus()
  await page.keyboard.press('Enter')
  await page.getByRole('dialog').getByRole('textbox', { name: 'Name' }).waitFor()
  await expect.poll(() => page.evaluate(() => document.activeElement?.tagName)).toBe('INPUT')
  await page.keyboard.type('By keyboard')
  await expect.poll(() => overflow(page)).toBe(0)
  await expect.poll(() => faintTexts(page)).toEqual([])
  await page.keyboard.press('Enter')
  const key = (await page.getByLabel('the key', { exact: true }).textContent()) ?? ''
  await page.getByRole('button', { name: 'I have stored it' }).press('Enter')
  await page.getByRole('dialog').waitFor({ state: 'hidden' })

  await page.getByRole('button', { name: 'Revoke By keyboard' }).press('Enter')
  const question = page.getByRole('dialog', { name: 'Revoke By keyboard?' })
  await question.getByText('agents whose tokens it issued are locked out').waitFor()
  await question.getByRole('button', { name: 'Revoke' }).press('Enter')
  await page.getByRole('listitem', { name: 'By keyboard' }).waitFor({ state: 'detached' })
  expect(await viewerOf(key)).toBeUndefined()
  await expect.poll(() => button.evaluate((it) => it === document.activeElement)).toBe(true)
  await expect.poll(() => namelessParts(page)).toEqual([])
  await expect.poll(() => faintTexts(page)).toEqual([])
  await expect.poll(() => overflow(page)).toBe(0)
  await page.close()
})

test('a key without a name is refused at its input', async () => {
  const page = await app.open('/api-keys')
  await page.getByRole('button', { name: 'Create a key' }).click()
  const name = page.getByRole('dialog').getByRole('textbox', { name: 'Name' })
  await name.fill(' ')
  await page.getByRole('button', { name: 'Create the key' }).click()
  await page.getByText('Say what it is for.').waitFor()
  await expect.poll(() => name.getAttribute('aria-invalid')).toBe('true')
  await page.close()
})
