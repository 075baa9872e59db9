import type { IncomingMessage } from 'node:http'
import { overLimit } from './refusal.ts'

/**
 * Reads a body whole. It stops at the limit, whatever length the sender announced.
 *
 * @throws Refusal when it is too large
 */
export function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let length = 0
    request.on('data', (chunk: Buffer) => {
      length += chunk.length
      if (length > maxBytes) {
        request.pause()
        const hit = { name: 'bodyBytes', most: maxBytes, found: length } as const
        reject(overLimit(413, hit, `A body may have at most ${maxBytes} bytes.`))
      } else chunks.push(chunk)
    })
    request.on('end', () => resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)))
    request.on('error', reject)
  })
}
