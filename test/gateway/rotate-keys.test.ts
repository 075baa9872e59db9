/** `npm run rotate-keys` beside a server that goes on answering, killed and begun again. */
import { spawn } from 'node:child_process'
import { randomBytes, randomUUID } from 'node:crypto'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openDatabase, type PrismaClient } from '../../packages/server/src/database/index.ts'
import { acrossWorkspaces } from '../../packages/server/src/database/workspace-guard.ts'
import { openSecrets } from '../../packages/server/src/secrets/lasting-keys.ts'
import { sealed, sealedColumns } from '../../packages/server/src/secrets/sealed-columns.ts'
import { workspaceDirectory } from '../../packages/server/src/shared/package-directory.ts'
import { type Conversation, delivered, say, startConversation, tag } from './conversing.ts'
import { ask, type RunningGateway, startGateway } from './running-gateway.ts'
import { searchRecords } from './searching.ts'
import { type SecondGateway, startSecondGateway } from './second-gateway.ts'
import { holderOf, INVITE, post, type SignedIn, signIn, tokenOf } from './signing-in.ts'

const MESSAGES = 3_000
const account = { email: 'owner@example.com', password: 'correct horse battery' }
const visitor = { phone: '+44 20 7946 0958', fullName: 'Vera' }
const newKey = `next:${randomBytes(32).toString('base64')}`

let gateway: RunningGateway
let serving: SecondGateway
let key: string
let owner: SignedIn
let invite: string
let thread: Conversation
/** Of nobody, and filed nowhere: the worker, which has the old key alone, has nothing to do with it. */
let quiet: Conversation

beforeAll(async () => {
  gateway = await startGateway({ people: 10, worker: true })
  key = await gateway.key('ADMIN')
  await gateway.gateway.entrance.ensureFirstOwner(account)
  owner = await signIn(gateway, account)
  const { inviteMember } = await owner.execute(INVITE, { email: 'ines@example.com', role: 'ADMIN' })
  invite = tokenOf(inviteMember.url)
  thread = await startConversation(gateway, 'SMS', visitor)
  const { hits } = await searchRecords(gateway, { phone: '+1 512 555 0143' })
  await tag(
    gateway,
    thread,
    hits.map(({ record }) => record.id),
  )
  await delivered(gateway, thread, 1)
  quiet = await startConversation(gateway, 'CHAT', {})
  await plantMessages(gateway.database)
  // From here on it answers nobody; what answers has the new key in front.
  serving = await startSecondGateway({ ...gateway, keys: `${newKey},${gateway.keys}` })
})
afterAll(async () => {
  await serving.stop()
  await gateway.stop()
})

async function plantMessages(prisma: PrismaClient): Promise<void> {
  const { secrets } = gateway.gateway
  const { id: conversationId } = await prisma.conversation.findFirstOrThrow()
  const data = Array.from({ length: MESSAGES }, (_, index) => {
    const id = randomUUID()
    const content = { authorName: null, text: `planted ${index}`, attachments: [] }
    const contentSealed = secrets.seal(sealed.content.identity(id), JSON.stringify(content))
    const numbers = { externalId: id, arrival: 1_000 + index, sentAt: new Date(), author: 'VISITOR' as const }
    return { id, workspaceId: gateway.workspaceId, conversationId, contentSealed, ...numbers }
  })
  await prisma.message.createMany({ data })
}

/** Runs the command as `npm run rotate-keys` does. @param until its output asks for its death */
async function rotateKeys(until: (out: string) => boolean = () => false) {
  const child = spawn(process.execPath, ['packages/server/dist/rotate-keys-main.js'], {
    cwd: workspaceDirectory,
    env: {
      PATH: process.env['PATH'] ?? '',
      DATABASE_URL: gateway.databaseUrl,
      BACKCHANNEL_KEYS: `${newKey},${gateway.keys}`,
    },
  })
  let out = ''
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    out += chunk
    if (until(out)) child.kill('SIGKILL')
  })
  const closed = new Promise<number | null>((resolve) => child.on('close', resolve))
  const [err, code] = await Promise.all([text(child.stderr), closed])
  return { code, out, err }
}

