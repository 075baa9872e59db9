/** What people's records are linked to, and the objects that describe the org itself. */
import {
  field,
  keyField,
  lookup,
  type ObjectDefinition,
  object,
  ownerField,
  readOnly,
  required,
  setupObject,
  values,
} from './definition.ts'

export const opportunity: ObjectDefinition = object({
  name: 'Opportunity',
  label: 'Opportunity',
  labelPlural: 'Opportunities',
  keyPrefix: '006',
  activities: true,
  fields: [
    field('string', 'Name', 'Name', { ...required, length: 120, nameField: true }),
    field('picklist', 'StageName', 'Stage', {
      ...values('Prospecting', 'Qualification', 'Negotiation/Review', 'Closed Won', 'Closed Lost'),
      nillable: false,
    }),
    field('date', 'CloseDate', 'Close Date', required),
    lookup('AccountId', 'Account ID', ['Account']),
    field('currency', 'Amount', 'Amount', { scale: 2 }),
    field('percent', 'Probability', 'Probability (%)', { precision: 3 }),
    field('picklist', 'Type', 'Opportunity Type', values('Existing Business', 'New Business')),
    field('textarea', 'Description', 'Description', { length: 32_000 }),
    ownerField(),
  ],
})

export const supportCase: ObjectDefinition = object({
  name: 'Case',
  label: 'Case',
  labelPlural: 'Cases',
  keyPrefix: '500',
  activities: true,
  fields: [
    field('string', 'CaseNumber', 'Case Number', {
      ...readOnly,
      nillable: false,
      defaultedOnCreate: true,
      length: 30,
      nameField: true,
      autoNumber: true,
      idLookup: true,
    }),
    field('string', 'Subject', 'Subject'),
    field('textarea', 'Description', 'Description', { length: 32_000 }),
    field('picklist', 'Status', 'Status', values('*New', 'Working', 'Escalated', 'Closed')),
    field('picklist', 'Priority', 'Priority', values('High', '*Medium', 'Low')),
    field('picklist', 'Origin', 'Case Origin', values('Phone', 'Email', 'Web', 'Chat')),
    lookup('ContactId', 'Contact ID', ['Contact']),
    lookup('AccountId', 'Account ID', ['Account']),
    ownerField(),
  ],
})

/** crm-apis.md 2.10. The key field is one that an admin made: external ID and unique. */
export const task: ObjectDefinition = object({
  name: 'Task',
  label: 'Task',
  labelPlural: 'Tasks',
  keyPrefix: '00T',
  fields: [
    lookup('WhoId', 'Name ID', ['Contact', 'Lead']),
    lookup('WhatId', 'Related To ID', []),
    field('combobox', 'Subject', 'Subject', { ...values('Call', 'Email', 'Send Letter', 'Other'), nameField: true }),
    field('date', 'ActivityDate', 'Due Date Only'),
    field('picklist', 'Status', 'Status', {
      ...values('*Not Started', 'In Progress', 'Completed', 'Waiting on someone else', 'Deferred'),
      nillable: false,
    }),
    field('picklist', 'Priority', 'Priority', { ...values('High', '*Normal', 'Low'), nillable: false }),
    field('textarea', 'Description', 'Description', { length: 32_000 }),
    field('picklist', 'Type', 'Type', values('Call', 'Email', 'Meeting', 'Other')),
    field('picklist', 'TaskSubtype', 'Task Subtype', {
      ...values('*Task', 'Email', 'Call', 'ListEmail', 'Cadence', 'LinkedIn'),
      length: 40,
      restrictedPicklist: true,
      updateable: false,
    }),
    field('picklist', 'CallType', 'Call Type', { ...values('Internal', 'Inbound', 'Outbound'), length: 40 }),
    field('int', 'CallDurationInSeconds', 'Call Duration'),
    field('string', 'CallDisposition', 'Call Result'),
    field('string', 'CallObject', 'Call Object Identifier'),
    lookup('AccountId', 'Account ID', ['Account'], readOnly),
    field('boolean', 'IsClosed', 'Closed', readOnly),
    field('boolean', 'IsArchived', 'Archived', readOnly),
    field('boolean', 'IsReminderSet', 'Reminder Set'),
    field('datetime', 'ReminderDateTime', 'Reminder Date/Time'),
    keyField(),
    ownerField(),
  ],
})

