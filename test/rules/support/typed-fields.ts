/** A field of the account for each type that a setting may have, with a value, what the CRM then holds, and a wrong one. */
import type { Provider } from '../../gateway/searching.ts'

export interface TypedField {
  /** As metadata says it; of what a setting says, where that differs. */
  type: string
  name: string
  /** Written by ruling 21; neither for a look-up. */
  value?: string
  values?: string[]
  /** What the CRM keeps, and under which name where that is another one. */
  held: unknown
  heldAs?: string
  /** Not of its type. */
  wrong: { value?: string; values?: string[] }
}

const town = `Québec's "old" town`
const dates = { value: '2026-02-28', held: '2026-02-28', wrong: { value: '2026-02-30' } }
const tick = { value: 'true', held: true, wrong: { value: 'perhaps' } }
const text = { value: town, held: town, wrong: { value: 'x'.repeat(81) } }

/** All types but the look-up. */
export const typedFields: Record<Provider, Record<string, TypedField>> = {
  DYNAMICS: {
    CURRENCY: { type: 'CURRENCY', name: 'revenue', value: '1250.50', held: 1250.5, wrong: { value: '1.250,50' } },
    DATE: { type: 'DATE', name: 'new_customersince', ...dates },
    OPTION_SET: { type: 'OPTION_SET', name: 'industrycode', value: '3', held: 3, wrong: { value: '4711' } },
    STATUS_REASON: {
      ...{ type: 'STATUS_REASON', name: 'statuscode', value: '100000001', held: 100000001 },
      wrong: { value: '4711' },
    },
    TEXT: { type: 'TEXT', name: 'address1_city', ...text },
    TWO_OPTIONS: { type: 'TWO_OPTIONS', name: 'donotphone', ...tick },
    WHOLE_NUMBER: { type: 'WHOLE_NUMBER', name: 'numberofemployees', value: '250', held: 250, wrong: { value: '2.5' } },
  },
  SALESFORCE: {
    CURRENCY: { type: 'CURRENCY', name: 'AnnualRevenue', value: '1250', held: 1250, wrong: { value: '1.250,50' } },
    DATE: { type: 'DATE', name: 'Customer_Since__c', ...dates },
    OPTION_SET: {
      ...{ type: 'OPTION_SET', name: 'CleanStatus', value: 'Matched', held: 'Matched' },
      wrong: { value: 'Matching' },
    },
    MULTI_OPTION_SET: {
      ...{ type: 'MULTI_OPTION_SET', name: 'Regions__c', values: ['North', 'West'], held: 'North;West' },
      wrong: { values: ['North', 'Atlantis'] },
    },
    TEXT: { type: 'TEXT', name: 'Site', ...text },
    TWO_OPTIONS: { type: 'TWO_OPTIONS', name: 'Key_Customer__c', ...tick },
  },
}

/** The field of the account that points to a contact, and how its key is kept. */
export const lookupFields: Record<Provider, { name: string; heldAs: string; related: string; searched: string }> = {
  DYNAMICS: {
    name: 'primarycontactid',
    heldAs: '_primarycontactid_value',
    related: 'contact',
    searched: 'lastname',
  },
  SALESFORCE: { name: 'Main_Contact__c', heldAs: 'Main_Contact__c', related: 'Contact', searched: 'LastName' },
}
