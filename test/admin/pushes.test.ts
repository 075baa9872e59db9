import type { Locator, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { type Conversation, pushesOf } from '../gateway/conversing.ts'
import { faintTexts, headingLevels, namelessParts, overflow } from './accessibility.ts'
import { type AdminApp, dynamicsOrg, startAdminApp } from './admin-app.ts'
import { contactOf, tagThread } from './conversing.ts'

let app: AdminApp
let contact: string

beforeAll(async () => {
  app = await startAdminApp({ worker: true })
  contact = await contactOf(app, 'DYNAMICS')
})
beforeEach(async () => {
  await app.dynamics.clearFaults()
  await app.gateway.execute('mutation { discardPushes(filter: { until: "2100-01-01T00:00:00Z" }) { __typename } }')
})
afterEach(() => {
  expect(app.complaints.splice(0)).toEqual([])
})
afterAll(() => app.stop())

const crmIsDown = () => app.dynamics.addFault({ path: 'annotations', times: 999 }, { status: 503, body: 'Busy' })
const crmSaysNo = () =>
  app.dynamics.addFault(
    { path: 'annotations', times: 999 },
    { status: 400, body: { error: { code: '0x80040265', message: 'The plug-in says no.' } } },
  )

/** The push of a thread, wherever it stands on the page. */
const rowOf = (page: Page, { mark }: Conversation): Locator =>
  page.getByRole('list', { name: 'Pushes' }).getByRole('listitem').filter({ hasText: mark })

const statusOf = async (thread: Conversation) => (await pushesOf(app.gateway, thread))[0]?.status

const focused = (locator: Locator) => locator.evaluate((it) => it === document.activeElement)

test('a push appears, is seen to wait and to be tried again, and is delivered by a click, all without a reload', async () => {
  const page = await app.open('/pushes')
  await page.getByText('There is no push yet').waitFor()
  await crmIsDown()
  const thread = await tagThread(app, contact)
  const row = rowOf(page, thread)
  await row.getByText('Tried again soon').waitFor()
  await row.getByText('; next').waitFor()
  await expect.poll(() => row.getByText(dynamicsOrg).count()).toBe(1)

  await app.dynamics.clearFaults()
  await row.getByRole('button', { name: 'Retry' }).click()
  await row.getByText('Delivered', { exact: true }).waitFor()
  expect(await statusOf(thread)).toBe('DELIVERED')
  const [push] = await pushesOf(app.gateway, thread)
  await expect
    .poll(() => row.getByRole('link', { name: 'Activity in the CRM' }).getAttribute('href'))
    .toBe(push?.activities[0]?.url)
  await expect.poll(() => row.getByRole('button').count()).toBe(0)
  await page.close()
})

test('a push that failed says what the CRM said, at an address of its own too, and goes on when it is retried there', async () => {
  await crmSaysNo()
  const thread = await tagThread(app, contact)
  const page = await app.open('/pushes')
  const row = rowOf(page, thread)
  await row.getByText('Failed', { exact: true }).waitFor()
  await row.getByText('The plug-in says no.').waitFor()
  await row.getByRole('link').first().click()

  await page.getByRole('heading', { name: 'Why it is as it is' }).waitFor()
  await page.getByText('The plug-in says no.').waitFor()
  const [push] = await pushesOf(app.gateway, thread)
  await expect.poll(() => decodeURIComponent(new URL(page.url()).pathname)).toBe(`/admin/pushes/${push?.id}`)
  await page.getByRole('link', { name: 'Open the setting' }).first().waitFor()

  await app.dynamics.clearFaults()
  await page.getByRole('button', { name: 'Retry' }).press('Enter')
  await page.getByText('Delivered', { exact: true }).waitFor()
  await page.getByText('Number 1', { exact: true }).waitFor()
  expect(await statusOf(thread)).toBe('DELIVERED')

  await page.getByRole('link', { name: 'Open the setting' }).first().click()
  await page.getByRole('navigation', { name: 'Sections' }).waitFor()
  await page.close()
})

test('what is refused is told, and the row is as it was', async () => {
  const done = await tagThread(app, contact)
  await expect.poll(() => statusOf(done)).toBe('DELIVERED')
  const [delivered] = await pushesOf(app.gateway, done)
  await crmIsDown()
  const thread = await tagThread(app, contact)
  const page = await app.open('/pushes')
  const row = rowOf(page, thread)
  await row.getByText('Tried again soon').waitFor()
  // As if it had been delivered a moment ago.
  await page.route('**/graphql', async (route) => {
    const body = route.request().postDataJSON()
    if (body.operationName !== 'UsePushAction_Discard') return route.fallback()
    await route.continue({ postData: JSON.stringify({ ...body, variables: { id: delivered?.id } }) })
  })
  await row.getByRole('button', { name: 'Discard' }).click()
  await page.getByRole('alert').getByText('Its text is in the CRM already').waitFor()
  await row.getByText('Tried again soon').waitFor()
  await page.close()
})

test('the selected ones are retried and given up together', async () => {
  await crmSaysNo()
  const threads = [await tagThread(app, contact), await tagThread(app, contact), await tagThread(app, contact)]
  const page = await app.open('/pushes')
  for (const thread of threads) await rowOf(page, thread).getByText('Failed', { exact: true }).waitFor()
  const [first, second, third] = threads as [Conversation, Conversation, Conversation]
  for (const thread of [first, second]) await rowOf(page, thread).getByRole('checkbox').check()
  await page.getByText('2 selected').waitFor()
  await page.getByRole('button', { name: 'Discard 2' }).click()
  const question = page.getByRole('dialog', { name: 'Give up 2 pushes?' })
  await question.getByText('are not written into the CRM').waitFor()
  await question.getByRole('button', { name: 'Discard 2' }).click()
  await page.getByText('2 pushes are given up.').waitFor()
  for (const thread of [first, second]) expect(await statusOf(thread)).toBe('DISCARDED')
  expect(await statusOf(third)).toBe('FAILED')

  await app.dynamics.clearFaults()
  for (const thread of threads) await rowOf(page, thread).getByRole('checkbox').check()
  await page.getByRole('button', { name: 'Retry 3' }).click()
  for (const thread of threads) await rowOf(page, thread).getByText('Delivered', { exact: true }).waitFor()
  await page.close()
})

test('what happened while the connection was lost is there when it is back', async () => {
  const page = await app.open('/pushes')
  await page.context().setOffline(true)
  await page.getByText('You are offline').waitFor()
  const thread = await tagThread(app, contact)
  await expect.poll(() => statusOf(thread)).toBe('DELIVERED')
  await expect.poll(() => rowOf(page, thread).count()).toBe(0)
  await page.context().setOffline(false)
  await rowOf(page, thread).getByText('Delivered', { exact: true }).waitFor()
  // And the next one comes as an event again.
  const next = await tagThread(app, contact)
  await rowOf(page, next).getByText('Delivered', { exact: true }).waitFor()
  app.complaints.splice(0)
})

test('all that the filter finds are retried or given up, with their number, and the filter stands in the address', async () => {
  await crmSaysNo()
  const threads = [await tagThread(app, contact), await tagThread(app, contact)]
  await Promise.all(threads.map((thread) => expect.poll(() => statusOf(thread)).toBe('FAILED')))
  const page = await app.open('/pushes')
  await page.getByText(/^Failed \(2\)/).click()
  await expect.poll(() => new URL(page.url()).searchParams.get('status')).toBe('FAILED')
  await expect.poll(() => page.getByRole('list', { name: 'Pushes' }).getByRole('listitem').count()).toBe(2)

  await app.dynamics.clearFaults()
  await page.getByRole('button', { name: 'Retry all 2' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Retry all 2' }).click()
  await page.getByText('2 pushes are tried again.').waitFor()
  await Promise.all(threads.map((thread) => expect.poll(() => statusOf(thread)).toBe('DELIVERED')))
  await page.getByText('The filter finds no push').waitFor()

  await crmIsDown()
  const late = await tagThread(app, contact)
  await expect.poll(() => statusOf(late)).toBe('RETRYING')
  await page.goto(`${app.url}/admin/pushes?conversation=${encodeURIComponent(late.id)}`)
  await page.getByRole('button', { name: 'Discard all 1' }).click()
  await page.getByRole('dialog', { name: 'Give up one push?' }).getByRole('button', { name: 'Discard all 1' }).click()
  await rowOf(page, late).getByText('Given up').waitFor()
  await expect.poll(() => statusOf(late)).toBe('DISCARDED')
  await page.getByRole('button', { name: 'Discard all 1' }).waitFor({ state: 'detached' })
  await expect.poll(() => focused(page.getByRole('checkbox', { name: 'Select all shown' }))).toBe(true)

  // Without a filter there is no such button: it would give up all that waits.
  await page.goto(`${app.url}/admin/pushes`)
  await rowOf(page, late).waitFor()
  await expect.poll(() => page.getByRole('button', { name: /^Discard all/ }).count()).toBe(0)
  await page.close()
})

test('CRM and days narrow the list; the days are those of the workspace', async () => {
  await tagThread(app, contact)
  const page = await app.open('/pushes')
  const rows = page.getByRole('list', { name: 'Pushes' }).getByRole('listitem')
  await rows.first().waitFor()
  await page.getByLabel('CRM').selectOption({ label: 'Emulated Salesforce' })
  await page.getByText('The filter finds no push').waitFor()
  await page.getByLabel('CRM').selectOption({ label: dynamicsOrg })
  await rows.first().waitFor()
  await page.getByLabel('From').fill('2099-01-01')
  await page.getByText('The filter finds no push').waitFor()
  await page.reload()
  await expect.poll(() => page.getByLabel('From').inputValue()).toBe('2099-01-01')
  await page.getByRole('button', { name: 'Clear the filter' }).click()
  await rows.first().waitFor()
  await expect.poll(() => new URL(page.url()).search).toBe('')
  await page.close()
})

test('more are loaded behind the newest, none twice', async () => {
  const threads = [await tagThread(app, contact), await tagThread(app, contact), await tagThread(app, contact)]
  const page = await app.open('/api-keys')
  // Pages of two rows, so that three fill more than one.
  await page.route('**/graphql', async (route) => {
    const body = route.request().postDataJSON()
    if (!body.variables?.filter || !body.variables.first) return route.fallback()
    await route.continue({ postData: JSON.stringify({ ...body, variables: { ...body.variables, first: 2 } }) })
  })
  await page.getByRole('navigation').getByRole('link', { name: 'Pushes' }).click()
  const rows = page.getByRole('list', { name: 'Pushes' }).getByRole('listitem')
  await expect.poll(() => rows.count()).toBe(2)
  await page.getByRole('button', { name: 'Load more' }).click()
  await expect.poll(() => rows.count()).toBeGreaterThan(2)
  for (const thread of threads) await expect.poll(() => rowOf(page, thread).count()).toBe(1)
  await page.close()
})

test.each([
  ['light', 390],
  ['dark', 1440],
] as const)('the list and a push can be read and fit, %s at %i pixels', async (colorScheme, width) => {
  await crmSaysNo()
  const thread = await tagThread(app, contact)
  const page = await app.open('/pushes', { colorScheme, width })
  await rowOf(page, thread).getByText('Failed', { exact: true }).waitFor()
  for (const view of ['list', 'one']) {
    if (view === 'one') await rowOf(page, thread).getByRole('link').first().press('Enter')
    await page.getByRole('heading', { name: view === 'one' ? 'Why it is as it is' : 'Pushes' }).waitFor()
    await expect.poll(() => faintTexts(page)).toEqual([])
    await expect.poll(() => namelessParts(page)).toEqual([])
    await expect.poll(() => overflow(page)).toBe(0)
    await expect.poll(async () => (await headingLevels(page))[0]).toBe(1)
  }
  await page.close()
})

test('by keyboard alone a push is selected and given up, and the focus stays on the page', async () => {
  await crmIsDown()
  const thread = await tagThread(app, contact)
  const page = await app.open('/pushes')
  const box = rowOf(page, thread).getByRole('checkbox')
  await rowOf(page, thread).getByText('Tried again soon').waitFor()
  await box.press('Space')
  await page.getByRole('button', { name: 'Discard 1' }).press('Enter')
  await page.getByRole('dialog').getByRole('button', { name: 'Discard 1' }).press('Enter')
  await rowOf(page, thread).getByText('Given up').waitFor()
  await expect.poll(() => focused(page.getByRole('checkbox', { name: 'Select all shown' }))).toBe(true)
  await page.close()
})
