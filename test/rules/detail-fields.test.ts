import { expect } from 'vitest'
import type { Provider } from '../gateway/searching.ts'
import { addField, faultsOf, reorder } from '../gateway/setting-up.ts'
import { contactField, details, industryField, labelsOf, one, open } from './support/details.ts'
import { entityIdOf, makeContact } from './support/forms.ts'
import { kindIn, look, newWord, putAccount, revenueField, type Value } from './support/looking.ts'
import { openRules, type RuleCrm } from './support/rules.ts'
import { lookupFields } from './support/typed-fields.ts'

const { twins } = openRules()

const both = (row: string) => ({ DYNAMICS: `D-DET-${row}`, SALESFORCE: `S-DET-${row}` })

/** What the guide says of each CRM (D-DET-02 to 04, S-DET-02 to 04). */
const defaults: Record<Provider, Record<'ACCOUNT' | 'CONTACT' | 'LEAD', readonly string[]>> = {
  DYNAMICS: {
    ACCOUNT: ['name', 'accountnumber', 'telephone1', 'description'],
    CONTACT: ['fullname', 'emailaddress1', 'telephone1'],
    LEAD: ['fullname', 'companyname', 'telephone1', 'emailaddress1'],
  },
  SALESFORCE: {
    ACCOUNT: ['Name', 'Phone'],
    CONTACT: ['FirstName', 'LastName', 'Email', 'Phone', 'AccountId'],
    LEAD: ['FirstName', 'LastName', 'Company', 'Email', 'Phone'],
  },
}

/** Tries to add a detail field of the account; answers what is wrong with it, and changes nothing where all is well. */
async function faultsOfField(
  crm: RuleCrm,
  { entityType, ...field }: { entityType: string; [member: string]: unknown },
): Promise<string[]> {
  const entityTypeId = await entityIdOf(crm, entityType)
  const version = await crm.version()
  const answer = await addField(crm.running, 'DetailField', crm.org.id, version, { entityTypeId, ...field })
  if (answer.__typename === 'SettingsSuccess') await crm.settings({})
  else expect(answer.__typename).toBe('ValidationError')
  return faultsOf(answer)
}

// ------------------------------------------------------------------------------------------------ what is shown

twins(both('01'), 'a detail field follows the built-in details', async (crm) => {
  const name = newWord()
  await putAccount(crm, name, 700)
  await crm.settings({ detailFields: [revenueField(crm)] })
  const shown = await details(crm, name)
  expect(shown.map((field) => field.name)).toEqual([...defaults[crm.provider].ACCOUNT, crm.names.accountField.revenue])
  expect(one(shown, 'Revenue')?.raw).toBe(700)
})

for (const [kind, row, difference] of [
  ['ACCOUNT', '02', 'X-DIF-23'],
  ['CONTACT', '03', 'X-DIF-24'],
  ['LEAD', '04', 'X-DIF-25'],
] as const) {
  const check = async (crm: RuleCrm) => {
    const { hits } = await look(crm, { term: 'a', first: 1, ...kindIn(crm, kind) })
    const { record } = await open(crm, hits[0]?.record.id ?? '', await crm.agent())
    expect(record?.fields.map((field) => field.name)).toEqual(defaults[crm.provider][kind])
  }
  twins(both(row), `without detail fields, these are the details of ${kind}, in this order`, check)
  twins({ DYNAMICS: difference }, `the details of ${kind} in Dynamics`, check)
  twins({ SALESFORCE: difference }, `the details of ${kind} in Salesforce`, check)
}

twins(both('05'), 'the label of the setting is shown', async (crm) => {
  const name = newWord()
  await putAccount(crm, name)
  await crm.settings({ detailFields: [{ ...revenueField(crm), label: 'Money made' }] })
  expect(labelsOf(await details(crm, name))).toContain('Money made')
})

twins(both('06'), 'a name that the org does not have is refused', async (crm) => {
  const { revenue } = crm.names.accountField
  expect(await faultsOfField(crm, { ...revenueField(crm), name: `${revenue}x` })).toEqual(['field.name'])
  expect(await faultsOfField(crm, revenueField(crm))).toEqual([])
})

twins(both('07'), 'a detail field is of its entity type only', async (crm) => {
  // Contacts have such a field too.
  const name = crm.provider === 'DYNAMICS' ? 'fax' : 'Fax'
  const detailFields = [{ entityType: crm.names.account.entity, name, label: 'Fax number', fieldType: 'TEXT' }]
  await crm.settings({ detailFields })
  const { last } = await makeContact(crm, newWord())
  expect(labelsOf(await details(crm, last, 'CONTACT'))).not.toContain('Fax number')
  const account = newWord()
  await putAccount(crm, account)
  expect(labelsOf(await details(crm, account))).toContain('Fax number')
})

const industries: Record<Provider, { value: string; label: string; raw: unknown }> = {
  DYNAMICS: { value: '1', label: 'Accounting', raw: 1 },
  SALESFORCE: { value: 'Banking', label: 'Banking', raw: 'Banking' },
}

