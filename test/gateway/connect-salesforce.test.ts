import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { salesforceDemo } from '@backchannel/emulator'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createTokenStore } from '../../packages/server/src/integrations/token-store.ts'
import { lookUpId } from '../../packages/server/src/shared/global-id.ts'
import { beginSignIn, checkIntegration, comeBack, decide, disconnect } from './connecting.ts'
import { type RunningGateway, startGateway } from './running-gateway.ts'
import { namesOf, orgsOf, searchRecords } from './searching.ts'

let gateway: RunningGateway

beforeAll(async () => {
  gateway = await startGateway()
})
afterAll(() => gateway.stop())
afterEach(async () => {
  await gateway.crm.salesforce.clearFaults()
  await gateway.crm.salesforce.setSwitches({ appNotApproved: false, apiOff: false })
})

const integrationsOf = async (bearer?: string) =>
  (await gateway.execute('{ integrations { provider status connectedAs } }', {}, bearer)).integrations

it('S-CON-11: the person is sent to the login page of Salesforce, with a challenge and without any secret', async () => {
  const page = await beginSignIn(gateway)
  expect(page.origin).toBe(gateway.emulator.salesforce.url)
  expect(page.pathname).toBe('/services/oauth2/authorize')
  const asked = Object.fromEntries(page.searchParams)
  expect(asked).toMatchObject({
    response_type: 'code',
    client_id: salesforceDemo.clientId,
    redirect_uri: `${gateway.url}/auth/callback/salesforce`,
    code_challenge_method: 'S256',
    code_challenge: expect.stringMatching(/^[\w-]{43}$/),
    state: expect.stringMatching(/^[\w-]{43,}$/),
  })
  expect(asked['scope']?.split(' ')).toEqual(expect.arrayContaining(['api', 'refresh_token']))
  expect(page.href).not.toContain(salesforceDemo.clientSecret)
  const login = await fetch(page)
  expect(await login.text()).toContain('Allow access?')
})

describe('S-CON-12: coming back', () => {
  it('with a code connects the workspace that began, and goes on where it was asked to', async () => {
    const workspace = await gateway.otherWorkspace('Signs in')
    expect(await integrationsOf(workspace)).toEqual([])
    const callback = await decide(await beginSignIn(gateway, { returnTo: '/admin/integrations?done=1' }, workspace))
    expect(await comeBack(callback)).toMatchObject({ status: 303, location: '/admin/integrations?done=1' })
    expect(await integrationsOf(workspace)).toEqual([
      { provider: 'SALESFORCE', status: 'CONNECTED', connectedAs: expect.stringContaining(salesforceDemo.username) },
    ])
    const found = await searchRecords(gateway, { phone: '+1 512 555 0143' }, workspace)
    expect(namesOf(found, 'SALESFORCE')).toContain('Ada Lovelace-Byrne')
    const { integrations } = await gateway.execute(
      '{ integrations { entityTypes { kind name searchable creatable } } }',
      {},
      workspace,
    )
    expect(integrations[0].entityTypes.map((it: { kind: string }) => it.kind)).toEqual(['ACCOUNT', 'CONTACT', 'LEAD'])
  })

  it('sends nobody to another site', async () => {
    for (const returnTo of ['https://evil.example', '//evil.example', '/\\evil.example', 'javascript:alert(1)']) {
      const { location } = await comeBack(await decide(await beginSignIn(gateway, { returnTo })))
      expect(location).toBe('/admin/integrations')
    }
  })

  it.each([
    ['a state that nobody was given', (callback: URL) => callback.searchParams.set('state', 'x'.repeat(43))],
    ['no state', (callback: URL) => callback.searchParams.delete('state')],
    [
      "another vendor's address",
      (callback: URL) => {
        callback.pathname = '/auth/callback/microsoft'
      },
    ],
  ])('with %s is refused in a sentence, and nothing is connected', async (_title, spoil) => {
    const workspace = await gateway.otherWorkspace('Refused')
    const callback = await decide(await beginSignIn(gateway, {}, workspace))
    spoil(callback)
    const { status, text } = await comeBack(callback)
    expect(status).toBe(400)
    expect(text).toMatch(/not begun here|took too long/)
    expect(await integrationsOf(workspace)).toEqual([])
  })

  it('a second time with the same state is refused', async () => {
    const callback = await decide(await beginSignIn(gateway))
    expect((await comeBack(callback)).status).toBe(303)
    expect((await comeBack(callback)).status).toBe(400)
  })

  it('twice at once connects once', async () => {
    const callback = await decide(await beginSignIn(gateway))
    const statuses = await Promise.all([1, 2, 3].map(async () => (await comeBack(callback)).status))
    expect(statuses.sort()).toEqual([303, 400, 400])
  })

  it('when a quarter of an hour has passed is refused', async () => {
    const callback = await decide(await beginSignIn(gateway))
    gateway.skip(15 * 60_000 + 1_000)
    expect((await comeBack(callback)).status).toBe(400)
  })

  it('without the verifier that belongs to the code connects nothing: a stolen code is worth nothing', async () => {
    const workspace = await gateway.otherWorkspace('Stolen code')
    const victim = await decide(await beginSignIn(gateway))
    const thief = await decide(await beginSignIn(gateway, {}, workspace))
    thief.searchParams.set('code', victim.searchParams.get('code') ?? '')
    expect((await comeBack(thief)).status).toBe(400)
    expect(await integrationsOf(workspace)).toEqual([])
  })

  it('having said no is told as that', async () => {
    const { status, text } = await comeBack(await decide(await beginSignIn(gateway), 'deny'))
    expect(status).toBe(400)
    expect(text).toContain('Access was not allowed')
  })

  it('shows nothing of what the query brings', async () => {
    const callback = await decide(await beginSignIn(gateway), 'deny')
    callback.searchParams.set('error', '<script>alert(1)</script>')
    callback.searchParams.set('error_description', '<img src=x onerror=alert(1)>')
    const { text } = await comeBack(callback)
    expect(text).not.toMatch(/<script|<img/)
  })
})

