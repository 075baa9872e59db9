import { expect } from 'vitest'
import { startConversation } from '../gateway/conversing.ts'
import type { Provider } from '../gateway/searching.ts'
import type { CrmNames } from './support/crm-names.ts'
import { create, fieldOn, formOf, type Given, held, namesOn, writes } from './support/forms.ts'
import { openRules, type RuleCrm } from './support/rules.ts'

const { twins } = openRules()

type Kind = 'account' | 'contact' | 'lead'

/** Enough for the CRM, and nothing of what the rows speak of. */
function least({ names }: RuleCrm, kind: Kind): Given[] {
  if (kind === 'account') return [{ name: names.account.name, value: 'Litware' }]
  return [{ name: names[kind].last, value: 'Fox' }]
}

async function switched(crm: RuleCrm, entity: string, name: string, switches: object): Promise<void> {
  const document = await crm.document()
  const fields = document['defaultFields'] as { entityType: string; name: string }[]
  const changed = fields.map((field) =>
    field.entityType === entity && field.name === name ? { ...field, ...switches } : field,
  )
  expect(changed).not.toEqual(fields)
  await crm.settings({ defaultFields: changed })
}

twins(
  { DYNAMICS: 'D-DEF-01', SALESFORCE: 'S-DEF-01' },
  'required and show on form are two switches that do not change one another',
  async (crm) => {
    const { entity, phone, email } = crm.names.contact
    await switched(crm, entity, phone, { required: true })
    const form = await formOf(crm, entity)
    expect(fieldOn(form, phone)).toMatchObject({ required: true, group: 'DEFAULT' })
    expect(fieldOn(form, email)).toMatchObject({ required: false, group: 'DEFAULT' })
    await switched(crm, entity, email, { showOnForm: false })
    expect(namesOn(await formOf(crm, entity))).not.toContain(email)
    expect(fieldOn(await formOf(crm, entity), phone).required).toBe(true)
  },
)

// ------------------------------------------------------------------------------------------------ each pair of switches

interface Row {
  required: Partial<Record<Provider, string>>
  shown: Partial<Record<Provider, string>>
  kind: Kind
  field: (names: CrmNames, provider: Provider) => string
  value: string
  says: string
}

const rows: readonly Row[] = [
  {
    required: { DYNAMICS: 'D-DEF-02', SALESFORCE: 'S-DEF-07' },
    shown: { DYNAMICS: 'D-DEF-03', SALESFORCE: 'S-DEF-08' },
    kind: 'account',
    field: ({ account }) => account.number,
    value: 'A-4711',
    says: 'account number',
  },
  {
    required: { DYNAMICS: 'D-DEF-04', SALESFORCE: 'S-DEF-09' },
    shown: { DYNAMICS: 'D-DEF-05', SALESFORCE: 'S-DEF-10' },
    kind: 'account',
    field: ({ account }) => account.phone,
    value: '+1 512 555 0111',
    says: 'phone number',
  },
  {
    required: { DYNAMICS: 'D-DEF-06' },
    shown: { DYNAMICS: 'D-DEF-07' },
    kind: 'account',
    field: () => 'description',
    value: 'Sells coffee',
    says: 'description',
  },
  {
    required: { DYNAMICS: 'D-DEF-08', SALESFORCE: 'S-DEF-11' },
    shown: { DYNAMICS: 'D-DEF-09', SALESFORCE: 'S-DEF-12' },
    kind: 'contact',
    field: ({ contact }) => contact.phone,
    value: '+1 512 555 0112',
    says: 'phone number',
  },
  {
    required: { DYNAMICS: 'D-DEF-10', SALESFORCE: 'S-DEF-13' },
    shown: { DYNAMICS: 'D-DEF-11', SALESFORCE: 'S-DEF-14' },
    kind: 'contact',
    field: ({ contact }) => contact.email,
    value: 'contact@rules.example',
    says: 'e-mail address',
  },
  {
    required: { DYNAMICS: 'D-DEF-12', SALESFORCE: 'S-DEF-15' },
    shown: { DYNAMICS: 'D-DEF-13', SALESFORCE: 'S-DEF-16' },
    kind: 'lead',
    field: ({ lead }) => lead.phone,
    value: '+1 512 555 0113',
    says: 'phone number',
  },
  {
    required: { DYNAMICS: 'D-DEF-14', SALESFORCE: 'S-DEF-17' },
    shown: { DYNAMICS: 'D-DEF-15', SALESFORCE: 'S-DEF-18' },
    kind: 'lead',
    field: ({ lead }) => lead.email,
    value: 'lead@rules.example',
    says: 'e-mail address',
  },
  {
    required: { DYNAMICS: 'D-DEF-16', SALESFORCE: 'S-DEF-19' },
    shown: { DYNAMICS: 'D-DEF-17', SALESFORCE: 'S-DEF-20' },
    kind: 'lead',
    field: ({ lead }) => lead.company,
    value: 'Litware',
    says: 'company name',
  },
]

