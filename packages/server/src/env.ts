import { isAbsolute, join } from 'node:path'
import { z } from 'zod'
import { databaseUrlFault, isPostgresql } from './database/address.ts'
import { drawnKeyDanger, passwordDanger, publicUrlDanger, redisUrlDanger } from './env-dangers.ts'
import { readProxies } from './http/client-address.ts'
import { type Limits, readLimits } from './http/limit-values.ts'
import { keptKeys } from './secrets/kept-keys.ts'
import { parseKeyRing } from './secrets/key-ring.ts'
import { OperatorError } from './shared/operator-error.ts'
import { workspaceDirectory } from './shared/package-directory.ts'
import { isUserReadable, SIGNS_OF_PASSWORDS } from './shared/user-of-address.ts'
import { readTelemetry, type TelemetrySettings } from './telemetry/settings.ts'
import { isIssuer } from './viewers/company-issuer.ts'
import type { CompanyConfig } from './viewers/company-sign-in.ts'

/** The configuration, as the whole server sees it. Nothing else reads `process.env`. */
export interface Env {
  readonly production: boolean
  /** 0 takes any free port. */
  readonly port: number
  readonly host: string
  /** Under which browsers and CRMs' sign-in pages reach us, without a trailing slash; null: this machine, at the port. */
  readonly publicUrl: string | null
  /** `file:` and an absolute path, or an address of PostgreSQL. */
  readonly databaseUrl: string
  /** The database that is used where DATABASE_URL names none. */
  readonly ownDatabaseUrl: string
  /** `redis:` or `rediss:`; null: instances share the database alone. */
  readonly redisUrl: string | null
  readonly keys: string
  readonly emulator: {
    /** `UNLESS_CONNECTED`: nobody said, so the emulated CRMs serve until a real org is connected. */
    readonly use: 'ON' | 'OFF' | 'UNLESS_CONNECTED'
    readonly dynamicsUrl: string
    readonly salesforceUrl: string
  }
  /** The first owner, made at first start. */
  readonly firstOwner: { readonly email: string; readonly password: string } | null
  /** A key with scope ADMIN that automation brings along. */
  readonly adminApiKey: string | null
  /** The company's identity provider at which people may sign in; null: with passwords only. */
  readonly company: CompanyConfig | null
  readonly microsoftClient: ClientCredentials | null
  readonly salesforceClient: ClientCredentials | null
  /** `host` or `host:port`: CRMs that may be private or speak plain http. */
  readonly allowedCrmHosts: readonly string[]
  readonly logLevel: string
  /** Origins whose browsers may call the API. */
  readonly corsOrigins: readonly string[]
  readonly keylessSettleSeconds: number
  /** How long a push worker that fell silent keeps what it had taken. */
  readonly pushLeaseSeconds: number
  /** The longest that one call to a CRM is waited for. */
  readonly crmTimeoutSeconds: number
  /** Addresses and networks of proxies, whose `X-Forwarded-For` is believed. */
  readonly trustedProxies: readonly string[]
  readonly limits: Limits
  readonly telemetry: TelemetrySettings
  /** Files of operations that clients may name by their hash. */
  readonly knownOperations: readonly string[]
  readonly onlyKnownOperations: boolean
}

/** What a registered app signs in with. */
export interface ClientCredentials {
  readonly clientId: string
  readonly clientSecret?: string
}

/** What a program of this machine is started with: all that we were, and more. */
export const environmentWith = (more: Readonly<Record<string, string>>): NodeJS.ProcessEnv => ({
  ...process.env,
  ...more,
})

/** The configuration is wrong. The message lists every fault, one a line. */
export class ConfigurationError extends OperatorError {
  override readonly name = 'ConfigurationError'
}

const port = (fallback: number) =>
  z
    .string()
    .default(String(fallback))
    .refine((text) => /^\d{1,5}$/.test(text) && Number(text) <= 65_535, 'must be a port number from 0 to 65535')
    .transform(Number)

const list = z
  .string()
  .default('')
  .transform((text) =>
    text
      .split(',')
      .map((entry) => entry.trim())
      .filter((entry) => entry !== ''),
  )

const seconds = (fallback: string, pattern: RegExp, message: string) =>
  z
    .string()
    .default(fallback)
    .refine((text) => pattern.test(text), message)
    .transform(Number)

const origin = z.string().refine(isOrigin, 'must be an address such as https://gateway.example.com, without a path')

