import { expect, test } from 'vitest'
import { openAdminRules } from './admin-rules.ts'
import { flip, save, switchOf } from './settings-forms.ts'

const rules = openAdminRules('integration')

async function fresh() {
  const crm = rules.crm('DYNAMICS')
  await crm.settings({})
  return { crm, page: await crm.open() }
}

test('leaving with something unsaved asks first: staying keeps it, leaving loses it', async () => {
  const { page, crm } = await fresh()
  await flip(page, 'Allow New Creation')
  await page.getByText('Unsaved changes').waitFor()
  const link = page.getByRole('navigation', { name: 'Sections' }).getByRole('link', { name: 'Default fields' })
  await link.click()
  const dialog = page.getByRole('dialog', { name: 'Leave without saving?' })
  await expect
    .poll(() => dialog.getByRole('button', { name: 'Stay' }).evaluate((it) => it === document.activeElement))
    .toBe(true)
  await dialog.getByRole('button', { name: 'Stay' }).click()
  await dialog.waitFor({ state: 'hidden' })
  await expect.poll(() => switchOf(page, 'Allow New Creation').isChecked()).toBe(true)

  await link.click()
  await dialog.getByRole('button', { name: 'Leave' }).click()
  await page.getByRole('heading', { level: 1, name: 'Default fields' }).waitFor()
  await page.goBack()
  await page.getByRole('form', { name: 'Integration settings' }).waitFor()
  await expect.poll(() => switchOf(page, 'Allow New Creation').isChecked()).toBe(false)
  expect((await crm.document()).allowNewCreation).toBe(false)
})

test('closing the page with something unsaved is asked about by the browser', async () => {
  const { page } = await fresh()
  await flip(page, 'Allow New Creation')
  await page.getByText('Unsaved changes').waitFor()
  const asked = page.waitForEvent('dialog')
  const reloading = page.reload().catch(() => undefined)
  const dialog = await asked
  expect(dialog.type()).toBe('beforeunload')
  await dialog.accept()
  await reloading
})

test('Discard puts everything back, and there is nothing to ask about any more', async () => {
  const { page } = await fresh()
  await flip(page, 'Allow New Creation')
  await page.getByRole('button', { name: 'Move Phone down' }).click()
  await page.getByRole('button', { name: 'Discard' }).click()
  await page.getByText('Everything is saved').waitFor()
  await expect.poll(() => switchOf(page, 'Allow New Creation').isChecked()).toBe(false)
  const names = page.getByRole('list', { name: 'Search Order' }).getByRole('listitem')
  await expect.poll(() => names.allTextContents()).toEqual(['Phone', 'Email', 'Full name'])
  await page.getByRole('link', { name: 'Default fields' }).click()
  await page.getByRole('heading', { level: 1, name: 'Default fields' }).waitFor()
})

test('Ctrl+S saves, and the focus stays where it was', async () => {
  const { page, crm } = await fresh()
  await page.getByRole('radio', { name: 'Custom Activity Type' }).check()
  const name = page.getByRole('combobox', { name: 'Activity Type Name' })
  await name.fill('phonecall')
  await name.press('Control+s')
  await page.getByText('Everything is saved').waitFor()
  expect((await crm.document()).activityTypeName).toBe('phonecall')
  await expect.poll(() => name.evaluate((input) => input === document.activeElement)).toBe(true)
})

