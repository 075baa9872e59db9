import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import type { Provider } from '../gateway/searching.ts'
import { crmNames } from '../rules/support/crm-names.ts'
import { lookupFields, typedFields } from '../rules/support/typed-fields.ts'
import { type AdminCrm, openAdminRules } from './admin-rules.ts'
import {
  addField,
  addVehicles,
  backendNameLabels,
  type FieldForm,
  formOrder,
  shown,
  shownByType,
  typeLabels,
} from './field-form.ts'
import { dragOnto, moveDownByKeys, shownIn } from './ordering.ts'

const { twins, crm } = openAdminRules('backend-fields')

const add = (page: Page, { provider }: AdminCrm) => addField(page, 'backend', backendNameLabels[provider])
const textField = ({ provider }: AdminCrm) => typedFields[provider]['TEXT']?.name ?? ''
const fieldsOf = async (it: AdminCrm) => (await it.document())['backendFields']

twins(
  { DYNAMICS: 'D-BCK-06', SALESFORCE: 'S-BCK-06' },
  'a name that is not quite right is refused at its input, with the right one; that one is taken',
  async (page, it) => {
    const form = await add(page, it)
    await form.name(`${textField(it)}x`)
    await form.choose('Field Type', typeLabels[it.provider]['TEXT'] ?? '')
    await form.input('Field Label').fill('Town')
    await form.send()
    await form.refusal(new RegExp(`Do you mean ${textField(it)}\\?`)).waitFor()
    await expect.poll(() => form.input(backendNameLabels[it.provider]).getAttribute('aria-invalid')).toBe('true')
    expect(await fieldsOf(it)).toEqual([])
    await form.name(textField(it))
    await form.send()
    await page.getByRole('link', { name: 'Town' }).waitFor()
    expect(await fieldsOf(it)).toMatchObject([{ name: textField(it), label: 'Town' }])
  },
)

twins(
  { DYNAMICS: 'D-BCK-07', SALESFORCE: 'S-BCK-07' },
  'the entity types are the three default ones, those that were added, and in Salesforce the activity',
  async (_page, it) => {
    await addVehicles(it)
    const form = await add(await it.open(), it)
    const activity = it.provider === 'SALESFORCE' ? ['Activity'] : []
    expect(await form.offered('Entity Type')).toEqual(['Account', 'Contact', 'Lead', 'Vehicle', ...activity])
  },
)

twins(
  { DYNAMICS: 'D-BCK-08', SALESFORCE: 'S-BCK-08' },
  'a value is a constant or an input: no chat variable is offered',
  async (page, it) => {
    const form = await add(page, it)
    const radios = form.form.getByRole('radiogroup', { name: 'Variable Type' }).getByRole('radio')
    await expect.poll(() => radios.count()).toBe(2)
    for (const kind of ['Constant', 'Input Field']) {
      await expect.poll(() => form.form.getByRole('radio', { name: kind, exact: true }).count()).toBe(1)
    }
  },
)

twins(
  { DYNAMICS: 'D-BCK-11', SALESFORCE: 'S-BCK-11' },
  'the field types are those of the CRM, for constants and inputs alike',
  async (page, it) => {
    const form = await add(page, it)
    for (const kind of ['Constant', 'Input Field'] as const) {
      await form.kind(kind)
      expect(await form.offered('Field Type')).toEqual(Object.values(typeLabels[it.provider]))
    }
  },
)

const exportOnly = ['Required', 'Max Length', 'Use Current Date Time']
const asked = ['Field Label', 'Use Lookup Optional Fields', 'Overwrite Existing Record', ...exportOnly]

const seen = new Map<Provider, Promise<Record<string, string[]>>>()

/** The form of an input, and for which types it has each input: gone through once for each CRM. */
async function addInput(page: Page, it: AdminCrm): Promise<[FieldForm, (label: string) => string[]]> {
  const form = await add(page, it)
  const byType = seen.get(it.provider) ?? shownByType(form, it, { type: 'Field Type', among: asked })
  seen.set(it.provider, byType)
  const found = await byType
  return [form, (label) => Object.keys(found).filter((type) => found[type]?.includes(label))]
}

twins(
  { DYNAMICS: 'D-BCK-24', SALESFORCE: 'S-BCK-23' },
  'an input asks for the label that agents see; a look-up of Dynamics has none, one of Salesforce may go without',
  async (page, it) => {
    const all = Object.keys(typeLabels[it.provider])
    const labelled = it.provider === 'DYNAMICS' ? all.filter((type) => type !== 'LOOKUP') : all
    const [form, typesWith] = await addInput(page, it)
    expect(typesWith('Field Label')).toEqual(labelled)
    await form.name(textField(it))
    await expect.poll(() => form.input('Field Label').inputValue()).not.toBe('')
    await form.input('Field Label').fill('')
    await form.send()
    await form.refusal('Give the label that agents see.').waitFor()
    await form.input('Field Label').fill('Where from')
    await form.send()
    await page.getByRole('link', { name: 'Where from' }).waitFor()
    expect(await fieldsOf(it)).toMatchObject([{ name: textField(it), variableType: 'INPUT', label: 'Where from' }])
  },
)

