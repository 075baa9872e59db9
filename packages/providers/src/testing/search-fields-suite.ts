import { randomUUID } from 'node:crypto'
import { expect } from 'vitest'
import type {
  FieldCondition,
  FieldDescriptor,
  FieldType,
  FieldValue,
  SearchBy,
  SearchRequest,
  SearchResult,
  SearchTarget,
} from '../model/index.ts'
import { isFree, otherSample, sample, termOf } from './field-samples.ts'
import { hostile } from './hostile.ts'
import { errorOf, fieldValue, freshEmail, freshPhone, freshWord, nothingElse } from './session.ts'
import type { Suite } from './suite.ts'

const searchedTypes: readonly FieldType[] = [
  'TEXT',
  'WHOLE_NUMBER',
  'CURRENCY',
  'DECIMAL',
  'DATE',
  'DATE_TIME',
  'TWO_OPTIONS',
  'OPTION_SET',
  'MULTI_OPTION_SET',
  'LOOKUP',
]

/** What a target may say of its fields: further ones for a term, filters, values, and those of an identifier. */
export function searchFieldsSuite({ check, session }: Suite): void {
  const search = (by: readonly SearchBy[], target: SearchTarget, options: Partial<SearchRequest> = {}) =>
    session().provider.searchRecords({ by, targets: [target], first: 50, region: 'US', ...options })
  const term = (value: string): SearchBy[] => [{ identifier: 'TERM', value }]
  const targetOf = (kind: 'CONTACT' | 'LEAD', changes: Partial<SearchTarget> = {}): SearchTarget => ({
    entityName: session().entityName(kind),
    kind,
    selection: nothingElse,
    ...changes,
  })
  const holds = (name: string, type: FieldType, value: string): FieldCondition => ({
    name,
    type,
    value,
    relatedEntity: null,
  })

  /** One field of each type that the vendor offers for settings. */
  async function fieldsOf(kind: 'CONTACT' | 'LEAD'): Promise<FieldDescriptor[]> {
    const described = await session().provider.describeEntityType(session().entityName(kind))
    const named = new Set(
      (['lastName', 'firstName', 'phone', 'email'] as const).map((it) => session().fieldName(kind, it)),
    )
    return searchedTypes.flatMap((type) => {
      const fits = (field: FieldDescriptor) =>
        field.type === type &&
        field.filterable &&
        isFree(field, session().entityName('CONTACT')) &&
        !named.has(field.name)
      return described?.fields.find(fits) ?? []
    })
  }

  async function create(kind: 'CONTACT' | 'LEAD', email: string, values: readonly FieldValue[]): Promise<string> {
    const needed = kind === 'LEAD' ? (['lastName', 'company'] as const) : (['lastName'] as const)
    const basics = needed.map((it) => fieldValue(session().fieldName(kind, it), 'TEXT', freshWord().slice(0, 20)))
    const given = [...basics, fieldValue(session().fieldName(kind, 'email'), 'EMAIL', email), ...values]
    const { remoteId } = await session().provider.createRecord({
      entityName: session().entityName(kind),
      kind,
      values: [...new Map(given.map((value) => [value.name, value])).values()],
      key: randomUUID(),
      allowDuplicate: true,
    })
    return remoteId
  }

  /** Two rows that differ in all fields, found apart from everybody else by their common e-mail address. */
  async function twins(kind: 'CONTACT' | 'LEAD') {
    const email = freshEmail()
    const [name, otherName] = [freshWord(), freshWord()]
    const reference = await session().create('CONTACT', { lastName: name })
    const other = await session().create('CONTACT', { lastName: otherName })
    const fields = await fieldsOf(kind)
    const samples = fields.map((field) => ({ field, value: sample(field, reference) }))
    const id = await create(
      kind,
      email,
      samples.map(({ value }) => value),
    )
    const otherId = await create(
      kind,
      email,
      fields.map((field) => otherSample(field, other)),
    )
    const terms = samples.map(({ field, value }) => ({ field, text: termOf(field, value, name) }))
    return { id, otherId, terms, filters: [holds(session().fieldName(kind, 'email'), 'EMAIL', email)] }
  }

  for (const kind of ['CONTACT', 'LEAD'] as const) {
    check(`term fields: a ${kind.toLowerCase()} is found by a field of every type, in one request`, async () => {
      const { id, terms, filters } = await twins(kind)
      for (const { field, text } of terms) {
        const target = targetOf(kind, { filters, termFields: [field] })
        const { result, requests } = await session().count(() => search(term(text), target))
        expect([field.name, text, idsOf(result)]).toEqual([field.name, text, [id]])
        expect(result.targets[0]?.matches[0]).toMatchObject({ identifier: 'TERM', field: field.name, exact: true })
        expect(requests).toBe(1)
      }
      expect(terms.map(({ field }) => field.type)).toEqual(expect.arrayContaining(['TEXT', 'TWO_OPTIONS']))
    })

    check(`values: a ${kind.toLowerCase()} is found by what single fields hold, without a term`, async () => {
      const { id, terms, filters } = await twins(kind)
      const all = terms.map(({ field, text }) => holds(field.name, field.type, text))
      for (const values of [...all.map((one) => [one]), all]) {
        const { result, requests } = await session().count(() => search([], targetOf(kind, { filters, values })))
        expect([values, idsOf(result)]).toEqual([values, [id]])
        expect(result.matchedBy).toBe('TERM')
        expect(requests).toBe(1)
      }
    })
  }

  check('A-34: a term that cannot be of a field’s type leaves that field out, and no other', async () => {
    const termFields = await fieldsOf('CONTACT')
    const lastName = freshWord()
    const { remoteId } = await session().create('CONTACT', { lastName })
    const result = await search(term(lastName), targetOf('CONTACT', { termFields }))
    expect(idsOf(result)).toEqual([remoteId])
    expect(result.targets[0]?.matches[0]?.field).not.toBeNull()
  })

  check('term fields: part of a text is enough', async () => {
    const [field] = (await fieldsOf('CONTACT')).filter(({ type }) => type === 'TEXT')
    const text = freshWord().slice(0, 20)
    const id = await create('CONTACT', freshEmail(), [fieldValue(field?.name ?? '', 'TEXT', text)])
    const target = targetOf('CONTACT', { termFields: field ? [field] : [] })
    const result = await search(term(text.slice(2, 18).toUpperCase()), target)
    expect(idsOf(result)).toEqual([id])
    expect(result.targets[0]?.matches[0]).toMatchObject({ field: field?.name, exact: false })
  })

  check('hostile texts find exactly the row whose field holds them, and nothing where none does', async () => {
    const fields = await fieldsOf('CONTACT')
    const text = fields.find(({ type }) => type === 'TEXT')
    const lookup = fields.find(({ type }) => type === 'LOOKUP')
    const find = async (value: string, changes: Partial<SearchTarget>, by = term(value)) =>
      idsOf(await search(by, targetOf('CONTACT', changes), { first: 200 }))
    for (const each of hostile) {
      const stranger = `${each} ${freshWord()}`
      const termFields = [text, lookup].flatMap((field) => field ?? [])
      expect([each, await find(stranger, { termFields })]).toEqual([each, []])
      for (const { name, type } of termFields) {
        const values = [holds(name, type, stranger)]
        expect([each, await find(stranger, { values }, [])]).toEqual([each, []])
      }
    }
    for (const each of hostile.filter((one) => one.length < 40 && !/\p{Cc}/u.test(one))) {
      const held = `${each} ${freshWord()}`.slice(0, text?.maxLength ?? 50)
      const name = text?.name ?? ''
      const id = await create('CONTACT', freshEmail(), [fieldValue(name, 'TEXT', held)])
      expect([each, await find(held, { values: [holds(name, 'TEXT', held)] }, [])]).toEqual([each, [id]])
      expect([each, await find(held, { termFields: text ? [text] : [] })]).toEqual([each, [id]])
    }
  })

  check('filters: narrow what any identifier finds, and never widen it', async () => {
    const { id, otherId, terms, filters } = await twins('CONTACT')
    const by: SearchBy[] = [{ identifier: 'EMAIL', value: filters[0]?.value ?? '' }]
    expect(idsOf(await search(by, targetOf('CONTACT'))).toSorted()).toEqual([id, otherId].toSorted())
    for (const { field, text } of terms) {
      const narrow = targetOf('CONTACT', { filters: [holds(field.name, field.type, text)] })
      expect([field.name, idsOf(await search(by, narrow))]).toEqual([field.name, [id]])
    }
    const [first] = terms
    const apart = targetOf('CONTACT', {
      filters: [holds(first?.field.name ?? '', first?.field.type ?? 'TEXT', first?.text ?? '')],
    })
    expect(idsOf(await search([{ identifier: 'EMAIL', value: freshEmail() }], apart))).toEqual([])
    expect((await search([], apart)).matchedBy).toBeNull()
  })

  check('filters: a lookup is narrowed by the key of what it points to, too', async () => {
    const [field] = (await fieldsOf('CONTACT')).filter(({ type }) => type === 'LOOKUP')
    if (field === undefined) return
    const reference = await session().create('CONTACT', { lastName: freshWord() })
    const email = freshEmail()
    const id = await create('CONTACT', email, [sample(field, reference)])
    await create('CONTACT', email, [])
    const filters = [
      { ...holds(field.name, 'LOOKUP', reference.remoteId), relatedEntity: session().entityName('CONTACT') },
    ]
    expect(idsOf(await search([{ identifier: 'EMAIL', value: email }], targetOf('CONTACT', { filters })))).toEqual([id])
  })

  check('filters: a field that does not exist, or that cannot hold the value, is refused by name', async () => {
    const refusal = (filter: FieldCondition) =>
      errorOf(search(term(freshWord()), targetOf('CONTACT', { filters: [filter] })))
    expect(await refusal(holds('no_such_field', 'TEXT', 'x'))).toMatchObject({
      code: 'CRM_REJECTED',
      fields: [{ name: 'no_such_field' }],
      metadataDoubtful: true,
    })
    for (const field of (await fieldsOf('CONTACT')).filter(({ type }) => type === 'TWO_OPTIONS' || type === 'DATE')) {
      expect(await refusal(holds(field.name, field.type, 'neither'))).toMatchObject({
        code: 'CRM_REJECTED',
        fields: [{ name: field.name }],
      })
    }
  })

  check('identifier fields: only the one named is looked into, however the number is written there', async () => {
    const phone = freshPhone()
    const name = session().fieldName('CONTACT', 'phone')
    const there = await session().create('CONTACT', {
      phone: `no. ${phone.digits.slice(0, 4)} ${phone.digits.slice(4)}`,
    })
    const target = targetOf('CONTACT', { identifierFields: { PHONE: [{ name, type: 'PHONE' }] } })
    const by: SearchBy[] = [{ identifier: 'PHONE', value: phone.e164 }]
    const result = await search(by, target)
    expect(idsOf(result)).toEqual([there.remoteId])
    expect(result.targets[0]?.matches[0]?.field).toBe(name)

    const elsewhere = targetOf('CONTACT', {
      identifierFields: { PHONE: [{ name: session().fieldName('CONTACT', 'lastName'), type: 'TEXT' }] },
    })
    expect(idsOf(await search(by, elsewhere))).toEqual([])
  })

  check('identifier fields: an identifier without one is not asked of that target', async () => {
    const email = freshEmail()
    const { remoteId } = await session().create('CONTACT', { email })
    const [name, number] = [session().fieldName('CONTACT', 'email'), freshWord().slice(0, 20)]
    const by: SearchBy[] = [
      { identifier: 'EMAIL', value: email.toUpperCase() },
      { identifier: 'ACCOUNT_ID', value: number },
    ]
    const found = await search(by, targetOf('CONTACT', { identifierFields: { EMAIL: [{ name, type: 'EMAIL' }] } }))
    expect(idsOf(found)).toEqual([remoteId])
    const unasked = targetOf('CONTACT', { identifierFields: { PHONE: [{ name, type: 'EMAIL' }] } })
    expect((await session().count(() => search(by, unasked))).requests).toBe(0)
  })

  check('identifier fields: an account id is looked for in any text, ignoring case', async () => {
    const [field] = (await fieldsOf('LEAD')).filter(({ type }) => type === 'TEXT')
    const number = freshWord().slice(0, 15)
    const id = await create('LEAD', freshEmail(), [fieldValue(field?.name ?? '', 'TEXT', number)])
    const target = targetOf('LEAD', { identifierFields: { ACCOUNT_ID: field ? [field] : [] } })
    const result = await search([{ identifier: 'ACCOUNT_ID', value: number.toLowerCase() }], target)
    expect(result.matchedBy).toBe('ACCOUNT_ID')
    expect(idsOf(result)).toEqual([id])
  })

  check('identifier fields: a term looks only into those that are named', async () => {
    const lastName = freshWord()
    const { remoteId } = await session().create('CONTACT', { lastName })
    const fields = (name: 'lastName' | 'firstName'): Partial<SearchTarget> => ({
      identifierFields: { TERM: [{ name: session().fieldName('CONTACT', name), type: 'TEXT' }] },
    })
    const ask = (name: 'lastName' | 'firstName') =>
      search(term(lastName.slice(1, 12)), targetOf('CONTACT', fields(name)), { first: 200 })
    expect(idsOf(await ask('lastName'))).toEqual([remoteId])
    expect(idsOf(await ask('firstName'))).toEqual([])
  })
}

function idsOf(result: SearchResult): string[] {
  return result.targets.flatMap(({ matches }) => matches.map(({ record }) => record.remoteId))
}
