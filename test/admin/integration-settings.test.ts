import { expect, test } from 'vitest'
import { createRecord } from '../gateway/creating.ts'
import { entityTypeOf, orgsOf, type Provider, providers, searchRecords } from '../gateway/searching.ts'
import { sectionNames } from './admin-app.ts'
import { type AdminCrm, openAdminRules } from './admin-rules.ts'
import { choose, flip, pick, refusedAt, save, switchOf } from './settings-forms.ts'

const rules = openAdminRules('integration')
const { twins } = rules

const orgOf = async ({ app, provider }: AdminCrm) => (await orgsOf(app.gateway))[provider]

async function permissionsOf(crm: AdminCrm): Promise<{ searchable: boolean[]; creatable: boolean[] }> {
  const { entityTypes } = await crm.document()
  const of = (may: string) => entityTypes.map((it: Record<string, boolean>) => it[may])
  return { searchable: of('searchable'), creatable: of('creatable') }
}

// ------------------------------------------------------------------------------------------------ the page

twins(
  { DYNAMICS: 'D-INT-01', SALESFORCE: 'S-INT-01' },
  'the permissions of account, contact and lead are there, all on, and automatic chat push, off',
  async (page) => {
    for (const kind of ['Account', 'Contact', 'Lead']) {
      await expect.poll(() => switchOf(page, `Allow ${kind} Search`).isChecked()).toBe(true)
      await expect.poll(() => switchOf(page, `Allow ${kind} Creation`).isChecked()).toBe(true)
    }
    await expect.poll(() => switchOf(page, 'Allow Auto Chat Push').isChecked()).toBe(false)
  },
)

twins({ DYNAMICS: 'D-INT-02' }, 'each section opens from its own link, with the values in force', async (page, crm) => {
  await crm.settings({ allowNewCreation: true })
  await page.reload()
  const sections = page.getByRole('navigation', { name: 'Sections' })
  for (const label of sectionNames.slice(1)) {
    await sections.getByRole('link', { name: label }).click()
    await page.getByRole('heading', { level: 1, name: label }).waitFor()
  }
  await sections.getByRole('link', { name: 'Integration settings' }).click()
  await page.getByRole('form', { name: 'Integration settings' }).waitFor()
  await expect.poll(() => switchOf(page, 'Allow New Creation').isChecked()).toBe(true)
})

// ------------------------------------------------------------------------------------------------ permissions

const permissionRows = [
  { kind: 'Account', place: 0, search: ['D-INT-03', 'S-INT-02'], create: ['D-INT-04', 'S-INT-03'] },
  { kind: 'Contact', place: 1, search: ['D-INT-05', 'S-INT-04'], create: ['D-INT-06', 'S-INT-05'] },
  { kind: 'Lead', place: 2, search: ['D-INT-07', 'S-INT-06'], create: ['D-INT-08', 'S-INT-07'] },
] as const

const rowsOf = ([dynamics, salesforce]: readonly [string, string]) => ({ DYNAMICS: dynamics, SALESFORCE: salesforce })

