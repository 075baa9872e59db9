import { createHmac } from 'node:crypto'
import { expect, test } from 'vitest'
import { owner, publicUrl, sessionSecret, setUpSigningIn as setUp } from '../testing/signing-in.ts'
import { hasSessionCookie, LOCAL_HEADER } from './session-cookie.ts'

test('the first owner of the environment signs in and is a member of the workspace', async () => {
  const { ensureFirstOwner, sessions, post, cookieOf, store, workspaceId } = await setUp()
  await ensureFirstOwner(owner)
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
  const { ensureFirstOwner, post, prisma } = await setUp()
  await ensureFirstOwner(owner)
  await ensureFirstOwner({ ...owner, password: 'another password' })
  expect(await prisma.user.count()).toBe(1)
  expect((await post('/sign-in/email', { ...owner, password: 'another password' })).status).toBe(401)
})

test('a password is kept only as a hash', async () => {
  const { ensureFirstOwner, prisma } = await setUp()
  await ensureFirstOwner(owner)
  expect(JSON.stringify(await prisma.authAccount.findMany())).not.toContain(owner.password)
})

test('behind https each cookie is kept to this host, to https and to all of its paths by its name (T19)', async () => {
  const { ensureFirstOwner, sessions, post, cookieOf } = await setUp({ at: 'https://gateway.example' })
  await ensureFirstOwner(owner)
  const response = await post('/sign-in/email', owner)
  const cookies = response.headers.getSetCookie()
  expect(cookies.length).toBeGreaterThan(1)
  for (const cookie of cookies) {
    expect(cookie).toMatch(/^__Host-backchannel\.\w+=/)
    for (const attribute of ['Path=/', 'Secure', 'HttpOnly', 'SameSite=Lax'])
      expect(cookie.split('; ')).toContain(attribute)
    expect(cookie).not.toMatch(/domain/i)
  }
  const ours = cookieOf(response)
  expect(await sessions.find(ours)).not.toBeNull()
  // What a neighbour under the same domain could set, or somebody on the wire.
  for (const name of ['backchannel', '__Secure-backchannel']) {
    expect(await sessions.find(ours.replaceAll('__Host-backchannel', name))).toBeNull()
  }
  const gone = await post('/sign-out', {}, { cookie: ours })
  expect(gone.headers.getSetCookie()[0]).toMatch(/^__Host-backchannel\.session_token=; Max-Age=0; Path=\//)
})

test('what is kept of a session opens nothing, not even in a cookie that is signed (T16)', async () => {
  const { ensureFirstOwner, sessions, post, cookieOf, prisma } = await setUp()
  await ensureFirstOwner(owner)
  const cookie = cookieOf(await post('/sign-in/email', owner))
  const [, token = ''] = /session_token=([^.]+)/.exec(cookie) ?? []
  const signed = (value: string) => {
    const signature = createHmac('sha256', sessionSecret).update(value).digest('base64')
    return `backchannel.session_token=${encodeURIComponent(`${value}.${signature}`)}`
  }
  expect(await sessions.find(signed(token))).not.toBeNull()
  const [kept] = await prisma.session.findMany()
  expect(await sessions.find(signed(kept?.token ?? ''))).toBeNull()
})

test('signing out ends the session and says so', async () => {
  const { ensureFirstOwner, sessions, post, cookieOf, changed } = await setUp()
  await ensureFirstOwner(owner)
  const cookie = cookieOf(await post('/sign-in/email', owner))
  expect((await post('/sign-out', {}, { cookie })).status).toBe(200)
  expect(await sessions.find(cookie)).toBeNull()
  expect(changed).toHaveLength(1)
})

test('the first owner is made from this machine, or with the code of the log; nobody after that', async () => {
  const { post, prisma, entrance } = await setUp()
  const make = (email: string, local: 'yes' | 'no', code?: string) =>
    post('/first-run', { name: 'Somebody', email, password: 'a long password', code }, { [LOCAL_HEADER]: local })
  const code = new URL((await entrance.firstRunUrl()) ?? '').hash.slice(1)
  for (const wrong of [undefined, '', code.slice(1), `${code}x`]) {
    expect((await make('stranger@example.com', 'no', wrong)).status).toBe(403)
  }
  expect((await make('first@example.com', 'no', code)).status).toBe(200)
  expect((await make('second@example.com', 'yes', code)).status).toBe(409)
  expect(await entrance.firstRunUrl()).toBeNull()
  expect(await prisma.user.findMany({ include: { member: true } })).toMatchObject([
    { email: 'first@example.com', member: { role: 'OWNER' } },
  ])
})

test('of several who make the first owner at once, one does', async () => {
  const { post, prisma } = await setUp()
  const make = (index: number) =>
    post(
      '/first-run',
      { name: 'Somebody', email: `${index}@example.com`, password: 'a long password' },
      { [LOCAL_HEADER]: 'yes' },
    )
  const answers = await Promise.all([0, 1, 2, 3].map(make))
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409])
  expect(await prisma.user.count()).toBe(1)
})

