/** Search: one SOQL query per entity type, all in one request (product.md decisions 3 and 4). */
import type { Deadline } from '../../http/index.ts'
import type { SearchRequest, SearchResult, SearchTarget } from '../../model/index.ts'
import { runSearch, type SearchCriterion, type TargetAnswer } from '../../search/index.ts'
import type { QueryOutcome, SalesforceClient } from '../client.ts'
import type { ObjectMetadata } from '../metadata.ts'
import { namedFields, type TargetQuery, toCandidate, toTargetQuery } from '../target-query.ts'
import type { Metadata } from './describe.ts'

/** A composite request takes five queries (crm-apis.md 2.4). */
const mostQueriesAtOnce = 5
/** A field that we do not know may be new; it is looked for again when what we know is older than this. */
const newFieldAfterMs = 10_000

export interface SearchParts {
  client: SalesforceClient
  metadata: Metadata
  /** Origin that records open under; known once a session is. */
  instanceUrl: () => string
}

/** A query with what came of it. */
interface Answered {
  query: TargetQuery
  outcome: QueryOutcome
}

/** What our metadata has and the org has no longer, or has as another type. */
const isStale = ({ outcome }: Answered) => 'error' in outcome && outcome.error.metadataDoubtful

function toTargetAnswer({ query, outcome }: Answered, limit: number): TargetAnswer {
  const { entityName } = query.target
  if ('error' in outcome) return { entityName, error: outcome.error }
  const rows = outcome.rows.map((row) => toCandidate(row, query))
  return { entityName, rows, full: rows.length >= limit }
}

export function searchRecords(request: SearchRequest, parts: SearchParts, deadline: Deadline): Promise<SearchResult> {
  const { client, metadata } = parts

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

  async function objectFor(target: SearchTarget): Promise<ObjectMetadata | null> {
    const object = await metadata.object(target.entityName, deadline)
    if (object === null || namedFields(target).every((field) => object.fields.has(field))) return object
    return metadata.newerThan(newFieldAfterMs, target.entityName, deadline)
  }

  async function build(
    targets: readonly SearchTarget[],
    find: (target: SearchTarget) => Promise<ObjectMetadata | null>,
    asked: { criteria: readonly SearchCriterion[]; limit: number },
  ): Promise<TargetQuery[]> {
    const found = await Promise.all(targets.map(find))
    return targets.flatMap((target, index) => {
      const object = found[index]
      if (object == null) return []
      return toTargetQuery(object, target, { ...asked, request, instanceUrl: parts.instanceUrl() }) ?? []
    })
  }

  return runSearch(request, async ({ targets, criteria, limit }) => {
    const answers = await ask(await build(targets, objectFor, { criteria, limit }))
    const stale = answers.filter(isStale).map(({ query }) => query.target)
    const reread = (target: SearchTarget) => metadata.newerThan(0, target.entityName, deadline)
    const again = await ask(await build(stale, reread, { criteria, limit }))
    const latest = [...answers.filter((answer) => !isStale(answer)), ...again]
    return latest.map((answer) => toTargetAnswer(answer, limit))
  })
}
