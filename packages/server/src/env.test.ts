import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { ConfigurationError, readEnv } from './env.ts'
import { packageDirectory, workspaceDirectory } from './shared/package-directory.ts'

const keys = `k1:${Buffer.from(Array.from({ length: 32 }, (_, index) => index * 7)).toString('base64')}`
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
    EMULATOR: 'yes',
    ADMIN_EMAIL: 'owner@example.com',
    CORS_ORIGINS: '*',
    LOG_LEVEL: 'loud',
    ALLOWED_CRM_HOSTS: 'https://crm',
    ADMIN_API_KEY: 'short',
    TRUSTED_PROXIES: 'proxy.internal',
    LIMIT_DEPTH: 'deep',
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
  const read = new Set([...named, ...limits].map(([, name]) => name))
  const page = readFileSync(join(workspaceDirectory, 'docs/configuration.md'), 'utf8')
  const rows = page.split('\n').filter((line) => line.startsWith('| `'))
  const told = new Set(
    rows.flatMap((row) => [...(row.split('|')[1] ?? '').matchAll(/`([A-Z_]+)`/g)].map(([, name]) => name)),
  )
  expect([...told].sort()).toEqual([...read].sort())
})
