/** Export fields of the account: set up, seen on its form, written into its records. */
import { expect } from 'vitest'
import { addField, faultsOf } from '../../gateway/setting-up.ts'
import { create, entityIdOf, formOf, type Given, held } from './forms.ts'
import type { RuleCrm } from './rules.ts'
import { lookupFields, type TypedField, typedFields } from './typed-fields.ts'

export const typed = ({ provider }: RuleCrm, type: string): TypedField => {
  const field = typedFields[provider][type]
  if (!field) throw new Error(`${provider} has no ${type}`)
  return field
}
const onAccount = (crm: RuleCrm, more: object) => ({ entityType: crm.names.account.entity, ...more })
export const input = ({ name, type }: TypedField, more: object = {}) => ({
  ...{ name, variableType: 'INPUT', fieldType: type, label: `Give ${name}` },
  ...more,
})
export const constant = ({ name, type, value, values }: TypedField) => ({
  ...{ name, variableType: 'CONSTANT', fieldType: type },
  ...(values ? { values } : { value }),
})
export const given = ({ name, value, values }: TypedField): Given =>
  values ? { name, values } : { name, value: value ?? '' }

/** Puts these export fields of the account in force. */
export const exported = (crm: RuleCrm, ...fields: object[]) =>
  crm.settings({ exportFields: fields.map((field) => onAccount(crm, field)) })

let made = 0

/** Makes an account, with these values beside its name. */
export async function account(crm: RuleCrm, values: Given[] = [], more: object = {}) {
  const { entity, name } = crm.names.account
  made += 1
  const all = [{ name, value: `Exported ${made} ${crm.provider}` }, ...values]
  return create(crm, entity, { values: all, allowDuplicate: true, ...more })
}
export const accountRow = async (crm: RuleCrm, values: Given[] = [], more: object = {}) =>
  held(crm, crm.names.account.entity, await account(crm, values, more))
export const accountForm = (crm: RuleCrm, args = {}) => formOf(crm, crm.names.account.entity, args)

/** Tries to add an export field of the account; answers what is wrong with it, and changes nothing where all is well. */
export async function faultsOfField(crm: RuleCrm, field: object, entity = crm.names.account.entity): Promise<string[]> {
  const entityTypeId = await entityIdOf(crm, entity)
  const version = await crm.version()
  const answer = await addField(crm.running, 'ExportField', crm.org.id, version, { entityTypeId, ...field })
  if (answer.__typename === 'SettingsSuccess') await crm.settings({})
  else expect(answer.__typename).toBe('ValidationError')
  return faultsOf(answer)
}

/** An input of each type, the look-up too, as the admin would add it. */
export function inputsOfAll({ provider }: RuleCrm): (object & { fieldType: string })[] {
  const { name, related } = lookupFields[provider]
  const lookup = {
    name,
    variableType: 'INPUT',
    fieldType: 'LOOKUP',
    label: 'Contact',
    lookup: { relatedEntity: related },
  }
  return [...Object.values(typedFields[provider]).map((field) => ({ ...input(field), fieldType: field.type })), lookup]
}

/** A name that is almost right is refused, with the right one. */
export async function refuseName(crm: RuleCrm, more: object): Promise<void> {
  const { name } = typed(crm, 'TEXT')
  const misspelled = `${name.slice(0, -1)}x`
  const entityTypeId = await entityIdOf(crm, crm.names.account.entity)
  const version = await crm.version()
  const field = { ...more, entityTypeId, name: misspelled }
  const answer = await addField(crm.running, 'ExportField', crm.org.id, version, field)
  expect(answer).toMatchObject({ __typename: 'ValidationError', fields: [{ message: expect.stringContaining(name) }] })
  expect(faultsOf(answer)).toEqual(['field.name'])
}
