/** Who may read the audit log, how, and that nobody can change it. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { isOnPostgresql } from '../../packages/server/src/database/kind.ts'
import { AUDIT, type Entry, readAudit } from './audit-reading.ts'
import { beginSignIn, comeBack, decide } from './connecting.ts'
import { addOwner, operate } from './operating.ts'
import { ask, type RunningGateway, startGateway } from './running-gateway.ts'
import { addMember, post, type SignedIn, signIn } from './signing-in.ts'

const account = { email: 'owner@example.com', password: 'correct horse battery' }

let gateway: RunningGateway
let owner: SignedIn
let admin: SignedIn

beforeAll(async () => {
  gateway = await startGateway({ people: 1 })
  await gateway.gateway.entrance.ensureFirstOwner(account)
  owner = await signIn(gateway, account)
  admin = await addMember(gateway, owner, 'admin@example.com', 'ADMIN')
  for (const name of ['one', 'two', 'three', 'four', 'five']) {
    await owner.execute('mutation ($name: String!) { createApiKey(name: $name, scope: AGENT) { __typename } }', {
      name,
    })
  }
})
afterAll(() => gateway.stop())

const node = '($id: ID!) { node(id: $id) { __typename } }'

it('only an owner who is signed in reads it: an admin does not, and no key does (T28)', async () => {
  const { entries } = await readAudit(owner, { first: 1 })
  const [{ id } = { id: '' }] = entries
  expect((await owner.execute(`query ${node}`, { id })).node).toEqual({ __typename: 'AuditEntry' })

  await expect(readAudit(admin)).rejects.toThrow('Only an owner who is signed in may read the audit log.')
  expect((await admin.execute(`query ${node}`, { id })).node).toBeNull()
  for (const scope of ['ADMIN', 'SERVICE', 'AGENT'] as const) {
    const key = await gateway.key(scope)
    const { errors } = await ask(gateway.url, key, AUDIT)
    expect(errors?.[0]?.extensions.code).toBe(scope === 'ADMIN' ? 'NOT_ALLOWED' : 'FORBIDDEN')
    expect((await ask(gateway.url, key, `query ${node}`, { id })).data.node).toBeNull()
  }
})

it('an owner of another workspace reads their own, and nothing of this one', async () => {
  const elsewhere = /Its id is (\S+)/.exec(await operate(gateway, 'workspace', 'Elsewhere'))?.[1] ?? ''
  const other = await addOwner(gateway, 'else@example.com', elsewhere)
  const { entries } = await readAudit(other, { first: 100 })
  expect(entries.map(({ actor, action, subject }) => [actor, action, subject])).toEqual([
    ['else@example.com', 'SIGNED_IN', null],
    ['operator', 'MEMBER_JOINED', 'else@example.com (owner)'],
    ['operator', 'WORKSPACE_CREATED', 'Elsewhere'],
  ])
  const [{ id } = { id: '' }] = (await readAudit(owner, { first: 1 })).entries
  expect((await other.execute(`query ${node}`, { id })).node).toBeNull()
})

it('entries are neither changed nor removed, whoever has the database open', async () => {
  const { auditEntry } = gateway.database
  const before = await auditEntry.findMany()
  expect(before.length).toBeGreaterThan(5)
  const [{ id } = { id: '' }] = before
  const { workspaceId } = gateway
  const statements = [
    `UPDATE "AuditEntry" SET "actor" = 'nobody' WHERE "id" = '${id}'`,
    `UPDATE "AuditEntry" SET "workspaceId" = 'elsewhere'`,
    `DELETE FROM "AuditEntry" WHERE "id" = '${id}'`,
    'DELETE FROM "AuditEntry"',
    isOnPostgresql(gateway.database)
      ? 'TRUNCATE "AuditEntry"'
      : `INSERT OR REPLACE INTO "AuditEntry" ("id", "workspaceId", "at", "actor", "action")
         VALUES ('${id}', '${workspaceId}', 0, 'nobody', 'NOTHING')`,
  ]
  for (const statement of statements) {
    await expect(gateway.database.$executeRawUnsafe(statement), statement).rejects.toThrow(
      /never (changed|removed|replaced)/,
    )
  }
  expect(await auditEntry.findMany()).toEqual(before)
})

it('pages lead from the newest to the oldest, each entry once', async () => {
  const { entries: all } = await readAudit(owner, { first: 100 })
  const paged: Entry[] = []
  let after: string | null = null
  do {
    const page = await readAudit(owner, { first: 3, after })
    paged.push(...page.entries)
    after = page.hasNextPage ? page.endCursor : null
  } while (after !== null)
  expect(paged).toEqual(all)
  const times = all.map(({ at }) => Date.parse(at))
  expect(times).toEqual([...times].sort((a, b) => b - a))
})

it('filters narrow it: by kind, by who, by time', async () => {
  const keys = await readAudit(owner, { action: 'KEY_CREATED', actor: 'OWNER@' })
  expect(keys.entries.map(({ subject }) => subject)).toEqual(
    ['five', 'four', 'three', 'two', 'one'].map((name) => `${name} (agent)`),
  )
  const [, four, three, two] = keys.entries
  const between = { action: 'KEY_CREATED', from: two?.at, until: four?.at }
  expect((await readAudit(owner, between)).entries.map(({ id }) => id)).toEqual([three?.id, two?.id])
  expect((await readAudit(owner, { action: 'NO_SUCH' })).entries).toEqual([])
  expect((await readAudit(owner, { actor: 'owner@example_com' })).entries).toEqual([])
  expect((await readAudit(owner, { actor: '%' })).entries).toEqual([])
})

it('what was done by a process that ended before it could tell of it is told of later, once', async () => {
  const { database } = gateway
  const make = 'mutation { createApiKey(name: "Untold", scope: AGENT) { __typename } }'
  const backFromSalesforce = await decide(await beginSignIn(gateway))
  // No entry fits any more what the table demands.
  const [spoil, mend] = isOnPostgresql(database)
    ? [
        'ALTER TABLE "AuditEntry" ADD CHECK ("actor" = \'\') NOT VALID',
        'ALTER TABLE "AuditEntry" DROP CONSTRAINT "AuditEntry_actor_check"',
      ]
    : [
        `CREATE TRIGGER "ended" BEFORE INSERT ON "AuditEntry" BEGIN SELECT RAISE(ABORT, 'ended'); END`,
        'DROP TRIGGER "ended"',
      ]
  await database.$executeRawUnsafe(spoil)
  await expect(owner.execute(make)).rejects.toThrow('INTERNAL')
  expect((await comeBack(backFromSalesforce)).status).toBe(500)
  await database.$executeRawUnsafe(mend)
  expect(await database.apiKey.count({ where: { name: 'Untold' } })).toBe(1)

  const late = () => database.auditEntry.findMany({ where: { subject: { contains: 'not known' } } })
  await gateway.upkeep()
  expect(await late()).toEqual([])
  gateway.skip(16 * 60 * 1_000)
  await Promise.all([gateway.upkeep(), gateway.upkeep()])
  expect(await late()).toMatchObject([
    { actor: account.email, action: 'KEY_CREATED', address: expect.stringMatching(/127\.0\.0\.1$/) },
    { actor: 'key "Test ADMIN"', action: 'INTEGRATION_CONNECTED', address: expect.stringMatching(/127\.0\.0\.1$/) },
  ])
  expect(await database.auditIntent.findMany()).toEqual([])
})

it('what was refused is not told of, then or later', async () => {
  const before = await gateway.database.auditEntry.count()
  const { members } = await owner.execute('{ members { id email } }')
  const { id } = members.find(({ email }: { email: string }) => email === account.email)
  await owner.execute('mutation ($id: ID!) { removeMember(userId: $id) { __typename } }', { id })
  expect(await gateway.database.auditIntent.findMany()).toEqual([])
  expect(await gateway.database.auditEntry.count()).toBe(before)
})

it('whoever runs the server prints it, an entry a line, the oldest first', async () => {
  const said = await operate(gateway, 'audit', '--workspace', gateway.workspaceId)
  const lines = said.split('\n').map((line) => JSON.parse(line))
  const { entries } = await readAudit(owner, { first: 100 })
  expect(lines).toHaveLength(entries.length)
  expect(lines.map(({ at, action }) => [at, action])).toEqual(entries.map(({ at, action }) => [at, action]).reverse())
  expect(Object.keys(lines[0])).toEqual(['at', 'actor', 'actorId', 'action', 'subject', 'subjectId', 'address'])
  await expect(operate(gateway, 'audit', 'Shop')).rejects.toThrow('"audit" takes --workspace and nothing else.')
  expect(await operate(gateway, 'password', account.email)).toContain('has a new password')
  const last = (await operate(gateway, 'audit', '--workspace', gateway.workspaceId)).split('\n').at(-1) ?? ''
  expect(JSON.parse(last)).toMatchObject({ actor: 'operator', action: 'PASSWORD_CHANGED' })
})

it('the address is that of the connection, whatever the request claims', async () => {
  const claimed = { 'x-forwarded-for': '203.0.113.9', 'x-backchannel-address': '203.0.113.9' }
  await post(gateway, '/sign-in/email', { ...account, password: 'wrong password' }, claimed)
  const refused = () => gateway.database.auditEntry.findMany({ where: { action: 'SIGN_IN_REFUSED' } })
  await expect.poll(refused).toMatchObject([{ address: expect.stringMatching(/127\.0\.0\.1$/) }])
})
