/** Forms and records as a chat frontend makes them. */
import type { RunningGateway } from './running-gateway.ts'
import { entityTypeOf, type Org, type Provider } from './searching.ts'

/** The CRMs' own names of what a person has. */
export const personFields = {
  DYNAMICS: { first: 'firstname', last: 'lastname', email: 'emailaddress1', phone: 'telephone1' },
  SALESFORCE: { first: 'FirstName', last: 'LastName', email: 'Email', phone: 'Phone' },
} as const

export interface Person {
  first?: string
  last?: string
  email?: string
  phone?: string
}

export function valuesOf(provider: Provider, person: Person): { name: string; value: string }[] {
  const names = personFields[provider]
  return Object.entries(person).map(([key, value]) => ({ name: names[key as keyof Person], value }))
}

export interface FormField {
  id: string
  name: string
  label: string
  type: string
  group: string
  required: boolean
  maxLength: number | null
  defaultValue: string | null
}

export async function formOf(
  gateway: RunningGateway,
  org: Org,
  kind: string,
  conversationId?: string,
): Promise<{ submitLabel: string; fields: FormField[]; notes: string[] }> {
  const { recordForm } = await gateway.execute(
    `query ($integrationId: ID!, $entityTypeId: ID!, $conversationId: ID) {
      recordForm(integrationId: $integrationId, entityTypeId: $entityTypeId, conversationId: $conversationId) {
        ... on RecordForm {
          submitLabel notes
          fields { id name label type group required maxLength defaultValue }
        }
        ... on Error { code message }
      }
    }`,
    { integrationId: org.id, entityTypeId: entityTypeOf(org, kind), conversationId },
  )
  return recordForm
}

export interface Created {
  __typename: string
  code?: string
  message?: string
  provider?: string
  /** Of a NotConnectedError. */
  providers?: Provider[]
  providerCode?: string | null
  fields?: { path: string[]; message: string }[]
  duplicates?: { name: string | null; remoteId: string; entityName: string }[]
  record?: { id: string; remoteId: string; name: string; url: string }
  tag?: { id: string; pushes: { edges: { node: { id: string; status: string } }[] } } | null
  warnings?: string[]
}

export async function createRecord(
  gateway: RunningGateway,
  org: Org,
  kind: string,
  input: object,
  bearer?: string,
): Promise<Created> {
  const data = await gateway.execute(
    `mutation ($input: CreateRecordInput!) {
      createRecord(input: $input) {
        __typename
        ... on CreateRecordSuccess {
          record { id remoteId name url }
          tag { id pushes { edges { node { id status } } } }
          warnings
        }
        ... on Error { code message }
        ... on ValidationError { fields { path message } }
        ... on DuplicateError { duplicates { name remoteId entityName } }
        ... on ProviderError { provider providerCode }
        ... on NotConnectedError { providers }
      }
    }`,
    { input: { integrationId: org.id, entityTypeId: entityTypeOf(org, kind), ...input } },
    bearer,
  )
  return data.createRecord
}
