import type { EntityDescriptor, FieldDescriptor } from '@backchannel/providers'
import { describe, expect, it } from 'vitest'
import type { DefaultFieldSnapshot, EntityTypeSnapshot } from '../integrations/snapshot.ts'
import { testIntegration } from '../testing/integration.ts'
import { type FieldValueInput, type FormInput, type FormPlan, planForm, readForm } from './form.ts'
import { splitName } from './visitor-values.ts'

function field(name: string, more: Partial<FieldDescriptor> = {}): FieldDescriptor {
  const limits = { maxLength: 100, minimum: null, maximum: null, precision: null }
  const shape = { label: name, type: 'TEXT' as const, required: false, writable: true, filterable: true }
  return { name, ...shape, ...limits, options: [], restricted: true, targets: [], ...more }
}

const metadata: EntityDescriptor = {
  name: 'account',
  label: 'Account',
  kind: 'ACCOUNT',
  isActivity: false,
  creatable: true,
  idField: 'accountid',
  primaryField: 'name',
  recordTypes: [],
  fields: [
    field('name', { maxLength: 160 }),
    field('accountnumber', { maxLength: 20 }),
    field('telephone1'),
    field('description'),
  ],
}

const integration = (...changed: Partial<DefaultFieldSnapshot>[]) => {
  const untouched = testIntegration('DYNAMICS')
  const switched = ({ name, ...field }: DefaultFieldSnapshot) => ({
    ...{ name, ...field },
    ...changed.find((change) => change.name === name),
  })
  return { ...untouched, defaultFields: untouched.defaultFields.map(switched) }
}

const [entityType] = integration().entityTypes

const plan = (more: Partial<FormInput> = {}) =>
  planForm({
    integration: integration(),
    entityType: entityType as EntityTypeSnapshot,
    metadata,
    activityMetadata: null,
    visitor: null,
    accountKind: null,
    moment: { now: 0, timeZone: 'UTC' },
    ...more,
  })

const names = (more: Partial<FormInput> = {}) => plan(more).fields.map((it) => it.name)

const read = (form: FormPlan, values: readonly FieldValueInput[]) => readForm(form, { values })

describe('the create form', () => {
  it('new settings show number, phone and description behind the name (D-DEF-03, D-DEF-05, D-DEF-07)', () => {
    expect(names()).toEqual(['name', 'accountnumber', 'telephone1', 'description'])
  })

  it.each([
    ['D-DEF-03', 'accountnumber'],
    ['D-DEF-05', 'telephone1'],
    ['D-DEF-07', 'description'],
  ])('%s: with Show on Form off, %s is not on the form', (_rule, name) => {
    expect(names({ integration: integration({ name, showOnForm: false }) })).not.toContain(name)
  })

  it.each([
    ['D-DEF-02', 'accountnumber', 'Account Number'],
    ['D-DEF-04', 'telephone1', 'Phone'],
    ['D-DEF-06', 'description', 'Description'],
  ])('%s: with Required on, a record without %s is refused by name', (_rule, name, label) => {
    const form = plan({ integration: integration({ name, required: true }) })
    const { faults } = read(form, [{ name: 'name', value: 'Litware' }])
    expect(faults).toEqual([{ path: ['input', 'values', name], message: `${label} is required.` }])
    expect(read(plan(), [{ name: 'name', value: 'Litware' }]).faults).toEqual([])
  })

  it('A-23: hidden wins over required, except where the CRM itself demands the field', () => {
    const hidden = integration({ name: 'telephone1', required: true, showOnForm: false })
    expect(names({ integration: hidden })).not.toContain('telephone1')
    const demanding = {
      ...metadata,
      fields: [...metadata.fields.filter((it) => it.name !== 'telephone1'), field('telephone1', { required: true })],
    }
    expect(names({ integration: hidden, metadata: demanding })).toContain('telephone1')
  })

  it('leaves out a field that the org does not have, and says so', () => {
    const poorer = { ...metadata, fields: metadata.fields.filter((it) => it.name !== 'accountnumber') }
    const form = plan({ metadata: poorer })
    expect(form.fields.map((it) => it.name)).not.toContain('accountnumber')
    expect(form.notes).toMatchObject([{ text: expect.stringContaining('accountnumber') }])
  })

  it('D-POP-03: pre-fills the account name with the full name, and phone', () => {
    const form = plan({ visitor: { fullName: 'Ada Lovelace', phone: '+15125550143' } })
    const defaults = Object.fromEntries(form.fields.map((it) => [it.name, it.defaultValue]))
    expect(defaults).toEqual({
      name: 'Ada Lovelace',
      accountnumber: null,
      telephone1: '+15125550143',
      description: null,
    })
  })

  it('does not pre-fill what the field cannot hold', () => {
    const form = plan({ visitor: { fullName: 'x'.repeat(161) } })
    expect(form.fields.find((it) => it.name === 'name')?.defaultValue).toBeNull()
  })
})

describe('what comes back from the form', () => {
  it('is taken by id as well as by name', () => {
    const form = plan()
    const [name, number] = form.fields
    const { given, faults } = read(form, [
      { fieldId: name?.id, value: ' Litware ' },
      { name: number?.name, value: 'A-1' },
    ])
    expect(faults).toEqual([])
    expect(given.map(({ value }) => [value.name, value.value])).toEqual([
      ['name', 'Litware'],
      ['accountnumber', 'A-1'],
    ])
  })

  it('names every fault at once, at the path of its input', () => {
    const { faults } = read(plan(), [
      { name: 'accountnumber', value: 'x'.repeat(21) },
      { name: 'nonsense', value: '1' },
      { name: 'telephone1', value: '1' },
      { name: 'telephone1', value: '2' },
    ])
    expect(faults.map((fault) => fault.path)).toEqual([
      ['input', 'values', '0', 'accountnumber'],
      ['input', 'values', '3', 'telephone1'],
      ['input', 'values', '1', 'nonsense'],
      ['input', 'values', 'name'],
    ])
  })

  it('counts blanks as nothing given', () => {
    expect(read(plan(), [{ name: 'name', value: '   ' }]).faults.map((fault) => fault.message)).toEqual([
      'Account Name is required.',
    ])
  })
})

describe('A-05: a full name', () => {
  it.each([
    ['Ada Byron King', 'Ada Byron', 'King'],
    ['Prince', null, 'Prince'],
    ['  ', null, null],
  ])('%j is first name %j and last name %j', (fullName, firstName, lastName) => {
    expect(splitName({ fullName })).toMatchObject({ firstName, lastName })
  })

  it('does not replace names that were given apart', () => {
    expect(splitName({ firstName: 'Ada', lastName: 'King', fullName: 'A. King' })).toEqual({
      firstName: 'Ada',
      lastName: 'King',
      fullName: 'A. King',
    })
  })
})