describe('what does not let us in', () => {
  it('S-CON-03: an org that lets only listed apps in says that an admin must approve ours', async () => {
    const page = await beginSignIn(gateway)
    await gateway.crm.salesforce.setSwitches({ appNotApproved: true })
    const { status, text } = await comeBack(await decide(page))
    expect(status).toBe(400)
    expect(text).toMatch(/admin must approve the connected app/)
  })

  it('S-CON-04: a user who may not use the app is told of profile and permission set', async () => {
    const callback = await decide(await beginSignIn(gateway), 'deny')
    callback.searchParams.set('error', 'OAUTH_APP_ACCESS_DENIED')
    const { text } = await comeBack(callback)
    expect(text).toMatch(/profile or a permission set/)
  })

  it('S-CON-05: an org without API access says the sentence', async () => {
    const callback = await decide(await beginSignIn(gateway))
    await gateway.crm.salesforce.setSwitches({ apiOff: true })
    const { text } = await comeBack(callback)
    expect(text).toContain('The Rest API is not enabled for this organization')
  })

  it('S-CON-05: so does the check, with an explanation that stays with the integration', async () => {
    const { SALESFORCE } = await orgsOf(gateway)
    await gateway.crm.salesforce.setSwitches({ apiOff: true })
    expect(await checkIntegration(gateway, SALESFORCE.id)).toMatchObject({
      code: 'CRM_API_DISABLED',
      message: 'The Rest API is not enabled for this organization',
    })
    const { integration } = await gateway.execute(
      'query ($id: ID!) { integration(id: $id) { status problems { message } } }',
      { id: SALESFORCE.id },
    )
    expect(integration).toMatchObject({
      status: 'ATTENTION',
      problems: [{}, { message: expect.stringMatching(/API Enabled/) }],
    })
    await gateway.crm.salesforce.setSwitches({ apiOff: false })
    expect((await checkIntegration(gateway, SALESFORCE.id)).integration).toMatchObject({
      status: 'CONNECTED',
      problems: [],
    })
  })

  it('a wrong consumer secret is told as such, and stands neither on the page nor in the log', async () => {
    const clientSecret = 'wrong-consumer-secret-4711'
    const { status, text } = await comeBack(await decide(await beginSignIn(gateway, { clientSecret })))
    expect(status).toBe(400)
    expect(text).toMatch(/consumer secret/)
    expect(text + gateway.lines.join('')).not.toContain(clientSecret)
  })
})

it('reconnecting keeps the integration and its settings; another org is refused', async () => {
  const { SALESFORCE } = await orgsOf(gateway)
  await disconnect(gateway, SALESFORCE.id)
  expect((await orgsOf(gateway)).SALESFORCE).toMatchObject({ ...SALESFORCE, status: 'DISCONNECTED' })

  const elsewhere = await decide(await beginSignIn(gateway, { integrationId: SALESFORCE.id }))
  const records = [{ attributes: { type: 'Organization' }, Id: '00D000000009999EAA', Name: 'Elsewhere' }]
  await gateway.crm.salesforce.addFault(
    { path: 'FROM.+Organization', times: 9 },
    { status: 200, body: { totalSize: 1, done: true, records } },
  )
  const refused = await comeBack(elsewhere)
  expect(refused.status).toBe(400)
  expect(refused.text).toMatch(/another org/)
  expect((await orgsOf(gateway)).SALESFORCE.status).toBe('DISCONNECTED')

  await gateway.crm.salesforce.clearFaults()
  const { status } = await comeBack(await decide(await beginSignIn(gateway, { integrationId: SALESFORCE.id })))
  expect(status).toBe(303)
  expect((await orgsOf(gateway)).SALESFORCE).toEqual(SALESFORCE)
})

it('the state of a sign-in is kept as a hash only, and what belongs to it is sealed', async () => {
  const page = await beginSignIn(gateway)
  const state = page.searchParams.get('state') ?? ''
  const kept = await gateway.database.signInAttempt.findMany()
  const text = JSON.stringify(kept)
  expect(kept.length).toBeGreaterThan(0)
  for (const secret of [state, createHash('sha256').update(state).digest('base64url'), salesforceDemo.clientSecret]) {
    expect(text).not.toContain(secret)
  }
})

it('a renewal under way ends before a reconnection is kept, and does not bring the old tokens back', async () => {
  const { SALESFORCE } = await orgsOf(gateway)
  // The gateway's clock was moved on: a lock of its day would have run out.
  const now = () => Date.now() + 3_600_000
  const parts = { prisma: gateway.database, secrets: gateway.gateway.secrets, now }
  const tokens = createTokenStore(parts, gateway.workspaceId, lookUpId('Integration', SALESFORCE.id))
  const before = await tokens.read()
  const callback = await decide(await beginSignIn(gateway, { integrationId: SALESFORCE.id }))
  const asked = async () =>
    (await gateway.crm.salesforce.calls()).filter(({ path }) => path.includes('userinfo')).length
  const askedBefore = await asked()

  let back: Promise<{ status: number }> | undefined
  await tokens.withLock(async () => {
    back = comeBack(callback)
    // The org has been asked who we are there: what is left is to keep it.
    await expect.poll(asked).toBe(askedBefore + 1)
    await Promise.race([back, sleep(500)])
    await tokens.replace(before)
  })
  expect((await back)?.status).toBe(303)
  expect((await tokens.read())?.accessToken).not.toBe(before?.accessToken)
})
