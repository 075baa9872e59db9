import { expect, test, vi } from 'vitest'
import type { Provider } from '../gateway/searching.ts'
import { lookupFields, typedFields } from '../rules/support/typed-fields.ts'
import { openAdminRules } from './admin-rules.ts'
import { addField, enterConstant, shown, someContact, typeLabels } from './field-form.ts'
import { holdAnswer } from './hold-answer.ts'
import { pick } from './picking.ts'

const { twins, crm: crmOf } = openAdminRules('export-fields')

twins(
  { DYNAMICS: 'D-EXP-17', SALESFORCE: 'S-EXP-16' },
  'a constant of any type but look-up has a "Value", and is not saved without it',
  async (page, crm) => {
    const form = await addField(page, 'export')
    await form.kind('Constant')
    for (const [type, label] of Object.entries(typeLabels[crm.provider])) {
      await form.choose('Input Field Type', label)
      const value = form.input('Value').or(form.form.getByRole('radiogroup', { name: 'Value' }))
      await expect.poll(() => value.count()).toBe(type === 'LOOKUP' ? 0 : 1)
    }
    await form.choose('Input Field Type', typeLabels[crm.provider]['TEXT'] ?? '')
    await form.name(typedFields[crm.provider]['TEXT']?.name ?? '')
    await form.send()
    await form.refusal('Give the value.').waitFor()
    await expect.poll(() => form.input('Value').evaluate((input) => input === document.activeElement)).toBe(true)
    expect((await crm.document())['exportFields']).toEqual([])
  },
)

twins(
  { DYNAMICS: 'D-EXP-18', SALESFORCE: 'S-EXP-17' },
  'a constant look-up has "Related Entity" and "Lookup" in place of "Value", both required',
  async (page, crm) => {
    const form = await addField(page, 'export')
    await form.kind('Constant')
    await form.choose('Input Field Type', 'Lookup')
    await form.send()
    await form.refusal('Choose the entity.').waitFor()
    await form.refusal('Choose the record.').waitFor()
    await expect.poll(() => shown(form, ['Related Entity', 'Lookup', 'Value'])).toEqual(['Related Entity', 'Lookup'])
    // What the look-up points to is known with its field.
    await form.name(lookupFields[crm.provider].name)
    await expect.poll(() => form.input('Related Entity').inputValue()).toBe(lookupFields[crm.provider].related)
    await form.send()
    await form.refusal('Choose the record.').waitFor()
    expect((await crm.document())['exportFields']).toEqual([])
  },
)

const constantRows: readonly [string, Partial<Record<Provider, string>>][] = [
  ['CURRENCY', { DYNAMICS: 'D-EXP-19', SALESFORCE: 'S-EXP-19' }],
  ['DATE', { DYNAMICS: 'D-EXP-20', SALESFORCE: 'S-EXP-21' }],
  ['OPTION_SET', { DYNAMICS: 'D-EXP-22', SALESFORCE: 'S-EXP-23' }],
  ['STATUS_REASON', { DYNAMICS: 'D-EXP-23' }],
  ['TEXT', { DYNAMICS: 'D-EXP-24', SALESFORCE: 'S-EXP-20' }],
  ['TWO_OPTIONS', { DYNAMICS: 'D-EXP-25', SALESFORCE: 'S-EXP-18' }],
  ['WHOLE_NUMBER', { DYNAMICS: 'D-EXP-26' }],
  ['MULTI_OPTION_SET', { SALESFORCE: 'S-EXP-24' }],
]

/** Types whose value is typed, so that it can be wrong. */
const typedByHand = ['CURRENCY', 'WHOLE_NUMBER', 'TEXT']

