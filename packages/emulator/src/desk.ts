/** A record of an emulated CRM, by its table (Dynamics: logical name; Salesforce: API name) and its id. */
export interface DeskRecord {
  table: string
  id: string
}

/** What a lead became; an org may make either. */
export interface Converted {
  contactId?: string
  accountId?: string
}

/** What a person does at the CRM's own pages. Throws with a sentence where there is no such record. */
export interface Desk {
  /** Writes values as they are kept, unchecked. */
  change(record: DeskRecord, values: Record<string, unknown>): void
  remove(record: DeskRecord): void
  /** Makes one record of two of a table: what is filed with the loser moves to the master. */
  merge(loser: DeskRecord, masterId: string): void
  /** Dynamics: qualifies it. */
  convertLead(leadId: string, into: Converted): void
}