export const vehicle: ObjectDefinition = object({
  name: 'Vehicle__c',
  label: 'Vehicle',
  labelPlural: 'Vehicles',
  keyPrefix: 'a01',
  activities: true,
  fields: [
    field('string', 'Name', 'Vehicle Name', { ...required, length: 80, nameField: true, idLookup: true }),
    lookup('Contact__c', 'Driver', ['Contact']),
    field('string', 'Plate__c', 'Plate', { length: 20, externalId: true, idLookup: true }),
    field('phone', 'Car_Phone__c', 'Car Phone'),
    field('email', 'Fleet_Email__c', 'Fleet Email'),
    field('picklist', 'Make__c', 'Make', { ...values('Acme', 'Borealis', 'Citrus'), restrictedPicklist: true }),
    field('multipicklist', 'Extras__c', 'Extras', {
      ...values('Heated Seats', 'Roof Rack', 'Tow Bar'),
      restrictedPicklist: true,
    }),
    field('double', 'Year__c', 'Year', { precision: 4 }),
    field('currency', 'Price__c', 'Price', { precision: 10, scale: 2 }),
    field('date', 'Purchased__c', 'Purchased'),
    field('boolean', 'Active__c', 'Active'),
    field('textarea', 'Notes__c', 'Notes', { length: 32_768 }),
    ownerField(),
  ],
})

export const user: ObjectDefinition = setupObject({
  name: 'User',
  label: 'User',
  labelPlural: 'Users',
  keyPrefix: '005',
  fields: [
    field('string', 'Username', 'Username', { ...required, length: 80, idLookup: true }),
    field('string', 'LastName', 'Last Name', { ...required, length: 80 }),
    field('string', 'FirstName', 'First Name', { length: 40 }),
    field('string', 'Name', 'Full Name', { ...readOnly, nillable: false, length: 121, nameField: true }),
    field('email', 'Email', 'Email', { nillable: false }),
    field('string', 'Alias', 'Alias', { length: 8 }),
    field('boolean', 'IsActive', 'Active'),
    field('string', 'TimeZoneSidKey', 'Time Zone', { length: 40 }),
  ],
})

export const recordType: ObjectDefinition = setupObject({
  name: 'RecordType',
  label: 'Record Type',
  labelPlural: 'Record Types',
  keyPrefix: '012',
  fields: [
    field('string', 'Name', 'Name', { ...required, length: 80, nameField: true }),
    field('string', 'DeveloperName', 'Record Type Name', { ...required, length: 80 }),
    field('picklist', 'SobjectType', 'SObject Type Name', { length: 40 }),
    field('boolean', 'IsActive', 'Active'),
    field('boolean', 'IsPersonType', 'Person Type'),
  ],
})

export const taskStatus: ObjectDefinition = setupObject({
  name: 'TaskStatus',
  label: 'Task Status Value',
  labelPlural: 'Task Status Values',
  keyPrefix: '01J',
  fields: [
    field('string', 'MasterLabel', 'Master Label', { nameField: true }),
    field('string', 'ApiName', 'API Name'),
    field('int', 'SortOrder', 'Sort Order'),
    field('boolean', 'IsDefault', 'Is Default'),
    field('boolean', 'IsClosed', 'Closed'),
  ],
})

export const organization: ObjectDefinition = setupObject({
  name: 'Organization',
  label: 'Organization',
  labelPlural: 'Organizations',
  keyPrefix: '00D',
  fields: [
    field('string', 'Name', 'Name', { ...required, length: 80, nameField: true }),
    field('string', 'OrganizationType', 'Edition', { length: 40 }),
    field('string', 'InstanceName', 'Instance Name', { length: 5 }),
    field('boolean', 'IsSandbox', 'Is Sandbox'),
    field('string', 'TimeZoneSidKey', 'Time Zone', { length: 40 }),
    field('string', 'LanguageLocaleKey', 'Language', { length: 40 }),
  ],
})
