import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { openInstallation } from '../support/server-process.ts'
import { graphqlRequests } from './graphql-requests.ts'
import { grownRequests } from './grown-requests.ts'
import { brokenRequests, foreignRequests } from './http-requests.ts'
import { drip, type HostileAnswer, sendAll } from './send.ts'
import { fillers, worstRequests } from './worst-documents.ts'

/** What the server waits for a request, in seconds; Node looks once a second. */
const env = {
  LIMIT_HEADER_SECONDS: '1',
  LIMIT_REQUEST_SECONDS: '2',
  LIMIT_KEY_OPERATIONS: '0',
  LIMIT_DOCUMENT_CHARACTERS: '0',
  LOG_LEVEL: 'info',
  // A leak of what was sent would end the process.
  NODE_OPTIONS: '--max-old-space-size=192',
}
/** Far beyond the server's own limits. */
const patienceMs = 15_000
/** No answer takes longer, where the client has sent all that it is to send. */
const longestMs = 2_000

/** What no answer may tell: stacks, files, what the server is built with. */
const inner =
  /INTERNAL_SERVER_ERROR|\bat [\w.<>]+ \(|node_modules|node:internal|packages\/|\.ts:\d|prisma|sqlite|(Type|Range|Syntax|Reference)Error|\/tmp\//i

const residentMb = (pid: number) =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024

/** Those that were waited for too long; not those of which the server waited for the rest until it gave up. */
const slowOf = (answers: readonly HostileAnswer[]) =>
  answers.filter(({ ms, status }) => ms > longestMs && status !== 408 && status !== 100)

test('more than a thousand malformed and hostile requests are each answered or cut, within 2 s of work, never by a failure or an inner name, and the process goes on (T9, T21, T22, T23)', async () => {
  const server = await (await openInstallation(env)).start()
  const { port, pid, key } = server
  const fixed = [...brokenRequests(key), ...foreignRequests(key), ...graphqlRequests(key), ...worstRequests(key, 2)]
  const corpus = [...fixed, ...grownRequests(fixed, 700, 20_261_126)]
  expect(corpus.length).toBeGreaterThan(1_000)
  await server.execute('{ viewer { kind } }')
  await sendAll(corpus.slice(0, 100), port, { atOnce: 20, patienceMs })
  const before = residentMb(pid)

  const head = `POST /graphql HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${key}\r\nContent-Type: application/json\r\n`
  const dripping = [
    drip(`${head}X-Slow: `, 'a', port),
    drip(`${head}Content-Length: 100000\r\n\r\n{"query":"`, ' ', port),
  ]
  const answers = await sendAll(corpus, port, { atOnce: 100, patienceMs })

  expect(answers.filter(({ hung }) => hung).map(({ name }) => name)).toEqual([])
  // Who waits behind ninety-nine others may wait longer: what hangs does so alone, too.
  const late = new Set(slowOf(answers).map(({ name }) => name))
  if (late.size > 0) await sendAll(fillers(key), port, { atOnce: 20, patienceMs })
  const alone = await sendAll(
    corpus.filter(({ name }) => late.has(name)),
    port,
    { atOnce: 1, patienceMs },
  )
  expect(slowOf(alone).map(({ name, ms }) => `${Math.round(ms)} ms: ${name}`)).toEqual([])
  const failed = answers.filter(({ status }) => status !== null && status >= 500)
  expect(failed.map(({ name, status }) => `${status}: ${name}`)).toEqual([])
  expect(answers.filter(({ text }) => inner.test(text)).map(({ name, text }) => `${name}\n${text}`)).toEqual([])
  for (const text of await Promise.all(dripping)) expect(text).toMatch(/^HTTP\/1\.1 408/)
  // Most are answered rather than cut.
  expect(answers.filter(({ status }) => status !== null).length).toBeGreaterThan(corpus.length * 0.9)

  // Nothing of it stuck: a body without a query is still none, and who asks rightly is answered.
  await expect(server.execute('{ viewer { polluted } }')).rejects.toThrow('polluted')
  expect(await server.execute('{ viewer { kind } }')).toEqual({ viewer: { kind: 'API_KEY' } })
  await expect.poll(() => residentMb(pid) - before).toBeLessThan(150)
})

test('the dearest documents are answered 429 before they cost anything, once their caller has sent too much that is new, while others go on (T9)', async () => {
  const limits = { LIMIT_DOCUMENT_CHARACTERS: '30000', LIMIT_WINDOW_SECONDS: '600' }
  const server = await (await openInstallation(limits)).start()
  const honest = '{ viewer { kind } }'
  const { createApiKey } = await server.execute<{ createApiKey: { key: string } }>(
    'mutation { createApiKey(name: "Hostile", scope: SERVICE) { ... on CreateApiKeySuccess { key } } }',
  )
  const worst = worstRequests(createApiKey.key, 4)
  const [answers] = await Promise.all([
    sendAll(worst, server.port, { atOnce: 20, patienceMs }),
    expect(server.execute(honest)).resolves.toEqual({ viewer: { kind: 'API_KEY' } }),
  ])
  expect(slowOf(answers)).toEqual([])
  const refused = answers.filter(({ status }) => status === 429)
  for (const { text } of refused) expect(text).toContain('"limit":{"name":"documentCharacters","most":30000')
  expect(refused.filter(({ name }) => name.startsWith('nearly a mebibyte'))).toHaveLength(12)
  expect(refused.length).toBeGreaterThan(worst.length / 2)
  expect(await server.execute(honest)).toEqual({ viewer: { kind: 'API_KEY' } })
})
