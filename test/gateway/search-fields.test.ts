/** Searches with search fields, filters and boxes of the form: pages, refusals, what the org has lost, and what they cost. */
import { expect, test } from 'vitest'
import {
  boxesOf,
  headings,
  look,
  more,
  newWord,
  ofKind,
  put,
  putAccount,
  revenueField,
  siteField,
  twoAccounts,
} from '../rules/support/looking.ts'
import { openRules } from '../rules/support/rules.ts'
import { startConversation } from './conversing.ts'

const { crm } = openRules({ people: 40 })

test.each(['DYNAMICS', 'SALESFORCE'] as const)(
  'a list of %s goes on page by page, and nobody comes twice',
  async (provider) => {
    const of = crm(provider)
    await of.settings({})
    const word = newWord()
    const names = Array.from({ length: 7 }, (_, index) => `${word} ${index}`)
    await Promise.all(names.map((name) => putAccount(of, name)))
    const seen: string[] = []
    const first = ofKind(await look(of, { term: word, first: 3 }), 'ACCOUNT')
    seen.push(...(first?.hits ?? []).map(({ record }) => record.name))
    let cursor = first?.moreCursor ?? null
    let pages = 1
    while (cursor !== null && pages < 10) {
      const page = await more(of, cursor, 3)
      seen.push(...(page.hits ?? []).map(({ record }) => record.name))
      cursor = page.moreCursor ?? null
      pages += 1
    }
    expect(pages).toBe(3)
    expect(seen.toSorted()).toEqual(names)
  },
)

test.each(['DYNAMICS', 'SALESFORCE'] as const)(
  'with search fields, filters and boxes a warm search of %s is one request, and asks the database nothing',
  async (provider) => {
    const of = crm(provider)
    const { word, amount } = await twoAccounts(of)
    await of.settings({ searchFields: [siteField(of), revenueField(of)], detailFields: [revenueField(of, amount)] })
    const input = { term: word, fieldValues: [{ name: of.names.accountField.revenue, value: amount }] }
    await look(of, input)
    await of.control.clearCalls()
    expect((await look(of, input)).names).toEqual([`${word} one`])
    expect(await of.control.calls()).toHaveLength(1)
    const agent = await of.agent()
    const counts = []
    for (let run = 0; run < 5; run += 1) {
      counts.push(await of.running.countDatabaseCalls(() => look(of, input, agent)))
    }
    // The bus looks for events now and then.
    expect(Math.min(...counts)).toBe(0)
  },
)

test('boxes are asked for themselves, not for the visitor of the conversation', async () => {
  const of = crm('DYNAMICS')
  const { word, amount } = await twoAccounts(of)
  await of.settings({ searchFields: [revenueField(of)] })
  const conversation = await startConversation(of.running, 'CHAT', { email: 'nobody@nowhere.example' })
  const input = { conversationId: conversation.id, fieldValues: [{ name: 'revenue', value: amount }] }
  expect((await look(of, input)).names).toEqual([`${word} one`])
})

test('a kind of which nothing may be searched is refused where it is named, and left out otherwise', async () => {
  const of = crm('DYNAMICS')
  const document = await of.document()
  const rows = document['entityTypes'] as { name: string }[]
  await of.settings({ entityTypes: rows.map((row) => (row.name === 'lead' ? { ...row, searchable: false } : row)) })
  expect(await look(of, { term: 'Clarke', kinds: ['LEAD'] })).toMatchObject({ __typename: 'NotAllowedError' })
  const found = await look(of, { term: 'Clarke' })
  expect(found.entityTypes.map(({ entityType }) => entityType.kind)).toEqual(['ACCOUNT', 'CONTACT'])
  await of.settings({})
})

