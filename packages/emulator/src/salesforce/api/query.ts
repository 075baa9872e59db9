import { methodNotAllowed, refused } from '../errors.ts'
import { planQuery } from '../soql/plan.ts'
import { type ApiAnswer, type ApiCall, type Org, queryContext } from './call.ts'
import type { Cursor } from './cursors.ts'

const defaultPage = 2000
/** Wide rows make shorter pages (crm-apis.md 2.4). */
const longTextPage = 1000
const smallestPage = 200

/** `GET query?q=`, `GET queryAll?q=` and the further pages of either. */
export function answerQuery(call: ApiCall, org: Org): ApiAnswer {
  const [resource = '', locator] = call.segments
  if (call.method !== 'GET') throw methodNotAllowed(call.method, 'HEAD,GET')
  if (locator !== undefined) return nextPage(call, org, resource, locator)
  const text = call.query.get('q')
  if (!text) throw refused('MALFORMED_QUERY', 'A query string has to be specified')

  const context = queryContext(call, org, resource.toLowerCase() === 'queryall')
  const result = planQuery(text, context.schema).run(context)
  switch (result.kind) {
    case 'count':
      return { status: 200, value: { totalSize: result.count, done: true, records: [] } }
    case 'aggregate':
      return { status: 200, value: { totalSize: result.records.length, done: true, records: result.records } }
    case 'rows': {
      const pageSize = Math.min(wantedPage(call), result.hasLongText ? longTextPage : defaultPage)
      const cursor = { rows: result.rows, project: result.project, pageSize }
      const kept = result.rows.length > pageSize ? org.cursors.keep(cursor) : null
      return page(cursor, kept, 0, `/services/data/${call.version}/${resource}`)
    }
  }
}

function nextPage(call: ApiCall, org: Org, resource: string, text: string): ApiAnswer {
  const [, locator = '', offset = ''] = /^(\w{15,})-(\d+)$/.exec(text) ?? []
  const cursor = org.cursors.find(locator)
  if (!cursor) throw refused('INVALID_QUERY_LOCATOR', 'invalid query locator')
  return page(cursor, locator, Number(offset), `/services/data/${call.version}/${resource}`)
}

function page(cursor: Cursor, locator: string | null, offset: number, base: string): ApiAnswer {
  const { rows, project, pageSize } = cursor
  const end = offset + pageSize
  const done = locator === null || end >= rows.length
  const records = rows.slice(offset, end).map(project)
  const value = done
    ? { totalSize: rows.length, done, records }
    : { totalSize: rows.length, done, nextRecordsUrl: `${base}/${locator}-${end}`, records }
  return { status: 200, value }
}

function wantedPage(call: ApiCall): number {
  const wanted = Number(/batchSize\s*=\s*(\d+)/i.exec(call.headers['sforce-query-options'] ?? '')?.[1] ?? defaultPage)
  return Math.max(smallestPage, Math.min(defaultPage, wanted))
}
