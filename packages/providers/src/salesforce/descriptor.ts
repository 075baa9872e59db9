/** What Salesforce is, as plain data: forms, their validation and the stored shape of settings come from it. */
import type { DefaultFieldDescriptor, ProviderDescriptor, ShownFieldDescriptor } from '../provider.ts'
import { defaultKeyField, defaultLoginUrl } from './config.ts'

type DefaultField = Omit<DefaultFieldDescriptor, 'kind'>

/** A field whose two switches are the admin's (the S-DEF rows of the feature list). */
const switchable = { demandedByCrm: false, switchable: true } as const
const demanded = { demandedByCrm: true, switchable: false } as const

const accountName: DefaultField = {
  name: 'Name',
  label: 'Account Name',
  type: 'TEXT',
  prefill: 'FULL_NAME',
  ...demanded,
}
/** Of a person account; a business account has no e-mail field of its own, but perhaps one that the admin names. */
const accountEmail: DefaultField = {
  name: 'PersonEmail',
  label: 'Email',
  type: 'EMAIL',
  prefill: 'EMAIL',
  ...switchable,
}
const accountNumber: DefaultField = {
  name: 'AccountNumber',
  label: 'Account Number',
  type: 'TEXT',
  prefill: null,
  ...switchable,
}
const firstName: DefaultField = {
  name: 'FirstName',
  label: 'First Name',
  type: 'TEXT',
  demandedByCrm: false,
  switchable: false,
  prefill: 'FIRST_NAME',
}
const lastName: DefaultField = { name: 'LastName', label: 'Last Name', type: 'TEXT', prefill: 'LAST_NAME', ...demanded }
const phone: DefaultField = { name: 'Phone', label: 'Phone', type: 'PHONE', prefill: 'PHONE', ...switchable }
const email: DefaultField = { name: 'Email', label: 'Email', type: 'EMAIL', prefill: 'EMAIL', ...switchable }
/** Whether Salesforce demands it is the org's: not where person accounts are on. Its metadata says so. */
const company: DefaultField = { name: 'Company', label: 'Company', type: 'TEXT', prefill: null, ...switchable }

const shownFields: readonly ShownFieldDescriptor[] = [
  { kind: 'ACCOUNT', view: 'SEARCH', attribute: 'name', name: 'Name', label: 'Account Name', type: 'TEXT' },
  { kind: 'ACCOUNT', view: 'SEARCH', attribute: 'email', name: 'PersonEmail', label: 'Email', type: 'EMAIL' },
  { kind: 'ACCOUNT', view: 'SEARCH', attribute: 'phone', name: 'Phone', label: 'Phone', type: 'PHONE' },
  { kind: 'ACCOUNT', view: 'DETAIL', attribute: 'name', name: 'Name', label: 'Account Name', type: 'TEXT' },
  { kind: 'ACCOUNT', view: 'DETAIL', attribute: 'phone', name: 'Phone', label: 'Phone', type: 'PHONE' },
  { kind: 'CONTACT', view: 'SEARCH', attribute: 'name', name: 'Name', label: 'Name', type: 'TEXT' },
  { kind: 'CONTACT', view: 'SEARCH', attribute: 'email', name: 'Email', label: 'Email', type: 'EMAIL' },
  { kind: 'CONTACT', view: 'SEARCH', attribute: 'phone', name: 'Phone', label: 'Phone', type: 'PHONE' },
  { kind: 'CONTACT', view: 'DETAIL', attribute: 'firstName', name: 'FirstName', label: 'First Name', type: 'TEXT' },
  { kind: 'CONTACT', view: 'DETAIL', attribute: 'lastName', name: 'LastName', label: 'Last Name', type: 'TEXT' },
  { kind: 'CONTACT', view: 'DETAIL', attribute: 'email', name: 'Email', label: 'Email', type: 'EMAIL' },
  { kind: 'CONTACT', view: 'DETAIL', attribute: 'phone', name: 'Phone', label: 'Phone', type: 'PHONE' },
  { kind: 'CONTACT', view: 'DETAIL', attribute: 'account', name: 'AccountId', label: 'Account', type: 'LOOKUP' },
  { kind: 'LEAD', view: 'SEARCH', attribute: 'name', name: 'Name', label: 'Name', type: 'TEXT' },
  { kind: 'LEAD', view: 'SEARCH', attribute: 'email', name: 'Email', label: 'Email', type: 'EMAIL' },
  { kind: 'LEAD', view: 'SEARCH', attribute: 'phone', name: 'Phone', label: 'Phone', type: 'PHONE' },
  { kind: 'LEAD', view: 'DETAIL', attribute: 'firstName', name: 'FirstName', label: 'First Name', type: 'TEXT' },
  { kind: 'LEAD', view: 'DETAIL', attribute: 'lastName', name: 'LastName', label: 'Last Name', type: 'TEXT' },
  { kind: 'LEAD', view: 'DETAIL', attribute: 'company', name: 'Company', label: 'Company', type: 'TEXT' },
  { kind: 'LEAD', view: 'DETAIL', attribute: 'email', name: 'Email', label: 'Email', type: 'EMAIL' },
  { kind: 'LEAD', view: 'DETAIL', attribute: 'phone', name: 'Phone', label: 'Phone', type: 'PHONE' },
]

