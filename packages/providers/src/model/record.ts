/** Neutral shapes of a CRM's rows. */
import type { EntityKind, FieldType } from './entity.ts'

/** Points at a row in a CRM. */
export interface RemoteReference {
  entityName: string
  remoteId: string
}

/** The record that stands for another one now. */
export interface Successor {
  /** MERGED: two records of one kind became one. CONVERTED: a lead became a contact, or an account. */
  how: 'MERGED' | 'CONVERTED'
  reference: RemoteReference
}

/** A reference with what is known of its target without asking the CRM again. */
export interface NamedReference extends RemoteReference {
  name: string | null
  url: string | null
}

/** One field of a row. `value` is text for people in the CRM's own formatting where it gives one; `raw` is its JSON. */
export interface RecordFieldValue {
  name: string
  type: FieldType
  value: string | null
  raw: unknown
  reference: NamedReference | null
}

/**
 * One row of a CRM, normalised once, in the shape that the GraphQL types expose, so that no field needs a resolver
 * that computes. Fields that a kind does not have are null.
 */
export interface CrmRecord {
  entityName: string
  kind: EntityKind
  remoteId: string
  name: string
  phone: string | null
  email: string | null
  /** Opens the record in the CRM. */
  url: string
  /** ISO 8601, UTC. */
  createdAt: string | null
  modifiedAt: string | null
  /** Changes whenever the row does: Dataverse the etag, Salesforce the last modification, ISO 8601. Only as `version` is asked. */
  version: string | null
  firstName: string | null
  lastName: string | null
  /** Lead: the company's name. */
  company: string | null
  /** Lead: the label of its status. */
  status: string | null
  /** Account only. */
  accountNumber: string | null
  description: string | null
  isPersonAccount: boolean
  /** Contact: the account that it belongs to. */
  account: NamedReference | null
  /** The fields that were asked for by name (`RecordSelection.fields`), by name. */
  fields: Record<string, RecordFieldValue>
}

/** The standard attributes of a record that a caller can ask for. Only what is asked for is fetched. */
export const recordAttributes = [
  'phone',
  'email',
  'createdAt',
  'modifiedAt',
  'version',
  'firstName',
  'lastName',
  'company',
  'status',
  'accountNumber',
  'description',
  'account',
] as const
export type RecordAttribute = (typeof recordAttributes)[number]

/** What of a record is wanted. Key and name always come. An attribute that was not asked for is null. */
export interface RecordSelection {
  attributes: readonly RecordAttribute[]
  /** Further fields by the CRM's own names; unknown ones are an error `CRM_REJECTED` that names them. */
  fields: readonly string[]
}

/** What is written into a row that is there. */
export interface RecordChange {
  values: readonly FieldValue[]
  /** As it was read: CONFLICT where the row has changed since. Salesforce can tell this only to the second (crm-apis.md 2.10). */
  expectedVersion?: string | null
}

/**
 * A value on its way to a CRM, as text by the rules of ruling 21: TWO_OPTIONS `true` or `false`; numbers with a dot and
 * no grouping; DATE `YYYY-MM-DD`; DATE_TIME ISO 8601 with zone; options by their `value`. Several values in `values`.
 */
export interface FieldValue {
  name: string
  type: FieldType
  value: string | null
  values: readonly string[] | null
  /** LOOKUP: what it points to. */
  reference: RemoteReference | null
}
