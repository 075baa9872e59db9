import { z } from 'zod'
import { deriveKey, parseKeyRing } from '../secrets/key-ring.ts'
import type { Agent } from './viewer.ts'

/** What an agent's token says. */
export interface AgentTokenClaims {
  readonly workspaceId: string
  readonly agent: Agent
  /** The key or the user that had it issued: when that loses its access, so does the token. */
  readonly issuer: { readonly kind: 'API_KEY' | 'USER'; readonly id: string }
  /** The only conversations that it opens; null: any that an agent may see. */
  readonly conversationIds: readonly string[] | null
}

/** Short-lived signed tokens for agents in browsers; nothing of them is stored. */
export interface AgentTokens {
  issue(claims: AgentTokenClaims, expiresAt: Date): Promise<string>
  /** Null for a token that is not ours, was changed, or has expired. */
  read(token: string): Promise<{ claims: AgentTokenClaims; expiresAt: number } | null>
}

const AUDIENCE = 'backchannel/agent'
const ALGORITHM = 'HS256'

const payloadSchema = z.object({
  sub: z.string(),
  exp: z.number(),
  name: z.string(),
  email: z.string().nullable(),
  ws: z.string(),
  by: z.object({ kind: z.enum(['API_KEY', 'USER']), id: z.string() }),
  conv: z.array(z.string()).nullable(),
})

/** Whether a bearer's text has the shape of a signed token rather than of an API key. */
export function looksLikeAgentToken(bearer: string): boolean {
  return /^eyJ[\w-]*\.[\w-]+\.[\w-]+$/.test(bearer)
}

/**
 * @param keys `BACKCHANNEL_KEYS`: the newest signs, all of them verify
 * @param now milliseconds
 */
export function createAgentTokens(keys: string, now: () => number): AgentTokens {
  const ring = parseKeyRing(keys)
  const signingKeys = new Map(ring.map((key) => [key.id, deriveKey(key, 'agent-token')]))
  const newest = { id: ring[0].id, key: deriveKey(ring[0], 'agent-token') }
  const load = () => import('jose')

  return {
    async issue({ workspaceId, agent, issuer, conversationIds }, expiresAt) {
      const { SignJWT } = await load()
      return new SignJWT({ name: agent.name, email: agent.email, ws: workspaceId, by: issuer, conv: conversationIds })
        .setProtectedHeader({ alg: ALGORITHM, kid: newest.id })
        .setSubject(agent.id)
        .setAudience(AUDIENCE)
        .setIssuedAt(new Date(now()))
        .setExpirationTime(expiresAt)
        .sign(newest.key)
    },

    async read(token) {
      const { jwtVerify, errors } = await load()
      try {
        const { payload } = await jwtVerify(
          token,
          ({ kid }) => {
            const key = signingKeys.get(kid ?? '')
            if (!key) throw new errors.JOSEError('The token was signed with a key that is gone')
            return key
          },
          { algorithms: [ALGORITHM], audience: AUDIENCE, currentDate: new Date(now()) },
        )
        const { sub, exp, name, email, ws, by, conv } = payloadSchema.parse(payload)
        return {
          claims: { workspaceId: ws, agent: { id: sub, name, email }, issuer: by, conversationIds: conv },
          expiresAt: exp * 1000,
        }
      } catch (error) {
        if (error instanceof errors.JOSEError) return null
        throw error
      }
    },
  }
}
