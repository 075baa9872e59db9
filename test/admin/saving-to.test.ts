import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { openAdminRules } from './admin-rules.ts'
import { flip, pick, refusedAt, save, switchOf } from './settings-forms.ts'

const { twins, crm } = openAdminRules('integration')

const saveTo = (page: Page, label: string) => page.getByRole('radio', { name: label, exact: true })
/** Written for Task, picked for any other activity type. */
const typeName = (page: Page) =>
  page
    .getByRole('textbox', { name: 'Activity Type Name' })
    .or(page.getByRole('combobox', { name: 'Activity Type Name' }))

twins({ DYNAMICS: 'D-INT-13' }, 'Chats Save To is one of Notes, Task and Custom Activity Type', async (page, crm) => {
  const choices = page.getByRole('radiogroup', { name: 'Chats Save To' }).getByRole('radio')
  await expect.poll(() => choices.count()).toBe(3)
  await saveTo(page, 'Task').check()
  await typeName(page).fill('Task')
  await save(page)
  expect((await crm.document()).chatsSaveTo).toBe('TASK')
  await saveTo(page, 'Notes').check()
  await save(page)
  expect((await crm.document()).chatsSaveTo).toBe('NOTES')
})

twins({ DYNAMICS: 'D-SAV-02' }, 'Notes are chosen at first', async (page, crm) => {
  await expect.poll(() => saveTo(page, 'Notes').isChecked()).toBe(true)
  expect((await crm.document()).chatsSaveTo).toBe('NOTES')
})

twins(
  { DYNAMICS: 'D-SAV-05' },
  'with Task, the Activity Type Name comes up and must be filled in',
  async (page, crm) => {
    await expect.poll(() => typeName(page).count()).toBe(0)
    await saveTo(page, 'Task').check()
    await expect.poll(() => typeName(page).getAttribute('required')).not.toBeNull()
    expect(await refusedAt(page, typeName(page))).toContain('must be "Task"')
    expect((await crm.document()).chatsSaveTo).toBe('NOTES')
    await typeName(page).fill('task')
    await save(page)
    expect(await crm.document()).toMatchObject({ chatsSaveTo: 'TASK', activityTypeName: 'Task' })
    await expect.poll(() => typeName(page).inputValue()).toBe('Task')
  },
)

twins(
  { DYNAMICS: 'D-SAV-06' },
  'with Task, any other name is an error while it is typed and when it is saved',
  async (page, crm) => {
    await saveTo(page, 'Task').check()
    await typeName(page).fill('Tusk')
    await page.getByText('With Task, this must be “Task”.').waitFor()
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await expect.poll(() => typeName(page).evaluate((input) => input === document.activeElement)).toBe(true)
    await page.getByText('Unsaved changes').waitFor()
    expect(await crm.document()).toMatchObject({ chatsSaveTo: 'NOTES', activityTypeName: null })
  },
)

twins({ DYNAMICS: 'D-SAV-07' }, 'with Custom Activity Type, the name of the type must be given', async (page, crm) => {
  await saveTo(page, 'Custom Activity Type').check()
  expect(await refusedAt(page, typeName(page))).toContain('Name the activity type')
  await pick(page, typeName(page), 'appointment')
  await save(page)
  expect(await crm.document()).toMatchObject({ chatsSaveTo: 'CUSTOM_ACTIVITY', activityTypeName: 'appointment' })
})

twins(
  { DYNAMICS: 'D-SAV-08' },
  'Appointment, Email and Phone Call are offered, and each is accepted',
  async (page, crm) => {
    await saveTo(page, 'Custom Activity Type').check()
    const presets = page.getByRole('group', { name: 'Activity types that exist already' })
    for (const [label, name] of [
      ['Appointment', 'appointment'],
      ['Email', 'email'],
      ['Phone Call', 'phonecall'],
    ] as const) {
      await presets.getByRole('button', { name: label }).click()
      await expect.poll(() => typeName(page).inputValue()).toBe(name)
      await save(page)
      expect((await crm.document()).activityTypeName).toBe(name)
    }
  },
)

twins(
  { DYNAMICS: 'D-SAV-09' },
  'an entity that is no activity, or unknown, is refused with the reason',
  async (page, crm) => {
    await saveTo(page, 'Custom Activity Type').check()
    for (const name of ['contact', 'nothing_like_it']) {
      await typeName(page).fill(name)
      await page.getByRole('option', { name: `Use “${name}” as typed` }).click()
      expect(await refusedAt(page, typeName(page))).toMatch(/activity|no entity/i)
    }
    expect((await crm.document()).chatsSaveTo).toBe('NOTES')
  },
)

twins({ DYNAMICS: 'D-SAV-10' }, 'the steps to make an activity entity stand there, in their order', async (page) => {
  const steps = page.getByRole('group').filter({ hasText: 'How to make an activity type of your own' })
  await expect.poll(() => steps.count()).toBe(0)
  await saveTo(page, 'Custom Activity Type').check()
  await page.getByText('How to make an activity type of your own').press('Enter')
  const texts = await page
    .getByRole('form')
    .getByRole('listitem')
    .filter({ hasText: /Menu|Customiz|Entities|tick|Close/ })
    .allTextContents()
  const inOrder = ['Settings', 'Customize the System', 'New', 'Define as an activity entity', 'Save and Close']
  expect(texts).toHaveLength(inOrder.length)
  for (const [index, words] of inOrder.entries()) expect(texts[index]).toContain(words)
})

twins({ DYNAMICS: 'D-SAV-11' }, 'with Notes, there is no Activity Type Name, and none is kept', async (page, crm) => {
  await crm.settings({ chatsSaveTo: 'TASK', activityTypeName: 'Task' })
  await page.reload()
  await expect.poll(() => typeName(page).inputValue()).toBe('Task')
  await saveTo(page, 'Notes').check()
  await expect.poll(() => typeName(page).count()).toBe(0)
  await save(page)
  expect(await crm.document()).toMatchObject({ chatsSaveTo: 'NOTES', activityTypeName: null })
})

test('the name of one’s own type is there again when one comes back from another destination', async () => {
  const dynamics = crm('DYNAMICS')
  await dynamics.settings({ chatsSaveTo: 'CUSTOM_ACTIVITY', activityTypeName: 'appointment' })
  const page = await dynamics.open()
  await saveTo(page, 'Task').check()
  await expect.poll(() => typeName(page).inputValue()).toBe('')
  await saveTo(page, 'Custom Activity Type').check()
  await expect.poll(() => typeName(page).inputValue()).toBe('appointment')
  await expect.poll(() => page.getByText('Unsaved changes').count()).toBe(0)
})

twins(
  { DYNAMICS: 'D-CLO-06' },
  'closing with Notes says to choose Task, while it is edited and once it is saved',
  async (page, crm) => {
    const warning = page.getByText('Notes cannot be closed. Choose Task under Chats Save To')
    await expect.poll(() => warning.count()).toBe(0)
    await flip(page, 'Allow Activity Closing')
    await warning.waitFor()
    await save(page)
    expect((await crm.document()).allowActivityClosing).toBe(true)
    await page.getByText('Saved, but').waitFor()
    await saveTo(page, 'Task').check()
    await typeName(page).fill('Task')
    await expect.poll(() => page.getByRole('form').getByText('Notes cannot be closed. Choose Task').count()).toBe(0)
    await expect.poll(() => switchOf(page, 'Allow Activity Closing').isChecked()).toBe(true)
  },
)
