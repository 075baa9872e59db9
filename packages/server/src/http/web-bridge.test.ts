import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { sendWebResponse } from './web-bridge.ts'

test('a long stream to a slow client leaves no listener behind at each pause', async () => {
  const chunk = new Uint8Array(256 * 1024)
  let left = 40
  let most = 0
  const server = createServer((_request, response) => {
    const stream = new ReadableStream<Uint8Array>({
      pull(controller) {
        most = Math.max(most, response.listenerCount('close'), response.listenerCount('error'))
        if (left-- > 0) controller.enqueue(chunk)
        else controller.close()
      },
    })
    void sendWebResponse(response, new Response(stream))
  })
  onTestFinished(() => void server.close())
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const answer = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  expect((await answer.arrayBuffer()).byteLength).toBe(40 * chunk.length)
  expect(most).toBeLessThan(8)
})
