import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { end, startConversation } from '../gateway/conversing.ts'
import { faintTexts, headingLevels, namelessParts, overflow } from './accessibility.ts'
import { type AdminApp, dynamicsOrg, startAdminApp } from './admin-app.ts'
import { contactOf, tagThread } from './conversing.ts'

let app: AdminApp

beforeAll(async () => {
  app = await startAdminApp()
})
afterEach(() => {
  expect(app.complaints.splice(0)).toEqual([])
})
afterAll(() => app.stop())

test('those that are tagged to nothing are listed with the reason, and others where they are asked for', async () => {
  const chat = await startConversation(app.gateway, 'CHAT', { firstName: 'Nobody', lastName: 'Known' })
  const thread = await tagThread(app, await contactOf(app, 'DYNAMICS'))
  const page = await app.open('/conversations')
  const rows = page.getByRole('list', { name: 'Conversations' }).getByRole('listitem')
  const row = rows.filter({ hasText: chat.mark })
  const { conversation } = await app.gateway.execute('query ($id: ID!) { conversation(id: $id) { why { text } } }', {
    id: chat.id,
  })
  for (const { text } of conversation.why) await row.getByText(text, { exact: true }).waitFor()
  expect(conversation.why.length).toBeGreaterThan(0)
  await expect.poll(() => rows.filter({ hasText: thread.mark }).count()).toBe(0)

  await page.getByText('Tagged', { exact: true }).click()
  await rows.filter({ hasText: thread.mark }).getByText(`in ${dynamicsOrg}`).waitFor()
  await expect.poll(() => row.count()).toBe(0)
  await expect.poll(() => new URL(page.url()).searchParams.get('tagged')).toBe('yes')
  await page.reload()
  await rows.filter({ hasText: thread.mark }).waitFor()
  await page.close()
})

test('channel, status and day narrow the list', async () => {
  const chat = await startConversation(app.gateway, 'CHAT', { firstName: 'Ended' })
  await end(app.gateway, chat)
  const sms = await startConversation(app.gateway, 'SMS', { phone: '+1 512 555 0199' })
  const page = await app.open('/conversations')
  const row = (mark: string) => page.getByRole('listitem').filter({ hasText: mark })
  await row(chat.mark).waitFor()
  await page.getByLabel('Channel').selectOption('SMS')
  await row(chat.mark).waitFor({ state: 'detached' })
  await row(sms.mark).waitFor()
  await page.getByLabel('Channel').selectOption('')
  await page.getByLabel('Status').selectOption('ENDED')
  await row(sms.mark).waitFor({ state: 'detached' })
  await row(chat.mark).waitFor()
  await page.getByLabel('From').fill('2099-01-01')
  await page.getByText('The filter finds no conversation').waitFor()
  await page.close()
})

test('a conversation shows what was said, what is known, where it is tagged, why, and whom it may be with', async () => {
  const thread = await tagThread(app, await contactOf(app, 'DYNAMICS'))
  const page = await app.open(`/conversations/${encodeURIComponent(thread.id)}`)
  await page.getByText(`${thread.mark} first`).waitFor()
  await page.getByText('+1 512 555 0143').waitFor()
  await page.getByRole('region', { name: 'Tagged to' }).getByRole('link', { name: 'Ada' }).waitFor()
  await page.getByRole('region', { name: 'Why it is tagged, or not' }).getByRole('link').first().waitFor()
  await page.getByRole('button', { name: 'Look the visitor up in the CRMs now' }).press('Enter')
  await page.getByRole('region', { name: 'Whom it may be with' }).getByText(/\./).first().waitFor()
  await page.getByRole('link', { name: 'Its pushes' }).click()
  await page.getByRole('list', { name: 'Pushes' }).getByRole('listitem').filter({ hasText: thread.mark }).waitFor()
  await page.close()
})

test.each([
  ['light', 390],
  ['dark', 1440],
] as const)('the list and one of them can be read and fit, %s at %i pixels', async (colorScheme, width) => {
  const { id } = await startConversation(app.gateway, 'CHAT', { fullName: 'Lang'.repeat(40) })
  for (const path of ['/conversations', `/conversations/${encodeURIComponent(id)}`]) {
    const page = await app.open(path, { colorScheme, width })
    await page.getByRole('main').getByRole('listitem').first().waitFor()
    await expect.poll(() => faintTexts(page)).toEqual([])
    await expect.poll(() => namelessParts(page)).toEqual([])
    await expect.poll(() => overflow(page)).toBe(0)
    await expect.poll(async () => (await headingLevels(page))[0]).toBe(1)
    await page.close()
  }
})

test('a conversation that is not there says so', async () => {
  const page = await app.open('/conversations/nothing')
  await page.getByText('There is no such conversation').waitFor()
  await page.close()
})