for (const { kind, place, search, create } of permissionRows) {
  twins(
    rowsOf(search),
    `Allow ${kind} Search is a switch, on at first; off is what the API answers then`,
    async (page, crm) => {
      const entityTypeIds = [entityTypeOf(await orgOf(crm), kind.toUpperCase())]
      const found = () => searchRecords(crm.app.gateway, { term: 'Clarke', entityTypeIds })
      await expect.poll(() => switchOf(page, `Allow ${kind} Search`).isChecked()).toBe(true)
      expect(await found()).toMatchObject({ __typename: 'SearchRecordsSuccess' })
      await flip(page, `Allow ${kind} Search`)
      await save(page)
      await expect.poll(() => switchOf(page, `Allow ${kind} Search`).isChecked()).toBe(false)
      expect(await found()).toMatchObject({ code: 'NOT_ALLOWED' })
      const { searchable, creatable } = await permissionsOf(crm)
      expect(searchable.map((on, index) => on === (index !== place))).not.toContain(false)
      expect(creatable).not.toContain(false)
    },
  )

  twins(
    rowsOf(create),
    `Allow ${kind} Creation is a switch, on at first; off is what the API answers then`,
    async (page, crm) => {
      await expect.poll(() => switchOf(page, `Allow ${kind} Creation`).isChecked()).toBe(true)
      await flip(page, `Allow ${kind} Creation`)
      await save(page)
      await expect.poll(() => switchOf(page, `Allow ${kind} Creation`).isChecked()).toBe(false)
      const made = await createRecord(crm.app.gateway, await orgOf(crm), kind.toUpperCase(), { values: [] })
      expect(made).toMatchObject({ code: 'NOT_ALLOWED' })
      const { searchable, creatable } = await permissionsOf(crm)
      expect(creatable.map((on, index) => on === (index !== place))).not.toContain(false)
      expect(searchable).not.toContain(false)
    },
  )
}

// ------------------------------------------------------------------------------------------------ search order

twins(
  { DYNAMICS: 'D-INT-10', SALESFORCE: 'S-INT-08' },
  'Search Order is a list of phone, e-mail and full name that is put in order',
  async (page, crm) => {
    const names = page.getByRole('list', { name: 'Search Order' }).getByRole('listitem')
    await expect.poll(() => names.allTextContents()).toEqual(['Phone', 'Email', 'Full name'])
    await page.getByRole('button', { name: 'Move Full name up' }).click()
    await page.getByRole('button', { name: 'Move Phone down' }).click()
    await page.getByRole('button', { name: 'Move Phone down' }).click()
    await expect.poll(() => names.allTextContents()).toEqual(['Full name', 'Email', 'Phone'])
    await save(page)
    expect((await crm.document()).searchOrder).toEqual(['FULL_NAME', 'EMAIL', 'PHONE'])
    await page.reload()
    await names.first().waitFor()
    await expect.poll(() => names.allTextContents()).toEqual(['Full name', 'Email', 'Phone'])
  },
)

// ------------------------------------------------------------------------------------------------ booleans

const booleans = [
  [{ DYNAMICS: 'D-INT-11' }, 'Allow New Creation', 'allowNewCreation'],
  [{ DYNAMICS: 'D-INT-12' }, 'Allow Activity Closing', 'allowActivityClosing'],
  [{ SALESFORCE: 'S-INT-09' }, 'Allow Activity Subject Change', 'allowActivitySubjectChange'],
  [{ DYNAMICS: 'D-INT-14' }, 'Allow Fetch CRM Data', 'fetchCrmData'],
  [{ SALESFORCE: 'S-INT-11' }, 'Allow Fetch CRM Data for SMS', 'fetchCrmData'],
] as const satisfies [Partial<Record<Provider, string>>, string, string][]

for (const [row, label, member] of booleans) {
  twins(row, `${label} is a switch, off at first, and what is saved is what the API answers`, async (page, crm) => {
    await expect.poll(() => switchOf(page, label).isChecked()).toBe(false)
    for (const on of [true, false]) {
      await flip(page, label)
      await save(page)
      expect((await crm.document())[member]).toBe(on)
      await expect.poll(() => switchOf(page, label).isChecked()).toBe(on)
    }
  })
}

twins({ SALESFORCE: 'S-INT-10' }, 'Subject Suffix is a text; empty, there is none', async (page, crm) => {
  const suffix = page.getByRole('textbox', { name: 'Subject Suffix' })
  await suffix.fill(' Support ')
  await page.getByText('Alive Chat with Ada Lovelace | Support').waitFor()
  await save(page)
  expect((await crm.document()).subjectSuffix).toBe('Support')
  await expect.poll(() => suffix.inputValue()).toBe('Support')
  await suffix.fill('')
  await save(page)
  expect((await crm.document()).subjectSuffix).toBeNull()
})