test('a cursor that was changed, is old or is of another workspace goes on nowhere; nor where searching is off now', async () => {
  const of = crm('DYNAMICS')
  await of.settings({})
  const word = newWord()
  await Promise.all(['a', 'b', 'c'].map((letter) => putAccount(of, `${word} ${letter}`)))
  const list = async () => ofKind(await look(of, { term: word, first: 1 }), 'ACCOUNT')?.moreCursor ?? ''
  const cursor = await list()
  const stranger = await of.running.otherWorkspace('Strangers')
  expect(await more(of, cursor, 1)).toMatchObject({ __typename: 'MoreRecordsSuccess' })
  for (const refused of [
    more(of, `${cursor.slice(0, -2)}xx`, 1),
    more(of, 'forged', 1),
    more(of, '', 1),
    more(of, cursor, 1, stranger),
    more(of, cursor, 0),
    more(of, cursor, 201),
  ]) {
    expect(await refused).toMatchObject({ __typename: 'ValidationError' })
  }
  const document = await of.document()
  const rows = document['entityTypes'] as { name: string }[]
  await of.settings({ entityTypes: rows.map((row) => (row.name === 'account' ? { ...row, searchable: false } : row)) })
  expect(await more(of, cursor, 1)).toMatchObject({ __typename: 'NotAllowedError' })
  await of.settings({})
  of.running.skip(61 * 60_000)
  expect(await more(of, cursor, 1)).toMatchObject({ __typename: 'ValidationError' })
})

test('boxes that are not on the form, forged ids and values of a wrong type are faults of their own inputs', async () => {
  const of = crm('DYNAMICS')
  await of.settings({ searchFields: [revenueField(of)], detailFields: [{ ...siteField(of) }] })
  const faults = async (...fieldValues: object[]) =>
    (await look(of, { fieldValues })).fields?.map(({ path }) => path.join('.'))
  const [box] = await boxesOf(of)
  expect(await faults({ fieldId: 'Rm9ybUZpZWxkOng=', value: '1' })).toEqual(['input.fieldValues.0.fieldId'])
  expect(await faults({ name: 'description', value: '1' })).toEqual(['input.fieldValues.0.description'])
  expect(await faults({ name: 'websiteurl', value: 'x' })).toEqual(['input.fieldValues.0.websiteurl'])
  expect(await faults({ fieldId: box?.id, value: 'much' })).toEqual(['input.fieldValues.0.revenue'])
  expect(await faults({ fieldId: box?.id, values: ['1', '2'] })).toEqual(['input.fieldValues.0.revenue'])
  const blank = await look(of, { fieldValues: [{ fieldId: box?.id, value: ' ' }] })
  expect(blank).toMatchObject({ __typename: 'SearchRecordsSuccess', hits: [] })
})

test.each(['DYNAMICS', 'SALESFORCE'] as const)(
  'a search field that %s has lost holds up nothing else',
  async (provider) => {
    const of = crm(provider)
    const { contact, account, accountField } = of.names
    const { word } = await twoAccounts(of)
    await put(of, 'CONTACT', contact.entity, [{ name: contact.last, type: 'TEXT', value: word }])
    await of.settings({ searchFields: [revenueField(of), siteField(of)] })
    expect(await look(of, { term: word })).toMatchObject({ notes: [], names: [word, `${word} one`, `${word} two`] })
    await of.control.changeMetadata({ entity: account.entity, field: accountField.revenue, hide: true })
    const found = await look(of, { term: word })
    expect(found).toMatchObject({ failure: null, names: [word, `${word} one`, `${word} two`] })
    expect(headings(ofKind(found, 'ACCOUNT')?.columns)?.slice(-1)).toEqual(['Site'])
    expect(found.notes.join()).toContain('Revenue')
  },
)

test.each(['DYNAMICS', 'SALESFORCE'] as const)(
  'a filter that %s has lost the field of lets nothing through, and says so beside what the others found',
  async (provider) => {
    const of = crm(provider)
    const { contact, account, accountField } = of.names
    const word = newWord()
    await putAccount(of, `${word} one`, undefined, [{ name: accountField.employees, type: 'WHOLE_NUMBER', value: '7' }])
    await putAccount(of, `${word} two`)
    await put(of, 'CONTACT', contact.entity, [{ name: contact.last, type: 'TEXT', value: word }])
    const fieldType = provider === 'DYNAMICS' ? 'WHOLE_NUMBER' : 'CURRENCY'
    const field = { entityType: account.entity, name: accountField.employees, fieldType }
    const filter = { field: accountField.employees, value: '7' }
    await of.settings({ detailFields: [{ ...field, label: 'Employees', filter }] })
    expect((await look(of, { term: word })).names).toEqual([word, `${word} one`])
    await of.control.changeMetadata({ entity: account.entity, field: accountField.employees, hide: true })
    const found = await look(of, { term: word })
    expect(found.names).toEqual([word])
    expect(found.failure).toMatchObject({ code: 'CRM_REJECTED' })
    expect(found.failure?.message).toContain('Employees')
  },
)
