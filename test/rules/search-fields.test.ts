import { expect } from 'vitest'
import { entityTypeOf } from '../gateway/searching.ts'
import { addField, faultsOf, reorder } from '../gateway/setting-up.ts'
import {
  boxesOf,
  conditionsOf,
  headings,
  kindIn,
  look,
  newAmount,
  newWord,
  ofKind,
  put,
  putAccount,
  revenueField,
  siteField,
  twoAccounts,
  type Value,
} from './support/looking.ts'
import { openRules, type RuleCrm } from './support/rules.ts'

const { twins } = openRules({ people: 40 })

twins(
  { DYNAMICS: 'D-SEA-01', SALESFORCE: 'S-SEA-01' },
  'without search fields a term is looked for in name, e-mail address and phone, and nowhere else',
  async (of) => {
    const { word, amount } = await twoAccounts(of)
    expect((await look(of, { term: word })).names).toEqual([`${word} one`, `${word} two`])
    expect((await look(of, { term: amount })).names).toEqual([])
    const conditions = await conditionsOf(of, () => look(of, { term: word }))
    const fields = conditions.join().match(/(?<=contains\()\w+|\w+(?= LIKE)/g) ?? []
    const allowed =
      /^(name|fullname|emailaddress\d|telephone\d|mobilephone|Name|(Person)?Email|Phone|(Person)?MobilePhone)$/
    expect(fields.length).toBeGreaterThan(3)
    expect(fields.filter((field) => !allowed.test(field))).toEqual([])
  },
)

twins(
  { DYNAMICS: 'D-SEA-02', SALESFORCE: 'S-SEA-02' },
  'a search field makes its field searchable and adds a column with its values',
  async (of) => {
    const { word, amount } = await twoAccounts(of)
    const before = headings(ofKind(await look(of, { term: word }), 'ACCOUNT')?.columns)
    await of.settings({ searchFields: [revenueField(of)] })
    const found = await look(of, { term: amount })
    expect(found.names).toEqual([`${word} one`])
    const accounts = ofKind(found, 'ACCOUNT')
    expect(headings(accounts?.columns)).toEqual([...(before ?? []), 'Revenue'])
    expect(accounts?.columns.at(-1)).toMatchObject({ custom: true, name: of.names.accountField.revenue })
    const revenue = accounts?.hits[0]?.record.fields.find(({ label }) => label === 'Revenue')
    expect(revenue?.value?.replaceAll(/[^\d.]/g, '')).toContain(amount)
  },
)

twins({ DYNAMICS: 'D-SEA-04', SALESFORCE: 'S-SEA-04' }, 'its label is the heading of its column', async (of) => {
  const { word } = await twoAccounts(of)
  await of.settings({ searchFields: [{ ...revenueField(of), label: 'Turnover a year' }] })
  expect(headings(ofKind(await look(of, { term: word }), 'ACCOUNT')?.columns)?.at(-1)).toBe('Turnover a year')
})

const accountField = (of: RuleCrm, more: object) => ({
  entityTypeId: entityTypeOf(of.org, 'ACCOUNT'),
  name: of.names.accountField.revenue,
  label: 'Revenue',
  fieldType: 'CURRENCY',
  ...more,
})

const add = async (of: RuleCrm, more: object) =>
  addField(of.running, 'SearchField', of.org.id, await of.version(), accountField(of, more))

twins({ DYNAMICS: 'D-SEA-05', SALESFORCE: 'S-SEA-05' }, 'a name that the org does not have is refused', async (of) => {
  const { revenue } = of.names.accountField
  for (const name of [`${revenue}x`, revenue === 'revenue' ? 'Revenue' : 'annualrevenue']) {
    const refused = await add(of, { name })
    expect(faultsOf(refused), name).toEqual(['field.name'])
    expect(refused.message).toContain(revenue)
  }
  expect(await add(of, {})).toMatchObject({ __typename: 'SettingsSuccess' })
})

twins({ DYNAMICS: 'D-SEA-06', SALESFORCE: 'S-SEA-06' }, 'it is of one entity type only', async (of) => {
  const { word, amount } = await twoAccounts(of)
  const { contact } = of.names
  await put(of, 'CONTACT', contact.entity, [{ name: contact.last, type: 'TEXT', value: word }])
  await of.settings({ searchFields: [revenueField(of, amount)] })
  const found = await look(of, { term: word })
  expect(headings(ofKind(found, 'CONTACT')?.columns)).not.toContain('Revenue')
  expect(ofKind(found, 'CONTACT')?.hits).toHaveLength(1)
  expect(ofKind(found, 'ACCOUNT')?.hits).toHaveLength(1)
})

twins({ DYNAMICS: 'D-SEA-07', SALESFORCE: 'S-SEA-07' }, 'a type that the field is not of is refused', async (of) => {
  expect(faultsOf(await add(of, { fieldType: 'DATE' }))).toEqual(['field.fieldType'])
  expect(await add(of, { fieldType: 'CURRENCY' })).toMatchObject({ __typename: 'SettingsSuccess' })
})

twins(
  { DYNAMICS: 'D-SEA-08', SALESFORCE: 'S-SEA-08' },
  'with a filter only records that hold its value are found',
  async (of) => {
    const { word, amount } = await twoAccounts(of)
    await putAccount(of, `${word} none`)
    await of.settings({ searchFields: [revenueField(of, amount)] })
    const found = await look(of, { term: word })
    expect(found.names).toEqual([`${word} one`])
    expect(found.failure).toBeNull()
  },
)

twins({ DYNAMICS: 'D-SEA-09', SALESFORCE: 'S-SEA-09' }, 'a filter without a value is refused', async (of) => {
  const field = of.names.accountField.revenue
  for (const value of ['', '  ']) {
    expect(faultsOf(await add(of, { filter: { field, value } })), `"${value}"`).toEqual(['field.filter.value'])
  }
  expect(await add(of, { filter: { field, value: '500' } })).toMatchObject({ __typename: 'SettingsSuccess' })
})

const lookups = {
  DYNAMICS: { kind: 'CONTACT', name: 'parentcustomerid', relatedEntity: 'account' },
  SALESFORCE: { kind: 'CONTACT', name: 'AccountId', relatedEntity: 'Account' },
} as const

twins(
  { DYNAMICS: 'D-SEA-10', SALESFORCE: 'S-SEA-10' },
  'a filter of a look-up asks for the related entity and its value, and finds by either name or key',
  async (of) => {
    const { kind, name, relatedEntity } = lookups[of.provider]
    const { contact } = of.names
    const company = newWord()
    const companyId = await putAccount(of, company)
    const word = newWord()
    const belongs: Value = {
      name,
      type: 'LOOKUP',
      value: '',
      reference: { entityName: relatedEntity, remoteId: companyId },
    }
    await put(of, kind, contact.entity, [{ name: contact.last, type: 'TEXT', value: word }, belongs])
    await put(of, kind, contact.entity, [{ name: contact.last, type: 'TEXT', value: `${word} alone` }])

    const shown = { entityTypeId: entityTypeOf(of.org, kind), name, label: 'Company', fieldType: 'LOOKUP' }
    const addLookup = async (filter: object) =>
      addField(of.running, 'SearchField', of.org.id, await of.version(), {
        ...shown,
        filter: { field: name, ...filter },
      })
    expect(faultsOf(await addLookup({ value: company }))).toEqual(['field.filter.relatedEntity'])
    expect(faultsOf(await addLookup({ value: '', relatedEntity }))).toEqual(['field.filter.value'])

    for (const value of [company, companyId]) {
      const { entityTypeId: _, ...field } = shown
      const filter = { field: name, value, relatedEntity }
      await of.settings({ searchFields: [{ ...field, entityType: contact.entity, filter }] })
      expect((await look(of, { term: word, ...kindIn(of, kind) })).names, value).toEqual([word])
    }
  },
)

twins(
  { DYNAMICS: 'D-SEA-11', SALESFORCE: 'S-SEA-11' },
  'without a filter its own value finds, by term and by its box of the form; a term of another type leaves it out',
  async (of) => {
    const { word, amount } = await twoAccounts(of)
    await of.settings({ searchFields: [revenueField(of)] })
    const found = await look(of, { term: amount })
    expect(found.names).toEqual([`${word} one`])
    expect(found.hits[0]).toMatchObject({ matchedBy: 'TERM', matchedField: of.names.accountField.revenue })

    const conditions = await conditionsOf(of, async () =>
      expect((await look(of, { term: word })).names).toEqual([`${word} one`, `${word} two`]),
    )
    expect(conditions.join()).not.toContain(of.names.accountField.revenue)

    const byBox = await look(of, { fieldValues: [{ name: of.names.accountField.revenue, value: amount }] })
    expect(byBox.names).toEqual([`${word} one`])
    const [box] = await boxesOf(of)
    const both = (value: string) => look(of, { term: word, fieldValues: [{ fieldId: box?.id, value }] })
    expect((await both(amount)).names).toEqual([`${word} one`])
    expect((await both(String(newAmount()))).names).toEqual([])
  },
)

twins(
  { DYNAMICS: 'D-SEA-12', SALESFORCE: 'S-SEA-12' },
  'with a filter any value may be the term, and the field is no box of the form',
  async (of) => {
    const { contact } = of.names
    const { word, amount } = await twoAccounts(of)
    await of.settings({ searchFields: [revenueField(of, amount)] })
    expect((await look(of, { term: `${word} one` })).names).toEqual([`${word} one`])
    expect((await look(of, { term: `${word} two` })).names).toEqual([])
    // The value is no term any more.
    expect((await look(of, { term: amount })).names).toEqual([])
    expect(await boxesOf(of)).toEqual([])
    const refused = await look(of, { fieldValues: [{ name: of.names.accountField.revenue, value: amount }] })
    expect(refused).toMatchObject({ __typename: 'ValidationError' })
    // It narrows what identifiers find too.
    const phone = `+1 214 557 ${String(amount).slice(-4)}`
    const phoneField: Value = { name: of.names.account.phone, type: 'PHONE', value: phone }
    await putAccount(of, `${word} called`, Number(amount), [phoneField])
    await putAccount(of, `${word} also called`, undefined, [phoneField])
    await put(of, 'CONTACT', contact.entity, [
      { name: contact.last, type: 'TEXT', value: `${word} person` },
      { name: contact.phone, type: 'PHONE', value: phone },
    ])
    expect((await look(of, { phone })).names).toEqual([`${word} called`, `${word} person`])
  },
)

twins(
  { DYNAMICS: 'D-SEA-13', SALESFORCE: 'S-SEA-13' },
  'the filtered list is the part of the unfiltered one that holds the value',
  async (of) => {
    const { word, amount, other } = await twoAccounts(of)
    await putAccount(of, `${word} three`, Number(amount))
    await of.settings({ searchFields: [revenueField(of)] })
    const unfiltered = await look(of, { term: word })
    await of.settings({ searchFields: [revenueField(of, amount)] })
    const filtered = await look(of, { term: word })
    const amountOf = ({ record }: (typeof unfiltered.hits)[number]) =>
      record.fields
        .find(({ label }) => label === 'Revenue')
        ?.value?.replaceAll(/[^\d.]/g, '')
        .replace(/\.0+$/, '')
    expect(unfiltered.hits.map(amountOf).sort()).toEqual([amount, amount, other].sort())
    const part = unfiltered.hits.filter((hit) => amountOf(hit) === amount).map(({ record }) => record.id)
    expect(filtered.hits.map(({ record }) => record.id).sort()).toEqual(part.sort())
  },
)

twins({ DYNAMICS: 'D-SEA-14', SALESFORCE: 'S-SEA-14' }, "the search form has them in the admin's order", async (of) => {
  await of.settings({ searchFields: [siteField(of), revenueField(of)] })
  expect(await boxesOf(of)).toMatchObject([
    { label: 'Site', group: 'SEARCH' },
    { label: 'Revenue', group: 'SEARCH' },
  ])
})

twins(
  { DYNAMICS: 'D-SEA-16', SALESFORCE: 'S-SEA-16' },
  'form and columns follow when their order changes',
  async (of) => {
    const { word } = await twoAccounts(of)
    await of.settings({ searchFields: [revenueField(of), siteField(of)] })
    const shown = async () => {
      const columns = headings(ofKind(await look(of, { term: word }), 'ACCOUNT')?.columns)
      return { form: headings(await boxesOf(of)), columns: columns?.slice(-2) }
    }
    expect(await shown()).toEqual({ form: ['Revenue', 'Site'], columns: ['Revenue', 'Site'] })
    const { integration } = await of.running.execute(
      'query ($id: ID!) { integration(id: $id) { settings { searchFields { id } } } }',
      { id: of.org.id },
    )
    const ids = integration.settings.searchFields.map(({ id }: { id: string }) => id).reverse()
    const reordered = await reorder(of.running, 'SearchFields', of.org.id, await of.version(), ids)
    expect(reordered).toMatchObject({ __typename: 'SettingsSuccess' })
    expect(await shown()).toEqual({ form: ['Site', 'Revenue'], columns: ['Site', 'Revenue'] })
  },
)
