import { hashPassword as hashAsBefore } from '@better-auth/utils/password'
import { expect, it } from 'vitest'
import { quickPasswords } from '../testing/quick-passwords.ts'
import { owner, setUpSigningIn } from '../testing/signing-in.ts'
import { createPasswords, passwords } from './password.ts'

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
