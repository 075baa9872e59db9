/** The switches of the built-in fields, as the form holds them, as the document and as the API takes them. */
import type { DefaultFieldsForm_IntegrationFragment, EntityKind } from '../../../graphql/generated/graphql.ts'
import { graphql } from '../../../graphql/generated/index.ts'
import { isSame } from '../merge.ts'
import type { SettingsDocument } from '../settings-document.ts'

export const DefaultFieldsForm_Integration = graphql(`
  fragment DefaultFieldsForm_Integration on Integration {
    id
    entityTypes { id name kind displayName creatable }
    settings {
      __typename
      id
      version
      defaultFields { id kind name label required showOnForm demandedByCrm }
      ... on SalesforceSettings { personAccountEnabled accountNumberUsed accountEmailField }
    }
  }
`)

export type DefaultField = DefaultFieldsForm_IntegrationFragment['settings']['defaultFields'][number]

/** By `required <id>` and `shown <id>`, and what else the form of an account depends on (Salesforce). */
export type DefaultValues = Record<string, boolean | string>

export const requiredMember = ({ id }: { id: string }) => `required ${id}`
export const shownMember = ({ id }: { id: string }) => `shown ${id}`

export function defaultValuesOf({ settings }: DefaultFieldsForm_IntegrationFragment): DefaultValues {
  const values: DefaultValues = {}
  for (const field of settings.defaultFields) {
    values[requiredMember(field)] = field.required
    values[shownMember(field)] = field.showOnForm
  }
  if (settings.__typename !== 'SalesforceSettings') return values
  const { personAccountEnabled, accountNumberUsed, accountEmailField } = settings
  return { ...values, personAccountEnabled, accountNumberUsed, accountEmailField: accountEmailField ?? '' }
}

/** What differs from what is in force. */
export function defaultInput(values: DefaultValues, changed: ReadonlySet<string>, fields: readonly DefaultField[]) {
  const own = accountOptions(values)
  return {
    fields: fields
      .filter((field) => changed.has(requiredMember(field)) || changed.has(shownMember(field)))
      .map((field) => ({
        id: field.id,
        required: values[requiredMember(field)] === true,
        showOnForm: values[shownMember(field)] === true,
      })),
    ...Object.fromEntries(Object.entries(own).filter(([member]) => changed.has(member))),
  }
}

export function withDefaults(
  document: SettingsDocument,
  values: DefaultValues,
  { entityTypes, settings }: DefaultFieldsForm_IntegrationFragment,
): SettingsDocument {
  const kindOf = (name: string) => entityTypes.find((it) => it.name === name)?.kind
  return {
    ...document,
    ...accountOptions(values),
    defaultFields: document.defaultFields.map((field) => {
      const known = settings.defaultFields.find((it) => it.name === field.name && it.kind === kindOf(field.entityType))
      if (!known) return field
      return {
        ...field,
        required: values[requiredMember(known)] === true,
        showOnForm: values[shownMember(known)] === true,
      }
    }),
  }
}

/** None where the CRM has no such options. */
function accountOptions({ personAccountEnabled, accountNumberUsed, accountEmailField }: DefaultValues) {
  if (typeof personAccountEnabled !== 'boolean' || typeof accountNumberUsed !== 'boolean') return {}
  const emailField = isSame(accountEmailField, '') ? null : String(accountEmailField).trim()
  return { personAccountEnabled, accountNumberUsed, accountEmailField: emailField }
}

/** As the guide names it: "Account Phone", but "Account Number" once. */
export function titleOf({ kind, label }: Pick<DefaultField, 'kind' | 'label'>): string {
  const name = kindNames[kind]
  return label.startsWith(name) ? label : `${name} ${label}`
}

const kindNames: Record<EntityKind, string> = { ACCOUNT: 'Account', CONTACT: 'Contact', LEAD: 'Lead', CUSTOM: '' }

/** A member of the form for people. */
export function describeDefault(member: string, values: DefaultValues, fields: readonly DefaultField[]) {
  const value = values[member] === true ? 'on' : 'off'
  if (member === 'personAccountEnabled') return { label: 'Is Person Account Enabled', value }
  if (member === 'accountNumberUsed') return { label: 'Is Account Number Used', value }
  if (member === 'accountEmailField')
    return { label: 'Email field of business accounts', value: values[member] || 'none' }
  const [kind, id] = member.split(' ')
  const field = fields.find((it) => it.id === id)
  return { label: `${field ? titleOf(field) : ''} ${kind === 'required' ? 'Required' : 'Show on Form'}`, value }
}
