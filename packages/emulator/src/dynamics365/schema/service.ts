/** Cases, the customer's own table of vehicles, and the tables about the org itself. */
import {
  activeInactive,
  choice,
  customer,
  lookup,
  memo,
  options,
  primaryKey,
  states,
  table,
  text,
  twoOptions,
} from './attributes.ts'
import type { EntityDefinition } from './definition.ts'

export const incident = table(
  {
    logicalName: 'incident',
    schemaName: 'Incident',
    entitySetName: 'incidents',
    objectTypeCode: 112,
    label: 'Case',
    pluralLabel: 'Cases',
    primaryName: 'title',
    stateActions: { 1: 'CloseIncident' },
  },
  {
    title: text('Case Title', 200, 'ApplicationRequired'),
    description: memo('Description', 2000),
    customerid: { ...customer('Customer'), required: 'SystemRequired' },
    primarycontactid: lookup('Contact', 'contact', 'contact_as_primary_contact'),
    prioritycode: choice('Priority', options([1, 'High'], [2, 'Normal'], [3, 'Low']), 2),
    ...states(
      [
        0,
        'Active',
        [
          [1, 'In Progress'],
          [2, 'On Hold'],
          [3, 'Waiting for Details'],
          [4, 'Researching'],
        ],
      ],
      [
        1,
        'Resolved',
        [
          [5, 'Problem Solved'],
          [1000, 'Information Provided'],
        ],
      ],
      [
        2,
        'Cancelled',
        [
          [6, 'Canceled'],
          [2000, 'Merged'],
        ],
      ],
    ),
  },
)

/** A table that a customer made: its columns carry the publisher's prefix, its lookup binds by SchemaName. */
export const vehicle = table(
  {
    logicalName: 'new_vehicle',
    schemaName: 'new_Vehicle',
    entitySetName: 'new_vehicles',
    objectTypeCode: 10_071,
    label: 'Vehicle',
    pluralLabel: 'Vehicles',
    primaryName: 'new_name',
    isCustom: true,
    alternateKeys: [['new_licenseplate']],
  },
  {
    new_name: { ...text('Name', 100, 'ApplicationRequired'), schemaName: 'new_Name' },
    new_licenseplate: { ...text('License Plate', 20), schemaName: 'new_LicensePlate' },
    new_contact: { ...lookup('Keeper', 'contact', 'new_contact_vehicles'), schemaName: 'new_Contact' },
    new_phone: { type: 'String', label: 'Phone in the car', schemaName: 'new_Phone', maxLength: 50, format: 'Phone' },
    new_mileage: { type: 'Integer', label: 'Mileage', schemaName: 'new_Mileage', min: 0, max: 2_000_000 },
    new_consumption: {
      type: 'Decimal',
      label: 'Consumption',
      schemaName: 'new_Consumption',
      precision: 2,
      min: 0,
      max: 100,
    },
    new_electric: { ...twoOptions('Electric'), schemaName: 'new_Electric' },
    new_firstregistration: {
      type: 'DateTime',
      label: 'First Registration',
      schemaName: 'new_FirstRegistration',
      dateOnly: true,
    },
    new_color: {
      type: 'Picklist',
      label: 'Colour',
      schemaName: 'new_Color',
      globalName: 'new_colors',
      options: options([100000000, 'Black'], [100000001, 'White'], [100000002, 'Red'], [100000003, 'Blue']),
    },
    ...activeInactive,
  },
)

export const systemuser: EntityDefinition = {
  logicalName: 'systemuser',
  schemaName: 'SystemUser',
  entitySetName: 'systemusers',
  objectTypeCode: 8,
  label: 'User',
  pluralLabel: 'Users',
  primaryId: 'systemuserid',
  primaryName: 'fullname',
  isActivity: false,
  hasNotes: false,
  hasActivities: false,
  isCustom: false,
  attributes: {
    systemuserid: primaryKey('User'),
    fullname: text('Full Name', 200),
    firstname: text('First Name', 256),
    lastname: text('Last Name', 256, 'ApplicationRequired'),
    internalemailaddress: { type: 'String', label: 'Primary Email', maxLength: 100, format: 'Email' },
    domainname: text('User Name', 1024),
    azureactivedirectoryobjectid: { type: 'Uniqueidentifier', label: 'Azure AD Object ID' },
    applicationid: { type: 'Uniqueidentifier', label: 'Application ID' },
    isdisabled: twoOptions('Status', 'Enabled', 'Disabled'),
    versionnumber: { type: 'BigInt', label: 'Version Number', readOnly: true },
  },
}

export const organization: EntityDefinition = {
  logicalName: 'organization',
  schemaName: 'Organization',
  entitySetName: 'organizations',
  objectTypeCode: 1019,
  label: 'Organization',
  pluralLabel: 'Organizations',
  primaryId: 'organizationid',
  primaryName: 'name',
  isActivity: false,
  hasNotes: false,
  hasActivities: false,
  isCustom: false,
  attributes: {
    organizationid: primaryKey('Organization'),
    name: text('Organization Name', 160),
    languagecode: { type: 'Integer', label: 'Language', min: 0, max: 2_147_483_647 },
    maxuploadfilesize: { type: 'Integer', label: 'Max Upload File Size', min: 0, max: 131_072_000 },
    versionnumber: { type: 'BigInt', label: 'Version Number', readOnly: true },
  },
}
