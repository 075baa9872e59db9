import { createServer, type Server } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { isPublicAddress } from './address.ts'
import { ConnectFailure, createLookup, type Resolve } from './connector.ts'
import { createHttpClient } from './undici-client.ts'

/** A resolver whose answers are these, one after another; the last one stays. */
function answering(...answers: string[][]): { resolve: Resolve; asked: string[] } {
  const asked: string[] = []
  const resolve: Resolve = (hostname, _, callback) => {
    const addresses = answers[Math.min(asked.push(hostname), answers.length) - 1] ?? []
    callback(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    )
  }
  return { resolve, asked }
}

function look(resolve: Resolve, all = false): Promise<unknown> {
  return new Promise((done, fail) => {
    createLookup(resolve, isPublicAddress)('crm.example', { all }, (error, address) =>
      error ? fail(error) : done(address),
    )
  })
}

describe('the addresses of a name (T7)', () => {
  it('are asked for once a connection, and are those that are connected to', async () => {
    const { resolve, asked } = answering(['8.8.8.8'], ['127.0.0.1'])
    expect(await look(resolve)).toBe('8.8.8.8')
    expect(asked).toEqual(['crm.example'])
    const both = answering(['8.8.8.8', '2603:1000::1'])
    expect(await look(both.resolve, true)).toEqual([
      { address: '8.8.8.8', family: 4 },
      { address: '2603:1000::1', family: 6 },
    ])
  })

  it('are looked at anew by the next connection: a name that moves inside is refused then', async () => {
    const { resolve } = answering(['8.8.8.8'], ['10.0.0.7'])
    await look(resolve)
    await expect(look(resolve)).rejects.toMatchObject({ name: 'ConnectFailure', blocked: true })
  })

  it.each([
    [['127.0.0.1']],
    [['8.8.8.8', '127.0.0.1']],
    [['2603:1000::1', '::1']],
    [['::ffff:127.0.0.1']],
    [['::ffff:8.8.8.8']],
    [['169.254.169.254']],
    [['0.0.0.0']],
    [['fe80::1']],
    [['not an address']],
    [[]],
  ])('%j are refused', async (addresses) => {
    await expect(look(answering(addresses).resolve, true)).rejects.toBeInstanceOf(ConnectFailure)
  })
})

describe('a server inside (T7)', () => {
  let inside: Server
  let port: number
  let connections = 0
  beforeAll(async () => {
    inside = createServer((socket) => {
      connections += 1
      socket.destroy()
    })
    await new Promise<void>((resolve) => inside.listen(0, '127.0.0.1', resolve))
    const address = inside.address()
    port = typeof address === 'object' && address !== null ? address.port : 0
  })
  beforeEach(() => {
    connections = 0
  })
  afterAll(() => inside.close())

  const send = async (url: string, resolve: Resolve, allowedHosts: string[] = []) => {
    const http = createHttpClient({ allowedHosts, resolve })
    const failure = await http.send({ method: 'GET', url, timeoutMs: 5_000 }).catch((error: unknown) => error)
    await http.close()
    return failure
  }

  it.each(['crm.example', 'localhost', 'localhost.', 'LOCALHOST', 'a.localhost', 'ip6-localhost', 'crm.example.'])(
    'is not reached under the name %s',
    async (name) => {
      const failure = await send(`https://${name}:${port}/`, answering(['127.0.0.1']).resolve)
      expect(failure).toMatchObject({ kind: 'BLOCKED', sent: false, message: expect.stringContaining('not a public') })
      expect(connections).toBe(0)
    },
  )

  it('is reached where the operator lists it, and then only by that name and port', async () => {
    const listed = [`crm.corp.example:${port}`]
    await send(`https://crm.corp.example:${port}/`, answering(['127.0.0.1']).resolve, listed)
    expect(connections).toBe(1)
    await send(`https://127.0.0.1:${port}/`, answering([]).resolve, [`127.0.0.1:${port}`])
    expect(connections).toBe(2)
    await send(`https://localhost:${port}/`, answering(['127.0.0.1']).resolve, [`127.0.0.1:${port}`])
    await send(`https://127.0.0.1:${port}/`, answering([]).resolve, [`127.0.0.1:${port + 1}`])
    expect(connections).toBe(2)
  })
})
