/** Tables that every search may touch, known without asking the org for metadata (crm-apis.md 1.7). */
import type { EntityKind, RecordAttribute } from '../model/index.ts'

/** The columns that an attribute of a `CrmRecord` is read from; the first that holds something wins. */
export type AttributeColumns = Partial<Record<RecordAttribute, readonly string[]>>

/** What searching, reading and linking needs to know of a table. */
export interface Table {
  logicalName: string
  kind: EntityKind
  /** Not derivable from the logical name. */
  setName: string
  idField: string
  nameField: string
  /** Whether rows are active or not, so that active ones can come first. */
  hasState: boolean
  phoneFields: readonly string[]
  emailFields: readonly string[]
  /** Holds the customer's own number, where the table has such a field. */
  accountIdField: string | null
  columns: AttributeColumns
}

const emails = ['emailaddress1', 'emailaddress2', 'emailaddress3']
const always: AttributeColumns = {
  createdAt: ['createdon'],
  modifiedAt: ['modifiedon'],
  description: ['description'],
  email: ['emailaddress1'],
}

const standard: Readonly<Record<string, Table>> = {
  account: {
    logicalName: 'account',
    kind: 'ACCOUNT',
    setName: 'accounts',
    idField: 'accountid',
    nameField: 'name',
    hasState: true,
    phoneFields: ['telephone1', 'telephone2', 'telephone3'],
    emailFields: emails,
    accountIdField: 'accountnumber',
    columns: { ...always, phone: ['telephone1'], accountNumber: ['accountnumber'] },
  },
  contact: {
    logicalName: 'contact',
    kind: 'CONTACT',
    setName: 'contacts',
    idField: 'contactid',
    nameField: 'fullname',
    hasState: true,
    phoneFields: ['telephone1', 'mobilephone', 'telephone2', 'telephone3'],
    emailFields: emails,
    accountIdField: null,
    columns: {
      ...always,
      phone: ['telephone1', 'mobilephone'],
      firstName: ['firstname'],
      lastName: ['lastname'],
      account: ['_parentcustomerid_value'],
    },
  },
  lead: {
    logicalName: 'lead',
    kind: 'LEAD',
    setName: 'leads',
    idField: 'leadid',
    nameField: 'fullname',
    hasState: true,
    phoneFields: ['telephone1', 'mobilephone', 'telephone2', 'telephone3'],
    emailFields: emails,
    accountIdField: null,
    columns: {
      ...always,
      phone: ['telephone1', 'mobilephone'],
      firstName: ['firstname'],
      lastName: ['lastname'],
      company: ['companyname'],
      status: ['statuscode'],
    },
  },
}

/** By logical name. `lead` belongs to the Sales app: an org may lack it. */
export const standardTables: ReadonlyMap<string, Table> = new Map(Object.entries(standard))

/** Where a record opens in the model-driven app. */
export function toRecordUrl(origin: string, entityName: string, remoteId: string): string {
  return recordUrls(origin, entityName)(encodeURIComponent(remoteId))
}

/** The same for many rows of one table, whose keys are GUIDs and need no encoding. */
export function recordUrls(origin: string, entityName: string): (guid: string) => string {
  const start = `${origin}/main.aspx?etn=${encodeURIComponent(entityName)}&id=`
  return (guid) => `${start}${guid}&pagetype=entityrecord`
}
