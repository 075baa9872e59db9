/** History, export and import of settings. */
import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { openAdminRules } from './admin-rules.ts'

const { crm } = openAdminRules('history')

test('a change is listed with who made it and what differed, and one goes back after seeing what changes', async () => {
  const dynamics = crm('DYNAMICS')
  await dynamics.settings({})
  await dynamics.settings({ allowNewCreation: true, searchOrder: ['EMAIL', 'PHONE', 'FULL_NAME'] })
  await dynamics.settings({
    allowNewCreation: true,
    allowActivityClosing: true,
    chatsSaveTo: 'TASK',
    activityTypeName: 'Task',
  })
  const page = await dynamics.open()
  const changes = page.getByRole('list', { name: 'Changes' }).locator('> li')
  await changes.first().getByText('In force').waitFor()
  const second = changes.nth(1)
  await second.getByText('test · Integration settings').waitFor()
  await second.getByText('What changed').click()
  const line = second.getByRole('listitem').filter({ hasText: 'Search Order' })
  await expect.poll(() => line.textContent()).toContain('Email, Phone, Full name')

  await second.getByRole('button', { name: 'Go back to this state' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('listitem').filter({ hasText: 'Allow Activity Closing' }).waitFor()
  await dialog.getByRole('listitem').filter({ hasText: 'Search Order' }).waitFor()
  await dialog.getByRole('button', { name: 'Go back' }).click()
  await page.getByText('The settings are what they were then.').waitFor()
  await dialog.waitFor({ state: 'hidden' })
  expect(await dynamics.document()).toMatchObject({
    allowNewCreation: true,
    allowActivityClosing: false,
    searchOrder: ['EMAIL', 'PHONE', 'FULL_NAME'],
  })
  await changes.first().getByText('Restored the settings of').waitFor()
})

test('the first entry is how the integration began, and there is a way back to it', async () => {
  const salesforce = crm('SALESFORCE')
  const began = await salesforce.document()
  await salesforce.settings({ subjectSuffix: 'via web' })
  const page = await salesforce.open()
  const first = page.getByRole('list', { name: 'Changes' }).locator('> li').last()
  await first.getByText('Connected, with the settings that a new integration has').waitFor()
  await expect.poll(() => first.getByText('What changed').count()).toBe(0)
  await first.getByRole('button', { name: 'Go back to this state' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Go back' }).click()
  await page.getByText('The settings are what they were then.').waitFor()
  expect(await salesforce.document()).toEqual(began)
})

test('a change has an address, which opens it', async () => {
  const page = await crm('DYNAMICS').open()
  const first = page.getByRole('list', { name: 'Changes' }).locator('> li').first()
  await first.getByRole('link').click()
  await expect.poll(() => new URL(page.url()).hash).not.toBe('')
  await page.reload()
  await expect.poll(() => first.evaluate((card) => card === document.activeElement)).toBe(true)
  await expect.poll(() => first.locator('details').getAttribute('open')).not.toBeNull()
})

test('an export is a file that is imported elsewhere after it has shown what changes', async () => {
  const dynamics = crm('DYNAMICS')
  await dynamics.settings({ allowNewCreation: true })
  const page = await dynamics.open('document')
  const downloading = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Download' }).click()
  const download = await downloading
  expect(download.suggestedFilename()).toMatch(/^contoso-emulated-settings-\d{4}-\d\d-\d\d\.json$/)
  const exported = await readFile(await download.path(), 'utf8')
  expect(JSON.parse(exported)).toEqual(await dynamics.document())

  await dynamics.settings({})
  await page.reload()
  await page.locator('input[type=file]').setInputFiles({
    name: 'settings.json',
    mimeType: 'application/json',
    buffer: Buffer.from(exported),
  })
  const lines = page.getByRole('list', { name: 'What will change' }).getByRole('listitem')
  await expect.poll(() => lines.allTextContents()).toEqual(['ChangedAllow New CreationOff → On'])
  await page.getByRole('button', { name: 'Import' }).click()
  await page.getByText('The document is in force.').waitFor()
  expect(await dynamics.document()).toMatchObject({ allowNewCreation: true })
})

test('what cannot be imported is told with its place in the document, and changes nothing', async () => {
  const dynamics = crm('DYNAMICS')
  await dynamics.settings({})
  const page = await dynamics.open('document')
  const paste = page.getByRole('textbox', { name: 'Or paste a document' })
  await paste.fill('{')
  await page.getByText('This is no JSON').waitFor()
  await paste.fill('{"provider":"SALESFORCE"}')
  await page.getByText('These are settings for SALESFORCE').waitFor()
  const row = { entityType: 'account', name: 'no_such_field', label: 'X', fieldType: 'TEXT' }
  await paste.fill(JSON.stringify({ provider: 'DYNAMICS', searchFields: [row] }))
  await page.getByRole('button', { name: 'Import' }).click()
  const fault = page.getByRole('alert').getByRole('listitem')
  await expect.poll(() => fault.first().textContent()).toContain('Search fields, row 1, Name')
  expect((await dynamics.document())['searchFields']).toEqual([])
  await page.getByRole('button', { name: 'Discard' }).click()
  await expect.poll(() => paste.inputValue()).toBe('')
})
