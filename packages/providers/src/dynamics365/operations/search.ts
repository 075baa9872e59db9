/** Search: one HTTP request per round, whatever the number of entity types (product.md decision 3). */
import type { Deadline } from '../../http/index.ts'
import type { SearchRequest, SearchResult, SearchTarget } from '../../model/index.ts'
import {
  type CandidateRow,
  conditionTest,
  type FieldText,
  runSearch,
  type SearchCriterion,
  type SearchQuestion,
  type TargetAnswer,
  termHits,
} from '../../search/index.ts'
import { type DataverseQuery, type Row, readRows } from '../client.ts'
import { toFieldFilter } from '../field-filter.ts'
import { annotationsPrefer, labelIn, type RowShape, toCrmRecord } from '../mapper.ts'
import type { FieldMetadata } from '../metadata-rows.ts'
import { allOf, anyOf, contains, containsParts, equals, equalsAny, toQueryString } from '../odata.ts'
import type { Org } from '../org.ts'
import { type Searchable, toSearchable } from './searchable.ts'

export function searchRecords(org: Org, request: SearchRequest, deadline: Deadline): Promise<SearchResult> {
  let searchables: Promise<ReadonlyMap<string, Searchable>> | null = null
  return runSearch(request, async (question) => {
    searchables ??= toSearchables(org, request, question.targets, deadline)
    return ask(org, await searchables, question, deadline)
  })
}

/** What of these targets the org has, by name. */
async function toSearchables(
  org: Org,
  request: SearchRequest,
  targets: readonly SearchTarget[],
  deadline: Deadline,
): Promise<ReadonlyMap<string, Searchable>> {
  const resolved = await Promise.all(targets.map((target) => toSearchable(org, target, request, deadline)))
  const searchables = new Map<string, Searchable>()
  for (const searchable of resolved) {
    if (searchable !== null) searchables.set(searchable.shape.table.logicalName, searchable)
  }
  return searchables
}

async function ask(
  org: Org,
  searchables: ReadonlyMap<string, Searchable>,
  question: SearchQuestion,
  deadline: Deadline,
): Promise<TargetAnswer[]> {
  const asked: Searchable[] = []
  const queries: DataverseQuery[] = []
  for (const { entityName } of question.targets) {
    const searchable = searchables.get(entityName)
    const filter = searchable && toFilter(searchable, question.criteria)
    if (searchable === undefined || filter === undefined || filter === null) continue
    asked.push(searchable)
    queries.push(toQuery(searchable.shape, filter, question.limit))
  }
  const answers = await org.client.read('search', queries, deadline)
  return answers.flatMap(({ body, error }, index): TargetAnswer[] => {
    const searchable = asked[index]
    if (searchable === undefined) return []
    if (error === null) return [toCandidates(searchable, readRows(body), question.limit)]
    const { logicalName } = searchable.shape.table
    // Perhaps a field was deleted that we still know: the next search asks what there is.
    if (error.metadataDoubtful) org.metadata.forget(logicalName)
    return [{ entityName: logicalName, error }]
  })
}

function toQuery({ table, select, annotated, nameField }: RowShape, filter: string, limit: number): DataverseQuery {
  const path =
    table.setName +
    toQueryString({
      $select: select,
      $filter: filter,
      // Active ones first, then the most recently used; the key makes the order one that repeats (crm-apis.md 1.4).
      $orderby: `${table.hasState ? 'statecode,' : ''}${'modifiedAt' in table.columns ? 'modifiedon desc' : nameField},${table.idField}`,
      // Without a page size, which would make the CRM ignore it (crm-apis.md 1.4).
      $top: String(limit),
    })
  return annotated ? { path, prefer: annotationsPrefer } : { path }
}

/** Null where the target looks for none of the criteria. */
function toFilter(searchable: Searchable, criteria: readonly SearchCriterion[]): string | null {
  const { conditions } = searchable
  const terms: string[] = []
  for (const criterion of criteria) {
    if (criterion.kind === 'VALUES') return conditions.length === 0 ? null : allOf(conditions)
    terms.push(...toTerms(searchable, criterion))
  }
  return terms.length === 0 ? null : allOf([anyOf(terms), ...conditions])
}

function toTerms(
  { fields, named, terms }: Searchable,
  criterion: Exclude<SearchCriterion, { kind: 'VALUES' }>,
): string[] {
  const { phones, emails, names, accountIds } = fields
  const texts = (list: readonly string[]) => list.filter((name) => isText(named.get(name)))
  switch (criterion.kind) {
    case 'PHONE_SPELLINGS':
      return texts(phones).map((field) => equalsAny(field, criterion.spellings))
    case 'PHONE_PATTERNS':
      return texts(phones).flatMap((field) => criterion.patterns.map((pattern) => containsParts(field, pattern)))
    case 'EMAIL':
      return texts(emails).map((field) => equals(field, criterion.value))
    case 'FULL_NAME':
      return texts(names).map((field) => equals(field, criterion.value))
    case 'ACCOUNT_ID':
      return accountIds.flatMap((field) => equalsOfType(field, named.get(field), criterion.value) ?? [])
    case 'TERM': {
      const { value, phonePattern } = criterion
      const parts = phonePattern === null ? [] : phones.map((field) => containsParts(field, phonePattern))
      const found = [...names, ...emails].map((field) => contains(field, value))
      return [...found, ...parts, ...terms.map(({ filter }) => filter)]
    }
  }
}

/** A field that the vendor chose is one. */
function isText(field: FieldMetadata | undefined): boolean {
  return field === undefined || field.maxLength !== null
}

/** A customer may number its accounts in a field of any type. */
function equalsOfType(name: string, field: FieldMetadata | undefined, value: string): string | null {
  if (field === undefined || isText(field)) return equals(name, value)
  const test = conditionTest({ name, type: field.type, value, relatedEntity: null }, field)
  return test === null ? null : toFieldFilter(test, field, [])
}

function toCandidates(searchable: Searchable, rows: readonly Row[], limit: number): TargetAnswer {
  return {
    entityName: searchable.shape.table.logicalName,
    rows: rows.map((row) => toCandidate(row, searchable)),
    full: rows.length >= limit,
  }
}

function toCandidate(row: Row, { shape, fields, named, terms }: Searchable): CandidateRow {
  const candidate: CandidateRow = {
    record: toCrmRecord(row, shape),
    phones: toTexts(row, fields.phones),
    emails: toTexts(row, fields.emails),
    names: toTexts(row, fields.names),
    accountIds: toTexts(row, fields.accountIds),
  }
  if (terms.length === 0) return candidate
  const tests = terms.map(({ test }) => test)
  return { ...candidate, terms: termHits(tests, (field) => textsIn(row, named.get(field))) }
}

/** What a field holds, in the texts that tests are held against. */
function textsIn(row: Row, field: FieldMetadata | undefined): string[] {
  if (field === undefined) return []
  const raw = field.type === 'LOOKUP' ? labelIn(row, field.column) : row[field.column]
  if (typeof raw === 'number' || typeof raw === 'boolean') return [String(raw)]
  if (typeof raw !== 'string') return []
  return field.type === 'MULTI_OPTION_SET' ? raw.split(',') : [raw]
}

function toTexts(row: Row, fields: readonly string[]): FieldText[] {
  const texts: FieldText[] = []
  for (const field of fields) {
    const value = row[field]
    if (typeof value === 'string' && value !== '') texts.push({ field, value })
    else if (typeof value === 'number') texts.push({ field, value: String(value) })
  }
  return texts
}
