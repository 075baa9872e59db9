import { expect, test } from 'vitest'
import { client, startIdentityProvider } from '../testing/identity-provider.ts'
import { owner, publicUrl, setUpSigningIn } from '../testing/signing-in.ts'

async function setUp({ trustEmail = false } = {}) {
  const provider = await startIdentityProvider()
  const company = { issuer: provider.issuer, ...client, name: 'Example Ltd', trustEmail }
  const parts = await setUpSigningIn({ company })
  const { post, sessions, cookieOf, ensureFirstOwner, prisma } = parts
  await ensureFirstOwner(owner)
  /** The button: where the browser is sent, and what it keeps. */
  async function begin(next?: string) {
    const answer = await post('/company', next === undefined ? {} : { next })
    const { url } = (await answer.json()) as { url: string }
    return { status: answer.status, url, cookie: cookieOf(answer) }
  }
  const comeBack = (url: string, cookie: string) => sessions.handle(new Request(url, { headers: { cookie } }))
  /** All of it, in one browser. */
  async function signIn() {
    const { url, cookie } = await begin()
    return comeBack(provider.signIn(url), cookie)
  }
  const invite = (email: string, from: Partial<{ expiresAt: Date; withdrawnAt: Date }> = {}) =>
    prisma.invite.create({
      data: {
        ...{ id: `invite-${email}`, workspaceId: parts.workspaceId, email, role: 'ADMIN', tokenHash: email },
        ...{ invitedBy: 'Olga', createdAt: new Date(), expiresAt: new Date(Date.now() + 60_000), ...from },
      },
    })
  return { ...parts, provider, begin, comeBack, signIn, invite }
}

const problemOf = (answer: Response) => new URL(answer.headers.get('location') ?? '').searchParams.get('problem')

test('a member signs in at their company, and is back on the page that was asked for', async () => {
  const { begin, comeBack, provider, sessions, cookieOf, prisma } = await setUp()
  const { url, cookie } = await begin('/pushes?status=FAILED')
  const asked = new URL(url)
  expect(asked.origin).toBe(provider.issuer)
  expect(Object.fromEntries(asked.searchParams)).toMatchObject({
    client_id: client.clientId,
    response_type: 'code',
    redirect_uri: `${publicUrl}/auth/company/callback`,
    code_challenge_method: 'S256',
  })
  const answer = await comeBack(provider.signIn(url), cookie)
  expect(answer.headers.get('location')).toBe(`${publicUrl}/admin/pushes?status=FAILED`)
  const session = await sessions.find(cookieOf(answer))
  expect(await prisma.user.findUnique({ where: { email: owner.email } })).toMatchObject({ id: session?.userId })
  expect(await prisma.auditEntry.count({ where: { action: 'SIGNED_IN' } })).toBe(1)
  const kept = JSON.stringify([await prisma.authAccount.findMany(), await prisma.verification.findMany()])
  expect(kept).not.toContain('an access token')
})

test('an attempt belongs to the browser in which it began, and is good once (T27)', async () => {
  const { begin, comeBack, provider } = await setUp()
  const [mine, other] = [await begin(), await begin()]
  const back = provider.signIn(mine.url)
  for (const cookie of ['', other.cookie, mine.cookie.replace(/company_state=[^.]+/, '$&x')]) {
    expect(problemOf(await comeBack(back, cookie))).toBe('COMPANY_TRY_ENDED')
  }
  const wrongState = new URL(back)
  wrongState.searchParams.set('state', 'made-up')
  expect(problemOf(await comeBack(wrongState.href, mine.cookie))).toBe('COMPANY_TRY_ENDED')
  expect(provider.exchanged()).toBe(0)
  expect(problemOf(await comeBack(back, mine.cookie))).toBeNull()
  expect(problemOf(await comeBack(back, mine.cookie))).toBe('COMPANY_TRY_ENDED')
  expect(provider.exchanged()).toBe(1)
})

test.each([
  ['with another nonce', { nonce: 'another' }],
  ['without a nonce', { nonce: undefined }],
  ['of another issuer', { iss: 'https://elsewhere.example' }],
  ['for another client', { aud: 'somebody-else' }],
  ['that has expired', { exp: 1 }],
])('an ID token %s lets nobody in (T27)', async (_what, lie) => {
  const { provider, signIn, prisma } = await setUp()
  provider.lie = lie
  expect(problemOf(await signIn())).toBe('COMPANY_REFUSED')
  expect(await prisma.session.count()).toBe(0)
})

test('an ID token with the signature of somebody else lets nobody in (T27)', async () => {
  const { provider, signIn } = await setUp()
  provider.foreignKey = true
  expect(problemOf(await signIn())).toBe('COMPANY_REFUSED')
})

