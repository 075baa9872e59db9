import { request as httpRequest } from 'node:http'
import { expect, test } from 'vitest'
import { startStreamingServer } from '../testing/streaming-server.ts'

test("an offer of HTTP/2, as Java's client makes it, is passed over, and the request is answered, body and all", async () => {
  const server = await startStreamingServer()
  const body = JSON.stringify({ query: '{ hello }' })
  const answer = await new Promise<{ status: number | undefined; text: string }>((resolve, reject) => {
    const request = httpRequest(
      `${server.url}/graphql`,
      {
        method: 'POST',
        headers: {
          authorization: 'Bearer ADMIN',
          'content-type': 'application/json',
          'content-length': body.length,
          connection: 'Upgrade, HTTP2-Settings',
          upgrade: 'h2c',
          'http2-settings': 'AAMAAABkAAQAAP__',
        },
      },
      (response) => {
        let text = ''
        response.on('data', (chunk) => {
          text += chunk
        })
        response.on('end', () => resolve({ status: response.statusCode, text }))
      },
    )
    request.on('error', reject)
    request.flushHeaders()
    // The body comes when the offer has been seen already.
    setTimeout(() => request.end(body), 20)
  })
  expect(answer).toEqual({ status: 200, text: '{"data":{"hello":"world"}}' })
})
