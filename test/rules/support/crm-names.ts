/** The CRMs' own names of what rules speak of: entity types, built-in fields, and a field of each type to set. */
import type { Provider } from '../../gateway/searching.ts'

export interface CrmNames {
  account: { entity: string; name: string; phone: string; number: string }
  contact: { entity: string; first: string; last: string; phone: string; email: string }
  lead: { entity: string; first: string; last: string; phone: string; email: string; company: string }
  /** Fields of the account beside the built-in ones. */
  accountField: { revenue: string; industry: string; employees: string }
}

export const crmNames: Record<Provider, CrmNames> = {
  DYNAMICS: {
    account: { entity: 'account', name: 'name', phone: 'telephone1', number: 'accountnumber' },
    contact: {
      entity: 'contact',
      first: 'firstname',
      last: 'lastname',
      phone: 'telephone1',
      email: 'emailaddress1',
    },
    lead: {
      entity: 'lead',
      first: 'firstname',
      last: 'lastname',
      phone: 'telephone1',
      email: 'emailaddress1',
      company: 'companyname',
    },
    accountField: { revenue: 'revenue', industry: 'industrycode', employees: 'numberofemployees' },
  },
  SALESFORCE: {
    account: { entity: 'Account', name: 'Name', phone: 'Phone', number: 'AccountNumber' },
    contact: { entity: 'Contact', first: 'FirstName', last: 'LastName', phone: 'Phone', email: 'Email' },
    lead: {
      entity: 'Lead',
      first: 'FirstName',
      last: 'LastName',
      phone: 'Phone',
      email: 'Email',
      company: 'Company',
    },
    accountField: { revenue: 'AnnualRevenue', industry: 'Industry', employees: 'NumberOfEmployees' },
  },
}