twins(
  { SALESFORCE: 'S-SUB-03' },
  'switching subjects on without the backend field says what is missing, and leads there',
  async (page, crm) => {
    const missing = page.getByText('This needs a backend field Subject with the entity type Activity')
    await expect.poll(() => missing.count()).toBe(0)
    await flip(page, 'Allow Activity Subject Change')
    await missing.waitFor()
    await save(page)
    await page.getByRole('link', { name: 'Go to the backend fields' }).click()
    await page.getByRole('heading', { level: 1, name: 'Backend fields' }).waitFor()
    const subject = {
      target: 'ACTIVITY',
      name: 'Subject',
      variableType: 'INPUT',
      fieldType: 'OPTION_SET',
      label: 'Subject',
    }
    await crm.settings({ allowActivitySubjectChange: true, backendFields: [{ ...subject, overwrite: false }] })
    await crm.open()
    await switchOf(page, 'Allow Activity Subject Change').waitFor()
    await expect.poll(() => missing.count()).toBe(0)
  },
)

test('a number of the session that cannot be is refused at its input, in words that say which can', async () => {
  const crm = rules.crm('SALESFORCE')
  await crm.settings({})
  const page = await crm.open()
  const minutes = page.getByRole('textbox', { name: 'Minutes without a call' })
  await minutes.fill('0')
  expect(await refusedAt(page, minutes)).toContain('Give a whole number from 1 to 1440.')
  await minutes.fill('45')
  await save(page)
  expect((await crm.document()).sessionIdleMinutes).toBe(45)
})

// ------------------------------------------------------------------------------------------------ one CRM's own

const differences = [
  ['X-DIF-06', 'Allow New Creation is a switch for Dynamics alone', 'Allow New Creation', 'DYNAMICS'],
  ['X-DIF-07', 'Allow Activity Closing is a switch for Dynamics alone', 'Allow Activity Closing', 'DYNAMICS'],
  ['X-DIF-08', 'Chats Save To is chosen for Dynamics alone', 'Chats Save To', 'DYNAMICS'],
  [
    'X-DIF-09',
    'Allow Activity Subject Change is a switch for Salesforce alone',
    'Allow Activity Subject Change',
    'SALESFORCE',
  ],
  ['X-DIF-10', 'a Subject Suffix is given for Salesforce alone', 'Subject Suffix', 'SALESFORCE'],
] as const

for (const [row, outcome, label, owner] of differences) {
  test(`${row} ${outcome}`, async () => {
    for (const provider of providers) {
      const page = await rules.crm(provider).open()
      await switchOf(page, 'Allow Account Search').waitFor()
      const inputs = page
        .getByRole('switch', { name: label })
        .or(page.getByRole('radiogroup', { name: label }))
        .or(page.getByRole('textbox', { name: label }))
      await expect.poll(() => inputs.count()).toBe(provider === owner ? 1 : 0)
    }
  })
}

test('X-DIF-12 text messages are matched by phone or by account ID, for both CRMs', async () => {
  for (const provider of providers) {
    const crm = rules.crm(provider)
    await crm.settings({})
    const page = await crm.open()
    await flip(page, 'Allow Auto SMS Push')
    const identifier = page.getByRole('combobox', { name: 'Compared with the visitor' })
    await expect.poll(() => identifier.inputValue()).toBe('Phone')
    await choose(page, identifier, 'Account ID')
    await choose(page, page.getByRole('combobox', { name: 'Entity', exact: true }), 'Account')
    await pick(
      page,
      page.getByRole('combobox', { name: 'Entity Field to Map' }),
      provider === 'DYNAMICS' ? 'name' : 'Name',
    )
    await save(page)
    expect((await crm.document()).autoSmsPush).toMatchObject({ enabled: true, identifier: 'ACCOUNT_ID' })
  }
})
