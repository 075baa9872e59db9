import { randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ConfigurationError, readEnv } from './env.ts'
import { packageDirectory, workspaceDirectory } from './shared/package-directory.ts'

const keys = `k1:${randomBytes(32).toString('base64')}`
let data: string

beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'backchannel-env-'))
})

afterEach(() => rmSync(data, { recursive: true }))

test('nothing set gives what development needs', () => {
  expect(readEnv({ BACKCHANNEL_DATA: data })).toMatchObject({
    production: false,
    port: 4000,
    host: '127.0.0.1',
    publicUrl: null,
    databaseUrl: `file:${join(data, 'backchannel.db')}`,
    emulator: { use: 'UNLESS_CONNECTED', dynamicsUrl: 'http://127.0.0.1:4401', salesforceUrl: 'http://127.0.0.1:4402' },
    firstOwner: null,
    allowedCrmHosts: [],
    corsOrigins: [],
    logLevel: 'info',
    keylessSettleSeconds: 630,
    pushLeaseSeconds: 30,
  })
})

test('development draws keys once, keeps them and lets nobody else read them', () => {
  const first = readEnv({ BACKCHANNEL_DATA: data }).keys
  expect(readEnv({ BACKCHANNEL_DATA: data }).keys).toBe(first)
  expect(readFileSync(join(data, 'keys'), 'utf8').trim()).toBe(first)
  expect(statSync(join(data, 'keys')).mode & 0o777).toBe(0o600)
})

test('relative paths are relative to the workspace, wherever the server is started', () => {
  const { databaseUrl } = readEnv({ DATABASE_URL: 'file:./elsewhere/x.db', BACKCHANNEL_KEYS: keys })
  expect(databaseUrl).toBe(`file:${join(workspaceDirectory, 'elsewhere/x.db')}`)
})

test('an empty value counts as none', () => {
  expect(readEnv({ PORT: '', ADMIN_EMAIL: '', BACKCHANNEL_KEYS: keys })).toMatchObject({ port: 4000, firstOwner: null })
})

test('lists are split, origins normalised', () => {
  expect(
    readEnv({
      BACKCHANNEL_KEYS: keys,
      ALLOWED_CRM_HOSTS: 'crm.internal:8443, localhost',
      CORS_ORIGINS: 'https://Chat.example.com/, http://localhost:3000',
      PUBLIC_URL: 'https://gateway.example.com/',
    }),
  ).toMatchObject({
    allowedCrmHosts: ['crm.internal:8443', 'localhost'],
    corsOrigins: ['https://chat.example.com', 'http://localhost:3000'],
    publicUrl: 'https://gateway.example.com',
  })
})

test('production refuses to start without keys and does without the emulator', () => {
  expect(() => readEnv({ NODE_ENV: 'production' })).toThrow('BACKCHANNEL_KEYS must be set in production')
  expect(readEnv({ NODE_ENV: 'production', BACKCHANNEL_KEYS: keys }).emulator.use).toBe('OFF')
})

test('every fault is listed at once, each in a sentence that names its variable', () => {
  const faulty = {
    PORT: '99999',
    DATABASE_URL: 'mysql://db',
    REDIS_URL: 'http://localhost:6379',
    EMULATOR: 'yes',
    ADMIN_EMAIL: 'owner@example.com',
    CORS_ORIGINS: '*',
    LOG_LEVEL: 'loud',
    ALLOWED_CRM_HOSTS: 'https://crm',
    ADMIN_API_KEY: 'short',
    TRUSTED_PROXIES: 'proxy.internal',
    LIMIT_DEPTH: 'deep',
    METRICS_PORT: 'high',
    METRICS_TOKEN: 'short',
    DRAIN_SECONDS: 'long',
    PUBLIC_URL: 'https://gateway.example.com/path',
    KEYLESS_SETTLE_SECONDS: 'soon',
    CRM_TIMEOUT_SECONDS: '0',
    BACKCHANNEL_KEYS: 'nonsense',
  }
  let message = ''
  try {
    readEnv(faulty)
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigurationError)
    message = (error as Error).message
  }
  for (const name of Object.keys(faulty)) {
    if (name !== 'ADMIN_EMAIL') expect(message).toMatch(new RegExp(`^ {2}${name} .*\\.$`, 'm'))
  }
})

test.each([
  'postgresql://owner@localhost/kept',
  'postgresql://owner:p%40ss%2Fw%23rd@db.internal:5432/kept?sslmode=verify-full&schema=public',
  'postgres://owner@localhost/kept?host=%2Frun%2Fpostgresql',
])('a PostgreSQL at %s may be used', (url) => {
  expect(readEnv({ BACKCHANNEL_KEYS: keys, DATABASE_URL: url }).databaseUrl).toBe(url)
})

