import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { crmNames } from '../rules/support/crm-names.ts'
import { typedFields } from '../rules/support/typed-fields.ts'
import { type AdminCrm, openAdminRules } from './admin-rules.ts'
import { addField, addVehicles, formOrder, shown, typeLabels } from './field-form.ts'
import { dragOnto, moveDownByKeys, shownIn } from './ordering.ts'

const { twins, crm } = openAdminRules('export-fields')

const labelsOf = ({ provider }: AdminCrm) => Object.values(typeLabels[provider])
const textField = ({ provider }: AdminCrm) => typedFields[provider]['TEXT']?.name ?? ''

twins(
  { DYNAMICS: 'D-EXP-05', SALESFORCE: 'S-EXP-05' },
  'a name that is not quite right is refused at its input, with the right one; that one is taken',
  async (page, it) => {
    const form = await addField(page, 'export')
    await form.name(`${textField(it)}x`)
    await form.choose('Input Field Type', typeLabels[it.provider]['TEXT'] ?? '')
    await form.input('Input Field Label').fill('Town')
    await form.send()
    await form.refusal(new RegExp(`Do you mean ${textField(it)}\\?`)).waitFor()
    await expect.poll(() => form.input('Field Name').getAttribute('aria-invalid')).toBe('true')
    expect((await it.document())['exportFields']).toEqual([])
    await form.name(textField(it))
    await form.send()
    await page.getByRole('link', { name: 'Town' }).waitFor()
    expect((await it.document())['exportFields']).toMatchObject([{ name: textField(it), label: 'Town' }])
  },
)

twins(
  { DYNAMICS: 'D-EXP-13', SALESFORCE: 'S-EXP-12' },
  'the name of a field that a chat variable fills must be right too',
  async (page, it) => {
    const form = await addField(page, 'export')
    await form.kind('Alive5 Custom Variable')
    await form.name(`${textField(it)}x`)
    await form.choose('Value', 'Location')
    await form.send()
    await form.refusal(new RegExp(`Do you mean ${textField(it)}\\?`)).waitFor()
    await expect.poll(() => form.input('Field Name').getAttribute('aria-invalid')).toBe('true')
    await form.name(textField(it))
    await form.send()
    await page.getByText('from “Location”').waitFor()
    expect((await it.document())['exportFields']).toMatchObject([{ name: textField(it), variable: 'Location' }])
  },
)

twins(
  { DYNAMICS: 'D-EXP-06', SALESFORCE: 'S-EXP-06' },
  'the entity types are the three default ones and those that were added',
  async (page, it) => {
    const form = await addField(page, 'export')
    expect(await form.offered('Entity Type')).toEqual(['Account', 'Contact', 'Lead'])
    await addVehicles(it)
    await it.open()
    await addField(page, 'export')
    expect(await form.offered('Entity Type')).toEqual(['Account', 'Contact', 'Lead', 'Vehicle'])
  },
)

const kinds = ['Alive5 Custom Variable', 'Constant', 'Input Field']

twins(
  { DYNAMICS: 'D-EXP-07', SALESFORCE: 'S-EXP-07' },
  'a value comes from a chat variable, a constant or an input, and from nothing else',
  async (page) => {
    const form = await addField(page, 'export')
    const radios = form.form.getByRole('radiogroup', { name: 'Variable Type' }).getByRole('radio')
    await expect.poll(() => radios.count()).toBe(3)
    for (const kind of kinds) await expect.poll(() => form.form.getByRole('radio', { name: kind }).count()).toBe(1)
  },
)

twins(
  { DYNAMICS: 'D-EXP-10', SALESFORCE: 'S-EXP-10' },
  '"Input Field Type" is asked for constants and inputs and cannot be left out; the types are those of the CRM',
  async (page, it) => {
    const form = await addField(page, 'export')
    for (const kind of ['Constant', 'Input Field'] as const) {
      await form.kind(kind)
      expect(await form.offered('Input Field Type')).toEqual(labelsOf(it))
    }
    await form.name('no_such_field')
    await form.send()
    await form.refusal('Choose the type.').waitFor()
    await form.kind('Alive5 Custom Variable')
    // Dynamics asks for none; Salesforce has one only, which cannot be chosen.
    await expect.poll(() => form.form.getByRole('combobox', { name: 'Input Field Type' }).count()).toBe(0)
    expect((await it.document())['exportFields']).toEqual([])
  },
)

twins({ DYNAMICS: 'D-EXP-11' }, 'there are eight field types', async (page) => {
  const form = await addField(page, 'export')
  const types = await form.offered('Input Field Type')
  expect(types).toHaveLength(8)
  expect(types).toEqual(expect.arrayContaining(['Option Set', 'Status Reason', 'Two Options', 'Whole Number']))
})

