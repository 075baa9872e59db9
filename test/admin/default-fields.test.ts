import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { formOf } from '../gateway/creating.ts'
import { orgsOf, type Provider, providers } from '../gateway/searching.ts'
import { type AdminCrm, openAdminRules } from './admin-rules.ts'
import { flip, pick, refusedAt, save, switchOf } from './settings-forms.ts'

const rules = openAdminRules('default-fields')
const { twins } = rules

/** The field on the create form of agents, as the API answers it. */
async function onForm({ app, provider }: AdminCrm, kind: string, name: string) {
  const { fields } = await formOf(app.gateway, (await orgsOf(app.gateway))[provider], kind)
  return fields.find((field) => field.name === name)
}

const switches = (page: Page) => page.getByRole('table').getByRole('switch')
const labelsOf = (page: Page) =>
  switches(page).evaluateAll((elements) => elements.map((element) => element.getAttribute('aria-label')))

// ------------------------------------------------------------------------------------------------ each pair of switches

/** A text field of an account that an admin names for its e-mail address. */
const emailField = 'Site'

interface Row {
  required: Partial<Record<Provider, string>>
  shown: Partial<Record<Provider, string>>
  kind: 'ACCOUNT' | 'CONTACT' | 'LEAD'
  label: string
  name: Partial<Record<Provider, string>>
}

const rows: readonly Row[] = [
  {
    required: { SALESFORCE: 'S-DEF-05' },
    shown: { SALESFORCE: 'S-DEF-06' },
    kind: 'ACCOUNT',
    label: 'Account Email',
    name: { SALESFORCE: emailField },
  },
  {
    required: { DYNAMICS: 'D-DEF-02', SALESFORCE: 'S-DEF-07' },
    shown: { DYNAMICS: 'D-DEF-03', SALESFORCE: 'S-DEF-08' },
    kind: 'ACCOUNT',
    label: 'Account Number',
    name: { DYNAMICS: 'accountnumber', SALESFORCE: 'AccountNumber' },
  },
  {
    required: { DYNAMICS: 'D-DEF-04', SALESFORCE: 'S-DEF-09' },
    shown: { DYNAMICS: 'D-DEF-05', SALESFORCE: 'S-DEF-10' },
    kind: 'ACCOUNT',
    label: 'Account Phone',
    name: { DYNAMICS: 'telephone1', SALESFORCE: 'Phone' },
  },
  {
    required: { DYNAMICS: 'D-DEF-06' },
    shown: { DYNAMICS: 'D-DEF-07' },
    kind: 'ACCOUNT',
    label: 'Account Description',
    name: { DYNAMICS: 'description' },
  },
  {
    required: { DYNAMICS: 'D-DEF-08', SALESFORCE: 'S-DEF-11' },
    shown: { DYNAMICS: 'D-DEF-09', SALESFORCE: 'S-DEF-12' },
    kind: 'CONTACT',
    label: 'Contact Phone',
    name: { DYNAMICS: 'telephone1', SALESFORCE: 'Phone' },
  },
  {
    required: { DYNAMICS: 'D-DEF-10', SALESFORCE: 'S-DEF-13' },
    shown: { DYNAMICS: 'D-DEF-11', SALESFORCE: 'S-DEF-14' },
    kind: 'CONTACT',
    label: 'Contact Email',
    name: { DYNAMICS: 'emailaddress1', SALESFORCE: 'Email' },
  },
  {
    required: { DYNAMICS: 'D-DEF-12', SALESFORCE: 'S-DEF-15' },
    shown: { DYNAMICS: 'D-DEF-13', SALESFORCE: 'S-DEF-16' },
    kind: 'LEAD',
    label: 'Lead Phone',
    name: { DYNAMICS: 'telephone1', SALESFORCE: 'Phone' },
  },
  {
    required: { DYNAMICS: 'D-DEF-14', SALESFORCE: 'S-DEF-17' },
    shown: { DYNAMICS: 'D-DEF-15', SALESFORCE: 'S-DEF-18' },
    kind: 'LEAD',
    label: 'Lead Email',
    name: { DYNAMICS: 'emailaddress1', SALESFORCE: 'Email' },
  },
  {
    required: { DYNAMICS: 'D-DEF-16', SALESFORCE: 'S-DEF-19' },
    shown: { DYNAMICS: 'D-DEF-17', SALESFORCE: 'S-DEF-20' },
    kind: 'LEAD',
    label: 'Lead Company',
    name: { DYNAMICS: 'companyname', SALESFORCE: 'Company' },
  },
]

