/** Search: one SOQL query per entity type, all in one request (product.md decisions 3 and 4). */
import type { Deadline } from '../../http/index.ts'
import type { SearchRequest, SearchResult, SearchTarget } from '../../model/index.ts'
import {
  type CandidateRow,
  type FieldText,
  runSearch,
  type SearchCriterion,
  type TargetAnswer,
} from '../../search/index.ts'
import type { QueryOutcome, Row, SalesforceClient } from '../client.ts'
import { type SearchFields, searchFieldsOf, withoutShadows } from '../entities.ts'
import { planRead, type ReadPlan } from '../mapper.ts'
import type { ObjectMetadata } from '../metadata.ts'
import { containsInOrder, literal, literals, name, select } from '../soql.ts'
import type { Metadata } from './describe.ts'

/** A composite request takes five queries (crm-apis.md 2.4). */
const mostQueriesAtOnce = 5

/** One target, ready to be asked. */
interface TargetQuery {
  target: SearchTarget
  searched: SearchFields
  plan: ReadPlan
  soql: string
}

export interface SearchParts {
  client: SalesforceClient
  metadata: Metadata
  /** Origin that records open under; known once a session is. */
  instanceUrl: () => string
}

function conditionsOf(criterion: SearchCriterion, fields: SearchFields): string[] {
  switch (criterion.kind) {
    case 'PHONE_SPELLINGS':
      return fields.phones.map((field) => `${name(field)} IN ${literals(criterion.spellings)}`)
    case 'PHONE_PATTERNS':
      return fields.phones.flatMap((field) =>
        criterion.patterns.map((parts) => `${name(field)} LIKE ${containsInOrder(parts)}`),
      )
    case 'EMAIL':
      return fields.emails.map((field) => `${name(field)} = ${literal(criterion.value)}`)
    case 'FULL_NAME':
      return fields.names.map((field) => `${name(field)} = ${literal(criterion.value)}`)
    case 'ACCOUNT_ID':
      return fields.accountIds.map((field) => `${name(field)} = ${literal(criterion.value)}`)
    case 'TERM': {
      const part = containsInOrder([criterion.value])
      const texts = [...fields.names, ...fields.emails].map((field) => `${name(field)} LIKE ${part}`)
      const { phonePattern } = criterion
      if (phonePattern === null) return texts
      return [...texts, ...fields.phones.map((field) => `${name(field)} LIKE ${containsInOrder(phonePattern)}`)]
    }
    case 'VALUES':
      return []
  }
}

/** Only what a criterion looks at needs to be fetched to be verified. */
function fieldsToVerify(criteria: readonly SearchCriterion[], fields: SearchFields): SearchFields {
  const asks = (...kinds: SearchCriterion['kind'][]) => criteria.some(({ kind }) => kinds.includes(kind))
  return {
    phones: asks('PHONE_SPELLINGS', 'PHONE_PATTERNS', 'TERM') ? fields.phones : [],
    emails: asks('EMAIL', 'TERM') ? fields.emails : [],
    names: asks('FULL_NAME', 'TERM') ? fields.names : [],
    accountIds: asks('ACCOUNT_ID') ? fields.accountIds : [],
  }
}

/** Null where nothing that is known can be looked for in this object. */
function toTargetQuery(
  object: ObjectMetadata,
  target: SearchTarget,
  criteria: readonly SearchCriterion[],
  options: { limit: number; instanceUrl: string; searched: readonly string[] },
): TargetQuery | null {
  const available = searchFieldsOf(object)
  const fields =
    target.primaryField === undefined || object.fields.get(target.primaryField)?.filterable !== true
      ? available
      : { ...available, names: [target.primaryField] }
  const conditions = criteria.flatMap((criterion) => conditionsOf(criterion, fields))
  if (conditions.length === 0) return null
  const searched = fieldsToVerify(criteria, fields)
  const { phones, emails, names, accountIds } = searched
  const plan = planRead(object, target.selection, {
    instanceUrl: options.instanceUrl,
    extra: [...phones, ...emails, ...names, ...accountIds],
  })
  const exclusion = withoutShadows(object, options.searched)
  const any = conditions.length === 1 ? conditions.join() : `(${conditions.join(' OR ')})`
  return {
    target,
    searched,
    plan,
    soql: select({
      columns: plan.columns,
      from: object.name,
      where: exclusion === null ? any : `${any} AND ${exclusion}`,
      // The most recently used first, and the same order every time.
      orderBy: object.fields.has('LastModifiedDate') ? 'LastModifiedDate DESC, Id' : 'Id',
      limit: options.limit,
    }),
  }
}

function textsOf(row: Row, fields: readonly string[]): FieldText[] {
  const texts: FieldText[] = []
  for (const field of fields) {
    const value = row[field]
    if (typeof value === 'string') texts.push({ field, value })
  }
  return texts
}

function toCandidate(row: Row, { plan, searched }: TargetQuery): CandidateRow {
  return {
    record: plan.toRecord(row),
    phones: textsOf(row, searched.phones),
    emails: textsOf(row, searched.emails),
    names: textsOf(row, searched.names),
    accountIds: textsOf(row, searched.accountIds),
  }
}

/** A query with what came of it. */
interface Answered {
  query: TargetQuery
  outcome: QueryOutcome
}

/** A field or an object that our metadata has and the org has no longer. */
function isStale({ outcome }: Answered): boolean {
  if (!('error' in outcome)) return false
  return outcome.error.providerCode === 'INVALID_FIELD' || outcome.error.providerCode === 'INVALID_TYPE'
}

function toTargetAnswer({ query, outcome }: Answered, limit: number): TargetAnswer {
  const { entityName } = query.target
  if ('error' in outcome) return { entityName, error: outcome.error }
  const rows = outcome.rows.map((row) => toCandidate(row, query))
  return { entityName, rows, full: rows.length >= limit }
}

export function searchRecords(request: SearchRequest, parts: SearchParts, deadline: Deadline): Promise<SearchResult> {
  const { client, metadata } = parts
  const searched = request.targets.map(({ entityName }) => entityName)

  async function ask(queries: readonly TargetQuery[]): Promise<Answered[]> {
    const pages: TargetQuery[][] = []
    for (let at = 0; at < queries.length; at += mostQueriesAtOnce) pages.push(queries.slice(at, at + mostQueriesAtOnce))
    const answers = pages.map(async (page) => {
      const outcomes = await client.queries(
        'search',
        page.map(({ soql }) => soql),
        deadline,
      )
      return outcomes.flatMap((outcome, index): Answered[] => {
        const query = page[index]
        return query === undefined ? [] : [{ query, outcome }]
      })
    })
    return (await Promise.all(answers)).flat()
  }

  return runSearch(request, async ({ targets, criteria, limit }) => {
    const build = async (objects: readonly Promise<ObjectMetadata | null>[], of: readonly SearchTarget[]) => {
      const found = await Promise.all(objects)
      return of.flatMap((target, index) => {
        const object = found[index]
        if (object == null) return []
        return toTargetQuery(object, target, criteria, { limit, searched, instanceUrl: parts.instanceUrl() }) ?? []
      })
    }

    const known = targets.map(({ entityName }) => metadata.object(entityName, deadline))
    const answers = await ask(await build(known, targets))
    const stale = answers.filter(isStale).map(({ query }) => query.target)
    const reread = stale.map(({ entityName }) => metadata.newerThan(0, entityName, deadline))
    const again = await ask(await build(reread, stale))
    const latest = [...answers.filter((answer) => !isStale(answer)), ...again]
    return latest.map((answer) => toTargetAnswer(answer, limit))
  })
}