/** An account that holds a value of several types. */
async function putWithDetails(crm: RuleCrm, name: string, contactId: string): Promise<void> {
  const { industry } = crm.names.accountField
  const { related, name: lookup } = lookupFields[crm.provider]
  const more: Value[] = [
    { name: industry, type: 'OPTION_SET', value: industries[crm.provider].value },
    { name: lookup, type: 'LOOKUP', value: '', reference: { entityName: related, remoteId: contactId } },
  ]
  await putAccount(crm, name, 700, more)
}

twins(
  both('08'),
  'a value is shown by its type: an option by its label, a look-up by the name of its record',
  async (crm) => {
    const name = newWord()
    const contact = await makeContact(crm, newWord())
    await putWithDetails(crm, name, contact.id)
    await crm.settings({ detailFields: [revenueField(crm), industryField(crm), contactField(crm)] })
    const shown = await details(crm, name)
    const { label, raw } = industries[crm.provider]
    expect(one(shown, 'Revenue')).toMatchObject({ type: 'CURRENCY', value: expect.stringContaining('700'), raw: 700 })
    expect(one(shown, 'Industry')).toMatchObject({ type: 'OPTION_SET', value: label, raw })
    expect(one(shown, 'Primary Contact')).toMatchObject({
      ...{ type: 'LOOKUP', value: `${contact.first} ${contact.last}`, raw: contact.id },
      reference: { name: `${contact.first} ${contact.last}`, remoteId: contact.id },
    })
    await crm.settings({})
    expect(await faultsOfField(crm, { ...industryField(crm), fieldType: 'CURRENCY' })).toEqual(['field.fieldType'])
  },
)

twins(both('12'), 'a result has the action DETAIL, which leads to the details', async (crm) => {
  const name = newWord()
  await putAccount(crm, name)
  const { searchRecords } = await crm.running.execute(
    `query ($input: SearchRecordsInput!) {
      searchRecords(input: $input) { ... on SearchRecordsSuccess { hits { actions record { id } } } }
    }`,
    { input: { term: name, integrationIds: [crm.org.id] } },
    await crm.agent(),
  )
  const [hit] = searchRecords.hits
  expect(hit.actions).toContain('DETAIL')
  expect((await open(crm, hit.record.id, await crm.agent())).record?.name).toBe(name)
})

const textDefinition = { DYNAMICS: { type: 'String', maxLength: 100 }, SALESFORCE: { type: 'string' } }

twins(both('13'), 'fifty detail fields are all shown, and read from the CRM at once', async (crm) => {
  const { entity } = crm.names.account
  const names = Array.from({ length: 50 }, (_, index) =>
    crm.provider === 'DYNAMICS' ? `new_detail${index}` : `Detail_${index}__c`,
  )
  for (const field of names) {
    await crm.control.changeMetadata({ entity, field, set: { label: field, ...textDefinition[crm.provider] } })
  }
  const detailFields = names.map((name, index) => ({
    entityType: entity,
    name,
    label: `Detail ${index}`,
    fieldType: 'TEXT',
  }))
  await crm.settings({ detailFields })
  const name = newWord()
  await putAccount(crm, name, undefined, [{ name: names[49] ?? '', type: 'TEXT', value: 'The last one' }])
  const { hits } = await look(crm, { term: name, ...kindIn(crm, 'ACCOUNT') })
  const bearer = await crm.agent()
  await crm.control.clearCalls()
  const { record } = await open(crm, hits[0]?.record.id ?? '', bearer)
  expect(labelsOf(record?.fields ?? []).slice(-50)).toEqual(detailFields.map(({ label }) => label))
  expect(record?.fields.at(-1)?.value).toBe('The last one')
  expect(await crm.control.calls()).toHaveLength(1)
})

twins(
  both('14'),
  'built-in and added details have the values of the record; what is empty is shown as empty',
  async (crm) => {
    const name = newWord()
    await putAccount(crm, name, 700)
    await crm.settings({ detailFields: [revenueField(crm), industryField(crm)] })
    const shown = await details(crm, name)
    expect(shown[0]).toMatchObject({ name: crm.names.account.name, value: name })
    expect(shown.find((field) => field.name === crm.names.account.phone)).toMatchObject({ value: null, raw: null })
    expect(one(shown, 'Revenue')?.raw).toBe(700)
    expect(one(shown, 'Industry')).toMatchObject({ value: null, raw: null })
  },
)

twins(both('15'), 'without a filter the field is in the details', async (crm) => {
  const name = newWord()
  await putAccount(crm, name, 700)
  await crm.settings({ detailFields: [revenueField(crm)] })
  expect(one(await details(crm, name), 'Revenue')?.raw).toBe(700)
})

// ------------------------------------------------------------------------------------------------ searching by them

const accountsNamed = async (crm: RuleCrm, term: string) => (await look(crm, { term, ...kindIn(crm, 'ACCOUNT') })).names

