/** Account, Contact and Lead with the lengths of crm-apis.md 2.8 and person accounts of 2.9. */
import {
  field,
  keyField,
  lookup,
  type ObjectDefinition,
  object,
  ownerField,
  readOnly,
  required,
  values,
} from './definition.ts'

const industries = values('Agriculture', 'Banking', 'Construction', 'Healthcare', 'Hospitality', 'Retail', 'Technology')
const leadSources = values('Web', 'Phone Inquiry', 'Partner Referral', 'Purchased List', 'Other')
const regions = values('North', 'South', 'East', 'West')
const interests = values('Sales', 'Service', 'Parts', 'Finance')
const salutations = values('Mr.', 'Ms.', 'Mrs.', 'Dr.', 'Prof.', 'Mx.')

function addressFields(prefix: string, label: string) {
  return [
    field('textarea', `${prefix}Street`, `${label} Street`),
    field('string', `${prefix}City`, `${label} City`, { length: 40 }),
    field('string', `${prefix}State`, `${label} State/Province`, { length: 80 }),
    field('string', `${prefix}PostalCode`, `${label} Zip/Postal Code`, { length: 20 }),
    field('string', `${prefix}Country`, `${label} Country`, { length: 80 }),
  ]
}

/** A person's name is put together from its parts and is not written itself. */
function personNameFields(extra: { lastName: { nillable: boolean } }) {
  const part = { compoundFieldName: 'Name' }
  return [
    field('string', 'LastName', 'Last Name', { ...part, length: 80, ...extra.lastName }),
    field('string', 'FirstName', 'First Name', { ...part, length: 40 }),
    field('picklist', 'Salutation', 'Salutation', { ...part, ...salutations, length: 40 }),
  ]
}

const personName = field('string', 'Name', 'Full Name', { ...readOnly, nillable: false, length: 121, nameField: true })

/** Fields of Account that exist only where person accounts are on. */
export const personAccountFields: ReadonlySet<string> = new Set([
  'IsPersonAccount',
  'FirstName',
  'LastName',
  'Salutation',
  'PersonContactId',
  'PersonEmail',
  'PersonMobilePhone',
  'PersonHomePhone',
  'PersonTitle',
  'PersonBirthdate',
])

export const account: ObjectDefinition = object({
  name: 'Account',
  label: 'Account',
  labelPlural: 'Accounts',
  keyPrefix: '001',
  activities: true,
  fields: [
    field('string', 'Name', 'Account Name', { ...required, nameField: true }),
    ...personNameFields({ lastName: { nillable: true } }),
    lookup('RecordTypeId', 'Record Type ID', ['RecordType'], { defaultedOnCreate: true }),
    field('boolean', 'IsPersonAccount', 'Is Person Account', { ...readOnly, nillable: false }),
    lookup('PersonContactId', 'Contact ID', ['Contact'], readOnly),
    field('email', 'PersonEmail', 'Email', { idLookup: true }),
    field('phone', 'PersonMobilePhone', 'Mobile'),
    field('phone', 'PersonHomePhone', 'Home Phone'),
    field('string', 'PersonTitle', 'Title', { length: 80 }),
    field('date', 'PersonBirthdate', 'Birthdate'),
    field('phone', 'Phone', 'Account Phone'),
    field('phone', 'Fax', 'Account Fax'),
    field('string', 'AccountNumber', 'Account Number', { length: 40 }),
    field('string', 'Site', 'Account Site', { length: 80 }),
    field('url', 'Website', 'Website'),
    field('picklist', 'Type', 'Account Type', values('Customer', 'Partner', 'Prospect', 'Other')),
    field('picklist', 'Industry', 'Industry', industries),
    field('picklist', 'Rating', 'Account Rating', values('Hot', 'Warm', 'Cold')),
    field('picklist', 'CleanStatus', 'Clean Status', {
      ...values('*Pending', 'Matched', 'Different', 'Inactive'),
      length: 40,
      restrictedPicklist: true,
    }),
    field('currency', 'AnnualRevenue', 'Annual Revenue'),
    field('int', 'NumberOfEmployees', 'Employees'),
    field('textarea', 'Description', 'Account Description', { length: 32_000 }),
    lookup('ParentId', 'Parent Account ID', ['Account']),
    field('boolean', 'Key_Customer__c', 'Key Customer'),
    field('date', 'Customer_Since__c', 'Customer Since'),
    field('multipicklist', 'Regions__c', 'Regions', { ...regions, restrictedPicklist: true }),
    lookup('Main_Contact__c', 'Main Contact', ['Contact']),
    ...addressFields('Billing', 'Billing'),
    ...addressFields('Shipping', 'Shipping'),
    lookup('MasterRecordId', 'Master Record ID', ['Account'], readOnly),
    keyField(),
    ownerField(),
  ],
})

