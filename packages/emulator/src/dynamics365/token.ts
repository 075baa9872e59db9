/** Access tokens: signed, so that they need not be kept, and checked against the clock. */
import { createHmac, timingSafeEqual } from 'node:crypto'

export interface Claims {
  /** Origin that the token is for. */
  aud: string
  /** The application. */
  appid: string
  tid: string
  /** Seconds since 1970. */
  iat: number
  exp: number
  /** See `Control.tokenGeneration`. */
  gen: number
}

/** Seconds that a token lives. */
export const tokenLifetime = 3600

const signingKey = 'emulated-dynamics-demo-signing-key'
const header = encode({ typ: 'JWT', alg: 'HS256' })

export function issueToken(claims: Claims): string {
  const signed = `${header}.${encode(claims)}`
  return `${signed}.${sign(signed).toString('base64url')}`
}

/** The claims of a token that we issued, whether or not it still counts. */
export function readToken(token: string): Claims | undefined {
  const [head, payload, signature] = token.split('.')
  if (head === undefined || payload === undefined || signature === undefined) return undefined
  const expected = sign(`${head}.${payload}`)
  const given = Buffer.from(signature, 'base64url')
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined
  return JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as Claims
}

function sign(text: string): Buffer {
  return createHmac('sha256', signingKey).update(text).digest()
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}
