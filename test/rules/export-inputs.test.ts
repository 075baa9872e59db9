import { expect } from 'vitest'
import type { Provider } from '../gateway/searching.ts'
import {
  account,
  accountForm,
  accountRow,
  exported,
  faultsOfField,
  given,
  input,
  inputsOfAll,
  typed,
} from './support/exporting.ts'
import { fieldOn, writes } from './support/forms.ts'
import { openRules, type RuleCrm } from './support/rules.ts'

const { twins } = openRules()

twins(
  { DYNAMICS: 'D-EXP-27', SALESFORCE: 'S-EXP-25' },
  'an input of any type has a label, which agents see, and may be required',
  async (crm) => {
    for (const field of inputsOfAll(crm)) {
      const { label: _, ...unlabelled } = field as { label?: string; fieldType: string }
      expect(await faultsOfField(crm, unlabelled)).toEqual(['field.label'])
      expect(await faultsOfField(crm, { ...field, required: true })).toEqual([])
    }
    await exported(
      crm,
      ...inputsOfAll(crm).map((field, index) => ({ ...field, label: `Label ${index}`, required: index % 2 === 0 })),
    )
    const shown = (await accountForm(crm)).fields.filter(({ group }) => group === 'EXPORT')
    expect(shown.map(({ label, required }) => [label, required])).toEqual(
      inputsOfAll(crm).map((_, index) => [`Label ${index}`, index % 2 === 0]),
    )
  },
)

const limited: Record<Provider, readonly string[]> = {
  DYNAMICS: ['CURRENCY', 'TEXT', 'WHOLE_NUMBER'],
  SALESFORCE: ['CURRENCY', 'TEXT'],
}

twins(
  { DYNAMICS: 'D-EXP-28', SALESFORCE: 'S-EXP-26' },
  'a greatest length can be set of these types only, as a whole number from 1',
  async (crm) => {
    for (const field of inputsOfAll(crm)) {
      const takes = limited[crm.provider].includes(field.fieldType)
      expect(await faultsOfField(crm, { ...field, maxLength: 5 })).toEqual(takes ? [] : ['field.maxLength'])
    }
    expect(await faultsOfField(crm, { ...input(typed(crm, 'TEXT')), maxLength: 0 })).toEqual(['field.maxLength'])
    //
    expect(await faultsOfField(crm, { ...input(typed(crm, 'TEXT')), maxLength: 81 })).toEqual(['field.maxLength'])
  },
)

twins(
  { DYNAMICS: 'D-EXP-29', SALESFORCE: 'S-EXP-27' },
  'what the agent gives keeps to the length that was set',
  async (crm) => {
    const [text, amount] = [typed(crm, 'TEXT'), typed(crm, 'CURRENCY')]
    await exported(crm, input(text, { maxLength: 5 }), input(amount, { maxLength: 5 }))
    expect(fieldOn(await accountForm(crm), text.name).maxLength).toBe(5)
    await crm.control.clearCalls()
    for (const [{ name }, value] of [
      [text, 'abcdef'],
      [amount, '123456'],
    ] as const) {
      const path = ['input', 'values', '1', name]
      expect(await account(crm, [{ name, value }])).toMatchObject({ __typename: 'ValidationError', fields: [{ path }] })
    }
    expect(await writes(crm)).toEqual([])
    const row = await accountRow(crm, [
      { name: text.name, value: 'abcde' },
      { name: amount.name, value: '12345' },
    ])
    expect(row).toMatchObject({ [text.name]: 'abcde', [amount.name]: 12345 })
  },
)

twins(
  { DYNAMICS: 'D-EXP-30', SALESFORCE: 'S-EXP-28' },
  'the current date can be offered of dates only',
  async (crm) => {
    for (const field of inputsOfAll(crm)) {
      const faults = await faultsOfField(crm, { ...field, useCurrentDate: true })
      expect(faults).toEqual(field.fieldType === 'DATE' ? [] : ['field.useCurrentDate'])
    }
  },
)

async function inTimeZone({ running }: RuleCrm, timeZone: string): Promise<void> {
  const operation = 'mutation ($input: UpdateWorkspaceInput!) { updateWorkspace(input: $input) { __typename } }'
  expect((await running.execute(operation, { input: { timeZone } })).updateWorkspace.__typename).toBe(
    'WorkspaceSuccess',
  )
}

