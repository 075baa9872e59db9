/** What Dynamics 365 is, as plain data: forms, their validation and the stored shape of settings come from it. */
import type {
  ConnectFieldDescriptor,
  DefaultFieldDescriptor,
  ProviderDescriptor,
  ShownFieldDescriptor,
} from '../provider.ts'

type DefaultField = Omit<DefaultFieldDescriptor, 'kind'>

/** A field whose two switches are the admin's (the D-DEF rows of the feature list). */
const switchable = { demandedByCrm: false, switchable: true } as const
/**
 * The API itself would save an account or a person without a name (crm-apis.md 1.7). Every form of the product demands
 * one, and a record without a name can be found by nobody, so the name counts as demanded by the CRM.
 */
const demanded = { demandedByCrm: true, switchable: false } as const

const accountName: DefaultField = {
  name: 'name',
  label: 'Account Name',
  type: 'TEXT',
  prefill: 'FULL_NAME',
  ...demanded,
}
const accountNumber: DefaultField = {
  name: 'accountnumber',
  label: 'Account Number',
  type: 'TEXT',
  prefill: null,
  ...switchable,
}
const phone: DefaultField = { name: 'telephone1', label: 'Phone', type: 'PHONE', prefill: 'PHONE', ...switchable }
const email: DefaultField = { name: 'emailaddress1', label: 'Email', type: 'EMAIL', prefill: 'EMAIL', ...switchable }
const description: DefaultField = {
  name: 'description',
  label: 'Description',
  type: 'MULTILINE_TEXT',
  prefill: null,
  ...switchable,
}
const firstName: DefaultField = {
  name: 'firstname',
  label: 'First Name',
  type: 'TEXT',
  demandedByCrm: false,
  switchable: false,
  prefill: 'FIRST_NAME',
}
const lastName: DefaultField = { name: 'lastname', label: 'Last Name', type: 'TEXT', prefill: 'LAST_NAME', ...demanded }
const company: DefaultField = { name: 'companyname', label: 'Company', type: 'TEXT', prefill: null, ...switchable }

const shownFields: readonly ShownFieldDescriptor[] = [
  { kind: 'ACCOUNT', view: 'SEARCH', attribute: 'name', name: 'name', label: 'Account Name', type: 'TEXT' },
  { kind: 'ACCOUNT', view: 'SEARCH', attribute: 'email', name: 'emailaddress1', label: 'Email', type: 'EMAIL' },
  { kind: 'ACCOUNT', view: 'SEARCH', attribute: 'phone', name: 'telephone1', label: 'Phone', type: 'PHONE' },
  { kind: 'ACCOUNT', view: 'DETAIL', attribute: 'name', name: 'name', label: 'Account Name', type: 'TEXT' },
  {
    kind: 'ACCOUNT',
    view: 'DETAIL',
    attribute: 'accountNumber',
    name: 'accountnumber',
    label: 'Account Number',
    type: 'TEXT',
  },
  { kind: 'ACCOUNT', view: 'DETAIL', attribute: 'phone', name: 'telephone1', label: 'Phone', type: 'PHONE' },
  {
    kind: 'ACCOUNT',
    view: 'DETAIL',
    attribute: 'description',
    name: 'description',
    label: 'Description',
    type: 'MULTILINE_TEXT',
  },
  { kind: 'CONTACT', view: 'SEARCH', attribute: 'name', name: 'fullname', label: 'Full Name', type: 'TEXT' },
  { kind: 'CONTACT', view: 'SEARCH', attribute: 'email', name: 'emailaddress1', label: 'Email', type: 'EMAIL' },
  { kind: 'CONTACT', view: 'SEARCH', attribute: 'phone', name: 'telephone1', label: 'Phone', type: 'PHONE' },
  { kind: 'CONTACT', view: 'DETAIL', attribute: 'name', name: 'fullname', label: 'Full Name', type: 'TEXT' },
  { kind: 'CONTACT', view: 'DETAIL', attribute: 'email', name: 'emailaddress1', label: 'Email', type: 'EMAIL' },
  { kind: 'CONTACT', view: 'DETAIL', attribute: 'phone', name: 'telephone1', label: 'Phone', type: 'PHONE' },
  { kind: 'LEAD', view: 'SEARCH', attribute: 'name', name: 'fullname', label: 'Full Name', type: 'TEXT' },
  { kind: 'LEAD', view: 'SEARCH', attribute: 'email', name: 'emailaddress1', label: 'Email', type: 'EMAIL' },
  { kind: 'LEAD', view: 'SEARCH', attribute: 'phone', name: 'telephone1', label: 'Phone', type: 'PHONE' },
  { kind: 'LEAD', view: 'DETAIL', attribute: 'name', name: 'fullname', label: 'Full Name', type: 'TEXT' },
  { kind: 'LEAD', view: 'DETAIL', attribute: 'company', name: 'companyname', label: 'Company', type: 'TEXT' },
  { kind: 'LEAD', view: 'DETAIL', attribute: 'phone', name: 'telephone1', label: 'Phone', type: 'PHONE' },
  { kind: 'LEAD', view: 'DETAIL', attribute: 'email', name: 'emailaddress1', label: 'Email', type: 'EMAIL' },
]