for (const [type, rows] of constantRows) {
  twins(rows, `a constant of type ${type} is entered as that type has it, and saved so`, async (page, crm) => {
    const field = typedFields[crm.provider][type]
    if (!field) throw new Error(`There is no ${type}`)
    const form = await addField(page, 'export')
    await form.kind('Constant')
    await form.name(field.name)
    // The type comes along with the field.
    await expect.poll(() => form.input('Input Field Type').inputValue()).toBe(typeLabels[crm.provider][type])
    if (typedByHand.includes(type)) {
      await form.input('Value').fill(field.wrong.value ?? '')
      await form.send()
      await form.form.locator('[aria-invalid="true"]').waitFor()
      await expect.poll(() => form.input('Value').getAttribute('aria-invalid')).toBe('true')
      expect((await crm.document())['exportFields']).toEqual([])
    }
    await enterConstant(crm, page, field, 'Value')
    await form.send()
    const row = page.getByRole('list', { name: 'Other fields of Account' }).getByRole('listitem')
    await row.getByText('Constant').waitFor()
    const { name, value, values } = field
    expect((await crm.document())['exportFields']).toMatchObject([
      { name, variableType: 'CONSTANT', fieldType: type, ...(values ? { values } : { value }) },
    ])
    await expect
      .poll(() => row.textContent())
      .toContain(type === 'TWO_OPTIONS' ? 'always yes' : `always ${values?.join(', ') ?? value}`)
  })
}

twins(
  { DYNAMICS: 'D-EXP-20' },
  'a constant of a field that holds a time is a moment in the time zone of the workspace',
  async (page, crm) => {
    const form = await addField(page, 'export')
    await form.kind('Constant')
    await form.name('lastonholdtime')
    await form.form.getByText(/In the time zone of the workspace/).waitFor()
    await form.input('Value').fill('2026-02-28T10:00')
    await form.send()
    await page.getByRole('link', { name: 'lastonholdtime' }).click()
    await expect.poll(() => form.input('Value').inputValue()).toBe('2026-02-28T10:00')
    const { exportFields } = await crm.document()
    expect(exportFields[0].value).toMatch(/^2026-02-28T10:00:00[+-]\d\d:\d\d$/)
  },
)

twins(
  { DYNAMICS: 'D-EXP-21', SALESFORCE: 'S-EXP-22' },
  'the record of a constant look-up is picked by searching its name, which is shown from then on',
  async (page, crm) => {
    const contact = await someContact(crm)
    const form = await addField(page, 'export')
    await form.kind('Constant')
    await form.name(lookupFields[crm.provider].name)
    await expect.poll(() => form.input('Related Entity').inputValue()).toBe(contact.entityName)
    // The list closes where the entity that was filled in takes the focus back.
    await vi.waitFor(
      async () => {
        await form.input('Lookup').fill('no such record')
        await page.getByRole('option', { name: 'Use “no such record” as its key' }).click({ timeout: 2_000 })
      },
      { timeout: 20_000 },
    )
    await form.send()
    await form.refusal(/There is no record no such record/).waitFor()
    await expect.poll(() => form.input('Lookup').getAttribute('aria-invalid')).toBe('true')
    await form.input('Lookup').fill(contact.name)
    await page.getByRole('option', { name: contact.remoteId }).click()
    await form.send()
    await page.getByText(`always ${contact.name}`).waitFor()
    const { exportFields } = await crm.document()
    expect(exportFields).toMatchObject([{ fieldType: 'LOOKUP', lookupValue: contact }])
  },
)

test('what a picked field may hold is offered at once, while the org is still asked about its name', async () => {
  const crm = crmOf('DYNAMICS')
  await crm.settings({})
  const page = await crm.open()
  // That question alone asks for so many.
  const answer = await holdAnswer(page, /FieldPicker_Search.*"first":500/s)
  const form = await addField(page, 'export')
  await form.kind('Constant')
  await pick(page, 'Field Name', 'industrycode')
  await form.choose('Value', 'Consulting')
  answer()
  await expect.poll(() => form.input('Value').inputValue()).toBe('Consulting')
  await form.send()
  await page.getByRole('list', { name: 'Other fields of Account' }).getByRole('listitem').waitFor()
})
