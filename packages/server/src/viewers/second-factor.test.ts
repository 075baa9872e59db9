import { createOTP } from '@better-auth/utils/otp'
import { expect, test } from 'vitest'
import { createAuditStore } from '../audit/store.ts'
import { createOperator } from '../members/operator.ts'
import { createMemberStore } from '../members/store.ts'
import { quickPasswords } from '../testing/quick-passwords.ts'
import { owner, setUpSigningIn } from '../testing/signing-in.ts'
import { createWorkspaceStore } from '../workspaces/store.ts'

const { password } = owner

interface Enrolment {
  totpURI: string
  backupCodes: string[]
}

/** An owner who has turned the second factor on, and an app that shows its codes. */
async function setUp() {
  const parts = await setUpSigningIn()
  const { post, cookieOf, ensureFirstOwner, from } = parts
  await ensureFirstOwner(owner)
  const begun = cookieOf(await post('/sign-in/email', owner))
  const answer = await post('/two-factor/enable', { password }, { cookie: begun })
  expect(answer.status).toBe(200)
  const { totpURI, backupCodes } = (await answer.json()) as Enrolment
  const secret = new URL(totpURI).searchParams.get('secret') ?? ''
  const app = createOTP(Buffer.from(fromBase32(secret)).toString())
  const period = () => Math.floor(Date.now() / 30_000)
  const confirmed = await post('/two-factor/verify-totp', { code: await app.hotp(period()) }, { cookie: begun })
  // The next one, which is heard as well: the clocks of telephones are not exact.
  const code = () => app.hotp(period() + 1)
  expect(confirmed.status).toBe(200)
  const signIn = (host = 1) => post('/sign-in/email', owner, from(host))
  return { ...parts, begun, cookie: cookieOf(confirmed), secret, backupCodes, code, signIn, confirmed }
}

/** Base 32 as RFC 4648 writes it. */
function fromBase32(text: string): number[] {
  const bits = [...text]
    .map((sign) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(sign).toString(2).padStart(5, '0'))
    .join('')
  return (bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2))
}

const wrongFor = (code: string) => String((Number(code) + 1) % 1_000_000).padStart(6, '0')

test('with a second factor the password alone opens nothing, and the code of the app goes on (T18)', async () => {
  const { signIn, post, cookieOf, code, sessions } = await setUp()
  const asked = await signIn()
  expect(await asked.json()).toMatchObject({ twoFactorRedirect: true })
  expect(await sessions.find(cookieOf(asked))).toBeNull()
  const answer = await post('/two-factor/verify-totp', { code: await code() }, { cookie: cookieOf(asked) })
  expect(answer.status).toBe(200)
  expect(await answer.json()).toEqual({})
  expect(await sessions.find(cookieOf(answer))).not.toBeNull()
})

test('turning it on begins a new session and ends the one before (T19)', async () => {
  const { begun, cookie, sessions } = await setUp()
  expect(await sessions.find(begun)).toBeNull()
  expect(await sessions.find(cookie)).not.toBeNull()
})

test('a code is good for one sign-in', async () => {
  const { signIn, post, cookieOf, code } = await setUp()
  const used = await code()
  const give = async (cookie: string) => (await post('/two-factor/verify-totp', { code: used }, { cookie })).status
  expect(await give(cookieOf(await signIn()))).toBe(200)
  expect(await give(cookieOf(await signIn()))).toBe(401)
})

test('a code that one instance has heard is used on every other one, and so it stays after a restart (T18)', async () => {
  const { signIn, post, postToAnother, cookieOf, code } = await setUp()
  const used = await code()
  const [first, second] = [cookieOf(await signIn()), cookieOf(await signIn())]
  expect((await post('/two-factor/verify-totp', { code: used }, { cookie: first })).status).toBe(200)
  const refused = await postToAnother('/two-factor/verify-totp', { code: used }, { cookie: second })
  expect([refused.status, await refused.json()]).toMatchObject([
    401,
    { message: 'This code was used. Wait for the next.' },
  ])
})

test('of two that give one code at the same moment one is let in', async () => {
  const { signIn, post, postToAnother, cookieOf, code } = await setUp()
  const used = await code()
  const cookies = [cookieOf(await signIn()), cookieOf(await signIn())]
  const answers = await Promise.all(
    [post, postToAnother].map((ask, index) =>
      ask('/two-factor/verify-totp', { code: used }, { cookie: cookies[index] ?? '' }),
    ),
  )
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 401])
})

test('five wrong codes end the try: then the right one opens nothing either (T18)', async () => {
  const { signIn, post, cookieOf, code, sessions } = await setUp()
  const cookie = cookieOf(await signIn())
  const right = await code()
  const give = (given: string) => post('/two-factor/verify-totp', { code: given }, { cookie })
  for (let tries = 0; tries < 5; tries += 1) expect((await give(wrongFor(right))).status).toBe(401)
  const refused = await give(right)
  expect(refused.status).toBe(400)
  expect(await sessions.find(cookieOf(refused))).toBeNull()
  expect((await give(right)).status).toBe(401)
})

test('tries begun anew add up: ten wrong codes in a row close the second step for a while (T18)', async () => {
  const { signIn, post, cookieOf, code, prisma } = await setUp()
  const right = await code()
  for (let tries = 0; tries < 2; tries += 1) {
    const cookie = cookieOf(await signIn())
    for (let wrong = 0; wrong < 5; wrong += 1)
      await post('/two-factor/verify-totp', { code: wrongFor(right) }, { cookie })
  }
  const cookie = cookieOf(await signIn())
  expect((await post('/two-factor/verify-totp', { code: right }, { cookie })).status).toBe(429)
  await prisma.twoFactor.updateMany({ data: { lockedUntil: new Date(Date.now() - 1) } })
  expect((await post('/two-factor/verify-totp', { code: right }, { cookie })).status).toBe(200)
})

