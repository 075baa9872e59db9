import { expect, test } from 'vitest'
import { owner, setUpSigningIn } from '../testing/signing-in.ts'
import { networkOf } from './network.ts'
import { sessionLimits } from './session-limits.ts'

const MINUTE = 60_000

async function setUp() {
  const parts = await setUpSigningIn()
  await parts.ensureFirstOwner(owner)
  /** @param from the last part of an address */
  const signIn = (from: number, password = owner.password, cookie = '') =>
    parts.post('/sign-in/email', { ...owner, password }, { ...parts.from(from), cookie })
  const wrong = async (from: number, times: number, cookie?: string) => {
    const statuses = new Set<number>()
    for (let tries = 0; tries < times; tries += 1) {
      statuses.add((await signIn(from, 'wrong password', cookie)).status)
    }
    return [...statuses]
  }
  return { ...parts, signIn, wrong }
}

test('ten wrong passwords close the account for the network that they came from, for 15 minutes (T18)', async () => {
  const { signIn, wrong, clock } = await setUp()
  expect(await wrong(1, 10)).toEqual([401])
  const refused = await signIn(1)
  expect(refused.status).toBe(429)
  expect(refused.headers.get('retry-after')).toBe(String(15 * 60))
  expect(await refused.json()).toMatchObject({
    code: 'TOO_MANY_TRIES',
    message: 'Too many wrong passwords. Try again in 15 minutes.',
  })
  clock.now += 15 * MINUTE
  expect((await signIn(1)).status).toBe(200)
})

test('nobody locks anybody else out: the account stays open to every other network (T18)', async () => {
  const { signIn, wrong } = await setUp()
  await wrong(1, 15)
  expect((await signIn(2)).status).toBe(200)
})

test('guesses from many networks are heard slowly, and a browser that signed in before does not wait (T18)', async () => {
  const { signIn, wrong, cookieOf, clock } = await setUp()
  const device = cookieOf(await signIn(99))
  for (const network of [1, 2, 3]) expect(await wrong(network, 10)).toEqual([401])
  const slowed = await signIn(4)
  expect(slowed.status).toBe(429)
  expect(await slowed.json()).toMatchObject({ message: 'Too many wrong passwords. Try again in 30 seconds.' })
  expect((await signIn(98, owner.password, device)).status).toBe(200)

  clock.now += MINUTE / 2
  expect((await signIn(4, 'wrong password')).status).toBe(401)
  expect((await signIn(5)).status).toBe(429)
  clock.now += MINUTE / 2
  expect((await signIn(5)).status).toBe(200)
})

test('a browser that signed in before guesses no more than others, and a made-up mark is none (T18)', async () => {
  const { signIn, wrong, cookieOf } = await setUp()
  const device = cookieOf(await signIn(99))
  expect(await wrong(1, 10, device)).toEqual([401])
  expect((await signIn(2, owner.password, device)).status).toBe(429)
  await wrong(3, 10)
  const forged = device.replace(/(known_device=[^.]+)/, '$1x')
  expect((await signIn(3, owner.password, forged)).status).toBe(429)
})

test('whoever found a session open cannot guess the present password without end', async () => {
  const { post, cookieOf, signIn, from } = await setUp()
  const cookie = cookieOf(await signIn(1))
  const guess = (index: number) =>
    post(
      '/change-password',
      { currentPassword: 'a guess of it', newPassword: 'another password' },
      { cookie, ...from(index) },
    )
  for (let index = 0; index < 10; index += 1) expect((await guess(index)).status).toBe(400)
  expect((await guess(10)).status).toBe(429)
})

test('an unknown account is answered like a wrong password, and costs the same work (T18)', async () => {
  const { post, work, signIn, wrong, from } = await setUp()
  const unknown = (host: number) =>
    post('/sign-in/email', { email: 'nobody@example.com', password: 'wrong password' }, from(host))
  work.length = 0
  const wrongAnswer = await signIn(1, 'wrong password')
  expect(work.splice(0)).toHaveLength(1)
  const unknownAnswer = await unknown(2)
  expect(work.splice(0)).toHaveLength(1)
  expect([unknownAnswer.status, await unknownAnswer.json()]).toEqual([wrongAnswer.status, await wrongAnswer.json()])
  expect(unknownAnswer.headers.getSetCookie()).toEqual(wrongAnswer.headers.getSetCookie())

  await wrong(1, 9)
  for (let tries = 0; tries < 9; tries += 1) await unknown(2)
  const [known, none] = [await signIn(1, 'wrong password'), await unknown(2)]
  expect([none.status, await none.json()]).toEqual([429, await known.json()])
})

test('signing in anew ends the session that the browser brought (T19)', async () => {
  const { signIn, sessions, cookieOf } = await setUp()
  const first = cookieOf(await signIn(1))
  const elsewhere = cookieOf(await signIn(2))
  const second = cookieOf(await signIn(1, owner.password, first))
  expect(await sessions.find(first)).toBeNull()
  for (const cookie of [second, elsewhere]) expect(await sessions.find(cookie)).not.toBeNull()
})

test('signing out everywhere ends every session of that person (T19)', async () => {
  const { signIn, sessions, post, cookieOf, changed } = await setUp()
  const cookies = [cookieOf(await signIn(1)), cookieOf(await signIn(2))]
  expect((await post('/revoke-sessions', {})).status).toBe(401)
  changed.length = 0
  expect((await post('/revoke-sessions', {}, { cookie: cookies[0] ?? '' })).status).toBe(200)
  for (const cookie of cookies) expect(await sessions.find(cookie)).toBeNull()
  expect(changed.length).toBeGreaterThan(0)
})

test('a session ends a week after its last use, and a month after it began however much it is used (T19)', async () => {
  const { signIn, sessions, cookieOf, clock, prisma } = await setUp()
  const [unused, used] = [cookieOf(await signIn(1)), cookieOf(await signIn(2))]
  const began = clock.now
  while (clock.now < began + sessionLimits.idleMs) {
    clock.now += sessionLimits.idleMs / 2
    expect(await sessions.find(used)).not.toBeNull()
  }
  clock.now += MINUTE
  expect(await sessions.find(unused)).toBeNull()
  while (clock.now < began + sessionLimits.wholeMs - sessionLimits.idleMs / 2) {
    clock.now += sessionLimits.idleMs / 2
    expect(await sessions.find(used)).not.toBeNull()
  }
  clock.now = began + sessionLimits.wholeMs + MINUTE
  expect(await sessions.find(used)).toBeNull()
  expect(await prisma.session.count()).toBe(0)
})

test.each([
  ['203.0.113.7', '203.0.113.7'],
  ['::ffff:203.0.113.7', '203.0.113.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:DB8:0001:2::9', '2001:db8:1:2::/64'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['', ''],
])('%s belongs to the network "%s"', (address, network) => {
  expect(networkOf(address)).toBe(network)
})
