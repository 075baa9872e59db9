import { expect, onTestFinished, test } from 'vitest'
import { createLogger } from '../shared/logger.ts'
import { openTestDatabase } from '../testing/database.ts'
import { ADDRESS_HEADER, hasSessionCookie, LOCAL_HEADER } from './session-cookie.ts'
import { createSessions } from './sessions.ts'
import { createViewerStore } from './store.ts'

const publicUrl = 'http://127.0.0.1:4000'
const owner = { email: 'owner@example.com', password: 'a long password' }

async function setUp() {
  const { prisma, workspaceId } = await openTestDatabase()
  const store = createViewerStore(prisma)
  const ended: string[] = []
  const clock = { now: Date.now() }
  const lines: string[] = []
  const sessions = createSessions({
    prisma,
    secret: 's'.repeat(32),
    publicUrl,
    trustedOrigins: [],
    countUsers: store.countUsers,
    onUserCreated: (userId) => store.addMember(workspaceId, { id: `m-${userId}`, userId, role: 'OWNER' }),
    onSessionEnded: async (userId) => void ended.push(userId),
    logger: createLogger('warn', { write: (line) => lines.push(line) }),
    now: () => clock.now,
  })
  onTestFinished(() => expect(lines.join('')).not.toContain(owner.password))

  const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
    sessions.handle(
      new Request(`${publicUrl}/auth${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', origin: publicUrl, [ADDRESS_HEADER]: '127.0.0.1', ...headers },
        body: JSON.stringify(body),
      }),
    )
  const cookieOf = (response: Response) =>
    response.headers
      .getSetCookie()
      .map((cookie) => cookie.split(';')[0])
      .join('; ')
  return { prisma, store, sessions, post, cookieOf, ended, clock, workspaceId }
}

test('the first owner of the environment signs in and is a member of the workspace', async () => {
  const { sessions, post, cookieOf, store, workspaceId } = await setUp()
  await sessions.ensureFirstOwner(owner)
  const response = await post('/sign-in/email', owner)
  expect(response.status).toBe(200)
  const [cookie = ''] = response.headers.getSetCookie()
  expect(cookie).toMatch(/HttpOnly/i)
  expect(cookie).toMatch(/SameSite=Lax/i)
  expect(hasSessionCookie(cookieOf(response))).toBe(true)
  const session = await sessions.find(cookieOf(response))
  expect(await store.findMember(session?.userId ?? '')).toMatchObject({
    email: owner.email,
    role: 'OWNER',
    workspaceId,
  })
})

test('the owner of the environment is made once; a changed password there changes nothing', async () => {
  const { sessions, post, prisma } = await setUp()
  await sessions.ensureFirstOwner(owner)
  await sessions.ensureFirstOwner({ ...owner, password: 'another password' })
  expect(await prisma.user.count()).toBe(1)
  expect((await post('/sign-in/email', { ...owner, password: 'another password' })).status).toBe(401)
})

test('a password is kept only as a hash', async () => {
  const { sessions, prisma } = await setUp()
  await sessions.ensureFirstOwner(owner)
  expect(JSON.stringify(await prisma.authAccount.findMany())).not.toContain(owner.password)
})

test('signing out ends the session and says so', async () => {
  const { sessions, post, cookieOf, ended } = await setUp()
  await sessions.ensureFirstOwner(owner)
  const cookie = cookieOf(await post('/sign-in/email', owner))
  expect((await post('/sign-out', {}, { cookie })).status).toBe(200)
  expect(await sessions.find(cookie)).toBeNull()
  expect(ended).toHaveLength(1)
})

test('the first owner may sign up from this machine, nobody after that and nobody from elsewhere', async () => {
  const { post, prisma } = await setUp()
  const signUp = (email: string, local: 'yes' | 'no') =>
    post('/sign-up/email', { name: 'Somebody', email, password: 'a long password' }, { [LOCAL_HEADER]: local })
  expect((await signUp('stranger@example.com', 'no')).status).toBe(403)
  expect((await signUp('first@example.com', 'yes')).status).toBe(200)
  expect((await signUp('second@example.com', 'yes')).status).toBe(403)
  expect(await prisma.user.findMany({ include: { member: true } })).toMatchObject([
    { email: 'first@example.com', member: { role: 'OWNER' } },
  ])
})

test('another site cannot sign a browser in', async () => {
  const { sessions, post, cookieOf } = await setUp()
  await sessions.ensureFirstOwner(owner)
  const cookie = cookieOf(await post('/sign-in/email', owner))
  const response = await post('/sign-out', {}, { origin: 'https://evil.example', cookie })
  expect(response.status).toBe(403)
  expect(await sessions.find(cookie)).not.toBeNull()
})

test('after ten wrong passwords an account waits 15 minutes, whatever address they come from', async () => {
  const { sessions, post, clock } = await setUp()
  await sessions.ensureFirstOwner(owner)
  const guess = (index: number, password = 'wrong password') =>
    post('/sign-in/email', { ...owner, password }, { [ADDRESS_HEADER]: `203.0.113.${index}` })
  for (let index = 0; index < 10; index += 1) expect((await guess(index)).status).toBe(401)
  const refused = await guess(11, owner.password)
  expect(refused.status).toBe(429)
  expect(await refused.json()).toMatchObject({ message: 'Too many wrong passwords. Try again in 15 minutes.' })
  clock.now += 15 * 60_000
  expect((await guess(12, owner.password)).status).toBe(200)
})

test('an unknown account is answered like a wrong password', async () => {
  const { sessions, post } = await setUp()
  await sessions.ensureFirstOwner(owner)
  const wrong = await post('/sign-in/email', { ...owner, password: 'wrong password' })
  const unknown = await post('/sign-in/email', { email: 'nobody@example.com', password: 'wrong password' })
  expect([unknown.status, await unknown.json()]).toEqual([wrong.status, await wrong.json()])
})
