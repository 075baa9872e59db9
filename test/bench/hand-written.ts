import { request } from 'undici'
import type { RecordedCall } from './upstream.ts'

/**
 * How many bytes the rows of a recorded search weigh when a person writes its `$select`, for the fields that a hit shows,
 * and asks for no annotations. Ours also reads the other fields that it searches, to say which of them matched.
 */
export async function weighHandWritten(origin: string, recorded: RecordedCall, rows: number): Promise<number> {
  const url = new URL(recorded.path, origin)
  url.searchParams.delete('$expand')
  url.searchParams.set('$select', 'fullname,telephone1,emailaddress1')
  const { body, statusCode } = await request(url, {
    headers: { accept: 'application/json', authorization: recorded.headers['authorization'] ?? '' },
  })
  const text = await body.text()
  const found = statusCode === 200 ? (JSON.parse(text) as { value: object[] }).value.length : 0
  if (found !== rows)
    throw new Error(`${found} of ${rows} rows for the hand-written $select (${statusCode}): ${text.slice(0, 500)}`)
  return Buffer.byteLength(text)
}
