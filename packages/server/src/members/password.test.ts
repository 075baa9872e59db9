import { hashPassword as hashAsBefore } from '@better-auth/utils/password'
import { expect, it } from 'vitest'
import { quickPasswords } from '../testing/quick-passwords.ts'
import { owner, setUpSigningIn } from '../testing/signing-in.ts'
import { LOCAL_HEADER } from '../viewers/session-cookie.ts'
import { createPasswords, PasswordsBusyError, passwords } from './password.ts'

it('a password is hashed by scrypt at the cost that OWASP names today, with a salt of its own (T18)', async () => {
  const hashes = [await passwords.hash('a long password'), await passwords.hash('a long password')]
  for (const hash of hashes) expect(hash).toMatch(/^\$scrypt\$ln=17,r=8,p=1\$[\w-]{22}\$[\w-]{43}$/)
  expect(hashes[0]).not.toBe(hashes[1])
  const [hash = ''] = hashes
  expect(await passwords.verify({ hash, password: 'a long password' })).toBe(true)
  expect(passwords.isOutdated(hash)).toBe(false)
})

it('another password is wrong, and what is no hash opens nothing', async () => {
  const hash = await quickPasswords.hash('a long password')
  expect(await quickPasswords.verify({ hash, password: 'a long passwore' })).toBe(false)
  for (const none of ['', 'a long password', 'ab:', hash.replace('ln=6', 'ln=99'), `${hash}A`]) {
    expect(await quickPasswords.verify({ hash: none, password: 'a long password' }), none).toBe(false)
  }
})

it.each([
  ['by an earlier release', hashAsBefore],
  ['at a lower cost', createPasswords(4).hash],
])('a password that was hashed %s opens, and is hashed anew when it does (T18)', async (_how, hashBefore) => {
  const { entrance, post, prisma } = await setUpSigningIn()
  await entrance.ensureFirstOwner(owner)
  const before = await hashBefore(owner.password)
  await prisma.authAccount.updateMany({ data: { password: before } })
  const keptNow = async () => (await prisma.authAccount.findFirstOrThrow()).password
  expect((await post('/sign-in/email', { ...owner, password: 'another password' })).status).toBe(401)
  expect(await keptNow()).toBe(before)
  expect((await post('/sign-in/email', owner)).status).toBe(200)
  const renewed = await keptNow()
  expect(renewed).toMatch(/^\$scrypt\$ln=6,/)
  expect((await post('/sign-in/email', owner)).status).toBe(200)
  expect(await keptNow()).toBe(renewed)
})

it('of a flood of guesses twenty wait; further ones are refused at once, until these are through (T18)', async () => {
  const flood = Array.from({ length: 22 }, () => quickPasswords.hash('a long password'))
  await expect(quickPasswords.hash('a long password')).rejects.toThrow(PasswordsBusyError)
  await Promise.all(flood)
  expect(await quickPasswords.hash('a long password')).toMatch(/^\$scrypt\$/)
})

it('who is refused by it is told so, and when to come back, whether there is an account or not', async () => {
  let busy = false
  const unlessBusy = async () => {
    if (busy) throw new PasswordsBusyError()
  }
  const { entrance, post } = await setUpSigningIn({
    passwords: {
      ...quickPasswords,
      hash: (password) => unlessBusy().then(() => quickPasswords.hash(password)),
      verify: (given) => unlessBusy().then(() => quickPasswords.verify(given)),
    },
  })
  const first = { ...owner, name: 'Olga' }
  const local = { [LOCAL_HEADER]: 'yes' }
  busy = true
  expect((await post('/first-run', first, local)).status).toBe(503)
  busy = false
  await entrance.ensureFirstOwner(owner)
  busy = true
  for (const email of [owner.email, 'nobody@example.com']) {
    const refused = await post('/sign-in/email', { ...owner, email })
    expect(refused.status).toBe(503)
    expect(refused.headers.get('retry-after')).toBe('5')
    expect(await refused.json()).toEqual({ code: 'SIGN_INS_BUSY', message: new PasswordsBusyError().message })
  }
  busy = false
  expect((await post('/sign-in/email', owner)).status).toBe(200)
})

it('an older hash stays for now where there is no turn to make it anew: the person is in', async () => {
  const before = await createPasswords(4).hash(owner.password)
  const hash = async (password: string) => {
    if (password === owner.password) throw new PasswordsBusyError()
    return quickPasswords.hash(password)
  }
  const { entrance, post, prisma } = await setUpSigningIn({ passwords: { ...quickPasswords, hash } })
  await entrance.ensureFirstOwner({ ...owner, password: 'another password' })
  await prisma.authAccount.updateMany({ data: { password: before } })
  expect((await post('/sign-in/email', owner)).status).toBe(200)
  expect(await prisma.authAccount.findFirstOrThrow()).toMatchObject({ password: before })
})
