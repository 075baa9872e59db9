/** Multipart bodies of `$batch`: cutting a request apart, putting an answer together (crm-apis.md 1.11). */
import type { EmulatorResponse } from '../../http.ts'
import { badQuery } from '../errors.ts'

/** One part: its headers in lower case, and what follows the blank line. */
export interface Part {
  headers: Record<string, string>
  content: string
}

/** The boundary that a Content-Type names, if it is multipart. */
export function boundaryOf(contentType: string | undefined): string | undefined {
  const found = /^multipart\/mixed\s*;.*?boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(contentType ?? '')
  return found?.[1] ?? found?.[2]
}

export function readParts(body: string, boundary: string): Part[] {
  const text = `\n${body}`
  const delimiter = `\n--${boundary}`
  const parts: Part[] = []
  let at = text.indexOf(delimiter)
  while (at !== -1) {
    const start = at + delimiter.length
    if (text.startsWith('--', start)) return parts
    const end = findDelimiter(text, delimiter, start)
    if (end === -1) break
    parts.push(readPart(text.slice(text.indexOf('\n', start) + 1, end)))
    at = end
  }
  throw badQuery('The batch request is not terminated by its boundary.')
}

/** A delimiter ends its line or the whole body; a longer boundary that starts alike is another one. */
function findDelimiter(text: string, delimiter: string, from: number): number {
  for (let at = text.indexOf(delimiter, from); at !== -1; at = text.indexOf(delimiter, at + 1)) {
    if (/^(--)?[ \t]*(\r?\n|$)/.test(text.slice(at + delimiter.length, at + delimiter.length + 80))) return at
  }
  return -1
}

function readPart(text: string): Part {
  const { head, rest } = splitHead(text)
  return { headers: readHeaders(head), content: rest }
}

/** What stands before and after the first blank line. The line end before the next boundary belongs to that. */
export function splitHead(text: string): { head: string; rest: string } {
  const trimmed = text.endsWith('\r') ? text.slice(0, -1) : text
  if (/^\r?\n/.test(trimmed)) return { head: '', rest: trimmed.replace(/^\r?\n/, '') }
  const blank = /\r?\n\r?\n/.exec(trimmed)
  if (!blank) return { head: trimmed, rest: '' }
  return { head: trimmed.slice(0, blank.index), rest: trimmed.slice(blank.index + blank[0].length) }
}

export function readHeaders(head: string): Record<string, string> {
  const headers: Record<string, string> = {}
  for (const line of head.split(/\r?\n/)) {
    const colon = line.indexOf(':')
    if (colon === -1) continue
    const name = line.slice(0, colon).trim().toLowerCase()
    const value = line.slice(colon + 1).trim()
    headers[name] = headers[name] === undefined ? value : `${headers[name]}, ${value}`
  }
  return headers
}

const reasons: Readonly<Record<number, string>> = {
  200: 'OK',
  201: 'Created',
  204: 'No Content',
  304: 'Not Modified',
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  412: 'Precondition Failed',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
}

const headerNames: Readonly<Record<string, string>> = {
  'content-type': 'Content-Type',
  'odata-version': 'OData-Version',
  'odata-entityid': 'OData-EntityId',
  location: 'Location',
  etag: 'ETag',
  'preference-applied': 'Preference-Applied',
}

/** One answer as a part of the whole. */
export function writeResponsePart(response: EmulatorResponse, contentId: string | undefined): string {
  const lines = ['Content-Type: application/http', 'Content-Transfer-Encoding: binary']
  if (contentId !== undefined) lines.push(`Content-ID: ${contentId}`)
  lines.push('', `HTTP/1.1 ${response.status} ${reasons[response.status] ?? 'Unknown'}`)
  for (const [name, value] of Object.entries(response.headers ?? {})) {
    lines.push(`${headerNames[name] ?? name}: ${String(value)}`)
  }
  lines.push('', response.body ?? '')
  return lines.join('\r\n')
}

/** Parts between boundaries. */
export function writeMultipart(parts: readonly string[], boundary: string): string {
  return `${parts.map((part) => `--${boundary}\r\n${part}\r\n`).join('')}--${boundary}--\r\n`
}