/** The e-mail address of a business account has a field where an admin names one. */
async function prepared(page: Page, crm: AdminCrm, label: string): Promise<void> {
  if (label !== 'Account Email') return
  await crm.settings({ accountEmailField: emailField })
  await page.reload()
}

for (const { required, shown, kind, label, name } of rows) {
  const nameOf = ({ provider }: AdminCrm) => name[provider] ?? ''

  twins(required, `${label} Required is a switch, off at first; on, agents must fill it in`, async (page, crm) => {
    await prepared(page, crm, label)
    await expect.poll(() => switchOf(page, `${label} Required`).isChecked()).toBe(false)
    expect(await onForm(crm, kind, nameOf(crm))).toMatchObject({ required: false })
    await flip(page, `${label} Required`)
    await save(page)
    await expect.poll(() => switchOf(page, `${label} Required`).isChecked()).toBe(true)
    expect(await onForm(crm, kind, nameOf(crm))).toMatchObject({ required: true })
  })

  twins(shown, `${label} Show on Form is a switch, on at first; off, the form is without it`, async (page, crm) => {
    await prepared(page, crm, label)
    await expect.poll(() => switchOf(page, `${label} Show on Form`).isChecked()).toBe(true)
    expect(await onForm(crm, kind, nameOf(crm))).toBeDefined()
    await flip(page, `${label} Show on Form`)
    await save(page)
    await expect.poll(() => switchOf(page, `${label} Show on Form`).isChecked()).toBe(false)
    expect(await onForm(crm, kind, nameOf(crm))).toBeUndefined()
  })
}

twins(
  { DYNAMICS: 'D-DEF-01', SALESFORCE: 'S-DEF-01' },
  'required and show on form are apart; what is required but hidden is told of beside it, and when it is saved',
  async (page, crm) => {
    await flip(page, 'Contact Phone Required')
    await expect.poll(() => switchOf(page, 'Contact Phone Show on Form').isChecked()).toBe(true)
    await flip(page, 'Contact Phone Show on Form')
    const row = page.getByRole('region', { name: 'Contact' }).getByRole('row', { name: 'Phone' })
    await row.getByText('Required, but not on the form').waitFor()
    await save(page)
    await page.getByText('is required, but not on the form').first().waitFor()
    const { defaultFields } = await crm.document()
    const changed = defaultFields.filter(
      (it: { required: boolean; showOnForm: boolean }) => it.required || !it.showOnForm,
    )
    expect(changed).toMatchObject([{ required: true, showOnForm: false }])
  },
)

// ------------------------------------------------------------------------------------------------ which there are

const both = (labels: string[]) => labels.flatMap((label) => [`${label} Required`, `${label} Show on Form`])
const ofPeople = ['Contact Phone', 'Contact Email', 'Lead Phone', 'Lead Email', 'Lead Company']

twins({ DYNAMICS: 'D-DEF-18' }, 'there are exactly these 16 switches', async (page) => {
  await switches(page).first().waitFor()
  await expect
    .poll(() => labelsOf(page))
    .toEqual(both(['Account Number', 'Account Phone', 'Account Description', ...ofPeople]))
  await expect.poll(() => page.getByRole('form').getByRole('switch').count()).toBe(16)
})

twins(
  { SALESFORCE: 'S-DEF-21' },
  'there are exactly these 16 switches, person accounts and the account number',
  async (page) => {
    await switches(page).first().waitFor()
    await expect
      .poll(() => labelsOf(page))
      .toEqual(both(['Account Email', 'Account Number', 'Account Phone', ...ofPeople]))
    await expect.poll(() => page.getByRole('form').getByRole('switch').count()).toBe(18)
  },
)

