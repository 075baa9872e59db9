import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Clock } from '../../clock.ts'
import type { Control } from '../../control.ts'
import type { Store } from '../../store.ts'
import { orgId } from './app.ts'

/** Access and refresh tokens. They prove themselves by a signature, so that a restart or a reset forgets none. */
export interface Tokens {
  issueAccess(scope: string): { token: string; issuedAt: number }
  issueRefresh(scope: string): string
  /** Null: unknown, expired or revoked. Using a token prolongs it. */
  acceptAccess(token: string): AccessGrant | null
  /** Looks without prolonging. */
  inspect(token: string): (AccessGrant & { expiresAt: number }) | null
  /** The granted scope; null: unknown or revoked. */
  readRefresh(token: string): string | null
  /** False: it was no token of ours. */
  revoke(token: string): boolean
}

interface AccessGrant {
  scope: string
}

/** Of inactivity: the org's session timeout (crm-apis.md 2.1). */
const sessionTimeoutMs = 2 * 3_600_000

/** No secret: it only keeps accidents apart. Whoever reaches the emulator may sign in anyway. */
const signingKey = 'emulated salesforce'
const revokedTable = 'oauth:revoked'

interface Content {
  kind: 'access' | 'refresh'
  scope: string
  issuedAt: number
  generation: number
  nonce: string
}

export function createTokens(store: Store, clock: Clock, control: Control): Tokens {
  const lastUsed = new Map<string, number>()

  function issue(kind: Content['kind'], scope: string) {
    const issuedAt = clock.now()
    const nonce = randomBytes(6).toString('hex')
    const token = sign({ kind, scope, issuedAt, generation: control.tokenGeneration, nonce })
    return { token, issuedAt }
  }

  function read(token: string, kind: Content['kind']): Content | null {
    const content = verify(token)
    if (content?.kind !== kind || store.table(revokedTable).has(content.nonce)) return null
    return content
  }

  function inspect(token: string) {
    const content = read(token, 'access')
    if (!content || content.generation < control.tokenGeneration || control.switches.refuseForever) return null
    const expiresAt = (lastUsed.get(content.nonce) ?? content.issuedAt) + sessionTimeoutMs
    return expiresAt > clock.now() ? { scope: content.scope, expiresAt, nonce: content.nonce } : null
  }

  return {
    issueAccess: (scope) => issue('access', scope),
    issueRefresh: (scope) => issue('refresh', scope).token,
    acceptAccess(token) {
      const found = inspect(token)
      if (found) lastUsed.set(found.nonce, clock.now())
      return found
    },
    inspect,
    readRefresh: (token) => read(token, 'refresh')?.scope ?? null,
    revoke(token) {
      const content = verify(token)
      if (!content) return false
      store.put(revokedTable, content.nonce, { Id: content.nonce, kind: content.kind })
      return true
    },
  }
}

/** Access tokens look like the vendor's, `<org>!…`; refresh tokens begin as theirs do. */
function sign(content: Content): string {
  const text = Buffer.from(JSON.stringify(content)).toString('base64url')
  const prefix = content.kind === 'access' ? `${orgId.slice(0, 15)}!AQ.` : '5Aep861.'
  return `${prefix}${text}.${signature(text)}`
}

/** Checked tokens, for every call brings one. */
const verified = new Map<string, Content>()
const maxVerified = 1000

function verify(token: string): Content | null {
  const known = verified.get(token)
  if (known) return known
  const content = checkSignature(token)
  if (content) {
    if (verified.size >= maxVerified) verified.clear()
    verified.set(token, content)
  }
  return content
}

function checkSignature(token: string): Content | null {
  const [, text, given] = /^(?:00D\w{12}!AQ|5Aep861)\.([\w-]+)\.([\w-]+)$/.exec(token) ?? []
  if (text === undefined || given === undefined) return null
  const expected = Buffer.from(signature(text))
  const actual = Buffer.from(given)
  if (expected.length !== actual.length || !timingSafeEqual(expected, actual)) return null
  return JSON.parse(Buffer.from(text, 'base64url').toString()) as Content
}

const signature = (text: string) => createHmac('sha256', signingKey).update(text).digest('base64url')