for (const { required, shown, kind, field, value, says } of rows) {
  twins(required, `a new ${kind} must have its ${says} only where that is required`, async (crm) => {
    const { entity } = crm.names[kind]
    const name = field(crm.names, crm.provider)
    const without = { values: least(crm, kind), allowDuplicate: true }
    expect(await create(crm, entity, without)).toMatchObject({ __typename: 'CreateRecordSuccess' })

    await switched(crm, entity, name, { required: true })
    expect(fieldOn(await formOf(crm, entity), name).required).toBe(true)
    await crm.control.clearCalls()
    const refused = await create(crm, entity, without)
    expect(refused).toMatchObject({ __typename: 'ValidationError', fields: [{ path: ['input', 'values', name] }] })
    expect(await writes(crm)).toEqual([])

    const values = [...without.values, { name, value }]
    const made = await create(crm, entity, { values, allowDuplicate: true })
    expect(await held(crm, entity, made)).toMatchObject({ [name]: value })
  })

  twins(
    shown,
    `the ${says} is on the form of a new ${kind} unless it is hidden, which then asks for none`,
    async (crm) => {
      const { entity } = crm.names[kind]
      const name = field(crm.names, crm.provider)
      expect(namesOn(await formOf(crm, entity))).toContain(name)
      await switched(crm, entity, name, { showOnForm: false, required: true })
      expect(namesOn(await formOf(crm, entity))).not.toContain(name)
      const made = await create(crm, entity, { values: least(crm, kind), allowDuplicate: true })
      expect(made).toMatchObject({ __typename: 'CreateRecordSuccess' })
    },
  )
}

// ------------------------------------------------------------------------------------------------ which there are

async function switchesOf(crm: RuleCrm): Promise<string[]> {
  const { integration } = await crm.running.execute(
    'query ($id: ID!) { integration(id: $id) { settings { defaultFields { kind name } } } }',
    { id: crm.org.id },
  )
  return integration.settings.defaultFields.map(({ kind, name }: { kind: string; name: string }) => `${kind} ${name}`)
}

twins(
  { DYNAMICS: 'D-DEF-18' },
  'there are these eight fields with two switches each, none for an account e-mail or for names',
  async (crm) => {
    expect((await switchesOf(crm)).toSorted()).toEqual([
      'ACCOUNT accountnumber',
      'ACCOUNT description',
      'ACCOUNT telephone1',
      'CONTACT emailaddress1',
      'CONTACT telephone1',
      'LEAD companyname',
      'LEAD emailaddress1',
      'LEAD telephone1',
    ])
    expect(Object.keys(await crm.document())).not.toContain('personAccountEnabled')
  },
)

twins(
  { SALESFORCE: 'S-DEF-21' },
  'there are these eight fields with two switches each, and those of person accounts and of the account number',
  async (crm) => {
    expect((await switchesOf(crm)).toSorted()).toEqual([
      'ACCOUNT AccountNumber',
      'ACCOUNT PersonEmail',
      'ACCOUNT Phone',
      'CONTACT Email',
      'CONTACT Phone',
      'LEAD Company',
      'LEAD Email',
      'LEAD Phone',
    ])
    expect(await crm.document()).toMatchObject({ personAccountEnabled: true, accountNumberUsed: true })
  },
)

// ------------------------------------------------------------------------------------------------ accounts of Salesforce

twins(
  { SALESFORCE: 'S-DEF-02' },
  'a person account can be made where that is switched on; off, there is no choice, and it is refused',
  async (crm) => {
    const values = [{ name: 'LastName', value: 'Person' }]
    expect((await formOf(crm, 'Account', { accountKind: 'PERSON' })).fields.map(({ name }) => name)).toEqual([
      'FirstName',
      'LastName',
      'PersonEmail',
      'AccountNumber',
      'Phone',
    ])
    const made = await create(crm, 'Account', { accountKind: 'PERSON', values, allowDuplicate: true })
    expect(await held(crm, 'Account', made)).toMatchObject({ LastName: 'Person', IsPersonAccount: true })

    await crm.settings({ personAccountEnabled: false })
    expect((await formOf(crm, 'Account')).accountKinds).toEqual([])
    expect(await formOf(crm, 'Account', { accountKind: 'PERSON' })).toMatchObject({ code: 'NOT_ALLOWED' })
    await crm.control.clearCalls()
    const refused = await create(crm, 'Account', { accountKind: 'PERSON', values })
    expect(refused).toMatchObject({ __typename: 'NotAllowedError' })
    expect(await writes(crm)).toEqual([])
  },
)