const differences = [
  ['X-DIF-14', 'person accounts are switched for Salesforce alone', 'Is Person Account Enabled', 'SALESFORCE'],
  [
    'X-DIF-15',
    'whether account numbers are used is switched for Salesforce alone',
    'Is Account Number Used',
    'SALESFORCE',
  ],
  ['X-DIF-16', 'an account has switches of its e-mail for Salesforce alone', 'Account Email Required', 'SALESFORCE'],
  [
    'X-DIF-17',
    'an account has switches of its description for Dynamics alone',
    'Account Description Required',
    'DYNAMICS',
  ],
] as const

for (const [row, outcome, label, owner] of differences) {
  test(`${row} ${outcome}`, async () => {
    for (const provider of providers) {
      const page = await rules.crm(provider).open()
      await switches(page).first().waitFor()
      await expect.poll(() => switchOf(page, label).count()).toBe(provider === owner ? 1 : 0)
    }
  })
}

// ------------------------------------------------------------------------------------------------ accounts of Salesforce

async function accountKinds({ app, provider }: AdminCrm): Promise<string[]> {
  const org = (await orgsOf(app.gateway))[provider]
  const entityTypeId = org.entityTypes.find(({ kind }) => kind === 'ACCOUNT')?.id
  const { recordForm } = await app.gateway.execute(
    `query ($integrationId: ID!, $entityTypeId: ID!) {
      recordForm(integrationId: $integrationId, entityTypeId: $entityTypeId) { ... on RecordForm { accountKinds } }
    }`,
    { integrationId: org.id, entityTypeId },
  )
  return recordForm.accountKinds
}

twins(
  { SALESFORCE: 'S-DEF-02' },
  'with Is Person Account Enabled off, agents have no choice of the kind',
  async (page, crm) => {
    await flip(page, 'Is Person Account Enabled')
    await save(page)
    expect(await accountKinds(crm)).toEqual([])
    expect((await crm.document()).personAccountEnabled).toBe(false)
    await flip(page, 'Is Person Account Enabled')
    await save(page)
    expect(await accountKinds(crm)).toContain('PERSON')
  },
)

twins({ SALESFORCE: 'S-DEF-03' }, 'both kinds of account can be made at first', async (page, crm) => {
  await expect.poll(() => switchOf(page, 'Is Person Account Enabled').isChecked()).toBe(true)
  expect(await accountKinds(crm)).toEqual(['BUSINESS', 'PERSON'])
})

twins(
  { SALESFORCE: 'S-DEF-04' },
  'with Is Account Number Used off, the form has no account number, whatever its own switches say',
  async (page, crm) => {
    await expect.poll(() => switchOf(page, 'Is Account Number Used').isChecked()).toBe(true)
    expect(await onForm(crm, 'ACCOUNT', 'AccountNumber')).toBeDefined()
    await flip(page, 'Is Account Number Used')
    // By its switch: what is said in a row is part of the row's name.
    const row = page.getByRole('row').filter({ has: switchOf(page, 'Account Number Required') })
    await row.getByText('Is Account Number Used is off').waitFor()
    await save(page)
    await expect.poll(() => switchOf(page, 'Account Number Show on Form').isChecked()).toBe(true)
    expect(await onForm(crm, 'ACCOUNT', 'AccountNumber')).toBeUndefined()
  },
)

test('the e-mail address of business accounts is in a field that an admin picks, and that the org has', async () => {
  const crm = rules.crm('SALESFORCE')
  await crm.settings({})
  const page = await crm.open()
  const field = page.getByRole('combobox', { name: 'Email field of business accounts' })
  await field.fill('Emial__c')
  await page.getByRole('option', { name: 'Use “Emial__c” as typed' }).click()
  expect(await refusedAt(page, field)).toContain('Emial__c')
  await pick(page, field, emailField)
  await save(page)
  expect((await crm.document()).accountEmailField).toBe(emailField)
})
