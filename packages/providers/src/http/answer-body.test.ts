import { createServer, type RequestListener, type Server } from 'node:http'
import { gzipSync } from 'node:zlib'
import { afterEach, describe, expect, it } from 'vitest'
import type { HttpClient } from './client.ts'
import { nestsDeeperThan } from './nesting.ts'
import { createHttpClient } from './undici-client.ts'

let server: Server
let http: HttpClient
afterEach(async () => {
  await http.close()
  server.closeAllConnections()
  server.close()
})

async function answerOf(listener: RequestListener): Promise<unknown> {
  server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const host = `127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
  http = createHttpClient({ allowedHosts: [host] })
  return http.send({ method: 'GET', url: `http://${host}/`, timeoutMs: 20_000 }).catch((error: unknown) => error)
}

const unusable = (reason: string) => ({ kind: 'UNUSABLE', sent: true, message: expect.stringContaining(reason) })

describe('an answer (T24)', () => {
  it('that unpacks to more than fits is a failure of its own', async () => {
    const bomb = gzipSync(Buffer.alloc(40 * 1024 * 1024))
    const answer = answerOf((_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb))
    expect(await answer).toMatchObject(unusable('larger than 32 MB'))
  })

  it('that does not end is cut where it is too large, not when there is no memory left', async () => {
    let sent = 0
    const part = Buffer.alloc(1024 * 1024, ' ')
    const answer = await answerOf((_, response) => {
      const more = () => {
        while (!response.destroyed) {
          sent += part.length
          if (!response.write(part)) return
        }
      }
      response.on('drain', more)
      more()
    })
    expect(answer).toMatchObject(unusable('larger than 32 MB'))
    expect(sent).toBeLessThan(48 * 1024 * 1024)
  })

  it('that nests deeper than any JSON of a CRM is not parsed', async () => {
    const deep = '['.repeat(100_000)
    expect(await answerOf((_, response) => response.end(deep))).toMatchObject(unusable('deeper than 64'))
  })

  it('that is a page comes as it is, whatever brackets it holds', async () => {
    const page = `<html>${'{'.repeat(100)}</html>`
    expect(await answerOf((_, response) => response.end(page))).toMatchObject({ status: 200, body: page })
  })
})

describe('nesting', () => {
  it.each([
    ['[[1]]', 2, false],
    ['[[1]]', 1, true],
    ['{"a":[{}]}', 2, true],
    ['"[[[["', 0, false],
    ['["\\"[[[["]', 1, false],
    ['[],[],[]', 1, false],
    ['', 0, false],
  ])('of %s is deeper than %i: %s', (text, levels, deeper) => {
    expect(nestsDeeperThan(levels, Buffer.from(text))).toBe(deeper)
  })
})