test('a code that was used, or that another attempt brought, lets nobody in (T27)', async () => {
  const { provider, begin, comeBack } = await setUp()
  const first = await begin()
  const used = provider.signIn(first.url)
  await comeBack(used, first.cookie)
  const second = await begin()
  const foreign = provider.signIn((await begin()).url)
  for (const back of [used, foreign]) {
    const injected = new URL(back)
    injected.searchParams.set('state', new URL(second.url).searchParams.get('state') ?? '')
    expect(problemOf(await comeBack(injected.href, second.cookie))).not.toBeNull()
  }
  expect(provider.exchanged()).toBe(1)
})

test('whoever is neither a member nor invited stays out', async () => {
  const { provider, signIn, invite, prisma } = await setUp()
  await invite('late@example.com', { expiresAt: new Date(0) })
  await invite('withdrawn@example.com', { withdrawnAt: new Date() })
  for (const email of ['stranger@example.com', 'late@example.com', 'withdrawn@example.com']) {
    provider.person = { sub: email, email, email_verified: true }
    expect(problemOf(await signIn()), email).toBe('COMPANY_NO_MEMBER')
  }
  expect(await prisma.user.count()).toBe(1)
})

test('an invite is used up by its address, and makes a member without a password', async () => {
  const { provider, signIn, invite, sessions, cookieOf, store, post, prisma } = await setUp()
  await invite('ines@example.com')
  provider.person = { sub: 'ines', email: 'Ines@Example.com', email_verified: true, name: 'Ines Example' }
  const session = await sessions.find(cookieOf(await signIn()))
  expect(await store.findMember(session?.userId ?? '')).toMatchObject({ name: 'Ines Example', role: 'ADMIN' })
  const noted = await prisma.auditEntry.findMany({ orderBy: { id: 'asc' } })
  expect(noted.map(({ actor, action }) => `${actor} ${action}`)).toEqual([
    'ines@example.com MEMBER_JOINED',
    'ines@example.com SIGNED_IN',
  ])
  const guess = await post('/sign-in/email', { email: 'ines@example.com', password: 'a guess of it' })
  expect(guess.status).toBe(401)
  provider.person = { sub: 'another', email: 'ines@example.com', email_verified: true }
  expect(problemOf(await signIn())).toBe('COMPANY_OTHER_PERSON')
})

test('an address that the provider does not call verified finds nobody, unless the operator trusts it', async () => {
  const { provider, signIn } = await setUp()
  const { email_verified: _, ...unsaid } = provider.person
  for (const person of [unsaid, { ...unsaid, email_verified: false }]) {
    provider.person = person
    expect(problemOf(await signIn())).toBe('COMPANY_EMAIL_NOT_VERIFIED')
  }
  const trusting = await setUp({ trustEmail: true })
  trusting.provider.person = unsaid
  expect(problemOf(await trusting.signIn())).toBeNull()
  trusting.provider.person = { ...unsaid, sub: 'another', email_verified: false }
  expect(problemOf(await trusting.signIn())).toBe('COMPANY_EMAIL_NOT_VERIFIED')
})

test('who came before is known by the provider’s id for them, whatever their address is now', async () => {
  const { provider, signIn, sessions, cookieOf } = await setUp()
  const before = await sessions.find(cookieOf(await signIn()))
  provider.person = { sub: 'person-1', email: 'olga.married@example.com', email_verified: false }
  expect(await sessions.find(cookieOf(await signIn()))).toMatchObject({ userId: before?.userId })
})

test('the company asks for its own second factor: ours is for the password', async () => {
  const { signIn, sessions, cookieOf, prisma } = await setUp()
  await prisma.user.updateMany({ data: { twoFactorEnabled: true } })
  expect(await sessions.find(cookieOf(await signIn()))).not.toBeNull()
})

test('a provider that does not answer is told, and no page elsewhere is led to', async () => {
  const { begin, post, provider } = await setUp()
  expect((await post('/company', { next: 'https://evil.example' })).status).toBe(400)
  expect((await post('/company', {}, { origin: 'https://evil.example' })).status).toBe(403)
  expect((await begin()).status).toBe(200)
  const gone = await setUpSigningIn({
    company: { issuer: 'http://127.0.0.1:9', ...client, name: 'x', trustEmail: false },
  })
  const answer = await gone.post('/company', {})
  expect(answer.status).toBe(502)
  expect(await answer.json()).toMatchObject({ code: 'COMPANY_NO_ANSWER' })
  expect(provider.exchanged()).toBe(0)
})

test('where no provider is configured there is none', async () => {
  const { post, sessions } = await setUpSigningIn()
  const read = await sessions.handle(new Request(`${publicUrl}/auth/company`))
  expect(await read.json()).toEqual({ name: null })
  expect((await post('/company', {})).status).toBe(404)
})