export const contact: ObjectDefinition = object({
  name: 'Contact',
  label: 'Contact',
  labelPlural: 'Contacts',
  keyPrefix: '003',
  fields: [
    ...personNameFields({ lastName: required }),
    personName,
    lookup('AccountId', 'Account ID', ['Account']),
    field('boolean', 'IsPersonAccount', 'Is Person Account', { ...readOnly, nillable: false }),
    field('email', 'Email', 'Email', { idLookup: true }),
    field('phone', 'Phone', 'Business Phone'),
    field('phone', 'MobilePhone', 'Mobile Phone'),
    field('phone', 'HomePhone', 'Home Phone'),
    field('phone', 'OtherPhone', 'Other Phone'),
    field('phone', 'AssistantPhone', 'Asst. Phone'),
    field('phone', 'Fax', 'Business Fax'),
    field('string', 'Title', 'Title', { length: 128 }),
    field('string', 'Department', 'Department', { length: 80 }),
    field('picklist', 'LeadSource', 'Lead Source', leadSources),
    field('date', 'Birthdate', 'Birthdate'),
    field('boolean', 'DoNotCall', 'Do Not Call'),
    lookup('ReportsToId', 'Reports To ID', ['Contact']),
    field('textarea', 'Description', 'Contact Description', { length: 32_000 }),
    field('string', 'Chat_Topic__c', 'Chat Topic'),
    field('currency', 'Lifetime_Value__c', 'Lifetime Value', { precision: 16, scale: 2 }),
    field('multipicklist', 'Interests__c', 'Interests', {
      ...interests,
      restrictedPicklist: true,
    }),
    ...addressFields('Mailing', 'Mailing'),
    lookup('MasterRecordId', 'Master Record ID', ['Contact'], readOnly),
    keyField(),
    ownerField(),
  ],
})

export const lead: ObjectDefinition = object({
  name: 'Lead',
  label: 'Lead',
  labelPlural: 'Leads',
  keyPrefix: '00Q',
  // What the page of a partner lead offers is a part of what other leads may have.
  picklistsByRecordType: {
    Partner_Lead: { LeadSource: ['Partner Referral', 'Other'], Lead_Grade__c: ['A', 'B'] },
  },
  fields: [
    ...personNameFields({ lastName: required }),
    personName,
    lookup('RecordTypeId', 'Record Type ID', ['RecordType'], { defaultedOnCreate: true }),
    field('string', 'Company', 'Company', required),
    field('string', 'Title', 'Title', { length: 128 }),
    field('email', 'Email', 'Email', { idLookup: true }),
    field('phone', 'Phone', 'Phone'),
    field('phone', 'MobilePhone', 'Mobile Phone'),
    field('phone', 'Fax', 'Fax'),
    field('url', 'Website', 'Website'),
    field('picklist', 'Status', 'Status', {
      ...values('*Open - Not Contacted', 'Working - Contacted', 'Closed - Converted', 'Closed - Not Converted'),
      nillable: false,
    }),
    field('picklist', 'LeadSource', 'Lead Source', leadSources),
    field('picklist', 'Industry', 'Industry', industries),
    field('picklist', 'Rating', 'Rating', values('Hot', 'Warm', 'Cold')),
    field('currency', 'AnnualRevenue', 'Annual Revenue'),
    field('int', 'NumberOfEmployees', 'Employees'),
    field('textarea', 'Description', 'Description', { length: 32_000 }),
    field('boolean', 'DoNotCall', 'Do Not Call'),
    field('date', 'Follow_Up__c', 'Follow Up'),
    field('picklist', 'Lead_Grade__c', 'Lead Grade', { ...values('A', 'B', 'C'), restrictedPicklist: true }),
    field('multipicklist', 'Interests__c', 'Interests', { ...interests, restrictedPicklist: true }),
    field('string', 'Chat_Topic__c', 'Chat Topic'),
    lookup('Referred_By__c', 'Referred By', ['Contact']),
    field('boolean', 'IsConverted', 'Converted', readOnly),
    lookup('ConvertedContactId', 'Converted Contact ID', ['Contact'], readOnly),
    lookup('ConvertedAccountId', 'Converted Account ID', ['Account'], readOnly),
    lookup('ConvertedOpportunityId', 'Converted Opportunity ID', ['Opportunity'], readOnly),
    field('string', 'Street', 'Street'),
    field('string', 'City', 'City', { length: 40 }),
    field('string', 'Country', 'Country', { length: 80 }),
    lookup('MasterRecordId', 'Master Record ID', ['Lead'], readOnly),
    keyField(),
    ownerField(),
  ],
})
