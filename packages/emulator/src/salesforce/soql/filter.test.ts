import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Row } from '../../store.ts'
import { startOrg } from '../fixture.ts'

/**
 * Random conditions, printed as SOQL and answered by the emulator, against an evaluator that is as plain as possible:
 * one row, one condition, no index, no compiling.
 */
type Condition =
  | { kind: 'and' | 'or'; parts: Condition[] }
  | { kind: 'not'; part: Condition }
  | { kind: 'equals' | 'differs' | 'less' | 'like'; field: string; text: string }
  | { kind: 'in' | 'notIn'; field: string; texts: string[] }
  | { kind: 'isNull' | 'isNotNull'; field: string }
  | { kind: 'flag'; value: boolean }
  | { kind: 'amount'; operator: '<' | '<=' | '>' | '>=' | '=' | '!='; value: number }
  | { kind: 'born'; operator: '<' | '>=' | '='; value: string }
  | { kind: 'company'; text: string }

const textFields = ['FirstName', 'LastName', 'Phone', 'Email', 'Title']
/** Few and tricky, so that conditions often hit. */
const texts = ["O'Neil", "o'neil", 'Müller', 'MÜLLER', '\\', "\\'", '100%', '_', 'a_b', 'x\ny', '"', 'Иван', '512', 'İ']
const patterns = [...texts, '%', '%e%', "_'%", 'O%', '%\\%', '\\_%', '%\\_%', '']
const days = ['1990-01-01', '1990-02-28', '2001-12-31']

const condition: fc.Arbitrary<Condition> = fc.letrec<{ node: Condition; leaf: Condition }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 3 },
    tie('leaf'),
    fc.record({ kind: fc.constantFrom('and', 'or'), parts: fc.array(tie('node'), { minLength: 1, maxLength: 3 }) }),
    // The parser cannot read NOT inside NOT inside NOT, so only comparisons are negated, or two of them together.
    fc.record({ kind: fc.constant('not' as const), part: tie('leaf') }),
    fc.record({
      kind: fc.constant('not' as const),
      part: fc.record({
        kind: fc.constant('and' as const),
        parts: fc.array(tie('leaf'), { minLength: 2, maxLength: 2 }),
      }),
    }),
  ),
  leaf: fc.oneof(
    fc.record({
      kind: fc.constantFrom('equals', 'differs', 'less'),
      field: fc.constantFrom(...textFields),
      text: fc.constantFrom(...texts),
    }),
    fc.record({
      kind: fc.constant('like' as const),
      field: fc.constantFrom(...textFields),
      text: fc.constantFrom(...patterns),
    }),
    fc.record({
      kind: fc.constantFrom('in', 'notIn'),
      field: fc.constantFrom(...textFields),
      texts: fc.array(fc.constantFrom(...texts), { minLength: 1, maxLength: 4 }),
    }),
    fc.record({ kind: fc.constantFrom('isNull', 'isNotNull'), field: fc.constantFrom(...textFields) }),
    fc.record({ kind: fc.constant('flag' as const), value: fc.boolean() }),
    fc.record({
      kind: fc.constant('amount' as const),
      operator: fc.constantFrom('<', '<=', '>', '>=', '=', '!='),
      value: fc.integer({ min: -2, max: 3 }),
    }),
    fc.record({
      kind: fc.constant('born' as const),
      operator: fc.constantFrom('<', '>=', '='),
      value: fc.constantFrom(...days),
    }),
    fc.record({ kind: fc.constant('company' as const), text: fc.constantFrom('Acme', 'ACME', 'Other') }),
  ),
})).node

const literal = (text: string) =>
  `'${text.replace(/\\/g, '\\\\').replace(/'/g, "\\'").replace(/\n/g, '\\n').replace(/"/g, '\\"')}'`

/** Backslashes of patterns are already those of SOQL: `\%` and `\_`; a lone one must be doubled. */
const patternLiteral = (pattern: string) =>
  `'${pattern
    .replace(/\\(?![%_])/g, '\\\\')
    .replace(/'/g, "\\'")
    .replace(/\n/g, '\\n')}'`

function print(one: Condition): string {
  switch (one.kind) {
    case 'and':
    case 'or':
      return `(${one.parts.map(print).join(one.kind === 'and' ? ' AND ' : ' OR ')})`
    case 'not':
      return `(NOT ${print(one.part)})`
    case 'equals':
      return `${one.field} = ${literal(one.text)}`
    case 'differs':
      return `${one.field} != ${literal(one.text)}`
    case 'less':
      return `${one.field} < ${literal(one.text)}`
    case 'like':
      return `${one.field} LIKE ${patternLiteral(one.text)}`
    case 'in':
      return `${one.field} IN (${one.texts.map(literal).join(',')})`
    case 'notIn':
      return `${one.field} NOT IN (${one.texts.map(literal).join(', ')})`
    case 'isNull':
      return `${one.field} = null`
    case 'isNotNull':
      return `${one.field} != NULL`
    case 'flag':
      return `DoNotCall = ${one.value ? 'TRUE' : 'false'}`
    case 'amount':
      return `Lifetime_Value__c ${one.operator} ${one.value}`
    case 'born':
      return `Birthdate ${one.operator} ${one.value}`
    case 'company':
      return `Account.Name = ${literal(one.text)}`
  }
}

