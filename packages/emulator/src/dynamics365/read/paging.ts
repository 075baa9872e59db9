/** Pages: the place in a result travels inside an opaque cookie (crm-apis.md 1.4). */
import type { Row } from '../../store.ts'
import { badQuery } from '../errors.ts'

/** Rows of a page unless fewer are asked for. */
export const maxPageSize = 5000

export interface Place {
  /** The page that starts here; the first is 1. */
  pageNumber: number
  /** How many rows came before. */
  offset: number
  /** The last row that was given out: what comes after it is next, even if rows before it have come or gone. */
  lastId: string
}

function writePlace({ pageNumber, offset, lastId }: Place): string {
  const cookie = Buffer.from(JSON.stringify([offset, lastId])).toString('base64url')
  return `<cookie pagenumber="${pageNumber}" pagingcookie="${cookie}" istracking="False" />`
}

export function readPlace(skiptoken: string): Place {
  const found = /^<cookie pagenumber="(\d+)" pagingcookie="([\w-]+)" istracking="False" \/>$/.exec(skiptoken)
  if (!found) throw badQuery('Malformed XML in the Paging Cookie')
  try {
    const [offset, lastId] = JSON.parse(Buffer.from(found[2] ?? '', 'base64url').toString('utf8')) as [number, string]
    return { pageNumber: Number(found[1]), offset, lastId }
  } catch {
    throw badQuery('Malformed XML in the Paging Cookie')
  }
}

/** Where the page starts in these rows. */
export function startOf(place: Place, rows: readonly Row[], primaryId: string): number {
  const last = rows.findIndex((row) => row[primaryId] === place.lastId)
  return last === -1 ? Math.min(place.offset, rows.length) : last + 1
}

/** The address of the next page: the same query with another place. */
export function nextLink(address: string, rawQuery: string, place: Place): string {
  const kept = rawQuery.split('&').filter((pair) => pair !== '' && !/^(\$|%24)skiptoken=/i.test(pair))
  const token = encodeURIComponent(writePlace(place)).replaceAll('%3D', '=').replaceAll('%2F', '/')
  return `${address}?${[...kept, `$skiptoken=${token}`].join('&')}`
}