twins(
  { DYNAMICS: 'D-EXP-31', SALESFORCE: 'S-EXP-29' },
  "a date starts with today in the workspace's time zone where it is asked to, else empty with a prompt",
  async (crm) => {
    const field = typed(crm, 'DATE')
    await exported(crm, input(field, { useCurrentDate: true }))
    // Between these two it is never the same day.
    for (const timeZone of ['Pacific/Kiritimati', 'Pacific/Pago_Pago']) {
      await inTimeZone(crm, timeZone)
      const dayThere = () => new Intl.DateTimeFormat('sv', { timeZone }).format(new Date())
      const before = dayThere()
      const { defaultValue } = fieldOn(await accountForm(crm), field.name)
      const today = dayThere()
      // It may have become midnight there.
      expect([before, today]).toContain(defaultValue)
      expect(await accountRow(crm, [{ name: field.name, value: today }])).toMatchObject({ [field.name]: today })
    }
    await inTimeZone(crm, 'UTC')
    await exported(crm, input(field))
    expect(fieldOn(await accountForm(crm), field.name)).toMatchObject({ defaultValue: null, placeholder: 'mm/dd/yyyy' })
  },
)

const inputRows: readonly [string, Partial<Record<Provider, string>>][] = [
  ['CURRENCY', { DYNAMICS: 'D-EXP-34', SALESFORCE: 'S-EXP-33' }],
  ['DATE', { DYNAMICS: 'D-EXP-35', SALESFORCE: 'S-EXP-35' }],
  ['OPTION_SET', { DYNAMICS: 'D-EXP-37', SALESFORCE: 'S-EXP-37' }],
  ['STATUS_REASON', { DYNAMICS: 'D-EXP-38' }],
  ['TEXT', { DYNAMICS: 'D-EXP-39', SALESFORCE: 'S-EXP-34' }],
  ['TWO_OPTIONS', { DYNAMICS: 'D-EXP-40', SALESFORCE: 'S-EXP-32' }],
  ['WHOLE_NUMBER', { DYNAMICS: 'D-EXP-41' }],
  ['MULTI_OPTION_SET', { SALESFORCE: 'S-EXP-38' }],
]

for (const [type, rows] of inputRows) {
  twins(
    rows,
    `an input of type ${type} reaches the CRM as it wants it, and a wrong value is a field error`,
    async (crm) => {
      const field = typed(crm, type)
      await exported(crm, input(field))
      const onForm = fieldOn(await accountForm(crm), field.name)
      expect(onForm).toMatchObject({ type, group: 'EXPORT', multiple: field.values !== undefined })
      for (const value of field.values ?? (type.endsWith('SET') ? [field.value] : [])) {
        expect(onForm.options).toContainEqual({ value, label: expect.any(String) })
      }
      await crm.control.clearCalls()
      const refused = await account(crm, [{ name: field.name, ...field.wrong }])
      const path = ['input', 'values', '1', field.name]
      expect(refused).toMatchObject({ __typename: 'ValidationError', fields: [{ path }] })
      expect(await writes(crm)).toEqual([])
      expect(await accountRow(crm, [given(field)])).toMatchObject({ [field.name]: field.held })
    },
  )
}

twins(
  { DYNAMICS: 'D-EXP-35' },
  'an input of type date with a time takes a moment, and none without its zone',
  async (crm) => {
    const name = 'lastonholdtime'
    await exported(crm, { name, variableType: 'INPUT', fieldType: 'DATE', label: 'On hold', useCurrentDate: true })
    const { type, defaultValue } = fieldOn(await accountForm(crm), name)
    expect(type).toBe('DATE_TIME')
    expect(Math.abs(Date.parse(defaultValue ?? '') - Date.now())).toBeLessThan(60_000)
    const path = ['input', 'values', '1', name]
    const refused = await account(crm, [{ name, value: '2026-02-28T10:00:00' }])
    expect(refused).toMatchObject({ __typename: 'ValidationError', fields: [{ path }] })
    const row = await accountRow(crm, [{ name, value: '2026-02-28T10:00:00+01:00' }])
    expect(row).toMatchObject({ [name]: '2026-02-28T09:00:00Z' })
  },
)