test.each(['p@ss/w#rd', '12/34', '12#34', '12?34', 'a?b', 'a#b', 'a/b', '100%zz'])(
  'whoever has %s for a password is told how it is written in an address',
  (password) => {
    const addresses = {
      DATABASE_URL: `postgresql://owner:${password}@127.0.0.1:5432/kept`,
      REDIS_URL: `redis://owner:${password}@127.0.0.1:6379`,
    }
    for (const [variable, url] of Object.entries(addresses)) {
      const read = () => readEnv({ BACKCHANNEL_KEYS: keys, [variable]: url })
      expect(read).toThrow(/^ {2}[A-Z_]+ must be .*; in a password write @ : \/ \? # % as %40 %3A %2F %3F %23 %25\.$/m)
      expect(read).not.toThrow(password)
    }
  },
)

test('a schema of PostgreSQL that would be passed over is refused', () => {
  const url = 'postgresql://owner@127.0.0.1/kept?schema=other'
  expect(() => readEnv({ BACKCHANNEL_KEYS: keys, DATABASE_URL: url })).toThrow('DATABASE_URL names a schema: take')
})

test.each([
  ['redis://localhost:6379'],
  ['redis://127.0.0.1:6379/2'],
  ['redis://[::1]:6379'],
  ['redis://:a-password@redis:6379'],
  ['redis://:a-password@10.1.2.3'],
  ['redis://:a-password@[fd00::7]'],
  ['rediss://user:a-password@redis.example.com:6380'],
])('a Redis at %s may be used', (url) => {
  expect(readEnv({ BACKCHANNEL_KEYS: keys, REDIS_URL: url }).redisUrl).toBe(url)
})

test.each([
  { url: 'redis://redis:6379', why: 'must have a password' },
  { url: 'rediss://redis.example.com', why: 'must have a password' },
  { url: 'redis://:a-password@redis.example.com:6379', why: 'must begin with rediss://' },
  { url: 'redis://:a-password@203.0.113.7', why: 'must begin with rediss://' },
  { url: 'redis://:a-password@[2001:db8::7]', why: 'must begin with rediss://' },
])('a Redis that others could open is refused: $url (T34)', ({ url, why }) => {
  expect(() => readEnv({ BACKCHANNEL_KEYS: keys, REDIS_URL: url })).toThrow(`REDIS_URL ${why}`)
})

describe('T32: the server does not start', () => {
  const key = (bytes: Buffer) => `k1:${bytes.toString('base64')}`
  const production = { NODE_ENV: 'production', BACKCHANNEL_KEYS: keys }
  const owner = { ADMIN_EMAIL: 'owner@example.com' }

  test.each<[string, NodeJS.ProcessEnv, string]>([
    [
      'in production without keys',
      { NODE_ENV: 'production', BACKCHANNEL_KEYS: '' },
      'BACKCHANNEL_KEYS must be set in production',
    ],
    ['with a key of one byte', { BACKCHANNEL_KEYS: key(Buffer.alloc(32, 7)) }, 'is no random key'],
    [
      'with a key that is text',
      { BACKCHANNEL_KEYS: key(Buffer.from('change-me-change-me-change-me-32')) },
      'is no random key',
    ],
    ['with a key that counts', { BACKCHANNEL_KEYS: key(Buffer.from([...Array(32).keys()])) }, 'is no random key'],
    [
      'with a key that is too short',
      { BACKCHANNEL_KEYS: key(randomBytes(16)) },
      'must hold the base64 of exactly 32 bytes',
    ],
    ['with two keys of one id', { BACKCHANNEL_KEYS: `${keys},${keys}` }, 'two keys carry the same id'],
    ['with a short password', { ...owner, ADMIN_PASSWORD: 'short' }, 'ADMIN_PASSWORD must have at least 8 characters'],
    [
      'with a password of every list',
      { ...owner, ADMIN_PASSWORD: 'Password123!' },
      'ADMIN_PASSWORD is guessed at once',
    ],
    ['with the password of an example', { ...owner, ADMIN_PASSWORD: 'change-me' }, 'ADMIN_PASSWORD is guessed at once'],
    ['with a password of one sign', { ...owner, ADMIN_PASSWORD: 'xxxxxxxxxxxx' }, 'ADMIN_PASSWORD is guessed at once'],
    ['with a short API key', { ADMIN_API_KEY: 'short' }, 'ADMIN_API_KEY must be 32 or more'],
    ['with an API key of one sign', { ADMIN_API_KEY: 'x'.repeat(40) }, 'ADMIN_API_KEY is no random key'],
    ['with a list of all origins', { CORS_ORIGINS: '*' }, '"*" would let any page read CRM data'],
    ['with a pattern of origins', { CORS_ORIGINS: 'https://*.example.com/x' }, 'CORS_ORIGINS must list origins'],
    ['with the origin of sandboxed pages', { CORS_ORIGINS: 'null' }, 'CORS_ORIGINS must list origins'],
    ['with metrics for everybody', { METRICS_HOST: '0.0.0.0' }, 'METRICS_TOKEN must be set where METRICS_HOST'],
    ['with all networks as proxies', { TRUSTED_PROXIES: '*' }, 'TRUSTED_PROXIES must list addresses or networks'],
    [
      'with an address in place of a CRM host',
      { ALLOWED_CRM_HOSTS: 'https://crm' },
      'ALLOWED_CRM_HOSTS must list hosts',
    ],
    [
      'in production behind plain http',
      { ...production, PUBLIC_URL: 'http://gateway.example.com' },
      'PUBLIC_URL must begin with https://',
    ],
  ])('%s', (_, environment, sentence) => {
    let message = ''
    try {
      readEnv({ BACKCHANNEL_KEYS: keys, ...environment })
    } catch (error) {
      message = error instanceof ConfigurationError ? error.message : String(error)
    }
    const [, line = '', ...more] = message.split('\n')
    expect(line).toContain(sentence)
    expect(line).toMatch(/^ {2}[A-Z_]+ .*\.$/)
    expect(more).toEqual([])
  })

  test('unless all is well: random keys are never refused, and neither is a password that somebody thought of', () => {
    for (let time = 0; time < 500; time++) {
      const fresh = { BACKCHANNEL_KEYS: key(randomBytes(32)), ADMIN_API_KEY: randomBytes(33).toString('base64') }
      expect(() => readEnv({ ...production, ...fresh })).not.toThrow()
    }
    const good = { ...owner, ADMIN_PASSWORD: 'my own secret', PUBLIC_URL: 'https://gateway.example.com' }
    expect(() => readEnv({ ...production, ...good })).not.toThrow()
    expect(() => readEnv({ ...production, PUBLIC_URL: 'http://127.0.0.1:4000' })).not.toThrow()
  })
})

test('faults of several variables together are found once each is right by itself', () => {
  const faults = { ADMIN_EMAIL: 'owner@example.com', SALESFORCE_CLIENT_SECRET: 's' }
  const read = () => readEnv({ ...faults, BACKCHANNEL_KEYS: keys })
  expect(read).toThrow('ADMIN_PASSWORD must be set beside ADMIN_EMAIL')
  expect(read).toThrow('SALESFORCE_CLIENT_ID must be set beside SALESFORCE_CLIENT_SECRET')
})

test('docs/configuration.md names every variable that is read, and no other', () => {
  const sourceOf = (file: string) => readFileSync(join(packageDirectory, 'src', file), 'utf8')
  const named = [...sourceOf('env.ts').matchAll(/^ {4}([A-Z][A-Z_]+): /gm)]
  const limits = [...sourceOf('http/limit-values.ts').matchAll(/variable: '([A-Z_]+)'/g)]
  const watched = [...sourceOf('telemetry/settings.ts').matchAll(/(?:source\[|port\()'([A-Z_]+)'/g)]
  const read = new Set([...named, ...limits, ...watched].map(([, name]) => name))
  const page = readFileSync(join(workspaceDirectory, 'docs/configuration.md'), 'utf8')
  const rows = page.split('\n').filter((line) => line.startsWith('| `'))
  const told = new Set(
    rows.flatMap((row) => [...(row.split('|')[1] ?? '').matchAll(/`([A-Z_]+)`/g)].map(([, name]) => name)),
  )
  expect([...told].sort()).toEqual([...read].sort())
})

test('a company’s identity provider is named whole, over https or on this machine', () => {
  const given = { BACKCHANNEL_DATA: data, OIDC_ISSUER: 'https://login.example.com/tenant', OIDC_CLIENT_ID: 'gateway' }
  expect(readEnv({ BACKCHANNEL_DATA: data }).company).toBeNull()
  expect(readEnv(given).company).toEqual({
    issuer: 'https://login.example.com/tenant',
    clientId: 'gateway',
    clientSecret: null,
    name: 'your company',
    trustEmail: false,
  })
  const all = { ...given, OIDC_CLIENT_SECRET: 's3cret', OIDC_NAME: 'Example Ltd', OIDC_TRUST_EMAIL: 'on' }
  expect(readEnv(all).company).toMatchObject({ clientSecret: 's3cret', name: 'Example Ltd', trustEmail: true })
  expect(readEnv({ ...given, OIDC_ISSUER: 'http://127.0.0.1:4500' }).company).not.toBeNull()
  for (const [wrong, fault] of [
    [{ OIDC_ISSUER: 'http://login.example.com' }, 'OIDC_ISSUER must be the https address'],
    [{ OIDC_CLIENT_ID: '' }, 'OIDC_CLIENT_ID must be set beside OIDC_ISSUER'],
    [{ OIDC_ISSUER: '' }, 'OIDC_ISSUER must be set beside OIDC_CLIENT_ID'],
  ] as const) {
    expect(() => readEnv({ ...given, ...wrong })).toThrow(fault)
  }
})