twins(
  { DYNAMICS: 'D-BCK-25', SALESFORCE: 'S-BCK-24' },
  'an input look-up asks for the entity that it points to, and offers the optional fields',
  async (page, it) => {
    const [form, typesWith] = await addInput(page, it)
    expect(typesWith('Use Lookup Optional Fields')).toEqual(['LOOKUP'])
    const { name, related } = lookupFields[it.provider]
    await form.choose('Field Type', 'Lookup')
    await form.send()
    await form.refusal('Choose the entity that it points to.').waitFor()
    await form.name(name)
    await expect.poll(() => form.input('Entity').inputValue()).toBe(related)
    await form.send()
    await page.getByText(`of ${related}`).waitFor()
    expect(await fieldsOf(it)).toMatchObject([{ name, lookup: { relatedEntity: related } }])
  },
)

const optional = ['Searched Fields', 'Displayed Field', 'Filter Field']

twins(
  { DYNAMICS: 'D-BCK-26', SALESFORCE: 'S-BCK-25' },
  'the optional fields show while they are switched on; off, what they held is not saved',
  async (page, it) => {
    const { name, related, searched } = lookupFields[it.provider]
    const form = await add(page, it)
    await form.name(name)
    await expect.poll(() => form.input('Entity').inputValue()).toBe(related)
    await expect.poll(() => shown(form, optional)).toEqual([])
    await form.input('Use Lookup Optional Fields').check()
    await expect.poll(() => shown(form, optional)).toEqual(optional)
    await form.input('Searched Fields').fill(searched)
    await page.keyboard.press('Tab')
    await form.form.getByRole('button', { name: `Remove ${searched}` }).waitFor()
    await form.send()
    const list = page.getByRole('list', { name: 'Input fields of Account' })
    await list.waitFor()
    expect(await fieldsOf(it)).toMatchObject([{ lookup: { relatedEntity: related, searchFields: [searched] } }])
    await list.getByRole('link').click()
    await form.input('Use Lookup Optional Fields').uncheck()
    await expect.poll(() => shown(form, optional)).toEqual([])
    await form.send()
    await list.waitFor()
    expect((await fieldsOf(it))[0].lookup).toEqual({ relatedEntity: related })
  },
)

twins(
  { DYNAMICS: 'D-BCK-27' },
  'an input is asked neither whether it is required nor for a maximum length or the current date',
  async (page, it) => {
    const [, typesWith] = await addInput(page, it)
    for (const label of exportOnly) expect(typesWith(label)).toEqual([])
    expect(typesWith('Overwrite Existing Record')).toEqual(Object.keys(typeLabels[it.provider]))
  },
)

// ------------------------------------------------------------------------------------------------ order

const list = 'Input fields of Account'
const orderOf = async (it: AdminCrm): Promise<string[]> =>
  (await fieldsOf(it)).flatMap(({ label }: { label?: string }) => label ?? [])

twins(
  { DYNAMICS: 'D-BCK-29', SALESFORCE: 'S-BCK-27' },
  'inputs are put in order by mouse and by keys, which is the order of the form',
  async (_page, it) => {
    const { accountField } = crmNames[it.provider]
    const number = it.provider === 'DYNAMICS' ? 'WHOLE_NUMBER' : 'CURRENCY'
    const input = (label: string, name: string, fieldType: string) => ({
      ...{ entityType: it.provider === 'DYNAMICS' ? 'account' : 'Account', name, variableType: 'INPUT' },
      ...{ fieldType, label, overwrite: true },
    })
    await it.settings({
      backendFields: [
        input('Alpha', textField(it), 'TEXT'),
        input('Beta', accountField.revenue, 'CURRENCY'),
        input('Gamma', accountField.employees, number),
      ],
    })
    const page = await it.open()
    await expect.poll(() => shownIn(page, list)).toEqual(['Alpha', 'Beta', 'Gamma'])
    await moveDownByKeys(page, 'Alpha')
    await expect.poll(() => orderOf(it)).toEqual(['Beta', 'Alpha', 'Gamma'])
    await dragOnto(page, 'Gamma', 'Beta')
    await expect.poll(() => orderOf(it)).toEqual(['Gamma', 'Beta', 'Alpha'])
    await expect.poll(() => shownIn(page, list)).toEqual(['Gamma', 'Beta', 'Alpha'])
    expect(await formOrder(it, 'BACKEND')).toEqual(['Gamma', 'Beta', 'Alpha'])
  },
)

