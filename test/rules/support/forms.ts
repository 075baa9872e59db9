/** Forms, and records made of them, as an agent's frontend asks for them. */
import type { Created } from '../../gateway/creating.ts'
import type { RuleCrm } from './rules.ts'

export interface FormField {
  id: string
  name: string
  label: string
  type: string
  group: string
  required: boolean
  multiple: boolean
  maxLength: number | null
  minimum: number | null
  maximum: number | null
  precision: number | null
  options: { value: string; label: string }[]
  defaultValue: string | null
  placeholder: string | null
  lookup: { relatedEntity: string } | null
}

export interface RecordForm {
  __typename: string
  code?: string
  message?: string
  submitLabel: string
  notes: string[]
  accountKinds: string[]
  recordTypes: { name: string; isPerson: boolean }[]
  fields: FormField[]
}

export const formFields = `
  id name label type group required multiple maxLength minimum maximum precision
  options { value label } defaultValue placeholder lookup { relatedEntity }
`

/** The id of an entity type by the CRM's own name; one that a test added is there too. */
export async function entityIdOf({ running, org }: RuleCrm, entity: string): Promise<string> {
  const { integration } = await running.execute(
    'query ($id: ID!) { integration(id: $id) { entityTypes { id name } } }',
    {
      id: org.id,
    },
  )
  const found = integration.entityTypes.find(({ name }: { name: string }) => name === entity)
  if (!found) throw new Error(`${org.provider} has no ${entity}`)
  return found.id
}

/** The create form of an entity type, by the CRM's own name. */
export async function formOf(
  crm: RuleCrm,
  entity: string,
  args: { conversationId?: string; accountKind?: 'BUSINESS' | 'PERSON'; recordType?: string } = {},
): Promise<RecordForm> {
  const { recordForm } = await crm.running.execute(
    `query ($org: ID!, $entity: ID!, $conversationId: ID, $accountKind: AccountKind, $recordType: String) {
      recordForm(
        integrationId: $org, entityTypeId: $entity, conversationId: $conversationId
        accountKind: $accountKind, recordType: $recordType
      ) {
        __typename
        ... on RecordForm { submitLabel notes accountKinds recordTypes { name isPerson } fields { ${formFields} } }
        ... on Error { code message }
      }
    }`,
    { org: crm.org.id, entity: await entityIdOf(crm, entity), ...args },
    await crm.agent(),
  )
  return recordForm
}

export const namesOn = ({ fields }: RecordForm) => fields.map(({ name }) => name)

export function fieldOn({ fields }: RecordForm, name: string): FormField {
  const field = fields.find((it) => it.name === name)
  if (!field) throw new Error(`There is no ${name} on the form: ${fields.map((it) => it.name).join()}`)
  return field
}

export interface Given {
  name?: string
  fieldId?: string
  value?: string
  values?: string[]
}

/** `CreateRecordInput` without what `crm` and `entity` say. */
export interface CreateInput {
  values: Given[]
  backendValues?: Given[]
  accountKind?: 'BUSINESS' | 'PERSON'
  recordType?: string
  conversationId?: string
  allowDuplicate?: boolean
  idempotencyKey?: string
}

export async function create(crm: RuleCrm, entity: string, input: CreateInput): Promise<Created> {
  const { createRecord } = await crm.running.execute(
    `mutation ($input: CreateRecordInput!) {
      createRecord(input: $input) {
        __typename
        ... on CreateRecordSuccess { record { id remoteId name url } tag { id pushes { edges { node { id status } } } } warnings }
        ... on Error { code message }
        ... on ValidationError { fields { path message } }
        ... on DuplicateError { duplicates { name remoteId entityName } }
      }
    }`,
    { input: { integrationId: crm.org.id, entityTypeId: await entityIdOf(crm, entity), ...input } },
    await crm.agent(),
  )
  return createRecord
}

/** The row as the CRM holds it. */
export async function held(crm: RuleCrm, entity: string, { record }: Created): Promise<Record<string, unknown>> {
  const key = crm.provider === 'DYNAMICS' ? `${entity}id` : 'Id'
  const [row] = await crm.control.records(entity, { [key]: record?.remoteId ?? '' })
  if (!row) throw new Error(`${crm.provider} holds no such ${entity}`)
  return row
}

/** Writes that the CRM saw. */
export async function writes({ control }: RuleCrm): Promise<string[]> {
  const calls = await control.calls()
  const all = calls.flatMap((call) => [call, ...(call.parts ?? [])])
  return all
    .filter(({ method, path }) => method !== 'GET' && !/batch|composite|token/.test(path))
    .map(({ method, path }) => `${method} ${path}`)
}

export interface MadeContact {
  id: string
  first: string
  last: string
  email: string
}

/** A contact of this last name, with a first name and an address of its own. */
export async function makeContact(crm: RuleCrm, last: string): Promise<MadeContact> {
  const { entity, ...names } = crm.names.contact
  const first = `Kim${Math.random().toString(36).slice(2, 8)}`
  const email = `${first.toLowerCase()}@rules.example`
  const values = [
    { name: names.first, value: first },
    { name: names.last, value: last },
    { name: names.email, value: email },
  ]
  const { record } = await create(crm, entity, { values, allowDuplicate: true })
  if (!record) throw new Error(`No contact was made in ${crm.provider}`)
  return { id: record.remoteId, first, last, email }
}
