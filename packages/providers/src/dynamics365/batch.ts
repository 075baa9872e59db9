/**
 * The multipart form in which Dataverse takes many requests at once (crm-apis.md 1.11), as text in both directions.
 * Reads only: writes go one by one, because each must tell for itself whether it happened.
 */

/** One read inside a batch. */
export interface BatchQuery {
  /** Path and query, percent-encoded: `/api/data/v9.2/contacts?$select=fullname`. */
  path: string
  /** `Prefer` of this part, where it wants one. */
  prefer?: string
  /** What was changed a moment ago is in the answer; otherwise that may take 30 s (crm-apis.md 1.3). */
  strong?: boolean
}

/** The answer to one part. Header names are in lower case. */
export interface BatchAnswer {
  status: number
  headers: Record<string, string>
  body: string
}

/** The body of a `$batch` request. A path is percent-encoded, so the boundary cannot occur in it. */
export function writeBatch(queries: readonly BatchQuery[], boundary: string): string {
  let text = ''
  for (const { path, prefer, strong } of queries) {
    if (/[\s\p{Cc}]/u.test(path)) throw new RangeError('A path inside a batch must be percent-encoded')
    text += `--${boundary}\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\n`
    text += `GET ${path} HTTP/1.1\r\nAccept: application/json\r\n`
    if (prefer !== undefined) text += `Prefer: ${prefer}\r\n`
    if (strong === true) text += 'Consistency: Strong\r\n'
    text += '\r\n\r\n'
  }
  return `${text}--${boundary}--\r\n`
}

/**
 * Takes a multipart answer apart, in the order of the parts.
 *
 * @throws SyntaxError for text that is no multipart answer, or one that was cut off
 */
export function readBatch(contentType: string, text: string): BatchAnswer[] {
  const boundary = /^multipart\/mixed\s*;(?:.*;)?\s*boundary=(?:"([^"]+)"|([^\s;]+))/i.exec(contentType)
  const delimiter = `--${boundary?.[1] ?? boundary?.[2] ?? ''}`
  if (delimiter === '--') throw new SyntaxError('The answer is no batch')
  const answers: BatchAnswer[] = []
  let at = findDelimiter(text, delimiter, 0)
  for (;;) {
    if (at === -1) throw new SyntaxError('The batch was cut off')
    const end = at + delimiter.length
    if (text.startsWith('--', end)) return answers
    const next = findDelimiter(text, delimiter, end)
    if (next === -1) throw new SyntaxError('The batch was cut off')
    answers.push(readPart(text.slice(afterLine(text, end), endBeforeDelimiter(text, next))))
    at = next
  }
}

/** The next delimiter that stands at the start of a line; in a JSON text line ends are escaped, so none hides there. */
function findDelimiter(text: string, delimiter: string, from: number): number {
  for (let at = text.indexOf(delimiter, from); at !== -1; at = text.indexOf(delimiter, at + 1)) {
    const end = at + delimiter.length
    const startsLine = at === 0 || text[at - 1] === '\n'
    if (startsLine && /^(?:--)?[ \t]*(?:\r?\n|$)/.test(text.slice(end, end + 80))) return at
  }
  return -1
}

/** The line end in front of a delimiter belongs to the delimiter (RFC 2046). */
function endBeforeDelimiter(text: string, at: number): number {
  return text[at - 2] === '\r' ? at - 2 : at - 1
}

function afterLine(text: string, from: number): number {
  const end = text.indexOf('\n', from)
  return end === -1 ? text.length : end + 1
}

/** A MIME part that holds an HTTP answer: MIME headers, blank line, status line, headers, blank line, body. */
function readPart(part: string): BatchAnswer {
  const mime = readHeaders(part, 0)
  const status = /^HTTP\/1\.\d (\d{3})\b/.exec(part.slice(mime.end, mime.end + 40))
  if (status === null) throw new SyntaxError('A part of the batch is no HTTP answer')
  const http = readHeaders(part, afterLine(part, mime.end))
  return { status: Number(status[1]), headers: http.headers, body: part.slice(http.end) }
}

function readHeaders(text: string, from: number): { headers: Record<string, string>; end: number } {
  const headers: Record<string, string> = Object.create(null)
  let at = from
  while (at < text.length) {
    const next = afterLine(text, at)
    const line = text.slice(at, next).trimEnd()
    at = next
    if (line === '') break
    const colon = line.indexOf(':')
    if (colon > 0) headers[line.slice(0, colon).trim().toLowerCase()] = line.slice(colon + 1).trim()
  }
  return { headers, end: at }
}
