/** Backend fields of the account as tests set them, and what is asked because of them. */
import { addField, type SettingsAnswer } from '../../gateway/setting-up.ts'
import { entityIdOf, type FormField, formFields } from './forms.ts'
import { rowOf, type TestRecord } from './pushing.ts'
import type { RuleCrm } from './rules.ts'

export type BackendSetting = { entityType?: string | undefined } & Record<string, unknown>

/** Two values of the account's industry, as they are set and as the CRM holds them. */
export const industries = {
  DYNAMICS: { name: 'industrycode', one: { value: '3', held: 3 }, other: { value: '7', held: 7 } },
  SALESFORCE: {
    name: 'Industry',
    one: { value: 'Banking', held: 'Banking' },
    other: { value: 'Retail', held: 'Retail' },
  },
}

export const accountOf = ({ names }: RuleCrm) => names.account.entity

/** A constant industry. */
export const constantOf = (it: RuleCrm, more: BackendSetting = {}): BackendSetting => ({
  entityType: accountOf(it),
  name: industries[it.provider].name,
  variableType: 'CONSTANT',
  fieldType: 'OPTION_SET',
  value: industries[it.provider].one.value,
  overwrite: true,
  ...more,
})

/** An input for the number of employees. */
export const inputOf = (it: RuleCrm, more: BackendSetting = {}): BackendSetting => ({
  entityType: accountOf(it),
  name: it.names.accountField.employees,
  variableType: 'INPUT',
  fieldType: it.provider === 'DYNAMICS' ? 'WHOLE_NUMBER' : 'CURRENCY',
  label: 'How many people',
  overwrite: true,
  ...more,
})

export const industryOf = async (it: RuleCrm, record: TestRecord) =>
  (await rowOf(it, record))[industries[it.provider].name]

export const employeesOf = async (it: RuleCrm, record: TestRecord) =>
  (await rowOf(it, record))[it.names.accountField.employees]

/** What an agent is asked when these records are tagged. */
export async function tagFieldsOf(it: RuleCrm, ...records: TestRecord[]): Promise<FormField[]> {
  const { tagForm } = await it.running.execute(
    `query ($recordIds: [ID!]!) {
      tagForm(recordIds: $recordIds) {
        ... on TagForm { sections { fields { ${formFields} } } }
        ... on Error { message }
      }
    }`,
    { recordIds: records.map(({ id }) => id) },
    await it.agent(),
  )
  return tagForm.sections.flatMap((section: { fields: FormField[] }) => section.fields)
}

/** Adds a backend field as an admin does. */
export async function addBackendField(it: RuleCrm, { entityType, ...field }: BackendSetting): Promise<SettingsAnswer> {
  const entityTypeId = entityType ? { entityTypeId: await entityIdOf(it, entityType) } : {}
  return addField(it.running, 'BackendField', it.org.id, await it.version(), { ...entityTypeId, ...field })
}
