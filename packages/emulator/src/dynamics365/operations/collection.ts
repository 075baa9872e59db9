/** `GET contacts?…` and `GET contacts/$count`. */
import type { EmulatorResponse } from '../../http.ts'
import type { Row } from '../../store.ts'
import { type Call, odataResponse, textResponse } from '../call.ts'
import { badQuery } from '../errors.ts'
import type { Org } from '../org.ts'
import { preferenceApplied, readPreferences } from '../preferences.ts'
import { readOptions } from '../read/options.ts'
import { maxPageSize, nextLink, readPlace, startOf } from '../read/paging.ts'
import { compileQuery, type Query } from '../read/query.ts'
import { findRows } from '../read/rows.ts'
import { contextOf, serializeRow } from '../read/serialize.ts'
import type { Entity } from '../schema/index.ts'

/** Counts stop here, as the server's do (crm-apis.md 1.4). */
const countLimit = 5000

const cachedQueries = 500

/** The request's query, compiled once per text. */
export function queryOf(call: Call, entity: Entity, org: Org): Query {
  const cache = org.queries()
  const key = `${entity.name}?${call.rawQuery}`
  let query = cache.get(key)
  if (!query) {
    const context = { store: org.store, now: org.clock.now, userId: org.userId }
    query = compileQuery(entity, readOptions(call.query), context, (name) => call.query.get(name))
    if (cache.size >= cachedQueries) cache.clear()
    cache.set(key, query)
  }
  return query
}

/** `among` are the rows of a collection-valued property; the whole table otherwise. `address` is what next links repeat. */
export function listRows(
  call: Call,
  entity: Entity,
  org: Org,
  address: string,
  among?: Iterable<Row>,
): EmulatorResponse {
  const query = queryOf(call, entity, org)
  const { maxPageSize: asked, annotations } = readPreferences(call.headers['prefer'])
  const rows = findRows(query, org.store, among)
  const skiptoken = call.query.get('$skiptoken')
  const place = skiptoken === null ? undefined : readPlace(skiptoken)
  const start = place ? startOf(place, rows, entity.definition.primaryId) : 0
  const top = asked === undefined && query.top !== undefined ? query.top : undefined
  const page = rows.slice(start, start + Math.min(top ?? maxPageSize, asked ?? maxPageSize))

  const json: Record<string, unknown> = { '@odata.context': `${call.root}/$metadata#${contextOf(query)}` }
  if (query.count) json['@odata.count'] = Math.min(rows.length, countLimit)
  if (annotations.totalRecordCount) {
    json['@Microsoft.Dynamics.CRM.totalrecordcount'] = query.count ? Math.min(rows.length, countLimit) : -1
    json['@Microsoft.Dynamics.CRM.totalrecordcountlimitexceeded'] = query.count && rows.length > countLimit
  }
  const serializer = { model: org.model(), store: org.store, annotations, root: call.root }
  json['value'] = page.map((row) => serializeRow(row, query, serializer))
  const end = start + page.length
  if (top === undefined && end < rows.length) {
    const lastId = String(page.at(-1)?.[entity.definition.primaryId])
    json['@odata.nextLink'] = nextLink(address, call.rawQuery, {
      pageNumber: (place?.pageNumber ?? 1) + 1,
      offset: end,
      lastId,
    })
  }
  return odataResponse(200, json, preferenceApplied(call.headers['prefer']))
}

export function countRows(call: Call, entity: Entity, org: Org, among?: Iterable<Row>): EmulatorResponse {
  const query = queryOf(call, entity, org)
  if (query.top !== undefined) throw badQuery('The query parameter $top is not supported with $count.')
  return textResponse(String(Math.min(findRows(query, org.store, among).length, countLimit)))
}