const schema = z
  .object({
    NODE_ENV: z.string().optional(),
    PORT: port(4000),
    HOST: z.string().min(1, 'must name an address to listen on, such as 127.0.0.1').default('127.0.0.1'),
    PUBLIC_URL: origin.transform((text) => new URL(text).origin).optional(),
    DATABASE_URL: z.string().superRefine(refuse(databaseUrlFault)).optional(),
    REDIS_URL: z
      .string()
      .refine(isRedisUrl, {
        error: `must be an address such as redis://localhost:6379 or rediss://:password@redis.example.com:6380; ${SIGNS_OF_PASSWORDS}`,
        abort: true,
      })
      .superRefine(refuse(redisUrlDanger))
      .optional(),
    BACKCHANNEL_DATA: z.string().default('./data'),
    BACKCHANNEL_KEYS: z.string().superRefine(keysMustParse).optional(),
    EMULATOR: z.enum(['on', 'off'], 'must be "on" or "off"').optional(),
    EMULATOR_DYNAMICS_PORT: port(4401),
    EMULATOR_SALESFORCE_PORT: port(4402),
    ADMIN_EMAIL: z.email('must be an e-mail address').optional(),
    ADMIN_PASSWORD: z
      .string()
      .min(8, { error: 'must have at least 8 characters', abort: true })
      .max(128, 'must have at most 128 characters')
      .superRefine(refuse(passwordDanger))
      .optional(),
    ADMIN_API_KEY: z
      .string()
      .regex(/^[A-Za-z0-9._~+/=-]{32,}$/, {
        error: 'must be 32 or more letters, digits and signs of base64; draw one with "openssl rand -base64 33"',
        abort: true,
      })
      .superRefine(refuse(drawnKeyDanger))
      .optional(),
    OIDC_ISSUER: z
      .string()
      .refine(isIssuer, 'must be the https address of the identity provider, as it names itself')
      .optional(),
    OIDC_CLIENT_ID: z.string().optional(),
    OIDC_CLIENT_SECRET: z.string().optional(),
    OIDC_NAME: z.string().max(60, 'must have at most 60 characters').default('your company'),
    OIDC_TRUST_EMAIL: z.enum(['on', 'off'], 'must be "on" or "off"').default('off'),
    MICROSOFT_CLIENT_ID: z.string().optional(),
    MICROSOFT_CLIENT_SECRET: z.string().optional(),
    SALESFORCE_CLIENT_ID: z.string().optional(),
    SALESFORCE_CLIENT_SECRET: z.string().optional(),
    ALLOWED_CRM_HOSTS: list.refine(
      (hosts) => hosts.every((host) => /^[A-Za-z0-9.-]+(:\d{1,5})?$|^\[[0-9A-Fa-f:.]+\](:\d{1,5})?$/.test(host)),
      'must list hosts as "host" or "host:port", separated by commas',
    ),
    LOG_LEVEL: z
      .enum(
        ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'],
        'must be fatal, error, warn, info, debug, trace or silent',
      )
      .default('info'),
    CORS_ORIGINS: list.refine(
      (origins) => origins.every(isOrigin),
      'must list origins such as https://chat.example.com, separated by commas; "*" would let any page read CRM data',
    ),
    KNOWN_OPERATIONS: list,
    OPERATIONS: z.enum(['all', 'known'], 'must be "all" or "known"').default('all'),
    TRUSTED_PROXIES: list.refine(
      isProxies,
      'must list addresses or networks such as 10.0.0.7 or 10.0.0.0/8, separated by commas',
    ),
    KEYLESS_SETTLE_SECONDS: seconds('630', /^\d{1,6}$/, 'must be a whole number of seconds'),
    PUSH_LEASE_SECONDS: seconds('30', /^[1-9]\d{0,3}$/, 'must be a whole number of seconds, from 1'),
    CRM_TIMEOUT_SECONDS: seconds('30', /^[1-9]\d{0,2}$/, 'must be a whole number of seconds, from 1 to 999'),
  })
  .superRefine((env, context) => {
    const fault = (name: string, message: string) => context.addIssue({ code: 'custom', path: [name], message })
    if (env.ADMIN_EMAIL && !env.ADMIN_PASSWORD) fault('ADMIN_PASSWORD', 'must be set beside ADMIN_EMAIL')
    if (env.ADMIN_PASSWORD && !env.ADMIN_EMAIL) fault('ADMIN_EMAIL', 'must be set beside ADMIN_PASSWORD')
    if (env.OIDC_ISSUER && !env.OIDC_CLIENT_ID) fault('OIDC_CLIENT_ID', 'must be set beside OIDC_ISSUER')
    if (env.OIDC_CLIENT_ID && !env.OIDC_ISSUER) fault('OIDC_ISSUER', 'must be set beside OIDC_CLIENT_ID')
    if (env.OIDC_CLIENT_SECRET && !env.OIDC_CLIENT_ID) fault('OIDC_CLIENT_ID', 'must be set beside OIDC_CLIENT_SECRET')
    if (env.MICROSOFT_CLIENT_SECRET && !env.MICROSOFT_CLIENT_ID) {
      fault('MICROSOFT_CLIENT_ID', 'must be set beside MICROSOFT_CLIENT_SECRET')
    }
    if (env.SALESFORCE_CLIENT_SECRET && !env.SALESFORCE_CLIENT_ID) {
      fault('SALESFORCE_CLIENT_ID', 'must be set beside SALESFORCE_CLIENT_SECRET')
    }
    if (env.NODE_ENV !== 'production') return
    const danger = env.PUBLIC_URL ? publicUrlDanger(env.PUBLIC_URL) : null
    if (danger !== null) fault('PUBLIC_URL', danger)
    if (!env.BACKCHANNEL_KEYS) {
      fault('BACKCHANNEL_KEYS', 'must be set in production: id:key, the key from "openssl rand -base64 32"')
    }
  })

