/** Search: one HTTP request per round, whatever the number of entity types (product.md decision 3). */
import type { Deadline } from '../../http/index.ts'
import type { SearchRequest, SearchResult, SearchTarget } from '../../model/index.ts'
import {
  type CandidateRow,
  type FieldText,
  runSearch,
  type SearchCriterion,
  type SearchQuestion,
  type TargetAnswer,
} from '../../search/index.ts'
import { type DataverseQuery, type Row, readRows } from '../client.ts'
import type { Table } from '../entities.ts'
import { isOutdated } from '../errors.ts'
import { annotationsPrefer, type RowShape, toCrmRecord, toRowShape } from '../mapper.ts'
import { anyOf, contains, containsParts, equals, equalsAny, toQueryString } from '../odata.ts'
import { findTable, getFields, getTableMetadata, type Org } from '../org.ts'

/** A target that the org can be asked for, with what decides in its rows. */
interface Searchable {
  shape: RowShape
  phoneFields: readonly string[]
  emailFields: readonly string[]
  accountIdField: string | null
}

export async function searchRecords(org: Org, request: SearchRequest, deadline: Deadline): Promise<SearchResult> {
  if (request.by.length === 0) return runSearch(request, async () => [])
  const resolved = await Promise.all(request.targets.map((target) => toSearchable(org, target, request, deadline)))
  const searchables = new Map<string, Searchable>()
  for (const searchable of resolved) {
    if (searchable !== null) searchables.set(searchable.shape.table.logicalName, searchable)
  }
  return runSearch(request, (question) => ask(org, searchables, question, deadline))
}

/** Null for a table that the org lacks. Only fields that an identifier of this search is compared with are fetched. */
async function toSearchable(
  org: Org,
  target: SearchTarget,
  request: SearchRequest,
  deadline: Deadline,
): Promise<Searchable | null> {
  const table = await findTable(org, target.entityName, deadline)
  if (table === null) return null
  const looksFor = (...identifiers: SearchRequest['by'][number]['identifier'][]) =>
    request.by.some(({ identifier }) => identifiers.includes(identifier))
  const phoneFields = looksFor('PHONE', 'TERM') ? table.phoneFields : []
  const emailFields = looksFor('EMAIL', 'TERM') ? table.emailFields : []
  const accountIdField = looksFor('ACCOUNT_ID') ? table.accountIdField : null
  const shape = toRowShape({
    table,
    selection: target.selection,
    fields: await getFields(org, table, target.selection.fields, deadline),
    extra: [...phoneFields, ...emailFields, ...(accountIdField === null ? [] : [accountIdField])],
    nameField: await nameFieldOf(org, table, target, deadline),
    origin: org.origin,
  })
  return { shape, phoneFields, emailFields, accountIdField }
}

/** The setting's primary field, where the org still has it as a text; otherwise the table's own. */
async function nameFieldOf(org: Org, table: Table, target: SearchTarget, deadline: Deadline): Promise<string> {
  const { primaryField } = target
  if (target.kind !== 'CUSTOM' || primaryField === undefined || primaryField === table.nameField) return table.nameField
  const metadata = await getTableMetadata(org, table.logicalName, deadline)
  return metadata.fields.get(primaryField)?.maxLength == null ? table.nameField : primaryField
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
    if (isOutdated(error)) org.metadata.forget(logicalName)
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

/** Null where the table has no field for any of the criteria. */
function toFilter(
  { shape, phoneFields, emailFields, accountIdField }: Searchable,
  criteria: readonly SearchCriterion[],
) {
  const terms: string[] = []
  for (const criterion of criteria) {
    switch (criterion.kind) {
      case 'PHONE_SPELLINGS':
        for (const field of phoneFields) terms.push(equalsAny(field, criterion.spellings))
        break
      case 'PHONE_PATTERNS':
        for (const field of phoneFields) {
          for (const pattern of criterion.patterns) terms.push(containsParts(field, pattern))
        }
        break
      case 'EMAIL':
        for (const field of emailFields) terms.push(equals(field, criterion.value))
        break
      case 'FULL_NAME':
        terms.push(equals(shape.nameField, criterion.value))
        break
      case 'ACCOUNT_ID':
        if (accountIdField !== null) terms.push(equals(accountIdField, criterion.value))
        break
      case 'TERM':
        terms.push(contains(shape.nameField, criterion.value))
        for (const field of emailFields) terms.push(contains(field, criterion.value))
        if (criterion.phonePattern !== null) {
          for (const field of phoneFields) terms.push(containsParts(field, criterion.phonePattern))
        }
        break
    }
  }
  return terms.length === 0 ? null : anyOf(terms)
}

function toCandidates(searchable: Searchable, rows: readonly Row[], limit: number): TargetAnswer {
  return {
    entityName: searchable.shape.table.logicalName,
    rows: rows.map((row) => toCandidate(row, searchable)),
    full: rows.length >= limit,
  }
}

function toCandidate(row: Row, { shape, phoneFields, emailFields, accountIdField }: Searchable): CandidateRow {
  return {
    record: toCrmRecord(row, shape),
    phones: toTexts(row, phoneFields),
    emails: toTexts(row, emailFields),
    names: toTexts(row, [shape.nameField]),
    accountIds: accountIdField === null ? [] : toTexts(row, [accountIdField]),
  }
}

function toTexts(row: Row, fields: readonly string[]): FieldText[] {
  const texts: FieldText[] = []
  for (const field of fields) {
    const value = row[field]
    if (typeof value === 'string' && value !== '') texts.push({ field, value })
  }
  return texts
}