test('each backup code goes on once; new ones end the old', async () => {
  const { signIn, post, cookieOf, backupCodes, cookie: session } = await setUp()
  expect(new Set(backupCodes).size).toBe(10)
  const give = async (code = '') => {
    const cookie = cookieOf(await signIn())
    return (await post('/two-factor/verify-backup-code', { code }, { cookie })).status
  }
  expect(await give(backupCodes[0])).toBe(200)
  expect(await give(backupCodes[0])).toBe(401)
  const answer = await post('/two-factor/generate-backup-codes', { password }, { cookie: session })
  const { backupCodes: renewed } = (await answer.json()) as Enrolment
  expect(await give(backupCodes[1])).toBe(401)
  expect(await give(renewed[1])).toBe(200)
})

test('whoever found a session open turns nothing on or off without the password', async () => {
  const { post, cookie, prisma } = await setUp()
  for (const path of ['/two-factor/disable', '/two-factor/generate-backup-codes', '/two-factor/enable']) {
    expect((await post(path, { password: 'a guess of it' }, { cookie })).status, path).toBe(400)
    expect((await post(path, {}, { cookie })).status, path).toBe(400)
    expect((await post(path, { password })).status, path).toBe(401)
  }
  expect(await prisma.user.count({ where: { twoFactorEnabled: true } })).toBe(1)
})

test('turned off with the password, it asks no more', async () => {
  const { post, cookie, signIn, cookieOf, sessions, prisma } = await setUp()
  expect((await post('/two-factor/disable', { password }, { cookie })).status).toBe(200)
  expect(await prisma.twoFactor.count()).toBe(0)
  expect(await sessions.find(cookieOf(await signIn()))).not.toBeNull()
})

test('the operator turns it off for somebody who has lost theirs', async () => {
  const { prisma, signIn, cookieOf, sessions } = await setUp()
  const operator = createOperator({
    members: createMemberStore(prisma),
    workspaces: createWorkspaceStore(prisma),
    audit: createAuditStore(prisma),
    passwords: quickPasswords,
  })
  expect(await operator.endSecondFactor(owner.email)).toEqual({ email: owner.email, wasOn: true })
  expect(await operator.endSecondFactor(owner.email)).toMatchObject({ wasOn: false })
  await expect(operator.endSecondFactor('nobody@example.com')).rejects.toThrow('Nobody signs in as')
  expect(await sessions.find(cookieOf(await signIn()))).not.toBeNull()
})

test('what nobody asks for is refused: no trusted device, no sign-in without a session, no other method', async () => {
  const { signIn, post, cookieOf, code, backupCodes, cookie: session } = await setUp()
  const cookie = cookieOf(await signIn())
  for (const [path, body] of [
    ['/two-factor/verify-totp', { code: await code(), trustDevice: true }],
    ['/two-factor/verify-backup-code', { code: backupCodes[0], disableSession: true }],
    ['/two-factor/enable', { password, method: 'otp' }],
  ] as const) {
    expect((await post(path, body, { cookie })).status, path).toBe(400)
  }
  for (const path of ['/two-factor/get-totp-uri', '/two-factor/send-otp', '/two-factor/verify-otp']) {
    expect((await post(path, { password }, { cookie: session })).status, path).toBe(404)
  }
})

test('secret and backup codes are kept unreadable (T16)', async () => {
  const { prisma, secret, backupCodes } = await setUp()
  const kept = JSON.stringify(await prisma.twoFactor.findMany())
  for (const text of [secret, Buffer.from(fromBase32(secret)).toString(), ...backupCodes])
    expect(kept).not.toContain(text)
})

test('the account page hears whether it is on', async () => {
  const { sessions, post, cookieOf, ensureFirstOwner } = await setUpSigningIn()
  await ensureFirstOwner(owner)
  const cookie = cookieOf(await post('/sign-in/email', owner))
  const read = async (headers: Record<string, string>) =>
    sessions.handle(new Request('http://127.0.0.1:4000/auth/second-factor', { headers }))
  expect((await read({})).status).toBe(401)
  expect(await (await read({ cookie })).json()).toEqual({ on: false, possible: true })
})

test('the audit log tells of it: turned on, a wrong code, signed in, turned off (T18)', async () => {
  const { signIn, post, cookieOf, code, prisma, from } = await setUp()
  const asked = { cookie: cookieOf(await signIn()), ...from(7) }
  await post('/two-factor/verify-totp', { code: wrongFor(await code()) }, asked)
  const signedIn = await post('/two-factor/verify-totp', { code: await code() }, asked)
  await post('/two-factor/disable', { password }, { cookie: cookieOf(signedIn) })
  const entries = await prisma.auditEntry.findMany({ orderBy: { id: 'asc' } })
  expect(entries.map(({ actor, action, address }) => [actor, action, address?.split('.').at(-1)])).toEqual([
    [owner.email, 'SIGNED_IN', '1'],
    [owner.email, 'SECOND_FACTOR_TURNED_ON', '1'],
    [owner.email, 'SIGN_IN_REFUSED', '7'],
    [owner.email, 'SIGNED_IN', '7'],
    [owner.email, 'SECOND_FACTOR_TURNED_OFF', '1'],
  ])
})