const READ = `query ($id: ID!) {
  node(id: $id) { ... on Conversation {
    visitor { phone fullName } messages(first: 50) { edges { node { text } } } tags { reference { name } }
  } }
}`

/** How many texts of a table's column are sealed under each key. */
async function sealedBy(keyId: string): Promise<number> {
  let count = 0
  for (const { table, column } of sealedColumns) {
    const sql = `SELECT COUNT(*) AS "count" FROM "${table}" WHERE "${column}" LIKE '1.${keyId}.%'`
    const [row] = await gateway.database.$queryRawUnsafe<{ count: bigint }[]>(sql)
    count += Number(row?.count)
  }
  return count
}

it('thousands of texts are sealed anew while the command is killed and begun again, and the server reads and writes (T17)', async () => {
  const rotation = { isOver: false }
  const failures: unknown[] = []
  let reads = 0
  async function readOn(): Promise<void> {
    while (!rotation.isOver) {
      const { data, errors } = await ask(serving.url, key, READ, { id: thread.id })
      reads += 1
      if (errors || data.node.messages.edges.length !== 50) failures.push(errors ?? data)
    }
  }
  async function writeOn(): Promise<void> {
    const execute: RunningGateway['execute'] = async (query, variables = {}) =>
      (await ask(serving.url, key, query, variables)).data
    while (!rotation.isOver) await say({ ...gateway, execute }, quiet, 'meanwhile')
  }
  const others = Promise.all([readOn(), writeOn()])

  expect(await sealedBy('next')).toBeLessThan(50)
  const killed = await rotateKeys((out) => out.includes('Message.contentSealed: '))
  expect(killed.code).toBeNull()
  expect(await sealedBy('next')).toBeGreaterThan(100)
  expect(await sealedBy('test')).toBeGreaterThan(1_000)

  const { code, out, err } = await rotateKeys()
  rotation.isOver = true
  await others
  expect({ code, err }).toEqual({ code: 0, err: '' })
  expect(out).toMatch(/ sealed anew with "next"; 0 left\.\nNothing needs "test" any more/)
  expect(await sealedBy('test')).toBe(0)
  const told = await gateway.database.auditEntry.findMany({ where: { action: 'KEYS_ROTATED' } })
  expect(told).toMatchObject([
    { actor: 'operator', subject: expect.stringMatching(/^\d{4} texts sealed anew with key "next"$/) },
  ])
  expect(failures).toEqual([])
  expect(reads).toBeGreaterThan(20)
})

it('once the old key is taken out, all that is sealed opens, and all that was handed out holds', async () => {
  await serving.stop()
  serving = await startSecondGateway({ ...gateway, keys: newKey })
  const { prisma: guarded, close } = await openDatabase(gateway.databaseUrl)
  const prisma = acrossWorkspaces(guarded)
  const { secrets } = await openSecrets(prisma, newKey)
  let opened = 0
  for (const { table, key: row, column, identity } of sealedColumns) {
    const sql = `SELECT "${row}" AS "id", "${column}" AS "text" FROM "${table}" WHERE "${column}" LIKE '1.%.%'`
    for (const { id, text: kept } of await prisma.$queryRawUnsafe<{ id: string; text: string }[]>(sql)) {
      expect(secrets.open(identity(id), kept)).not.toBe('')
      opened += 1
    }
  }
  await close()
  expect(opened).toBeGreaterThan(MESSAGES)

  const { data } = await ask(serving.url, key, READ, { id: thread.id })
  expect(data.node.visitor).toMatchObject(visitor)
  expect(data.node.tags.every(({ reference }: { reference: { name: string } }) => reference.name.length > 0)).toBe(true)
  expect((await holderOf(serving, owner.cookie).execute('{ viewer { kind } }')).viewer.kind).toBe('USER')
  expect(await (await post(serving, '/invite', { token: invite })).json()).toMatchObject({ email: 'ines@example.com' })
  const erase = `mutation ($phone: String!) {
    eraseVisitor(input: { phone: $phone }) { ... on EraseVisitorSuccess { conversations } }
  }`
  expect((await ask(serving.url, key, erase, { phone: visitor.phone })).data.eraseVisitor.conversations).toBe(1)
})