const applicationUrl: ConnectFieldDescriptor = {
  name: 'applicationUrl',
  label: 'Application URL',
  help: 'The address of the environment. Any page of it may be pasted.',
  placeholder: 'https://org.crm.dynamics.com/',
  required: true,
  secret: false,
}

export const descriptor: ProviderDescriptor = {
  key: 'DYNAMICS',
  displayName: 'Microsoft Dynamics 365',
  documentationUrl:
    'https://learn.microsoft.com/power-apps/developer/data-platform/use-single-tenant-server-server-authentication',
  connectLabel: 'Connect MS Dynamics Account',
  panelLabel: 'Connect with Dynamics CRM',
  methods: [
    {
      key: 'APP_REGISTRATION',
      label: 'App registration (365 cloud)',
      help: 'An app registration of your own signs in by itself. It needs an application user with a security role in the environment.',
      redirects: false,
      fields: [
        applicationUrl,
        { name: 'tenantId', label: 'Directory (tenant) ID', required: true, secret: false },
        { name: 'clientId', label: 'Application (client) ID', required: true, secret: false },
        {
          name: 'clientSecret',
          label: 'Client secret',
          help: 'The value of the secret, not its ID. Leave it empty when you use a certificate.',
          required: false,
          secret: true,
        },
        {
          name: 'certificatePem',
          label: 'Certificate',
          help: 'Certificate and private key as PEM, one after the other.',
          required: false,
          secret: true,
        },
        {
          name: 'authority',
          label: 'Authority',
          help: 'Only where Microsoft sign-in lives at an address of its own.',
          placeholder: 'https://login.microsoftonline.com',
          required: false,
          secret: false,
        },
      ],
    },
    {
      key: 'SIGN_IN',
      label: 'Sign in with Microsoft (365 cloud)',
      help: 'You sign in at the Microsoft page, and everything is done in your name. Your password never passes through this server.',
      redirects: true,
      fields: [applicationUrl],
    },
    {
      key: 'ON_PREMISES',
      label: 'On-premises',
      help: 'Dynamics 365 on a server of your own, with AD FS. An administrator registers this product there once.',
      redirects: false,
      fields: [
        {
          name: 'username',
          label: 'Username',
          help: 'As DOMAIN\\user where the server is internet-facing; otherwise it may be an e-mail address.',
          placeholder: 'CONTOSO\\jane',
          required: true,
          secret: false,
        },
        {
          name: 'applicationUrl',
          label: 'Application URL',
          help: 'Where you open Dynamics 365. Any page of it may be pasted.',
          placeholder: 'https://org.contoso.com/',
          required: true,
          secret: false,
        },
        { name: 'password', label: 'Password', required: true, secret: true },
      ],
    },
  ],
  fieldTypes: [
    { type: 'CURRENCY', label: 'Currency', inExport: true, maxLength: true },
    { type: 'DATE', label: 'Date', inExport: true, maxLength: false },
    { type: 'LOOKUP', label: 'Lookup', inExport: true, maxLength: false },
    { type: 'OPTION_SET', label: 'Option Set', inExport: true, maxLength: false },
    { type: 'STATUS_REASON', label: 'Status Reason', inExport: true, maxLength: false },
    { type: 'TEXT', label: 'Text Box', inExport: true, maxLength: true },
    { type: 'TWO_OPTIONS', label: 'Two Options', inExport: true, maxLength: false },
    { type: 'WHOLE_NUMBER', label: 'Whole Number', inExport: true, maxLength: true },
  ],
  settings: {
    entitySearchSwitch: true,
    variableFieldType: null,
    backendLookupLabel: 'NONE',
    activitySubjectField: null,
    labels: { detailFieldLabel: 'Label', backendFieldName: 'Name' },
  },
  entityTypes: [
    {
      kind: 'ACCOUNT',
      name: 'account',
      displayName: 'Account',
      primaryField: 'name',
      primaryFieldLabel: 'Account Name',
    },
    {
      kind: 'CONTACT',
      name: 'contact',
      displayName: 'Contact',
      primaryField: 'fullname',
      primaryFieldLabel: 'Full Name',
    },
    { kind: 'LEAD', name: 'lead', displayName: 'Lead', primaryField: 'fullname', primaryFieldLabel: 'Full Name' },
  ],
  defaultFields: [
    { kind: 'ACCOUNT', ...accountName },
    { kind: 'ACCOUNT', ...accountNumber },
    { kind: 'ACCOUNT', ...phone },
    { kind: 'ACCOUNT', ...description },
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
  // D-SAV-02.
  activityType: { type: 'NOTE' },
  callback: 'microsoft',
}
