/** Signing in on a database of its own, without a server: what answers `/auth` takes and gives web requests. */
import { randomBytes } from 'node:crypto'
import { expect, onTestFinished } from 'vitest'
import { createAuditStore } from '../audit/store.ts'
import { createAuditTrail } from '../audit/trail.ts'
import { createCompanyEntrance } from '../members/company-entrance.ts'
import { createCompanyStore } from '../members/company-store.ts'
import { createEntrance } from '../members/entrance.ts'
import type { Passwords } from '../members/password.ts'
import { createMemberStore } from '../members/store.ts'
import { createSecretBox } from '../secrets/secret-box.ts'
import { createLogger } from '../shared/logger.ts'
import { createInProcessState } from '../shared-state/in-process.ts'
import type { CompanyConfig } from '../viewers/company-sign-in.ts'
import { ADDRESS_HEADER } from '../viewers/session-cookie.ts'
import { createSessions, type Sessions } from '../viewers/sessions.ts'
import { createViewerStore } from '../viewers/store.ts'
import { openTestDatabase } from './database.ts'
import { quickPasswords } from './quick-passwords.ts'

export const publicUrl = 'http://127.0.0.1:4000'
/** Signs the cookies of sessions. */
export const sessionSecret = 's'.repeat(32)
export const owner = { email: 'owner@example.com', password: 'a long password' }

/** Networks that no other test knows: better-auth counts the requests of an address for the whole process. */
let networks = 0

/** @param at under which browsers reach it */
export async function setUpSigningIn({
  company = null,
  at = publicUrl,
  passwords = quickPasswords,
}: {
  company?: CompanyConfig | null
  at?: string
  passwords?: Passwords
} = {}) {
  const { prisma, workspaceId } = await openTestDatabase()
  const store = createViewerStore(prisma)
  const changed: string[] = []
  const clock = { now: Date.now() }
  const now = () => clock.now
  const lines: string[] = []
  const work: string[] = []
  const counted: Passwords = {
    ...passwords,
    hash(password) {
      work.push('hash')
      return passwords.hash(password)
    },
    verify(given) {
      work.push('hash')
      return passwords.verify(given)
    },
  }
  const secrets = createSecretBox(`test:${randomBytes(32).toString('base64')}`)
  const entrance = createEntrance({
    store: createMemberStore(prisma),
    passwords: counted,
    secrets,
    firstWorkspace: async () => ({ id: workspaceId }),
    now,
    publicUrl: at,
  })
  const openSessions = () =>
    createSessions({
      prisma,
      secret: sessionSecret,
      secrets,
      publicUrl: at,
      trustedOrigins: [],
      entrance,
      passwords: counted,
      trail: createAuditTrail(createAuditStore(prisma), now),
      company: company && { config: company, entrance: createCompanyEntrance(createCompanyStore(prisma), now) },
      shared: createInProcessState(),
      onUserChanged: async (userId) => void changed.push(userId),
      logger: createLogger('warn', { write: (line) => lines.push(line) }),
      now,
    })
  const sessions = openSessions()
  onTestFinished(() => expect(lines.join('')).not.toContain(owner.password))

  networks += 1
  const network = `10.${networks >> 8}.${networks & 255}`
  const postTo =
    (of: Sessions) =>
    (path: string, body: unknown, headers: Record<string, string> = {}) =>
      of.handle(
        new Request(`${at}/auth${path}`, {
          method: 'POST',
          headers: {
            'content-type': 'application/json',
            origin: at,
            [ADDRESS_HEADER]: `${network}.1`,
            ...headers,
          },
          body: JSON.stringify(body),
        }),
      )
  /** All cookies that a browser would bring after this answer. */
  const cookieOf = (response: Response) =>
    response.headers
      .getSetCookie()
      .map((cookie) => cookie.split(';')[0])
      .join('; ')

  return {
    prisma,
    store,
    entrance,
    ensureFirstOwner: entrance.ensureFirstOwner,
    sessions,
    post: postTo(sessions),
    /** Asks another instance on the same database, which shares nothing else. */
    postToAnother: postTo(openSessions()),
    cookieOf,
    changed,
    clock,
    workspaceId,
    /** One entry for each password that was hashed, be it to keep it or to compare it. */
    work,
    /** An address of its own, by its last part. */
    from: (host: number) => ({ [ADDRESS_HEADER]: `${network}.${host}` }),
  }
}
