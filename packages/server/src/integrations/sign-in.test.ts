import { randomBytes } from 'node:crypto'
import { createHttpClient, type HttpClient, type HttpRequest } from '@backchannel/providers'
import { describe, expect, it } from 'vitest'
import { createSecretBox } from '../secrets/secret-box.ts'
import type { Viewer } from '../viewers/viewer.ts'
import { emulatedApps } from './emulated-apps.ts'
import { type BeginSignInInput, createSignIn, type SignInParts } from './sign-in.ts'

const viewer = { workspaceId: 'workspace-1', userId: null, sessionId: 'session-1' } as Viewer

/** Begins a sign-in on a server that has an app of its own; `calls`: what was sent meanwhile. */
async function begin(input: BeginSignInInput, { secret = 'of-the-server', challenge = '' } = {}) {
  const calls: HttpRequest[] = []
  const http: HttpClient = {
    send: async (request) => {
      calls.push(request)
      return { status: 401, headers: { 'www-authenticate': challenge }, body: '' }
    },
    problemOf: createHttpClient({ allowedHosts: ['127.0.0.1:4711'] }).problemOf,
    close: async () => {},
  }
  const client = { clientId: 'of-the-server', ...(secret && { clientSecret: secret }) }
  const parts = {
    attempts: { add: async () => {}, take: async () => null },
    secrets: createSecretBox(`k1:${randomBytes(32).toString('base64')}`),
    http,
    now: Date.now,
    publicUrl: 'https://gateway.example',
    defaultClients: { DYNAMICS: client, SALESFORCE: client },
    emulatedHosts: ['127.0.0.1:4711'],
  } as unknown as SignInParts
  const signIn = createSignIn(parts, { keep: async () => '', connectDynamics: async () => '' })
  return signIn.begin(viewer, input).then(
    ({ authorizeUrl }) => {
      const { host, searchParams } = new URL(authorizeUrl)
      return { leadsTo: host, as: searchParams.get('client_id'), calls }
    },
    (error: unknown) => ({ error, calls }),
  )
}

const dynamics = { provider: 'DYNAMICS', applicationUrl: 'https://o.crm.dynamics.com' } as const
const refused = { fields: [{ path: ['input', 'clientId'] }] }

describe('the secret of the app that the server brings', () => {
  it.each<[BeginSignInInput, string]>([
    [dynamics, 'login.microsoftonline.com'],
    [{ ...dynamics, authority: 'https://login.microsoftonline.us' }, 'login.microsoftonline.us'],
    [{ provider: 'SALESFORCE' }, 'login.salesforce.com'],
    [{ provider: 'SALESFORCE', loginUrl: 'https://acme.lightning.force.com/lightning/page' }, 'acme.my.salesforce.com'],
    [{ provider: 'SALESFORCE', loginUrl: 'http://127.0.0.1:4711' }, '127.0.0.1:4711'],
  ])('goes to the vendor, and to the CRM in the box: %j', async (input, host) => {
    expect(await begin(input)).toMatchObject({ leadsTo: host })
  })

  it.each<[BeginSignInInput, string]>([
    [{ ...dynamics, authority: 'https://evil.example' }, ''],
    [{ ...dynamics, authority: 'https://login.microsoftonline.com.evil.example' }, ''],
    [
      { provider: 'DYNAMICS', applicationUrl: 'https://evil.example' },
      'Bearer authorization_uri=https://evil.example/t/oauth2/authorize',
    ],
    [{ provider: 'SALESFORCE', loginUrl: 'https://evil.example' }, ''],
    [{ provider: 'SALESFORCE', loginUrl: 'https://my.salesforce.com.evil.example' }, ''],
  ])('goes to nobody else, whoever an admin names: %j', async (input, challenge) => {
    expect(await begin(input, { challenge })).toMatchObject({ error: refused })
  })

  it('is not asked about where the app has none, or the admin brings another', async () => {
    const loginUrl = 'https://login.acme.example'
    expect(await begin({ provider: 'SALESFORCE', loginUrl }, { secret: '' })).toMatchObject({
      leadsTo: 'login.acme.example',
    })
    const own = { clientId: 'of-acme', clientSecret: 'of-acme' }
    expect(await begin({ provider: 'SALESFORCE', loginUrl, ...own })).toMatchObject({ leadsTo: 'login.acme.example' })
  })
})

describe('where a person is sent to sign in (T7)', () => {
  const own = { clientId: 'of-acme' }
  it.each<[BeginSignInInput, string]>([
    [{ provider: 'SALESFORCE', loginUrl: 'https://10.0.0.7' }, 'loginUrl'],
    [{ provider: 'SALESFORCE', loginUrl: 'https://0x7f.1/services' }, 'loginUrl'],
    [{ provider: 'SALESFORCE', loginUrl: 'http://login.salesforce.com' }, 'loginUrl'],
    [{ provider: 'SALESFORCE', loginUrl: 'http://127.0.0.1:4712' }, 'loginUrl'],
    [{ ...dynamics, authority: 'https://169.254.169.254/latest' }, 'authority'],
    [{ ...dynamics, authority: 'http://login.microsoftonline.com/t' }, 'authority'],
    [{ ...dynamics, authority: 'https://[::ffff:127.0.0.1]/adfs' }, 'authority'],
  ])('is public and https, or one that the operator lists: %j', async (input, name) => {
    expect(await begin({ ...input, ...own })).toMatchObject({
      error: { fields: [{ path: ['input', name], message: expect.stringMatching(/https:|public/) }] },
    })
  })

  it('may be named by the environment, and is looked at all the same', async () => {
    const challenge = 'Bearer authorization_uri=http://10.0.0.7:4712/t/oauth2/authorize'
    const input = { provider: 'DYNAMICS', applicationUrl: 'http://10.0.0.7:4712', ...own } as const
    expect(await begin(input, { challenge })).toMatchObject({
      error: { fields: [{ path: ['input', 'applicationUrl'] }] },
    })
  })
})

describe('where the CRM in the box is signed in to', () => {
  it.each<BeginSignInInput>([
    { provider: 'SALESFORCE', loginUrl: 'http://127.0.0.1:4711' },
    { provider: 'DYNAMICS', applicationUrl: 'http://127.0.0.1:4711/main.aspx' },
  ])('the app that it lets in is taken, so that it works without an app of one’s own: %j', async (input) => {
    const challenge = 'Bearer authorization_uri=http://127.0.0.1:4711/t/oauth2/authorize'
    expect(await begin(input, { challenge })).toMatchObject({
      leadsTo: '127.0.0.1:4711',
      as: emulatedApps[input.provider].clientId,
    })
    expect(await begin({ ...input, clientId: 'of-acme' }, { challenge })).toMatchObject({ as: 'of-acme' })
  })
})
