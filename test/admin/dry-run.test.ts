/** What would be written, with the origin of every value, before anything is saved or sent. */
import { expect, test } from 'vitest'
import { openAdminRules } from './admin-rules.ts'
import { hitOf, look, planOf, previewOf, tryWith } from './preview-page.ts'

const rules = openAdminRules('integration', 1440)
const each = { DYNAMICS: 'DYNAMICS:', SALESFORCE: 'SALESFORCE:' }

const names = {
  DYNAMICS: { contact: 'contact', title: 'jobtitle', source: 'description', fax: 'fax' },
  SALESFORCE: { contact: 'Contact', title: 'Title', source: 'Description', fax: 'Fax' },
}

rules.twins(each, 'a new record is planned as it is filled in, and nothing is written', async (_page, crm) => {
  const { contact, title, source } = names[crm.provider]
  const field = { entityType: contact, fieldType: 'TEXT' }
  await crm.settings({
    exportFields: [
      { ...field, name: title, variableType: 'INPUT', label: 'Job', required: true, maxLength: 20 },
      { ...field, name: source, variableType: 'CONSTANT', value: 'Came by chat' },
    ],
  })
  const page = await crm.open()
  const control = crm.provider === 'DYNAMICS' ? crm.app.dynamics : crm.app.salesforce
  const before = (await control.records(contact)).length
  const preview = await look(page, 'Create')
  await preview.getByRole('tab', { name: 'Contact' }).click()
  const form = preview.getByRole('region', { name: 'Save Contact' })
  const plan = planOf(preview)
  // As an agent is told, whose form would not be taken.
  await form.getByText('Job is required.').waitFor()
  await plan.getByText('Not complete yet').waitFor()

  await form.getByLabel('Job').fill('Engineer')
  const made = plan.getByRole('listitem').filter({ hasText: '1. Make a new record: Contact' }).first()
  const fieldOf = (label: string) =>
    made.getByRole('list', { name: 'Fields' }).getByRole('listitem').filter({ hasText: label })
  await fieldOf('Engineer').getByRole('link', { name: 'Export fields' }).waitFor()
  await fieldOf('Came by chat')
    .getByText(/Constant of the export field/)
    .waitFor()
  await fieldOf('Lovelace-Byrne').first().getByRole('link', { name: 'Default fields' }).waitFor()
  const filed = plan
    .getByRole('listitem')
    .filter({ hasText: /2\. Make a new (note|task) on the new record/ })
    .first()
  await filed.getByText('Text', { exact: true }).click()
  await filed.getByText(/Of course\. What is its number\?/).waitFor()
  expect((await control.records(contact)).length).toBe(before)

  await fieldOf('Engineer').getByRole('link', { name: 'Export fields' }).click()
  await page.getByRole('heading', { level: 1, name: 'Export fields' }).waitFor()
  await expect.poll(() => form.getByLabel('Job').inputValue()).toBe('Engineer')
})

rules.twins(each, 'tagging asks for backend inputs, and says what is written and what is kept', async (_page, crm) => {
  const { contact, title, fax } = names[crm.provider]
  const field = { entityType: contact, fieldType: 'TEXT' }
  await crm.settings({
    backendFields: [
      { ...field, name: fax, variableType: 'INPUT', label: 'Fax of today', overwrite: true },
      { ...field, name: title, variableType: 'CONSTANT', value: 'Visitor', overwrite: true },
    ],
  })
  const page = await crm.open()
  const preview = previewOf(page)
  await preview.getByRole('tab', { name: /^Contact \d/ }).click()
  await hitOf(preview).getByRole('button', { name: 'Tag' }).click()
  await preview.getByRole('region', { name: 'Asked when tagging' }).getByLabel('Fax of today').fill('+1 512 555 0100')
  const plan = planOf(preview)
  const written = plan
    .getByRole('listitem')
    .filter({ hasText: /\d\. Write fields of Ada/ })
    .first()
  const given = written
    .getByRole('list', { name: 'Fields' })
    .getByRole('listitem')
    .filter({ hasText: '+1 512 555 0100' })
  await given.getByText(/Given for the backend field Fax of today/).waitFor()
  await given.getByRole('link', { name: 'Backend fields' }).waitFor()
  await written.getByText('Visitor', { exact: false }).first().waitFor()
})

test('closing is a step of the plan, and a warning where notes cannot be closed', async () => {
  const crm = rules.crm('DYNAMICS')
  await crm.settings({})
  const page = await crm.open()
  await hitOf(previewOf(page)).waitFor()
  const plan = planOf(await look(page, 'Tag'))
  await plan.getByText(/^1\. Make a new note on/).waitFor()
  await page.getByRole('switch', { name: 'Allow Activity Closing' }).check({ force: true })
  await plan.getByText(/Notes cannot be closed/).waitFor()
  await page.getByRole('radio', { name: 'Task', exact: true }).check({ force: true })
  await page.getByRole('textbox', { name: 'Activity Type Name' }).fill('Task')
  await plan.getByText('2. Mark the task as completed').waitFor()
  await tryWith(page, { channel: 'SMS' })
  await plan.getByText(/The next message makes a new activity, which stays open/).waitFor()
  expect((await crm.document())['allowActivityClosing']).toBe(false)
})
