/** Activities: what a transcript becomes in a CRM. */
import type { RemoteReference } from './record.ts'

/**
 * Where a transcript is filed. NOTE and TASK are each vendor's own (Dynamics `annotation` and `task`; Salesforce has
 * TASK only); CUSTOM is an activity entity that the customer made, by its name.
 */
export type ActivityType = { type: 'NOTE' } | { type: 'TASK' } | { type: 'CUSTOM'; entityName: string }

/** What an activity type can hold, from the org's metadata. */
export interface ActivityTypeDescriptor {
  /** In characters. */
  subjectMaxLength: number
  bodyMaxLength: number
  /** Notes have no state. */
  closable: boolean
}

/**
 * The key of an activity: a UUID (version 5), derived by the caller and the same on every try. Where the CRM can hold it
 * (Dataverse: the primary key; Salesforce: a unique external-ID field) filing twice makes one activity.
 */
export type ActivityKey = string

export interface ActivityDraft {
  key: ActivityKey
  activityType: ActivityType
  regarding: RemoteReference
  subject: string
  body: string
}

/** An activity as the CRM holds it now. */
export interface CrmActivity {
  remoteId: string
  /** Opens the activity in the CRM. */
  url: string
  subject: string | null
  /** As plain text: HTML that the CRM made of it is undone. */
  body: string
  closed: boolean
  /** Dataverse: the etag. Salesforce: the last modification, ISO 8601. Handed back to change only what was read. */
  version: string | null
}

export interface ActivityChange {
  /** Replaces the whole text. */
  body?: string
  /** Closes it after the text was written. */
  close?: boolean
  /** Refuse with CONFLICT when the activity changed since. Salesforce can check this only roughly (crm-apis.md 2.10). */
  expectedVersion?: string | null
}
