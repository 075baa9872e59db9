import { createHash, randomBytes } from 'node:crypto'
import type { Clock } from './clock.ts'

/** What a person allowed, until the app exchanges the code for tokens. */
export interface Approval {
  clientId: string
  redirectUri: string
  scope: string
  /** Who allowed it, where several people can. */
  account?: string
  /** Of PKCE; null: the app sent none. */
  challenge: { text: string; method: 'S256' | 'plain' } | null
}

export interface Codes {
  issue(approval: Approval): string
  /** Uses the code up. Null: unknown, used or expired. */
  redeem(code: string): Approval | null
}

const lifetimeMs = 15 * 60_000

/** Authorization codes: in memory, good once and for 15 minutes. */
export function createCodes(clock: Clock): Codes {
  const open = new Map<string, Approval & { expiresAt: number }>()
  return {
    issue(approval) {
      for (const [code, { expiresAt }] of open) if (expiresAt <= clock.now()) open.delete(code)
      const code = `aPrx${randomBytes(24).toString('base64url')}==`
      open.set(code, { ...approval, expiresAt: clock.now() + lifetimeMs })
      return code
    },
    redeem(code) {
      const approval = open.get(code)
      open.delete(code)
      return approval && approval.expiresAt > clock.now() ? approval : null
    },
  }
}

/** Whether the verifier is the one that the challenge was made of. */
export function provesChallenge({ challenge }: Approval, verifier: string | null): boolean {
  if (!challenge) return true
  if (verifier === null) return false
  if (challenge.method === 'plain') return verifier === challenge.text
  return createHash('sha256').update(verifier).digest('base64url') === challenge.text
}
