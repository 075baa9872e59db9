/**
 * better-auth's answer to an address that asks too often, in our words: it says when to come back only by a header of its
 * own, and does not name the limit. Other answers are passed on as they are.
 */
export function withLimitNamed(answer: Response): Response {
  const seconds = answer.headers.get('x-retry-after')
  if (answer.status !== 429 || seconds === null) return answer
  const message = `Too many requests from this address. Try again in ${seconds} seconds.`
  const body = { code: 'LIMIT_EXCEEDED', message, limit: { name: 'signInRequests' } }
  return Response.json(body, { status: 429, headers: { 'retry-after': seconds } })
}