test('another admin who was first is named; what one entered stays, what one had not touched follows', async () => {
  const { page, crm } = await fresh()
  await page.getByRole('radio', { name: 'Task' }).check()
  await page.getByLabel('Activity Type Name').fill('Task')
  await flip(page, 'Allow New Creation')
  await crm.settings({ chatsSaveTo: 'CUSTOM_ACTIVITY', activityTypeName: 'email', fetchCrmData: true })
  const notice = page.getByRole('alert', { name: 'Somebody else has changed this meanwhile' })
  await notice.getByText('test saved').waitFor()
  await notice.getByText('Chats Save To is now: Custom Activity Type').waitFor()
  await notice.getByText('Activity Type Name is now: email').waitFor()
  await expect.poll(() => page.getByRole('radio', { name: 'Task' }).isChecked()).toBe(true)
  await expect.poll(() => switchOf(page, 'Allow New Creation').isChecked()).toBe(true)
  await expect.poll(() => switchOf(page, 'Allow Fetch CRM Data').isChecked()).toBe(true)

  await save(page)
  expect(await crm.document()).toMatchObject({ chatsSaveTo: 'TASK', fetchCrmData: true, allowNewCreation: true })
  await expect.poll(() => notice.count()).toBe(0)
})

test('a save that meets what another admin saved, before the page has heard of it, says who it was and keeps what was entered', async () => {
  const crm = rules.crm('DYNAMICS')
  await crm.settings({})
  const page = await crm.open()
  // What is read meanwhile comes when the save is on its way, asking for the version that the page had read.
  const saving = page.waitForRequest((request) => request.postData()?.includes('updateDynamicsSettings') === true)
  await page.route('**/graphql', async (route) => {
    if (route.request().postData()?.includes('SettingsLayout_Query')) await saving
    await route.continue()
  })
  await page.getByRole('radio', { name: 'Task' }).check()
  await page.getByLabel('Activity Type Name').fill('Task')
  await crm.settings({ chatsSaveTo: 'CUSTOM_ACTIVITY', activityTypeName: 'email' })
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  const notice = page.getByRole('alert', { name: 'Somebody else has changed this meanwhile' })
  await notice.getByText('test saved').waitFor()
  await notice.getByText('Activity Type Name is now: email').waitFor()
  expect(await crm.document()).toMatchObject({ chatsSaveTo: 'CUSTOM_ACTIVITY' })
  await save(page)
  expect(await crm.document()).toMatchObject({ chatsSaveTo: 'TASK' })
  await page.unrouteAll({ behavior: 'ignoreErrors' })
})

test('one may take what the other admin saved, and keep the rest of what one entered', async () => {
  const { page, crm } = await fresh()
  await page.getByRole('radio', { name: 'Task' }).check()
  await page.getByLabel('Activity Type Name').fill('Task')
  await flip(page, 'Allow New Creation')
  await crm.settings({ chatsSaveTo: 'CUSTOM_ACTIVITY', activityTypeName: 'email' })
  await page.getByRole('button', { name: 'Take theirs' }).click()
  await expect.poll(() => page.getByRole('radio', { name: 'Custom Activity Type' }).isChecked()).toBe(true)
  await save(page)
  expect(await crm.document()).toMatchObject({ activityTypeName: 'email', allowNewCreation: true })
})

test('one goes from an org to the same section of another', async () => {
  const { page } = await fresh()
  await page.getByRole('button', { name: 'go to the settings of another org' }).click()
  await page.getByRole('menuitem', { name: 'Emulated Salesforce' }).click()
  await page.getByRole('textbox', { name: 'Subject Suffix' }).waitFor()
  await expect.poll(() => page.url()).toContain('/integration')
})

test('on a small screen the preview is behind a button, and gives the focus back', async () => {
  const { page } = await fresh()
  await page.setViewportSize({ width: 390, height: 844 })
  const open = page.getByRole('button', { name: 'Show preview' })
  const preview = page.getByRole('complementary', { name: 'Preview' })
  await expect.poll(() => preview.isVisible()).toBe(false)
  await open.press('Enter')
  await preview.getByRole('button', { name: 'Hide preview' }).press('Enter')
  await preview.waitFor({ state: 'hidden' })
  await expect.poll(() => open.evaluate((it) => it === document.activeElement)).toBe(true)
  await page.setViewportSize({ width: 1440, height: 844 })
  await preview.waitFor()
})
