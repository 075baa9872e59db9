/** Settings as an admin app changes them. */
import type { RunningGateway } from './running-gateway.ts'
import { entityTypeOf, type Org, type Provider } from './searching.ts'

/** What a change of settings comes to: a success, or one of the errors. */
export interface SettingsAnswer {
  __typename: string
  changedId?: string | null
  warnings?: string[]
  integration?: { id: string; settings: { version: number } }
  code?: string
  message?: string
  fields?: { path: string[]; message: string }[]
  version?: number | null
  changedBy?: string | null
  changedAt?: string | null
}

export const changed = `
  __typename
  ... on SettingsSuccess { changedId warnings integration { id settings { version } } }
  ... on Error { code message }
  ... on ValidationError { fields { path message } }
  ... on ConflictError { version changedBy changedAt }
`

const inputTypes = {
  updateDynamicsSettings: 'UpdateDynamicsSettingsInput',
  updateSalesforceSettings: 'UpdateSalesforceSettingsInput',
  updateDefaultFields: 'UpdateDefaultFieldsInput',
  addEntity: 'AddEntityInput',
  updateEntity: 'UpdateEntityInput',
  importSettings: 'SettingsDocumentInput',
} as const

/** The mutation of what is not a list, by CRM. */
export const updateSettings: Record<Provider, keyof typeof inputTypes> = {
  DYNAMICS: 'updateDynamicsSettings',
  SALESFORCE: 'updateSalesforceSettings',
}

/** The mutations that take one input. */
export async function change(
  gateway: RunningGateway,
  mutation: keyof typeof inputTypes,
  input: object,
  bearer?: string,
): Promise<SettingsAnswer> {
  const operation = `mutation ($input: ${inputTypes[mutation]}!) { it: ${mutation}(input: $input) { ${changed} } }`
  return (await gateway.execute(operation, { input }, bearer)).it
}

const fieldInputs = {
  ExportField: 'ExportFieldInput',
  SearchField: 'ShownFieldInput',
  DetailField: 'ShownFieldInput',
  BackendField: 'BackendFieldInput',
} as const
export type FieldList = keyof typeof fieldInputs

export async function addField(
  gateway: RunningGateway,
  list: FieldList,
  integrationId: string,
  expectedVersion: number,
  field: object,
  bearer?: string,
): Promise<SettingsAnswer> {
  const operation = `mutation ($integrationId: ID!, $expectedVersion: Int!, $field: ${fieldInputs[list]}!) {
    it: add${list}(integrationId: $integrationId, expectedVersion: $expectedVersion, field: $field) { ${changed} }
  }`
  return (await gateway.execute(operation, { integrationId, expectedVersion, field }, bearer)).it
}

export async function updateField(
  gateway: RunningGateway,
  list: FieldList,
  id: string,
  expectedVersion: number,
  field: object,
): Promise<SettingsAnswer> {
  const operation = `mutation ($id: ID!, $expectedVersion: Int!, $field: ${fieldInputs[list]}!) {
    it: update${list}(id: $id, expectedVersion: $expectedVersion, field: $field) { ${changed} }
  }`
  return (await gateway.execute(operation, { id, expectedVersion, field })).it
}

/** `removeEntity`, `removeExportField`, and so on. */
export async function remove(
  gateway: RunningGateway,
  what: 'Entity' | FieldList,
  id: string,
  expectedVersion: number,
): Promise<SettingsAnswer> {
  const operation = `mutation ($id: ID!, $expectedVersion: Int!) {
    it: remove${what}(id: $id, expectedVersion: $expectedVersion) { ${changed} }
  }`
  return (await gateway.execute(operation, { id, expectedVersion })).it
}

/** `reorderEntities`, `reorderExportFields`, and so on. */
export async function reorder(
  gateway: RunningGateway,
  what: 'Entities' | `${FieldList}s`,
  integrationId: string,
  expectedVersion: number,
  ids: readonly string[],
): Promise<SettingsAnswer> {
  const operation = `mutation ($integrationId: ID!, $expectedVersion: Int!, $ids: [ID!]!) {
    it: reorder${what}(integrationId: $integrationId, expectedVersion: $expectedVersion, ids: $ids) { ${changed} }
  }`
  return (await gateway.execute(operation, { integrationId, expectedVersion, ids })).it
}

/** The paths of what is wrong with an answer. */
export function faultsOf({ fields = [] }: SettingsAnswer): string[] {
  return fields.map(({ path }) => path.join('.'))
}

export async function versionOf(gateway: RunningGateway, { id }: Org): Promise<number> {
  const query = 'query ($id: ID!) { integration(id: $id) { settings { version } } }'
  return (await gateway.execute(query, { id })).integration.settings.version
}

// biome-ignore lint/suspicious/noExplicitAny: a document is what the test makes of it.
export async function documentOf(gateway: RunningGateway, { id }: Org): Promise<any> {
  return (await gateway.execute('query ($id: ID!) { settingsDocument(integrationId: $id) }', { id })).settingsDocument
}

/** An export field of the account with a text that the admin fixed. */
export function constantOf(org: Org, name: string, value: string) {
  const entityTypeId = entityTypeOf(org, 'ACCOUNT')
  return { entityTypeId, name, variableType: 'CONSTANT', fieldType: 'TEXT', value }
}

/** Two text fields of the account that are no built-in ones. */
export const textFields = {
  DYNAMICS: ['address1_city', 'address1_country'],
  SALESFORCE: ['BillingCity', 'BillingCountry'],
} as const satisfies Record<Provider, readonly string[]>