const lower = (value: unknown) => (typeof value === 'string' ? value.toLowerCase() : null)

/** One character at a time, straight from the definition of LIKE. */
function isLike(text: string, pattern: string): boolean {
  if (pattern === '') return text === ''
  const [first = ''] = pattern
  if (first === '%') return isLike(text, pattern.slice(1)) || (text !== '' && isLike(text.slice(1), pattern))
  if (text === '') return false
  if (first === '_') return isLike(text.slice(1), pattern.slice(1))
  if (first === '\\' && /^[%_]/.test(pattern.slice(1))) {
    return text.charAt(0) === pattern.charAt(1) && isLike(text.slice(1), pattern.slice(2))
  }
  return text.charAt(0) === first && isLike(text.slice(1), pattern.slice(1))
}

function evaluate(one: Condition, row: Row, companies: ReadonlyMap<unknown, string>): boolean {
  const field = 'field' in one ? lower(row[one.field]) : null
  switch (one.kind) {
    case 'and':
      return one.parts.every((part) => evaluate(part, row, companies))
    case 'or':
      return one.parts.some((part) => evaluate(part, row, companies))
    case 'not':
      return !evaluate(one.part, row, companies)
    case 'equals':
      return field === lower(one.text)
    case 'differs':
      return field !== lower(one.text)
    case 'less':
      return field !== null && field < one.text.toLowerCase()
    case 'like':
      return field !== null && isLike(field, one.text.toLowerCase())
    case 'in':
      return one.texts.some((text) => field === lower(text))
    case 'notIn':
      return !one.texts.some((text) => field === lower(text))
    case 'isNull':
      return field === null
    case 'isNotNull':
      return field !== null
    case 'flag':
      return row.DoNotCall === one.value
    case 'amount':
      return compare(row.Lifetime_Value__c as number | null, one.operator, one.value)
    case 'born':
      return compare(row.Birthdate as string | null, one.operator, one.value)
    case 'company':
      return lower(companies.get(row.AccountId)) === one.text.toLowerCase()
  }
}

function compare<T extends string | number>(value: T | null | undefined, operator: string, wanted: T): boolean {
  if (value === null || value === undefined) return operator === '!='
  if (operator === '=') return value === wanted
  if (operator === '!=') return value !== wanted
  return operator.startsWith('<')
    ? value < wanted || (operator === '<=' && value === wanted)
    : value > wanted || (operator === '>=' && value === wanted)
}

function startTestOrg() {
  const org = startOrg(0)
  const companies = new Map([
    ['001dM000AAAAAABQY5', 'Acme'],
    ['001dM000AAAAAACQY5', 'Other'],
  ])
  for (const [id, name] of companies) org.store.put('Account', id, { Id: id, Name: name, IsDeleted: false })
  for (let index = 0; index < 60; index++) {
    const pick = <T>(items: readonly T[], step: number) =>
      (index * step) % 7 === 0 ? undefined : items[(index * step) % items.length]
    const id = `003dM0000000${String(index).padStart(3, '0')}AAA`
    const row = {
      Id: id,
      IsDeleted: false,
      FirstName: pick(texts, 1),
      LastName: pick(texts, 3),
      Phone: pick(texts, 5),
      Email: pick(texts, 11),
      Title: pick(['a_b', 'axb', '50%', 'Owner'], 2),
      DoNotCall: index % 2 === 0,
      Lifetime_Value__c: pick([-1, 0, 1.5, 2], 1),
      Birthdate: pick(days, 1),
      AccountId: pick([...companies.keys()], 1),
    }
    org.store.put('Contact', id, Object.fromEntries(Object.entries(row).filter(([, value]) => value !== undefined)))
  }
  return { ...org, companies }
}