twins(
  { DYNAMICS: 'D-EXP-12', SALESFORCE: 'S-EXP-11' },
  'which chat variable it is, is picked from those that are known, and cannot be left out; Salesforce takes it as a text box',
  async (page, it) => {
    const form = await addField(page, 'export')
    await form.kind('Alive5 Custom Variable')
    await form.name(textField(it))
    await form.send()
    await form.refusal('Choose the chat variable.').waitFor()
    const known = ['Location', 'IP Address', 'Computer', 'Referrer URL', 'Page URL']
    expect(await form.offered('Value')).toEqual(expect.arrayContaining(known))
    const isSalesforce = it.provider === 'SALESFORCE'
    const type = form.form.getByRole('textbox', { name: 'Input Field Type' })
    await expect.poll(() => type.count()).toBe(isSalesforce ? 1 : 0)
    if (isSalesforce) await expect.poll(() => type.inputValue()).toBe('Textbox')
    await form.choose('Value', 'Page URL')
    await form.send()
    await page.getByText('from “Page URL”').waitFor()
    const { exportFields } = await it.document()
    expect(exportFields).toMatchObject([{ variableType: 'CHAT_VARIABLE', variable: 'Page URL' }])
    expect(exportFields[0].fieldType).toBe(isSalesforce ? 'TEXT' : undefined)
  },
)

twins(
  { DYNAMICS: 'D-EXP-09', SALESFORCE: 'S-EXP-09' },
  'a variable that the workspace has declared is among those that are picked from',
  async (_page, it) => {
    const name = `Plan of ${it.provider}`
    await it.app.gateway.execute('mutation ($name: String!) { declareChatVariable(name: $name) { __typename } }', {
      name,
    })
    const page = await it.open()
    const form = await addField(page, 'export')
    await form.kind('Alive5 Custom Variable')
    await form.name(textField(it))
    await form.choose('Value', name)
    await form.send()
    await page.getByText(`from “${name}”`).waitFor()
    expect((await it.document())['exportFields']).toMatchObject([{ variableType: 'CHAT_VARIABLE', variable: name }])
  },
)

// ------------------------------------------------------------------------------------------------ order

/** Three inputs of the account in this order, with a constant between them, on the page. */
async function threeInputs(it: AdminCrm): Promise<Page> {
  const { accountField } = crmNames[it.provider]
  const entityType = it.provider === 'DYNAMICS' ? 'account' : 'Account'
  const names = { Alpha: textField(it), Beta: accountField.revenue, Gamma: accountField.employees }
  const types = { Alpha: 'TEXT', Beta: 'CURRENCY', Gamma: it.provider === 'DYNAMICS' ? 'WHOLE_NUMBER' : 'CURRENCY' }
  const input = (label: keyof typeof names) => ({
    ...{ entityType, name: names[label], variableType: 'INPUT', fieldType: types[label], label },
  })
  const fixed = it.provider === 'DYNAMICS' ? 'donotphone' : 'Key_Customer__c'
  const constant = { entityType, name: fixed, variableType: 'CONSTANT', fieldType: 'TWO_OPTIONS', value: 'true' }
  await it.settings({ exportFields: [input('Alpha'), constant, input('Beta'), input('Gamma')] })
  return it.open()
}

const list = 'Input fields of Account'
const orderOf = async (it: AdminCrm): Promise<string[]> =>
  (await it.document())['exportFields'].flatMap(({ label }: { label?: string }) => label ?? [])

twins(
  { DYNAMICS: 'D-EXP-42', SALESFORCE: 'S-EXP-39' },
  'inputs are dragged into another order, which the form has then; constants stand apart from it',
  async (_page, it) => {
    const page = await threeInputs(it)
    await expect.poll(() => shownIn(page, list)).toEqual(['Alpha', 'Beta', 'Gamma'])
    await expect
      .poll(() => page.getByRole('list', { name: 'Other fields of Account' }).getByRole('link').count())
      .toBe(1)
    await page.getByText('Not on the form, so their order does not matter').waitFor()
    await dragOnto(page, 'Gamma', 'Alpha')
    await expect.poll(() => orderOf(it)).toEqual(['Gamma', 'Alpha', 'Beta'])
    await expect.poll(() => shownIn(page, list)).toEqual(['Gamma', 'Alpha', 'Beta'])
    expect(await formOrder(it, 'EXPORT')).toEqual(['Gamma', 'Alpha', 'Beta'])
  },
)

twins(
  { DYNAMICS: 'D-EXP-43', SALESFORCE: 'S-EXP-40' },
  'a field is held by its handle and moved, by mouse or by keys, and its order is read back',
  async (_page, it) => {
    const page = await threeInputs(it)
    await moveDownByKeys(page, 'Alpha')
    await expect.poll(() => orderOf(it)).toEqual(['Beta', 'Alpha', 'Gamma'])
    await dragOnto(page, 'Beta', 'Gamma')
    await expect.poll(() => orderOf(it)).toEqual(['Alpha', 'Gamma', 'Beta'])
    await it.open()
    await expect.poll(() => shownIn(page, list)).toEqual(['Alpha', 'Gamma', 'Beta'])
  },
)