export const descriptor: ProviderDescriptor = {
  key: 'SALESFORCE',
  displayName: 'Salesforce',
  documentationUrl:
    'https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/intro_oauth_and_connected_apps.htm',
  connectLabel: 'Configure',
  panelLabel: 'Connect with Salesforce',
  methods: [
    {
      key: 'SIGN_IN',
      label: 'Sign in at Salesforce',
      help: 'You sign in at the Salesforce page. Name and password never pass through this server.',
      redirects: true,
      fields: [
        {
          name: 'loginUrl',
          label: 'Login URL',
          help: 'Production, unless you say otherwise. For a sandbox https://test.salesforce.com; or the address of your My Domain.',
          placeholder: defaultLoginUrl,
          required: false,
          secret: false,
        },
        {
          name: 'clientId',
          label: 'Consumer key',
          help: 'Of your connected app or external client app. Leave it empty where this server brings an app of its own.',
          required: false,
          secret: false,
        },
        { name: 'clientSecret', label: 'Consumer secret', required: false, secret: true },
        {
          name: 'activityKeyField',
          label: 'Key field',
          help: 'API name of the unique external-ID text field that holds our keys.',
          placeholder: defaultKeyField,
          required: false,
          secret: false,
        },
      ],
    },
  ],
  fieldTypes: [
    { type: 'TWO_OPTIONS', label: 'Checkbox', inExport: true, maxLength: false },
    { type: 'CURRENCY', label: 'Currency', inExport: true, maxLength: true },
    { type: 'TEXT', label: 'Textbox', inExport: true, maxLength: true },
    { type: 'DATE', label: 'Date', inExport: true, maxLength: false },
    { type: 'LOOKUP', label: 'Lookup', inExport: true, maxLength: false },
    { type: 'OPTION_SET', label: 'Picklist', inExport: true, maxLength: false },
    { type: 'MULTI_OPTION_SET', label: 'Picklist (Multi-Select)', inExport: true, maxLength: false },
  ],
  settings: {
    entitySearchSwitch: false,
    variableFieldType: 'TEXT',
    backendLookupLabel: 'OPTIONAL',
    activitySubjectField: 'Subject',
    labels: { detailFieldLabel: 'Field Label', backendFieldName: 'Field Name' },
  },
  entityTypes: [
    {
      kind: 'ACCOUNT',
      name: 'Account',
      displayName: 'Account',
      primaryField: 'Name',
      primaryFieldLabel: 'Account Name',
    },
    { kind: 'CONTACT', name: 'Contact', displayName: 'Contact', primaryField: 'Name', primaryFieldLabel: 'Full Name' },
    { kind: 'LEAD', name: 'Lead', displayName: 'Lead', primaryField: 'Name', primaryFieldLabel: 'Full Name' },
  ],
  defaultFields: [
    { kind: 'ACCOUNT', ...accountName, accountKind: 'BUSINESS' },
    { kind: 'ACCOUNT', ...firstName, accountKind: 'PERSON' },
    { kind: 'ACCOUNT', ...lastName, accountKind: 'PERSON' },
    { kind: 'ACCOUNT', ...accountEmail },
    { kind: 'ACCOUNT', ...accountNumber },
    { kind: 'ACCOUNT', ...phone },
    { kind: 'CONTACT', ...firstName },
    { kind: 'CONTACT', ...lastName },
    { kind: 'CONTACT', ...phone },
    { kind: 'CONTACT', ...email },
    { kind: 'LEAD', ...firstName },
    { kind: 'LEAD', ...lastName },
    { kind: 'LEAD', ...phone },
    { kind: 'LEAD', ...email },
    { kind: 'LEAD', ...company },
  ],
  shownFields,
  // Salesforce has tasks only (X-DIF-08).
  activityType: { type: 'TASK' },
  callback: 'salesforce',
}