/**
 * Reads the configuration. In development, encryption keys are made at first and kept beside the data.
 *
 * @param source usually `process.env`; an empty value counts as none
 * @throws ConfigurationError that lists every fault
 */
export function readEnv(source: NodeJS.ProcessEnv = process.env): Env {
  const given = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== ''))
  const parsed = schema.safeParse(given)
  const faults = parsed.error?.issues.map((issue) => `  ${issue.path.join('.')} ${issue.message}.`) ?? []
  const onFault = (variable: string, why: string) => faults.push(`  ${variable} ${why}.`)
  const limits = readLimits(given, onFault)
  const telemetry = readTelemetry(given, onFault)
  if (!parsed.success || faults.length > 0) {
    throw new ConfigurationError(`The configuration cannot be used:\n${faults.join('\n')}`)
  }
  const env = parsed.data
  const production = env.NODE_ENV === 'production'
  const data = fromWorkspace(env.BACKCHANNEL_DATA)
  const emulated = { on: 'ON', off: 'OFF' } as const

  return {
    production,
    port: env.PORT,
    host: env.HOST,
    publicUrl: env.PUBLIC_URL ?? null,
    databaseUrl: databaseUrl(env.DATABASE_URL, data),
    ownDatabaseUrl: databaseUrl(undefined, data),
    redisUrl: env.REDIS_URL ?? null,
    keys: env.BACKCHANNEL_KEYS ?? keptKeys(data),
    emulator: {
      use: env.EMULATOR ? emulated[env.EMULATOR] : production ? 'OFF' : 'UNLESS_CONNECTED',
      dynamicsUrl: `http://127.0.0.1:${env.EMULATOR_DYNAMICS_PORT}`,
      salesforceUrl: `http://127.0.0.1:${env.EMULATOR_SALESFORCE_PORT}`,
    },
    firstOwner: env.ADMIN_EMAIL && env.ADMIN_PASSWORD ? { email: env.ADMIN_EMAIL, password: env.ADMIN_PASSWORD } : null,
    adminApiKey: env.ADMIN_API_KEY ?? null,
    company:
      env.OIDC_ISSUER && env.OIDC_CLIENT_ID
        ? {
            issuer: env.OIDC_ISSUER,
            clientId: env.OIDC_CLIENT_ID,
            clientSecret: env.OIDC_CLIENT_SECRET ?? null,
            name: env.OIDC_NAME,
            trustEmail: env.OIDC_TRUST_EMAIL === 'on',
          }
        : null,
    microsoftClient: client(env.MICROSOFT_CLIENT_ID, env.MICROSOFT_CLIENT_SECRET),
    salesforceClient: client(env.SALESFORCE_CLIENT_ID, env.SALESFORCE_CLIENT_SECRET),
    allowedCrmHosts: env.ALLOWED_CRM_HOSTS,
    logLevel: env.LOG_LEVEL,
    corsOrigins: env.CORS_ORIGINS.map((text) => new URL(text).origin),
    keylessSettleSeconds: env.KEYLESS_SETTLE_SECONDS,
    pushLeaseSeconds: env.PUSH_LEASE_SECONDS,
    crmTimeoutSeconds: env.CRM_TIMEOUT_SECONDS,
    trustedProxies: env.TRUSTED_PROXIES,
    limits,
    telemetry,
    knownOperations: env.KNOWN_OPERATIONS.map(fromWorkspace),
    onlyKnownOperations: env.OPERATIONS === 'known',
  }
}

function fromWorkspace(path: string): string {
  return isAbsolute(path) ? path : join(workspaceDirectory, path)
}

function databaseUrl(given: string | undefined, data: string): string {
  if (!given) return `file:${join(data, 'backchannel.db')}`
  return isPostgresql(given) ? given : `file:${fromWorkspace(given.slice('file:'.length))}`
}

function client(clientId: string | undefined, clientSecret: string | undefined): ClientCredentials | null {
  if (!clientId) return null
  return clientSecret ? { clientId, clientSecret } : { clientId }
}

function isOrigin(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { protocol, pathname, search, hash, username } = new URL(text)
  return /^https?:$/.test(protocol) && pathname === '/' && search + hash + username === ''
}

function isRedisUrl(text: string): boolean {
  if (!URL.canParse(text)) return false
  const url = new URL(text)
  return /^rediss?:$/.test(url.protocol) && /^(\/\d*)?$/.test(url.pathname) && isUserReadable(url)
}

function isProxies(entries: string[]): boolean {
  try {
    readProxies(entries)
    return true
  } catch {
    return false
  }
}

function refuse(dangerOf: (text: string) => string | null) {
  return (text: string, context: z.core.$RefinementCtx<string>): void => {
    const message = dangerOf(text)
    if (message !== null) context.addIssue({ code: 'custom', message })
  }
}

function keysMustParse(keys: string, context: z.core.$RefinementCtx<string>): void {
  try {
    parseKeyRing(keys)
  } catch (error) {
    context.addIssue({ code: 'custom', message: `cannot be used: ${error instanceof Error ? error.message : error}` })
  }
}