test('nothing else of what better-auth could answer is open', async () => {
  const { ensureFirstOwner, sessions, post, cookieOf, prisma } = await setUp()
  await ensureFirstOwner(owner)
  const cookie = cookieOf(await post('/sign-in/email', owner))
  const before = await prisma.user.findMany()
  for (const path of [
    '/sign-up/email',
    '/delete-user',
    '/change-email',
    '/set-password',
    '/list-sessions',
    '/revoke-session',
    '/revoke-other-sessions',
    '/update-session',
    '/request-password-reset',
    '/reset-password',
    '/link-social',
    '/sign-in/social',
    '/sign-in/email/',
    '/verify-password',
    '/get-session',
    '/ok',
  ]) {
    expect((await post(path, owner, { cookie })).status, path).toBe(404)
  }
  const read = (path: string) => sessions.handle(new Request(`${publicUrl}/auth${path}`, { headers: { cookie } }))
  for (const path of ['/get-session', '/list-sessions', '/error', '/ok']) expect((await read(path)).status).toBe(404)
  expect((await read('/sign-out')).status).toBe(405)
  expect(await prisma.user.findMany()).toEqual(before)
})

test('users change their own name and nothing else about themselves', async () => {
  const { ensureFirstOwner, post, cookieOf, prisma, changed } = await setUp()
  await ensureFirstOwner(owner)
  const cookie = cookieOf(await post('/sign-in/email', owner))
  for (const body of [{ name: ' ' }, { email: 'a@example.com' }, { name: 'Ines', image: 'x' }, { name: 1 }, {}, []]) {
    expect((await post('/update-user', body, { cookie })).status, JSON.stringify(body)).toBe(400)
  }
  expect((await post('/update-user', { name: 'Ines' })).status).toBe(401)
  expect((await post('/update-user', { name: ' Ines   Example ' }, { cookie })).status).toBe(200)
  expect(await prisma.user.findMany()).toMatchObject([{ name: 'Ines Example', email: owner.email, image: null }])
  expect(changed).toHaveLength(1)
})

test('a new password takes the present one, and ends every other session', async () => {
  const { ensureFirstOwner, sessions, post, cookieOf } = await setUp()
  await ensureFirstOwner(owner)
  const other = cookieOf(await post('/sign-in/email', owner))
  const cookie = cookieOf(await post('/sign-in/email', owner))
  const change = (currentPassword: string, newPassword: string) =>
    post('/change-password', { currentPassword, newPassword, revokeOtherSessions: false }, { cookie })
  expect((await change('not the password', 'another password')).status).toBe(400)
  expect((await change(owner.password, 'short')).status).toBe(400)
  expect(await sessions.find(other)).not.toBeNull()

  const answer = await change(owner.password, 'another password')
  expect(answer.status).toBe(200)
  for (const ended of [other, cookie]) expect(await sessions.find(ended)).toBeNull()
  expect(await sessions.find(cookieOf(answer))).not.toBeNull()
  expect((await post('/sign-in/email', owner)).status).toBe(401)
  expect((await post('/sign-in/email', { ...owner, password: 'another password' })).status).toBe(200)
})

test('another site cannot sign a browser in', async () => {
  const { ensureFirstOwner, sessions, post, cookieOf } = await setUp()
  await ensureFirstOwner(owner)
  const cookie = cookieOf(await post('/sign-in/email', owner))
  const response = await post('/sign-out', {}, { origin: 'https://evil.example', cookie })
  expect(response.status).toBe(403)
  expect(await sessions.find(cookie)).not.toBeNull()
})