for (const [row, outcome] of [
  ['09', 'a filter narrows what searches fetch to records that are equal to it'],
  ['18', 'the filtered results are those of the unfiltered ones that pass the filter'],
] as const) {
  twins(both(row), outcome, async (crm) => {
    const word = newWord()
    await putAccount(crm, `${word} rich`, 500)
    await putAccount(crm, `${word} richer`, 600)
    await putAccount(crm, `${word} unknown`)
    const all = await accountsNamed(crm, word)
    expect(all).toEqual([`${word} rich`, `${word} richer`, `${word} unknown`])
    await crm.settings({ detailFields: [revenueField(crm, '500')] })
    expect(await accountsNamed(crm, word)).toEqual([`${word} rich`])
  })
}

twins(
  both('17'),
  'with a filter any value may be the term, its own value is none, and identifiers are narrowed too',
  async (crm) => {
    const word = newWord()
    const amount = 40_000 + Math.floor(Math.random() * 50_000)
    const phone = `+1 214 558 ${String(amount).slice(-4)}`
    const called: Value = { name: crm.names.account.phone, type: 'PHONE', value: phone }
    await putAccount(crm, `${word} inside`, amount, [called])
    await putAccount(crm, `${word} outside`, amount + 1, [called])
    const byPhone = async () => (await look(crm, { phone, ...kindIn(crm, 'ACCOUNT') })).names
    expect(await byPhone()).toEqual([`${word} inside`, `${word} outside`])
    await crm.settings({ detailFields: [revenueField(crm, String(amount))] })
    expect(await accountsNamed(crm, word)).toEqual([`${word} inside`])
    expect(await accountsNamed(crm, `${word} outside`)).toEqual([])
    expect(await accountsNamed(crm, String(amount))).toEqual([])
    expect(await byPhone()).toEqual([`${word} inside`])
  },
)

twins(both('10'), 'a filter without a value is refused', async (crm) => {
  const { filter } = revenueField(crm, '500')
  const empty = { ...revenueField(crm), filter: { ...filter, value: ' ' } }
  expect(await faultsOfField(crm, empty)).toEqual(['field.filter.value'])
  expect(await faultsOfField(crm, revenueField(crm, '500'))).toEqual([])
})

twins(both('11'), 'a filter of a look-up names the related entity and a value', async (crm) => {
  const { name: field, related } = lookupFields[crm.provider]
  const withFilter = (filter: object) => ({ ...contactField(crm), filter: { field, ...filter } })
  expect(await faultsOfField(crm, withFilter({ value: 'Fox' }))).toEqual(['field.filter.relatedEntity'])
  expect(await faultsOfField(crm, withFilter({ value: '', relatedEntity: related }))).toEqual(['field.filter.value'])
  expect(await faultsOfField(crm, withFilter({ value: 'Fox', relatedEntity: related }))).toEqual([])
})

twins(both('16'), 'without a filter, a value of the field finds the records that hold it', async (crm) => {
  const word = newWord()
  const amount = 40_000 + Math.floor(Math.random() * 50_000)
  await putAccount(crm, `${word} one`, amount)
  await putAccount(crm, `${word} two`, amount)
  await putAccount(crm, `${word} other`, amount + 1)
  await crm.settings({ detailFields: [revenueField(crm)] })
  expect(await accountsNamed(crm, String(amount))).toEqual([`${word} one`, `${word} two`])
})

// ------------------------------------------------------------------------------------------------ order

const siteField = (crm: RuleCrm) => ({
  entityType: crm.names.account.entity,
  name: 'Site',
  label: 'Site',
  fieldType: 'TEXT',
})

twins(both('19'), 'the order of the details is the one that the admin gives them', async (crm) => {
  const name = newWord()
  await putAccount(crm, name)
  await crm.settings({ detailFields: [revenueField(crm), industryField(crm), contactField(crm)] })
  const { integration } = await crm.running.execute(
    'query ($id: ID!, $of: ID!) { integration(id: $id) { settings { detailFields(entityTypeId: $of) { id label } } } }',
    { id: crm.org.id, of: await entityIdOf(crm, crm.names.account.entity) },
  )
  const ids = integration.settings.detailFields.map(({ id }: { id: string }) => id)
  const moved = [ids[2], ids[0], ids[1]]
  const answer = await reorder(crm.running, 'DetailFields', crm.org.id, await crm.version(), moved)
  expect(answer.__typename).toBe('SettingsSuccess')
  expect(labelsOf(await details(crm, name)).slice(-3)).toEqual(['Primary Contact', 'Revenue', 'Industry'])
})

for (const [provider, row, third] of [
  ['DYNAMICS', 'D-DET-20', contactField],
  ['SALESFORCE', 'S-DET-20', siteField],
] as const) {
  twins({ [provider]: row }, 'details in the order of the example are shown in it', async (crm) => {
    const name = newWord()
    await putAccount(crm, name)
    const detailFields = [revenueField(crm), industryField(crm), third(crm)]
    await crm.settings({ detailFields })
    expect(labelsOf(await details(crm, name)).slice(-3)).toEqual(['Revenue', 'Industry', third(crm).label])
  })
}
