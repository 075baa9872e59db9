/**
 * Two workspaces, and all that tells of one beside the fields of the schema: the audit log's pages, log lines, files, pages,
 * health, what one process keeps in memory, and the operator's commands (T1).
 */
import { readdirSync, readFileSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { lookUpId } from '../../../packages/server/src/shared/global-id.ts'
import { workspaceDirectory } from '../../../packages/server/src/shared/package-directory.ts'
import { readAudit } from '../audit-reading.ts'
import { connectDynamics } from '../connecting.ts'
import { say, startConversation, tag } from '../conversing.ts'
import { addOwner, operate } from '../operating.ts'
import { ask, type RunningGateway, startGateway } from '../running-gateway.ts'
import { searchRecords } from '../searching.ts'
import type { SignedIn } from '../signing-in.ts'

interface Side {
  readonly gateway: RunningGateway
  readonly key: string
  readonly workspaceId: string
  readonly owner: SignedIn
  readonly conversation: { id: string; mark: string }
  /** The same person of the same org, by this workspace's integration. */
  readonly record: string
  /** What tells of this workspace and of no other. */
  readonly words: readonly string[]
}

let gateway: RunningGateway
let ours: Side
let theirs: Side

beforeAll(async () => {
  gateway = await startGateway({ people: 10 })
  theirs = await openSide('Theirs')
  ours = await openSide('Ours')
})
afterAll(() => gateway.stop())

async function openSide(name: string): Promise<Side> {
  const key = await gateway.otherWorkspace(name)
  const { id: workspaceId } = await gateway.database.workspace.findFirstOrThrow({ where: { name } })
  const owner = await addOwner(gateway, `owner@${name.toLowerCase()}.example`, workspaceId)
  const own: RunningGateway = {
    ...gateway,
    execute: (query, given, bearer = key) => gateway.execute(query, given, bearer),
  }
  expect((await connectDynamics(own)).__typename).toBe('ConnectSuccess')
  const { integrations } = await own.execute('{ integrations { id } }')
  const conversation = await startConversation(own, 'SMS', { externalId: `visitor-${name}` })
  const record = await findRecord(own)
  await tag(own, conversation, [record])
  const ids = [integrations[0].id, conversation.id, record]
  const raw = [workspaceId, lookUpId('Integration', ids[0]), lookUpId('Conversation', ids[1])]
  const words = [...ids, ...raw, conversation.mark, `visitor-${name}`, key, `owner@${name.toLowerCase()}.example`]
  return { gateway: own, key, workspaceId, owner, conversation, record, words }
}

async function findRecord(own: RunningGateway): Promise<string> {
  const { hits } = await searchRecords(own, { phone: '+1 512 555 0143', kinds: ['CONTACT'] })
  return hits[0]?.record.id ?? ''
}

const wordsIn = (text: string, { words }: Side) => words.filter((word) => text.includes(word))

it('the audit log of another workspace is found by no actor, and by no cursor of it (T1)', async () => {
  const { entries: known } = await readAudit(theirs.owner, { first: 100 })
  expect(known.length).toBeGreaterThan(3)
  const { entries: own } = await readAudit(ours.owner, { first: 100 })
  for (const actor of ['owner@theirs.example', 'theirs']) {
    expect((await readAudit(ours.owner, { first: 100, actor })).entries).toEqual([])
  }
  const cursors = 'query ($first: Int) { auditEntries(first: $first) { edges { cursor } } }'
  const { auditEntries } = await theirs.owner.execute(cursors, { first: 100 })
  for (const { cursor } of auditEntries.edges) {
    const { entries } = await readAudit(ours.owner, { first: 100, after: cursor })
    expect(entries.filter(({ id }) => !own.some((it) => it.id === id))).toEqual([])
  }
  const { nodes } = await ours.owner.execute('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', {
    ids: known.slice(0, 50).map(({ id }) => id),
  })
  expect(new Set(nodes)).toEqual(new Set([null]))
})

it('whoever runs the server reads the log of the workspace that they name, and of no other', async () => {
  const said = await operate(gateway, 'audit', '--workspace', 'Ours')
  expect(wordsIn(said, ours)).not.toEqual([])
  expect(wordsIn(said, theirs)).toEqual([])
})

it('what is logged of one workspace names nothing of another, at whatever level (T1)', async () => {
  const { gateway: own, conversation, record } = ours
  gateway.lines.splice(0)
  await say(own, conversation, 'Hello')
  await findRecord(own)
  await own.execute('query ($id: ID!) { record(id: $id) { __typename } }', { id: record })
  await own.execute('{ pushes { edges { node { id } } } conversations { edges { node { match { kind } } } } }')
  // What is refused is logged too: ids of the other workspace are as if nobody had them.
  await ask(gateway.url, ours.key, '{ nothing }')
  await ask(gateway.url, ours.key, `mutation { retryPush(id: "${theirs.conversation.id}") { __typename } }`)
  await gateway.upkeep()
  const said = gateway.lines.join('')
  expect(wordsIn(said, ours)).not.toEqual([])
  expect(wordsIn(said, theirs)).toEqual([])
})

it('two workspaces that ask at the same moment for the same record of the same org hear each their own (T1)', async () => {
  const query = `query ($ids: [ID!]!) { nodes(ids: $ids) { id } viewer { workspace { name } } }`
  const ids = [ours.record, theirs.record, ours.conversation.id, theirs.conversation.id]
  const asked = Array.from({ length: 20 }, (_, at) => (at % 2 === 0 ? ours : theirs))
  const answers = await Promise.all(asked.map(({ key }) => gateway.execute(query, { ids }, key)))
  for (const [at, { nodes, viewer }] of answers.entries()) {
    const isOurs = asked[at] === ours
    expect(viewer.workspace.name).toBe(isOurs ? 'Ours' : 'Theirs')
    expect(nodes.map((it: { id: string } | null) => it?.id ?? null)).toEqual(
      ids.map((id, index) => ((index % 2 === 0) === isOurs ? id : null)),
    )
  }
})

it('a session of one workspace and a key of another in one request are one caller, never both', async () => {
  const answer = await fetch(`${gateway.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', cookie: ours.owner.cookie, authorization: `Bearer ${theirs.key}` },
    body: JSON.stringify({ query: '{ viewer { kind workspace { name } } conversations { edges { node { id } } } }' }),
  })
  const said = await answer.text()
  expect(wordsIn(said, theirs)).not.toEqual([])
  expect(wordsIn(said, ours)).toEqual([])
})

/** GETs a path as it is: nothing of it is made plain on the way. */
async function get(path: string, headers: Record<string, string> = {}): Promise<{ status: number; body: Buffer }> {
  const { hostname, port } = new URL(gateway.url)
  return new Promise((resolve, reject) => {
    request({ hostname, port, path, headers }, (response) => {
      buffer(response).then((body) => resolve({ status: response.statusCode ?? 0, body }), reject)
    })
      .on('error', reject)
      .end()
  })
}

it('no path below the app leads to a file beside it, however it is written (T1)', async () => {
  const folder = join(workspaceDirectory, 'packages/admin/dist')
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((it) => it.isFile())
  const known = new Set(files.map((it) => readFileSync(join(it.parentPath, it.name)).toString('base64')))
  const up = ['..', '%2e%2e', '.%2E', '%252e%252e', '..%00', '....']
  const between = ['/', '%2f', '%5c', '\\', '//', '/./', '%252f']
  const names = ['package.json', 'src', 'main.tsx', 'index.html', 'assets', 'node_modules', '.env', 'etc', 'passwd']
  const path = fc
    .array(fc.tuple(fc.constantFrom(...between), fc.constantFrom(...up, ...up, ...names)), {
      minLength: 1,
      maxLength: 6,
    })
    .map((parts) => `/admin${parts.flat().join('')}`)
  const isHarmless = async (asked: string) => {
    const { status, body } = await get(asked)
    expect([200, 400, 404], asked).toContain(status)
    if (status === 200) expect(known.has(body.toString('base64')), asked).toBe(true)
  }
  for (const asked of ['/admin/../package.json', '/admin/%2e%2e/package.json', '/admin/..%2fpackage.json']) {
    await isHarmless(asked)
  }
  await fc.assert(fc.asyncProperty(path, isHarmless), { numRuns: 200 })
})

it('pages, health and readiness say the same to everybody, and nothing of a workspace', async () => {
  const page = { accept: 'text/html', 'x-forwarded-for': '203.0.113.9' }
  for (const path of ['/health', '/ready', '/admin/', '/admin/conversations']) {
    const [stranger, one, other] = await Promise.all([
      get(path, page),
      get(path, { ...page, cookie: ours.owner.cookie }),
      get(path, { ...page, authorization: `Bearer ${theirs.key}` }),
    ])
    expect(stranger.status).toBe(200)
    expect([one, other]).toEqual([stranger, stranger])
  }
  const { body } = await get('/graphql', { ...page, cookie: ours.owner.cookie })
  expect(body.toString()).toContain('graphiql')
  expect(wordsIn(body.toString(), ours)).toEqual([])
  expect(wordsIn(body.toString(), theirs)).toEqual([])
  expect(body.toString()).not.toContain(gateway.demo.key)
})
