import { methodNotAllowed } from '../errors.ts'
import type { ApiAnswer, ApiCall, Org } from './call.ts'

const objects = ['Account', 'Contact', 'Lead', 'Opportunity', 'Case']
const usualLimit = 200

/** `GET recent`: what was last worked on, newest first. The emulated user views nothing, so changes count instead. */
export function answerRecent(call: ApiCall, org: Org): ApiAnswer {
  if (call.method !== 'GET') throw methodNotAllowed(call.method, 'HEAD,GET')
  const limit = Number(call.query.get('limit') ?? usualLimit)
  const rows = objects
    .flatMap((object) => [...org.store.table(object).values()].map((row) => ({ object, row })))
    .filter(({ row }) => row.IsDeleted !== true)
    .sort((a, b) => (String(a.row.LastModifiedDate) < String(b.row.LastModifiedDate) ? 1 : -1))
    .slice(0, limit)
  return {
    status: 200,
    value: rows.map(({ object, row }) => ({
      attributes: { type: object, url: `/services/data/${call.version}/sobjects/${object}/${String(row.Id)}` },
      Id: row.Id,
      Name: row.Name ?? row.CaseNumber,
    })),
  }
}
