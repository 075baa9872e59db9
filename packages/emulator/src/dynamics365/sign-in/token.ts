/** Tokens: signed, so that they need not be kept. Access tokens are checked against the clock, refresh tokens are not. */
import { createHmac, timingSafeEqual } from 'node:crypto'

export interface Claims {
  /** Origin that the token is for. */
  aud: string
  /** The application. */
  appid: string
  /** The user of the tenant in whose name it acts. */
  oid: string
  tid: string
  /** Seconds since 1970. */
  iat: number
  exp: number
  /** See `Control.tokenGeneration`. */
  gen: number
}

/** What a refresh token is good for. */
export interface RefreshGrant {
  use: 'refresh'
  clientId: string
  oid: string
  /** As it was granted. */
  scope: string
}

/** Seconds that a token lives. */
export const tokenLifetime = 3600

const signingKey = 'emulated-dynamics-demo-signing-key'
const header = encode({ typ: 'JWT', alg: 'HS256' })

export function issueToken(claims: Claims): string {
  return signed(claims)
}

/** Who signed in, for the application alone. */
export function issueIdToken(claims: { aud: string; oid: string; sub: string; tid: string; iat: number; exp: number }) {
  return signed(claims)
}

export function issueRefreshToken(grant: RefreshGrant): string {
  return `1.${signed(grant)}`
}

/** The claims of a token that we issued, whether or not it still counts. Earlier releases issued some without a user. */
export function readToken(token: string): Claims | undefined {
  const content = read(token)
  return content !== undefined && 'gen' in content && 'oid' in content ? (content as Claims) : undefined
}

export function readRefreshToken(token: string): RefreshGrant | undefined {
  const content = token.startsWith('1.') ? read(token.slice(2)) : undefined
  return content !== undefined && 'use' in content ? (content as RefreshGrant) : undefined
}

function signed(content: object): string {
  const text = `${header}.${encode(content)}`
  return `${text}.${sign(text).toString('base64url')}`
}

function read(token: string): object | undefined {
  const [head, payload, signature] = token.split('.')
  if (head === undefined || payload === undefined || signature === undefined) return undefined
  const expected = sign(`${head}.${payload}`)
  const given = Buffer.from(signature, 'base64url')
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined
  return JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as object
}

function sign(text: string): Buffer {
  return createHmac('sha256', signingKey).update(text).digest()
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}
