/** The audit log as an owner finds it in the app. */
import { readFile } from 'node:fs/promises'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { auditActions } from '../../packages/server/src/audit/action.ts'
import { addMember, signIn as signInByApi } from '../gateway/signing-in.ts'
import { type AdminApp, owner, startAdminApp } from './admin-app.ts'

let app: AdminApp

beforeAll(async () => {
  app = await startAdminApp()
  await addMember(app.gateway, await signInByApi(app.gateway, owner), 'admin@example.com', 'ADMIN')
  for (let number = 1; number <= 30; number += 1) {
    const name = number === 30 ? '=1+1' : `Key ${number}`
    await app.gateway.execute('mutation ($name: String!) { createApiKey(name: $name, scope: AGENT) { __typename } }', {
      name,
    })
  }
})
afterEach(() => {
  expect(app.complaints.splice(0)).toEqual([])
})
afterAll(() => app.stop())

test('the newest stands first, earlier ones are loaded, and filters narrow them', async () => {
  const page = await app.open('/')
  await page.getByRole('navigation').getByRole('link', { name: 'Audit log' }).click()
  const rows = page.getByRole('list', { name: 'Entries' }).getByRole('listitem')
  const newest = rows.first()
  await newest.getByText('API key created').waitFor()
  await expect.poll(() => newest.textContent()).toMatch(/=1\+1 \(agent\)key "Test ADMIN" from 127\.0\.0\.1.*UTC/)
  await expect.poll(() => rows.count()).toBe(25)
  await page.getByRole('button', { name: 'Load earlier' }).click()
  await rows.filter({ hasText: 'Key 1 (agent)' }).waitFor()
  await rows.filter({ hasText: 'Member joined' }).filter({ hasText: 'admin@example.com' }).waitFor()

  await page.getByLabel('Who').fill('ADMIN@')
  await expect.poll(() => rows.allTextContents()).toHaveLength(2)
  await page.getByLabel('What').selectOption('MEMBER_JOINED')
  await expect.poll(() => rows.allTextContents()).toEqual([expect.stringContaining('Member joined')])
  await expect.poll(() => new URL(page.url()).search).toBe('?action=MEMBER_JOINED&actor=ADMIN%40')
  await page.getByLabel('From').fill('2099-01-01')
  await page.getByText('The filter finds no entry').waitFor()
})

test('all that the filter finds is downloaded, and no spreadsheet takes it for a formula (T15)', async () => {
  const page = await app.open('/audit?action=KEY_CREATED')
  const downloading = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Download as CSV' }).click()
  const file = await downloading
  expect(file.suggestedFilename()).toMatch(/^audit-log-\d{4}-\d\d-\d\d\.csv$/)
  const [head, first, ...others] = (await readFile(await file.path(), 'utf8')).trimEnd().split('\r\n')
  expect(head).toBe('"at","actor","action","subject","address"')
  expect(first).toContain(`,"KEY_CREATED","'=1+1 (agent)",`)
  expect(others.length).toBeGreaterThanOrEqual(29)
})

test('an admin who is no owner is told whom to ask, and is not led there', async () => {
  const page = await app.openAsStranger('/sign-in')
  await page.getByLabel('E-mail').fill('admin@example.com')
  await page.getByRole('textbox', { name: 'Password' }).fill('a long password')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('navigation').getByRole('link', { name: 'Members' }).waitFor()
  await expect.poll(() => page.getByRole('link', { name: 'Audit log' }).count()).toBe(0)
  await page.goto(`${app.url}/admin/audit`)
  await page.getByText('Only owners read the audit log. Ask one of them.').waitFor()
})

test('the app has words for all that is told of', async () => {
  const page = await app.open('/audit')
  const options = await page
    .getByLabel('What')
    .locator('option')
    .evaluateAll((all) => all.map((it) => it.getAttribute('value')))
  expect(options).toEqual(['', ...auditActions])
})