// ------------------------------------------------------------------------------------------------ differences

twins(
  { DYNAMICS: 'X-DIF-19' },
  'Dynamics has eight field types, Salesforce seven, each with its own among them',
  async (page) => {
    const form = await addField(page, 'export')
    const dynamics = await form.offered('Input Field Type')
    const other = await crm('SALESFORCE').open()
    const salesforce = await (await addField(other, 'export')).offered('Input Field Type')
    expect([dynamics.length, salesforce.length]).toEqual([8, 7])
    const own = ['Option Set', 'Status Reason', 'Text Box', 'Two Options', 'Whole Number']
    expect(dynamics.filter((type) => !salesforce.includes(type))).toEqual(own)
    const theirs = ['Checkbox', 'Textbox', 'Picklist', 'Picklist (Multi-Select)']
    expect(salesforce.filter((type) => !dynamics.includes(type))).toEqual(theirs)
  },
)

/** Which of these types have a maximum length. */
async function withLength(page: Page, types: readonly string[]): Promise<string[]> {
  const form = await addField(page, 'export')
  const found: string[] = []
  for (const type of types) {
    await form.choose('Input Field Type', type)
    await expect.poll(() => form.input('Input Field Type').inputValue()).toBe(type)
    found.push(...(await shown(form, ['Max Length'])).map(() => type))
  }
  return found
}

twins(
  { DYNAMICS: 'X-DIF-20' },
  'a maximum length is asked for three types of Dynamics and two of Salesforce',
  async (page) => {
    const numbersAndText = ['Currency', 'Text Box', 'Whole Number']
    expect(await withLength(page, [...numbersAndText, 'Date'])).toEqual(numbersAndText)
    const other = await crm('SALESFORCE').open()
    expect(await withLength(other, ['Currency', 'Textbox', 'Checkbox'])).toEqual(['Currency', 'Textbox'])
  },
)

twins({ DYNAMICS: 'X-DIF-21' }, 'the variable type has one name, whatever the CRM', async (page) => {
  const nameOn = async (it: Page) => (await addField(it, 'export')).form.getByRole('radio', { name: kinds[0] ?? '' })
  await (await nameOn(page)).waitFor()
  await (await nameOn(await crm('SALESFORCE').open())).waitFor()
})

twins(
  { DYNAMICS: 'X-DIF-22' },
  'for a chat variable Dynamics asks for no type, and Salesforce has the text box',
  async (page) => {
    const form = await addField(page, 'export')
    await form.kind('Alive5 Custom Variable')
    await form.input('Value').waitFor()
    await expect.poll(() => form.input('Input Field Type').count()).toBe(0)
    const other = await addField(await crm('SALESFORCE').open(), 'export')
    await other.kind('Alive5 Custom Variable')
    await expect.poll(() => other.input('Input Field Type').inputValue()).toBe('Textbox')
    await expect.poll(() => other.input('Input Field Type').getAttribute('readonly')).not.toBeNull()
  },
)

// ------------------------------------------------------------------------------------------------ beside the rows

const each = { DYNAMICS: 'DYNAMICS:', SALESFORCE: 'SALESFORCE:' }

twins(each, 'what was entered for one kind is there again when it is chosen again', async (page, it) => {
  const form = await addField(page, 'export')
  await form.name(textField(it))
  await expect.poll(() => form.input('Input Field Label').inputValue()).not.toBe('')
  await form.input('Input Field Label').fill('Town')
  await form.kind('Constant')
  await form.input('Value').fill('Oslo')
  await form.kind('Alive5 Custom Variable')
  await form.kind('Constant')
  await expect.poll(() => form.input('Value').inputValue()).toBe('Oslo')
  await form.kind('Input Field')
  await expect.poll(() => form.input('Input Field Label').inputValue()).toBe('Town')
  // Leaving now would lose it.
  await form.form.getByRole('link', { name: 'Cancel' }).click()
  await page.getByRole('dialog', { name: 'Leave without saving?' }).getByRole('button', { name: 'Leave' }).click()
  await page.getByText('None yet').waitFor()
})

twins(each, 'a field is removed after a question, and the focus goes on', async (_page, it) => {
  const page = await threeInputs(it)
  await page.getByRole('button', { name: 'Remove Beta' }).click()
  await page.getByRole('dialog', { name: 'Remove Beta?' }).getByRole('button', { name: 'Remove' }).click()
  await expect.poll(() => orderOf(it)).toEqual(['Alpha', 'Gamma'])
  await expect.poll(() => shownIn(page, list)).toEqual(['Alpha', 'Gamma'])
  const add = page.getByRole('link', { name: 'Add export field' })
  await expect.poll(() => add.evaluate((link) => link === document.activeElement)).toBe(true)
})
