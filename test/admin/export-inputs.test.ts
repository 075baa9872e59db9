import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import type { Provider } from '../gateway/searching.ts'
import { lookupFields, typedFields } from '../rules/support/typed-fields.ts'
import { type AdminCrm, openAdminRules } from './admin-rules.ts'
import { addField, type FieldForm, shown, shownByType, typeLabels } from './field-form.ts'

const { twins } = openAdminRules('export-fields')

const asked = ['Input Field Label', 'Required', 'Max Length', 'Use Current Date Time', 'Use Lookup Optional Fields']

const seen = new Map<Provider, Promise<Record<string, string[]>>>()

/** What the form of an input asks, by type: gone through once for each CRM. */
async function askedByType(page: Page, it: AdminCrm): Promise<[FieldForm, Record<string, string[]>]> {
  const form = await addField(page, 'export')
  const labels = { type: 'Input Field Type', among: asked }
  const byType = seen.get(it.provider) ?? shownByType(form, it, labels)
  seen.set(it.provider, byType)
  return [form, await byType]
}

const typesWith = (byType: Record<string, string[]>, label: string) =>
  Object.keys(byType).filter((type) => byType[type]?.includes(label))

/** The one field on the list: the form says some of the same words. */
const rowOf = (page: Page) => page.getByRole('list', { name: 'Input fields of Account' }).getByRole('listitem')

async function savedInput(it: AdminCrm) {
  const { exportFields } = await it.document()
  expect(exportFields).toHaveLength(1)
  return exportFields[0]
}

twins(
  { DYNAMICS: 'D-EXP-27', SALESFORCE: 'S-EXP-25' },
  'an input of any type asks for its label, which agents see, and whether it is required',
  async (page, it) => {
    const [form, byType] = await askedByType(page, it)
    const all = Object.keys(typeLabels[it.provider])
    expect(typesWith(byType, 'Input Field Label')).toEqual(all)
    expect(typesWith(byType, 'Required')).toEqual(all)
    const { name } = typedFields[it.provider]['TEXT'] ?? { name: '' }
    await form.name(name)
    await expect.poll(() => form.input('Input Field Label').inputValue()).not.toBe('')
    await form.input('Input Field Label').fill('')
    await form.send()
    await form.refusal('Give the label that agents see.').waitFor()
    await form.input('Input Field Label').fill('Where from')
    await form.input('Required').check()
    await form.send()
    await rowOf(page).getByText('required').waitFor()
    expect(await savedInput(it)).toMatchObject({ name, variableType: 'INPUT', label: 'Where from', required: true })
  },
)

const lengthTypes: Record<Provider, string[]> = {
  DYNAMICS: ['CURRENCY', 'TEXT', 'WHOLE_NUMBER'],
  SALESFORCE: ['CURRENCY', 'TEXT'],
}

twins(
  { DYNAMICS: 'D-EXP-28', SALESFORCE: 'S-EXP-26' },
  'a maximum length is asked for text and amounts alone, and must be a number that the field has room for',
  async (page, it) => {
    const [form, byType] = await askedByType(page, it)
    expect(typesWith(byType, 'Max Length').sort()).toEqual(lengthTypes[it.provider])
    const { name } = typedFields[it.provider]['TEXT'] ?? { name: '' }
    await form.name(name)
    await form.form.getByText(/as many as the org takes: 80/).waitFor()
    const length = form.input('Max Length')
    for (const [entered, refused] of [
      ['five', /whole number of characters/],
      ['0', /whole number of characters/],
      ['81', /takes 80 characters in the org/],
    ] as const) {
      await length.fill(entered)
      await form.send()
      await form.refusal(refused).waitFor()
      await expect.poll(() => length.getAttribute('aria-invalid')).toBe('true')
    }
    await length.fill('5')
    await form.send()
    await page.getByText('5 characters at most').waitFor()
    expect(await savedInput(it)).toMatchObject({ name, maxLength: 5 })
  },
)

twins(
  { DYNAMICS: 'D-EXP-30', SALESFORCE: 'S-EXP-28' },
  '"Use Current Date Time" is offered for a date alone, and makes the form begin with today',
  async (page, it) => {
    const [form, byType] = await askedByType(page, it)
    expect(typesWith(byType, 'Use Current Date Time')).toEqual(['DATE'])
    const { name } = typedFields[it.provider]['DATE'] ?? { name: '' }
    await form.name(name)
    await expect.poll(() => form.input('Use Current Date Time').count()).toBe(1)
    await form.input('Use Current Date Time').check()
    await form.send()
    await rowOf(page).getByText('begins with today').waitFor()
    expect(await savedInput(it)).toMatchObject({ name, fieldType: 'DATE', useCurrentDate: true })
  },
)

twins(
  { DYNAMICS: 'D-EXP-32', SALESFORCE: 'S-EXP-30' },
  'an input look-up asks for the entity that it points to, and offers the optional fields',
  async (page, it) => {
    const [form, byType] = await askedByType(page, it)
    expect(typesWith(byType, 'Use Lookup Optional Fields')).toEqual(['LOOKUP'])
    const { name, related } = lookupFields[it.provider]
    await form.choose('Input Field Type', 'Lookup')
    await form.send()
    await form.refusal('Choose the entity that it points to.').waitFor()
    await form.name(name)
    await expect.poll(() => form.input('Related Entity').inputValue()).toBe(related)
    await form.send()
    await page.getByText(`of ${related}`).waitFor()
    expect(await savedInput(it)).toMatchObject({ name, fieldType: 'LOOKUP', lookup: { relatedEntity: related } })
  },
)

const optional = ['Searched Fields', 'Displayed Field', 'Filter Field']

twins(
  { DYNAMICS: 'D-EXP-33', SALESFORCE: 'S-EXP-31' },
  'the optional fields show while they are switched on; off, what they held is not saved',
  async (page, it) => {
    const { name, related, searched } = lookupFields[it.provider]
    const display = it.provider === 'DYNAMICS' ? 'emailaddress1' : 'Email'
    const form = await addField(page, 'export')
    await form.name(name)
    await expect.poll(() => form.input('Related Entity').inputValue()).toBe(related)
    await expect.poll(() => shown(form, optional)).toEqual([])
    await form.input('Use Lookup Optional Fields').check()
    await expect.poll(() => shown(form, optional)).toEqual(optional)
    const enter = async (label: string, text: string) => {
      await form.input(label).fill(text)
      await page.keyboard.press('Tab')
    }
    await enter('Searched Fields', searched)
    await form.form.getByRole('button', { name: `Remove ${searched}` }).waitFor()
    await enter('Displayed Field', display)
    await enter('Filter Field', display)
    await form.input('Filter Value').fill('ada@example.com')
    await form.send()
    await page.getByText(`of ${related} where ${display} is ada@example.com`).waitFor()
    expect((await savedInput(it)).lookup).toEqual({
      relatedEntity: related,
      searchFields: [searched],
      displayField: display,
      filter: { field: display, value: 'ada@example.com' },
    })
    const list = page.getByRole('list', { name: 'Input fields of Account' })
    await list.getByRole('link').click()
    await form.input('Use Lookup Optional Fields').uncheck()
    await expect.poll(() => shown(form, optional)).toEqual([])
    await form.send()
    await list.waitFor()
    expect((await savedInput(it)).lookup).toEqual({ relatedEntity: related })
  },
)
