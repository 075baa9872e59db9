import { expect } from 'vitest'
import type { Provider } from '../gateway/searching.ts'
import { lookupFields, typedFields } from '../rules/support/typed-fields.ts'
import { openAdminRules } from './admin-rules.ts'
import { addField, backendNameLabels, enterConstant, shown, someContact, typeLabels } from './field-form.ts'

const { twins } = openAdminRules('backend-fields')

twins(
  { DYNAMICS: 'D-BCK-14', SALESFORCE: 'S-BCK-14' },
  'a constant of any type but look-up has a "Field Value", and is not saved without it',
  async (page, it) => {
    const form = await addField(page, 'backend', backendNameLabels[it.provider])
    await form.kind('Constant')
    for (const [type, label] of Object.entries(typeLabels[it.provider])) {
      await form.choose('Field Type', label)
      const value = form.input('Field Value').or(form.form.getByRole('radiogroup', { name: 'Field Value' }))
      await expect.poll(() => value.count()).toBe(type === 'LOOKUP' ? 0 : 1)
    }
    await form.choose('Field Type', typeLabels[it.provider]['CURRENCY'] ?? '')
    await form.name(typedFields[it.provider]['CURRENCY']?.name ?? '')
    await form.send()
    await form.refusal('Give the value.').waitFor()
    expect((await it.document())['backendFields']).toEqual([])
  },
)

twins(
  { DYNAMICS: 'D-BCK-15', SALESFORCE: 'S-BCK-15' },
  'a constant look-up has "Entity" and "Lookup" in place of "Field Value", both required',
  async (page, it) => {
    const form = await addField(page, 'backend', backendNameLabels[it.provider])
    await form.kind('Constant')
    await form.choose('Field Type', 'Lookup')
    await form.send()
    await form.refusal('Choose the entity.').waitFor()
    await form.refusal('Choose the record.').waitFor()
    await expect.poll(() => shown(form, ['Entity', 'Lookup', 'Field Value'])).toEqual(['Entity', 'Lookup'])
    await form.name(lookupFields[it.provider].name)
    await expect.poll(() => form.input('Entity').inputValue()).toBe(lookupFields[it.provider].related)
    await form.send()
    await form.refusal('Choose the record.').waitFor()
    expect((await it.document())['backendFields']).toEqual([])
  },
)

const constantRows: readonly [string, Partial<Record<Provider, string>>][] = [
  ['CURRENCY', { DYNAMICS: 'D-BCK-16', SALESFORCE: 'S-BCK-17' }],
  ['DATE', { DYNAMICS: 'D-BCK-17', SALESFORCE: 'S-BCK-19' }],
  ['OPTION_SET', { DYNAMICS: 'D-BCK-19', SALESFORCE: 'S-BCK-21' }],
  ['STATUS_REASON', { DYNAMICS: 'D-BCK-20' }],
  ['TEXT', { DYNAMICS: 'D-BCK-21', SALESFORCE: 'S-BCK-18' }],
  ['TWO_OPTIONS', { DYNAMICS: 'D-BCK-22', SALESFORCE: 'S-BCK-16' }],
  ['WHOLE_NUMBER', { DYNAMICS: 'D-BCK-23' }],
  ['MULTI_OPTION_SET', { SALESFORCE: 'S-BCK-22' }],
]

/** Types whose value is typed, so that it can be wrong. */
const typedByHand = ['CURRENCY', 'WHOLE_NUMBER', 'TEXT']

for (const [type, rows] of constantRows) {
  twins(
    rows,
    `a constant backend field of type ${type} is entered as that type has it, and saved so`,
    async (page, it) => {
      const field = typedFields[it.provider][type]
      if (!field) throw new Error(`There is no ${type}`)
      const form = await addField(page, 'backend', backendNameLabels[it.provider])
      await form.kind('Constant')
      await form.name(field.name)
      await expect.poll(() => form.input('Field Type').inputValue()).toBe(typeLabels[it.provider][type])
      if (typedByHand.includes(type)) {
        await form.input('Field Value').fill(field.wrong.value ?? '')
        await form.send()
        await form.form.locator('[aria-invalid="true"]').waitFor()
        await expect.poll(() => form.input('Field Value').getAttribute('aria-invalid')).toBe('true')
        expect((await it.document())['backendFields']).toEqual([])
      }
      await enterConstant(it, page, field, 'Field Value')
      await form.input('Overwrite Existing Record').check()
      await form.send()
      const row = page.getByRole('list', { name: 'Other fields of Account' }).getByRole('listitem')
      await row.getByText('overwrites').waitFor()
      const { name, value, values } = field
      expect((await it.document())['backendFields']).toMatchObject([
        { name, variableType: 'CONSTANT', fieldType: type, overwrite: true, ...(values ? { values } : { value }) },
      ])
    },
  )
}

twins(
  { DYNAMICS: 'D-BCK-18', SALESFORCE: 'S-BCK-20' },
  'the record of a constant look-up is picked by searching its name',
  async (page, it) => {
    const contact = await someContact(it)
    const form = await addField(page, 'backend', backendNameLabels[it.provider])
    await form.kind('Constant')
    await form.name(lookupFields[it.provider].name)
    await expect.poll(() => form.input('Entity').inputValue()).toBe(contact.entityName)
    await form.input('Lookup').fill(contact.name)
    await page.getByRole('option', { name: contact.remoteId }).first().click()
    await form.send()
    await page.getByText(`always ${contact.name}`).waitFor()
    const { backendFields } = await it.document()
    expect(backendFields).toMatchObject([{ fieldType: 'LOOKUP', lookupValue: contact }])
  },
)