twins(
  { SALESFORCE: 'S-DEF-03' },
  'business and person accounts can both be made, and business is picked first',
  async (crm) => {
    const form = await formOf(crm, 'Account')
    expect(form.accountKinds).toEqual(['BUSINESS', 'PERSON'])
    expect(namesOn(form)).toEqual(namesOn(await formOf(crm, 'Account', { accountKind: 'BUSINESS' })))
    const made = await create(crm, 'Account', { values: [{ name: 'Name', value: 'Litware' }], allowDuplicate: true })
    expect(await held(crm, 'Account', made)).toMatchObject({ Name: 'Litware', IsPersonAccount: false })
    expect((await formOf(crm, 'Contact')).accountKinds).toEqual([])
  },
)

twins(
  { SALESFORCE: 'S-DEF-04' },
  'the account number is on no form where it is not used, whatever its own switches say',
  async (crm) => {
    expect(namesOn(await formOf(crm, 'Account'))).toContain('AccountNumber')
    const document = await crm.document()
    const defaultFields = (document['defaultFields'] as { name: string }[]).map((field) =>
      field.name === 'AccountNumber' ? { ...field, required: true, showOnForm: true } : field,
    )
    await crm.settings({ defaultFields, accountNumberUsed: false })
    expect(namesOn(await formOf(crm, 'Account'))).not.toContain('AccountNumber')
    const values = [{ name: 'Name', value: 'Litware' }]
    expect(await create(crm, 'Account', { values, allowDuplicate: true })).toMatchObject({
      __typename: 'CreateRecordSuccess',
    })
  },
)

const personValues = [{ name: 'LastName', value: 'Person' }]

twins(
  { SALESFORCE: 'S-DEF-05' },
  'a new account must have its e-mail address only where that is required',
  async (crm) => {
    const input = { accountKind: 'PERSON', values: personValues, allowDuplicate: true } as const
    expect(await create(crm, 'Account', input)).toMatchObject({ __typename: 'CreateRecordSuccess' })
    await switched(crm, 'Account', 'PersonEmail', { required: true })
    await crm.control.clearCalls()
    expect(await create(crm, 'Account', input)).toMatchObject({
      __typename: 'ValidationError',
      fields: [{ path: ['input', 'values', 'PersonEmail'] }],
    })
    expect(await writes(crm)).toEqual([])
    const values = [...personValues, { name: 'PersonEmail', value: 'person@rules.example' }]
    const made = await create(crm, 'Account', { ...input, values })
    expect(await held(crm, 'Account', made)).toMatchObject({ PersonEmail: 'person@rules.example' })
  },
)

twins(
  { SALESFORCE: 'S-DEF-06' },
  'the e-mail address is on the form of a new account unless it is hidden; of a business, where a field was named for it',
  async (crm) => {
    expect(namesOn(await formOf(crm, 'Account', { accountKind: 'PERSON' }))).toContain('PersonEmail')
    expect(namesOn(await formOf(crm, 'Account'))).not.toContain('PersonEmail')
    await crm.settings({ accountEmailField: 'Site' })
    const { running: gateway } = crm
    const { id: conversationId } = await startConversation(gateway, 'CHAT', { email: 'office@rules.example' })
    const form = await formOf(crm, 'Account', { conversationId })
    expect(fieldOn(form, 'Site')).toMatchObject({ label: 'Email', type: 'EMAIL', defaultValue: 'office@rules.example' })
    const values = [
      { name: 'Name', value: 'Litware' },
      { fieldId: fieldOn(form, 'Site').id, value: 'office@rules.example' },
    ]
    const made = await create(crm, 'Account', { values, allowDuplicate: true })
    expect(await held(crm, 'Account', made)).toMatchObject({ Site: 'office@rules.example' })

    await switched(crm, 'Account', 'PersonEmail', { showOnForm: false })
    expect(namesOn(await formOf(crm, 'Account', { accountKind: 'PERSON' }))).not.toContain('PersonEmail')
  },
)
