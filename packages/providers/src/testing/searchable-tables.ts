/** A CRM of some tables in memory, for tests of the search that all vendors share. */
import type { CrmRecord, SearchBy, SearchRequest, SearchTarget } from '../model/index.ts'
import type { CandidateRow, SearchCriterion, SearchQuestion, TargetCandidates } from '../search/index.ts'
import { runSearch } from '../search/run.ts'

/** A row of the tables of a small CRM. */
export interface Row {
  id: string
  phone?: string
  email?: string
  name?: string
  number?: string
}

/** The visitor who is looked for, by each identifier. */
export const phone = '+15125550143'
export const visitor: Record<'PHONE' | 'EMAIL' | 'FULL_NAME', string> = {
  PHONE: phone,
  EMAIL: 'ada@lovelace.example',
  FULL_NAME: 'Ada Lovelace-Byrne',
}
/** What to look for, in this order. */
export const by = (...identifiers: (keyof typeof visitor)[]): SearchBy[] =>
  identifiers.map((identifier) => ({ identifier, value: visitor[identifier] }))

/** The row as the record that a provider makes of it. */
export const record = (entityName: string, row: Row): CrmRecord => ({
  entityName,
  kind: 'CONTACT',
  remoteId: row.id,
  name: row.name ?? '',
  phone: row.phone ?? null,
  email: row.email ?? null,
  url: `https://crm.example/${row.id}`,
  createdAt: null,
  version: null,
  modifiedAt: null,
  firstName: null,
  lastName: null,
  company: null,
  status: null,
  accountNumber: row.number ?? null,
  description: null,
  isPersonAccount: false,
  account: null,
  fields: {},
})

/** A text of a row with the field that held it, if there is one. */
export const text = (field: string, value: string | undefined) => (value === undefined ? [] : [{ field, value }])

/** Answers as a CRM does: whole texts without case, patterns as digits in order. */
function hits(row: Row, criterion: SearchCriterion): boolean {
  const same = (a: string | undefined, b: string) => a !== undefined && a.toLowerCase() === b.toLowerCase()
  switch (criterion.kind) {
    case 'PHONE_SPELLINGS':
      return row.phone !== undefined && criterion.spellings.includes(row.phone)
    case 'PHONE_PATTERNS':
      return criterion.patterns.some((parts) => new RegExp(parts.join('.*')).test(row.phone ?? ''))
    case 'EMAIL':
      return same(row.email, criterion.value)
    case 'FULL_NAME':
      return same(row.name, criterion.value)
    case 'ACCOUNT_ID':
      return same(row.number, criterion.value)
    case 'TERM':
      return (
        [row.name, row.email].some((value) => value?.toLowerCase().includes(criterion.value.toLowerCase())) ||
        (criterion.phonePattern !== null && new RegExp(criterion.phonePattern.join('.*')).test(row.phone ?? ''))
      )
    case 'VALUES':
      return true
  }
}

/** A CRM of some tables that keeps what it was asked. */
export function crm(tables: Record<string, Row[]>) {
  const asked: SearchQuestion[] = []
  const ask = (question: SearchQuestion): Promise<TargetCandidates[]> => {
    asked.push(question)
    return Promise.resolve(
      question.targets.map(({ entityName }) => {
        const found = (tables[entityName] ?? []).filter((row) => question.criteria.some((c) => hits(row, c)))
        const rows = found.slice(0, question.limit).map(
          (row): CandidateRow => ({
            record: record(entityName, row),
            phones: text('telephone1', row.phone),
            emails: text('emailaddress1', row.email),
            names: text('fullname', row.name),
            accountIds: text('accountnumber', row.number),
          }),
        )
        return { entityName, rows, full: found.length > question.limit }
      }),
    )
  }
  const search = (request: Partial<SearchRequest>) =>
    runSearch(
      { by: by('PHONE', 'EMAIL', 'FULL_NAME'), targets: [target('contact')], first: 10, region: 'US', ...request },
      ask,
    )
  return { asked, search }
}

/** An entity type to search, of which no fields are shown. */
export const target = (entityName: string): SearchTarget => ({
  entityName,
  kind: 'CONTACT',
  selection: { attributes: [], fields: [] },
})

/** The ids of the matches, by target. */
export const idsOf = (result: Awaited<ReturnType<typeof runSearch>>) =>
  result.targets.map(({ matches }) => matches.map((match) => match.record.remoteId))