describe('SOQL conditions', () => {
  test('random ones find the same rows as a plain evaluator', async () => {
    const { query, store, companies } = startTestOrg()
    await fc.assert(
      fc.asyncProperty(condition, async (one) => {
        const answer = await query(`SELECT Id FROM Contact WHERE ${print(one)}`)
        expect(answer.status, answer.text).toBe(200)
        const found = answer.json.records.map((record: { Id: string }) => record.Id).sort()
        const expected = [...store.table('Contact').values()].filter((row) => evaluate(one, row, companies))
        expect(found).toEqual(expected.map((row) => row.Id).sort())
      }),
      { numRuns: 200 },
    )
  })

  test('any text finds exactly the row that holds it', async () => {
    const { query, call } = startOrg(0)
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', minLength: 1, maxLength: 30 }), async (text) => {
        fc.pre(text.trim() !== '')
        const created = await call('POST', 'sobjects/Contact', { body: { LastName: 'X', Title: text } })
        expect(created.status).toBe(201)
        const found = await query(`SELECT Id, Title FROM Contact WHERE Title = '${escapeAll(text)}'`)
        expect(found.status, found.text).toBe(200)
        expect(found.json.records.map((record: { Title: string }) => record.Title)).toContain(text)
        await call('DELETE', `sobjects/Contact/${created.json.id}`)
      }),
      { numRuns: 60 },
    )
  })

  test.each([
    ["Name = 'a' AND Name = 'b' OR Name = 'c'", 'MALFORMED_QUERY'],
    ["Name = 'x\\q'", 'MALFORMED_QUERY'],
    ["Name = 'x\\%'", 'MALFORMED_QUERY'],
    ["Name = 'it''s'", 'MALFORMED_QUERY'],
    ["Name = 'x", 'MALFORMED_QUERY'],
    ["Name = 'x\\' OR Name LIKE '%'", 'MALFORMED_QUERY'],
    ["(Name = 'a'", 'MALFORMED_QUERY'],
    ["Description = 'x'", 'INVALID_FIELD'],
    ["Nmae = 'x'", 'INVALID_FIELD'],
    ["Foo.Name = 'x'", 'INVALID_FIELD'],
    ['Name = 5', 'INVALID_FIELD'],
    ["DoNotCall = 'TRUE'", 'INVALID_FIELD'],
    ["Birthdate = '1990-01-01'", 'INVALID_FIELD'],
    ['CreatedDate > 2024-01-01', 'INVALID_FIELD'],
    ["AccountId = 'abc'", 'INVALID_QUERY_FILTER_OPERATOR'],
    ["AccountId LIKE '001%'", 'INVALID_QUERY_FILTER_OPERATOR'],
    ["Name INCLUDES ('a')", 'INVALID_QUERY_FILTER_OPERATOR'],
  ])('%s is refused with %s', async (where, code) => {
    const { query } = startOrg(0)
    const answer = await query(`SELECT Id FROM Contact WHERE ${where}`)
    expect([answer.status, answer.json[0].errorCode]).toEqual([400, code])
  })

  test('three NOT in one another are refused rather than misread', async () => {
    const { query } = startOrg(0)
    const answer = await query("SELECT Id FROM Contact WHERE NOT NOT NOT Name = 'a'")
    expect([answer.status, answer.json[0].errorCode]).toEqual([400, 'MALFORMED_QUERY'])
  })

  test('multi-select: comma means or, semicolon means and', async () => {
    const { query } = startOrg(0)
    const find = async (where: string) => (await query(`SELECT Name FROM Vehicle__c WHERE ${where}`)).json.totalSize
    expect(await find("Extras__c INCLUDES ('Roof Rack;Tow Bar')")).toBe(1)
    expect(await find("Extras__c INCLUDES ('Roof Rack;Heated Seats')")).toBe(0)
    expect(await find("Extras__c INCLUDES ('Heated Seats','tow bar')")).toBe(1)
    expect(await find("Extras__c EXCLUDES ('Tow Bar')")).toBe(1)
  })

  test('relative dates move with the clock', async () => {
    const { query, call, clock } = startOrg(0)
    await call('POST', 'sobjects/Lead', { body: { LastName: 'Now', Company: 'Acme' } })
    const count = async (where: string) => (await query(`SELECT COUNT() FROM Lead WHERE ${where}`)).json.totalSize
    expect(await count('CreatedDate = TODAY')).toBe(1)
    expect(await count('CreatedDate < TODAY')).toBe(0)
    clock.advance(24 * 3_600_000)
    expect(await count('CreatedDate = TODAY')).toBe(0)
    expect(await count('CreatedDate = YESTERDAY')).toBe(1)
    expect(await count('CreatedDate = LAST_N_DAYS:3 AND CreatedDate != N_DAYS_AGO:5')).toBe(1)
  })
})

function escapeAll(text: string): string {
  const named: Record<string, string> = {
    '\n': '\\n',
    '\r': '\\r',
    '\t': '\\t',
    '\b': '\\b',
    '\f': '\\f',
    '"': '\\"',
    "'": "\\'",
    '\\': '\\\\',
  }
  return text.replace(/[\n\r\t\b\f"'\\]/g, (character) => named[character] ?? character)
}