// ------------------------------------------------------------------------------------------------ the subject

const subjects = { name: 'Subject', target: 'ACTIVITY', fieldType: 'OPTION_SET' }

twins({ SALESFORCE: 'S-SUB-04' }, 'the subject field is a constant or an input', async (page, it) => {
  const form = await add(page, it)
  await form.choose('Entity Type', 'Activity')
  await expect.poll(() => form.input('Field Name').inputValue()).toBe('Subject')
  await expect.poll(() => form.input('Field Type').inputValue()).toBe('Picklist')
  await form.input('Field Label').fill('What about')
  await form.input('Further choices').fill('Callback')
  await page.keyboard.press('Enter')
  await form.send()
  await page.getByRole('link', { name: 'What about' }).click()
  const input = { ...subjects, variableType: 'INPUT', label: 'What about', values: ['Callback'] }
  expect(await fieldsOf(it)).toMatchObject([input])
  await form.kind('Constant')
  await form.input('Field Value').fill('Call')
  // The list of those that the org offers closes.
  await page.keyboard.press('Tab')
  await form.send()
  await page.getByText('always Call').waitFor()
  expect(await fieldsOf(it)).toMatchObject([{ ...subjects, variableType: 'CONSTANT', value: 'Call' }])
})

twins({ SALESFORCE: 'S-SUB-05' }, 'a constant subject is picked from those that the org offers', async (page, it) => {
  const form = await add(page, it)
  await form.choose('Entity Type', 'Activity')
  await form.kind('Constant')
  const offered = await form.offered('Field Value')
  const { integration } = await it.app.gateway.execute(
    `query ($id: ID!) {
      integration(id: $id) { metadata { entityType(name: "Task") { fields(search: "Subject") { name options { value } } } } }
    }`,
    { id: it.integrationId },
  )
  const fields: { name: string; options: { value: string }[] }[] = integration.metadata.entityType.fields
  const inOrg = fields.find(({ name }) => name === 'Subject')?.options.map(({ value }) => value) ?? []
  expect(inOrg.length).toBeGreaterThan(1)
  expect(offered).toEqual(inOrg)
  await form.choose('Field Value', inOrg[1] ?? '')
  await form.send()
  await page.getByText(`always ${inOrg[1]}`).waitFor()
  expect(await fieldsOf(it)).toMatchObject([{ ...subjects, variableType: 'CONSTANT', value: inOrg[1] }])
})

// ------------------------------------------------------------------------------------------------ differences

twins(
  { DYNAMICS: 'X-DIF-09' },
  'only Salesforce has the subject of an activity among what a backend field may be',
  async (page, it) => {
    expect(await (await add(page, it)).offered('Entity Type')).not.toContain('Activity')
    const other = crm('SALESFORCE')
    const form = await add(await other.open(), other)
    await form.choose('Entity Type', 'Activity')
    await expect.poll(() => form.input('Field Name').inputValue()).toBe('Subject')
  },
)

twins({ DYNAMICS: 'X-DIF-27' }, 'the name is "Name" in Dynamics and "Field Name" in Salesforce', async (page, it) => {
  const labels = ['Name', 'Field Name']
  const form = await add(page, it)
  await expect.poll(() => shown(form, labels)).toEqual(['Name'])
  const other = crm('SALESFORCE')
  const otherForm = await add(await other.open(), other)
  await expect.poll(() => shown(otherForm, labels)).toEqual(['Field Name'])
})

twins(
  { DYNAMICS: 'X-DIF-28' },
  'a look-up of Dynamics has no "Field Label", one of Salesforce may have one',
  async (page, it) => {
    const labelOf = async (on: Page, of: AdminCrm) => {
      const form = await add(on, of)
      await form.choose('Field Type', 'Lookup')
      await form.input('Use Lookup Optional Fields').waitFor()
      return form.input('Field Label')
    }
    const none = await labelOf(page, it)
    await expect.poll(() => none.count()).toBe(0)
    const other = crm('SALESFORCE')
    const label = await labelOf(await other.open(), other)
    await expect.poll(() => label.count()).toBe(1)
    await expect.poll(() => label.getAttribute('required')).toBeNull()
  },
)

twins(
  { DYNAMICS: 'X-DIF-29' },
  'both offer the default entity types and the added ones; Salesforce the activity too',
  async (_page, it) => {
    const other = crm('SALESFORCE')
    await addVehicles(it)
    await addVehicles(other)
    const [dynamics, salesforce] = [
      await (await add(await it.open(), it)).offered('Entity Type'),
      await (await add(await other.open(), other)).offered('Entity Type'),
    ]
    expect(salesforce).toEqual([...dynamics, 'Activity'])
    await other.settings({})
  },
)
