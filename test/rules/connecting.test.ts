import { randomUUID } from 'node:crypto'
import { dynamicsDemo, salesforceDemo } from '@backchannel/emulator'
import { createClient } from 'graphql-sse'
import { afterEach, describe, expect, test } from 'vitest'
import { lookUpId } from '../../packages/server/src/shared/global-id.ts'
import {
  beginMicrosoftSignIn,
  beginSignIn,
  type Connected,
  checkIntegration,
  comeBack,
  connectDynamics,
  connectOnPremises,
  decide,
  disconnect,
  keepSession,
  signInAtMicrosoft,
} from '../gateway/connecting.ts'
import { tag } from '../gateway/conversing.ts'
import { createRecord } from '../gateway/creating.ts'
import { ask } from '../gateway/running-gateway.ts'
import { type Org, type Provider, searchRecords } from '../gateway/searching.ts'
import { updateSettings } from '../gateway/setting-up.ts'
import { openRules, type RuleCrm } from './support/rules.ts'

const { running, twins, crm } = openRules({})

afterEach(async () => {
  const off = { apiOff: false, appNotApproved: false, userNotPermitted: false, consentMissing: false }
  await crm('DYNAMICS').control.setSwitches({ ...off, noApplicationUser: false, onPremises: false })
  await crm('SALESFORCE').control.setSwitches(off)
})

/** An ADMIN key of a workspace of its own, so that what is connected elsewhere stays as it is. */
const newWorkspace = () => running().otherWorkspace(`Connecting ${randomUUID().slice(0, 8)}`)

async function integrationsOf(bearer: string): Promise<(Org & { url: string; connectedAs: string })[]> {
  const query = '{ integrations { id provider status url connectedAs entityTypes { id kind name } } }'
  return (await running().execute(query, {}, bearer)).integrations
}

/** The whole way through the vendor's page. */
async function connect({ provider }: RuleCrm, bearer: string): Promise<Org> {
  if (provider === 'DYNAMICS') await connectDynamics(running(), {}, bearer)
  else await comeBack(await decide(await beginSignIn(running(), {}, bearer)))
  const [org] = await integrationsOf(bearer)
  if (!org) throw new Error('Nothing was connected')
  return org
}

interface Method {
  key: string
  redirects: boolean
  fields: { name: string; label: string; required: boolean; secret: boolean }[]
}

async function descriptorOf(provider: Provider): Promise<{ connectLabel: string; methods: Method[] }> {
  const { providers } = await running().execute(
    '{ providers { provider connectLabel methods { key redirects fields { name label required secret } } } }',
  )
  return providers.find((it: { provider: Provider }) => it.provider === provider)
}

async function methodOf(provider: Provider, key: string): Promise<Method> {
  const method = (await descriptorOf(provider)).methods.find((it) => it.key === key)
  if (!method) throw new Error(`${provider} is not connected by ${key}`)
  return method
}

// ------------------------------------------------------------------------------------------------ both

twins(
  { DYNAMICS: 'D-CON-01', SALESFORCE: 'S-CON-01' },
  'without a connection search, create and tag say which CRM is not connected, and it is not called',
  async (it) => {
    const { provider, control } = it
    const bearer = await newWorkspace()
    const org = await connect(it, bearer)
    const { hits } = await searchRecords(running(), { phone: '+1 512 555 0143' }, bearer)
    const { startConversation } = await running().execute(
      `mutation ($input: StartConversationInput!) {
        startConversation(input: $input) { ... on ConversationSuccess { conversation { id } } }
      }`,
      { input: { externalId: randomUUID(), channel: 'SMS', visitor: {} } },
      bearer,
    )
    await disconnect(running(), org.id, bearer)
    const before = (await control.calls()).length

    const notConnected = { __typename: 'NotConnectedError', providers: [provider] }
    expect(await searchRecords(running(), { phone: '+1 512 555 0143' }, bearer)).toMatchObject(notConnected)
    expect(await createRecord(running(), org, 'CONTACT', { values: [] }, bearer)).toMatchObject(notConnected)
    const { id } = startConversation.conversation
    const recordIds = hits.slice(0, 1).map(({ record }) => record.id)
    expect(await tag(running(), { id, mark: '' }, recordIds, {}, bearer)).toMatchObject(notConnected)
    expect(await control.calls()).toHaveLength(before)
  },
)

twins(
  { DYNAMICS: 'D-CON-14', SALESFORCE: 'S-CON-13' },
  'once linked, SMS and chat conversations both show the panel of the CRM',
  async ({ org, running: gateway }) => {
    for (const channel of ['SMS', 'CHAT']) {
      const { startConversation } = await gateway.execute(
        `mutation ($input: StartConversationInput!) {
          startConversation(input: $input) { ... on ConversationSuccess { conversation { id } } }
        }`,
        { input: { externalId: randomUUID(), channel, visitor: { phone: '+1 512 555 0143' } } },
      )
      const { panel } = await gateway.execute(
        'query ($id: ID!) { panel(conversationId: $id) { integrations { integration { id } searchForm { phone } } } }',
        { id: startConversation.conversation.id },
      )
      const shown = panel.integrations.find((it: { integration: { id: string } }) => it.integration.id === org.id)
      expect(shown.searchForm.phone).toContain('0143')
    }
  },
)

const panelLabels = { DYNAMICS: 'Connect with Dynamics CRM', SALESFORCE: 'Connect with Salesforce' }

twins(
  { DYNAMICS: 'D-CON-15', SALESFORCE: 'S-CON-14' },
  'the panel has its button while the CRM is connected, and not otherwise',
  async (it) => {
    const bearer = await newWorkspace()
    const labels = async () => {
      const { panel } = await running().execute('{ panel { integrations { label } } }', {}, bearer)
      return panel.integrations.map(({ label }: { label: string }) => label)
    }
    expect(await labels()).toEqual([])
    const { id } = await connect(it, bearer)
    expect(await labels()).toEqual([panelLabels[it.provider]])
    await disconnect(running(), id, bearer)
    expect(await labels()).toEqual([])
  },
)

// ------------------------------------------------------------------------------------------------ Dynamics, on-premises

test('D-CON-04 on-premises or 365 cloud is chosen before anything else is asked', async () => {
  const { methods } = await descriptorOf('DYNAMICS')
  expect(methods.map(({ key }) => key).sort()).toEqual(['APP_REGISTRATION', 'ON_PREMISES', 'SIGN_IN'])
  for (const input of [{}, { onPremises: null, appRegistration: null }]) {
    const operation = 'mutation ($input: ConnectDynamicsInput!) { connectDynamics(input: $input) { __typename } }'
    const { errors } = await ask(running().url, await running().key('ADMIN'), operation, { input })
    expect(errors?.[0]?.message).toContain('ConnectDynamicsInput')
  }
})

test('D-CON-05 on-premises asks for username, application URL and password, each of them required', async () => {
  const { fields } = await methodOf('DYNAMICS', 'ON_PREMISES')
  expect(fields).toEqual([
    { name: 'username', label: 'Username', required: true, secret: false },
    { name: 'applicationUrl', label: 'Application URL', required: true, secret: false },
    { name: 'password', label: 'Password', required: true, secret: true },
  ])
  for (const { name } of fields) {
    expect(await connectOnPremises(running(), { [name]: ' ' }, await newWorkspace())).toMatchObject({
      __typename: 'ValidationError',
      fields: [{ path: ['input', 'onPremises', name] }],
    })
  }
})

const asRobin = { __typename: 'ConnectSuccess', integration: { status: 'CONNECTED', connectedAs: 'Robin Okafor' } }

test('D-CON-06 an e-mail address is taken as the username as it is', async () => {
  const bearer = await newWorkspace()
  const username = dynamicsDemo.colleagueAccount
  expect(await connectOnPremises(running(), { username }, bearer)).toMatchObject(asRobin)
})

test('D-CON-07 domain and user reach an internet-facing deployment with the backslash between them', async () => {
  await crm('DYNAMICS').control.setSwitches({ onPremises: true })
  const bearer = await newWorkspace()
  const applicationUrl = `${running().emulator.dynamics.url}/main.aspx?appid=1`
  const connected = await connectOnPremises(running(), { applicationUrl, username: 'CONTOSO\\robin' }, bearer)
  expect(connected).toMatchObject(asRobin)
  expect(connected.integration?.url).toBe(`${running().emulator.dynamics.url}/`)
  expect(await connectOnPremises(running(), { applicationUrl, username: 'CONTOSO\\\\robin' }, bearer)).toMatchObject({
    code: 'CRM_CREDENTIALS_INVALID',
  })
})

describe('what an on-premises connection can do', () => {
  test('D-CON-11 the name of an org without an internet-facing deployment stays in its address', async () => {
    const bearer = await newWorkspace()
    const { onPremisesName } = dynamicsDemo
    const address = `${running().emulator.dynamics.url}/${onPremisesName}`
    const first = await connectOnPremises(running(), { applicationUrl: `${address}/main.aspx#1` }, bearer)
    const again = await connectOnPremises(running(), { applicationUrl: address }, bearer)
    expect([first.integration?.url, again.integration?.url]).toEqual([`${address}/`, `${address}/`])
    const { hits } = await searchRecords(running(), { phone: '+1 512 555 0143' }, bearer)
    expect(hits.map(({ record }) => record.name)).toContain('Ada Lovelace-Byrne')
    const paths = (await crm('DYNAMICS').control.calls()).map(({ path }) => path)
    expect(paths.filter((path) => path.includes(`/${onPremisesName}/api/data/v9.1/`))).not.toEqual([])
  })

  test('D-CON-12 it goes on with a new token by itself when the old one has run out', async () => {
    const bearer = await newWorkspace()
    const { integration } = await connectOnPremises(running(), {}, bearer)
    await crm('DYNAMICS').control.setSwitches({ expireTokens: true })
    expect(await checkIntegration(running(), integration?.id ?? '', bearer)).toMatchObject(asRobin)
  })
})

// ------------------------------------------------------------------------------------------------ Dynamics, cloud

test('D-CON-08 the cloud form is another one: the application URL alone, and no password anywhere', async () => {
  const method = await methodOf('DYNAMICS', 'SIGN_IN')
  expect(method.redirects).toBe(true)
  expect(method.fields.map(({ name, required }) => [name, required])).toEqual([['applicationUrl', true]])
  const { __type } = await running().execute('{ __type(name: "BeginSignInInput") { inputFields { name } } }')
  expect(__type.inputFields.map(({ name }: { name: string }) => name)).not.toContain('password')
  expect(await beginMicrosoftSignIn(running(), { applicationUrl: '' })).toMatchObject({
    fields: [{ path: ['input', 'applicationUrl'] }],
  })
})

test('D-CON-09 the person picks an account and gives the password at the Microsoft page, for this environment', async () => {
  const { url } = running().emulator.dynamics
  const begun = await beginMicrosoftSignIn(running(), { applicationUrl: `${url}/` }, await newWorkspace())
  const page = new URL(begun.authorizeUrl ?? '')
  // The environment names its tenant, and where people sign in.
  expect(page.origin + page.pathname).toBe(`${url}/${dynamicsDemo.tenantId}/oauth2/v2.0/authorize`)
  expect(Object.fromEntries(page.searchParams)).toMatchObject({
    response_type: 'code',
    client_id: dynamicsDemo.publicClientId,
    redirect_uri: `${running().url}/auth/callback/microsoft`,
    code_challenge_method: 'S256',
    state: expect.stringMatching(/^[\w-]{43,}$/),
  })
  const scopes = page.searchParams.get('scope')?.split(' ')
  expect(scopes).toEqual(expect.arrayContaining([`${url}/user_impersonation`, 'offline_access']))
  const accounts = await (await fetch(page)).text()
  expect(accounts).toContain('Pick an account')
  expect(accounts).toContain(dynamicsDemo.colleagueAccount)
})

test('D-CON-10 of a pasted address of an app the origin is kept', async () => {
  const bearer = await newWorkspace()
  const { url } = running().emulator.dynamics
  const begun = await beginMicrosoftSignIn(running(), { applicationUrl: `${url}/main.aspx?appid=x&forceUCI=1` }, bearer)
  await comeBack(await signInAtMicrosoft(begun))
  expect(await integrationsOf(bearer)).toMatchObject([{ url: `${url}/` }])
})

test('D-CON-11 with or without a slash it is the same address, which ends in one', async () => {
  const bearer = await newWorkspace()
  const { url } = running().emulator.dynamics
  const urls = []
  for (const applicationUrl of [url, `${url}/`]) {
    const { integration } = await connectDynamics(running(), { applicationUrl }, bearer)
    urls.push(integration?.url)
  }
  expect(urls).toEqual([`${url}/`, `${url}/`])
})

test('D-CON-12 back from the Microsoft page the integration is connected, and its token is renewed by itself', async () => {
  const bearer = await newWorkspace()
  const callback = await signInAtMicrosoft(await beginMicrosoftSignIn(running(), { returnTo: '/admin/x' }, bearer))
  expect(await comeBack(callback)).toMatchObject({ status: 303, location: '/admin/x' })
  const [integration] = await integrationsOf(bearer)
  expect(integration).toMatchObject({ provider: 'DYNAMICS', status: 'CONNECTED', connectedAs: 'Robin Okafor' })
  expect((await comeBack(callback)).status).toBe(400)

  await crm('DYNAMICS').control.setSwitches({ expireTokens: true })
  running().skip(3_600_000)
  expect(await checkIntegration(running(), integration?.id ?? '', bearer)).toMatchObject(asRobin)
  const { hits } = await searchRecords(running(), { phone: '+1 512 555 0143' }, bearer)
  expect(hits).not.toEqual([])
})

test('D-CON-12 an app with a secret asks for what was consented to', async () => {
  const bearer = await newWorkspace()
  const { clientId, clientSecret } = dynamicsDemo
  const begun = await beginMicrosoftSignIn(running(), { clientId, clientSecret }, bearer)
  expect(new URL(begun.authorizeUrl ?? '').searchParams.get('scope')).toContain('/.default')
  await comeBack(await signInAtMicrosoft(begun))
  expect(await integrationsOf(bearer)).toMatchObject([{ status: 'CONNECTED' }])
})

describe('D-CON-13 what does not let us in is told, and connects nothing:', () => {
  async function refusedBy(attempt: (bearer: string) => Promise<Connected>, code: string, words: RegExp) {
    const bearer = await newWorkspace()
    const refused = await attempt(bearer)
    expect(refused).toMatchObject({ code, message: expect.stringMatching(words) })
    expect(await integrationsOf(bearer)).toEqual([])
    return refused
  }

  async function refusedAtPage(given: { account?: string; decision?: string }, words: RegExp) {
    const bearer = await newWorkspace()
    const callback = await signInAtMicrosoft(await beginMicrosoftSignIn(running(), {}, bearer), given)
    const { status, text } = await comeBack(callback)
    expect(status).toBe(400)
    expect(text).toMatch(words)
    expect(await integrationsOf(bearer)).toEqual([])
  }

  test('D-CON-13 a wrong password, which is neither in the answer nor in the log', async () => {
    const password = `wrong-${randomUUID()}`
    const refused = await refusedBy(
      (bearer) => connectOnPremises(running(), { password }, bearer),
      'CRM_CREDENTIALS_INVALID',
      /user name or the password/,
    )
    expect(JSON.stringify(refused) + running().lines.join('')).not.toContain(password)
  })

  test('D-CON-13 AD FS that does not know us, or does not let us ask', async () => {
    await refusedBy(
      (bearer) => connectOnPremises(running(), { clientId: 'nobody' }, bearer),
      'CRM_APP_NOT_APPROVED',
      /Add-AdfsClient/,
    )
    await crm('DYNAMICS').control.setSwitches({ appNotApproved: true })
    await refusedBy((bearer) => connectOnPremises(running(), {}, bearer), 'CRM_APP_NOT_APPROVED', /Grant-Adfs/)
  })

  test('D-CON-13 an authority that may not be called gets no password', async () => {
    const authority = 'https://10.0.0.1/adfs'
    await refusedBy((bearer) => connectOnPremises(running(), { authority }, bearer), 'CRM_UNREACHABLE', /public/)
  })

  test('D-CON-13 an address where nobody is', async () => {
    const applicationUrl = 'https://127.0.0.1:1'
    await refusedBy((bearer) => connectOnPremises(running(), { applicationUrl }, bearer), 'CRM_UNREACHABLE', /127/)
    expect(await beginMicrosoftSignIn(running(), { applicationUrl })).toMatchObject({
      __typename: 'ValidationError',
      fields: [{ path: ['input', 'applicationUrl'] }],
    })
  })

  test('D-CON-13 consent that is missing', async () => {
    await crm('DYNAMICS').control.setSwitches({ consentMissing: true })
    await refusedAtPage({}, /administrator of the tenant must consent/)
    await refusedBy((bearer) => connectDynamics(running(), {}, bearer), 'CRM_CONSENT_REQUIRED', /must consent/)
  })

  test('D-CON-13 an app that is disabled', async () => {
    await crm('DYNAMICS').control.setSwitches({ appNotApproved: true })
    await refusedAtPage({}, /disabled in the tenant/)
  })

  test('D-CON-13 a person who says no, or is no user of the environment', async () => {
    await refusedAtPage({ decision: 'cancel' }, /not allowed at the Microsoft page/)
    await refusedAtPage({ account: dynamicsDemo.outsiderAccount }, /does not know the user/)
  })

  test('D-CON-13 an environment without an application user', async () => {
    await crm('DYNAMICS').control.setSwitches({ noApplicationUser: true })
    await refusedBy((bearer) => connectDynamics(running(), {}, bearer), 'CRM_USER_NOT_PERMITTED', /application user/)
  })

  test('D-CON-13 a sign-in that cannot be renewed asks for a person, and says so', async () => {
    const bearer = await newWorkspace()
    const { control } = crm('DYNAMICS')
    await control.setSwitches({ noRefreshToken: true })
    await comeBack(await signInAtMicrosoft(await beginMicrosoftSignIn(running(), {}, bearer)))
    await control.setSwitches({ noRefreshToken: false })
    const [integration] = await integrationsOf(bearer)
    running().skip(3_600_000)
    expect(await checkIntegration(running(), integration?.id ?? '', bearer)).toMatchObject({
      code: 'CRM_UNAUTHENTICATED',
      message: expect.stringContaining('Sign in again'),
    })
    expect(await integrationsOf(bearer)).toMatchObject([{ status: 'ATTENTION' }])
  })
})

// ------------------------------------------------------------------------------------------------ Salesforce

/** Begun here, allowed at the page, and back. */
async function signInAtSalesforce(bearer: string, given: object = {}) {
  return comeBack(await decide(await beginSignIn(running(), given, bearer)))
}

const apiDisabled = 'The Rest API is not enabled for this organization'

test('S-CON-02 an org without API access is not connected', async () => {
  const bearer = await newWorkspace()
  await crm('SALESFORCE').control.setSwitches({ apiOff: true })
  const { status, text } = await signInAtSalesforce(bearer)
  expect(status).toBe(400)
  expect(text).toContain(apiDisabled)
  expect(await integrationsOf(bearer)).toEqual([])
})

test('S-CON-03 an app that is not approved is told apart: an admin must approve it', async () => {
  await crm('SALESFORCE').control.setSwitches({ appNotApproved: true })
  const { status, text } = await signInAtSalesforce(await newWorkspace())
  expect(status).toBe(400)
  expect(text).toContain('A Salesforce admin must approve the connected app')
})

test('S-CON-04 a user who is not permitted is told of profile and permission set', async () => {
  await crm('SALESFORCE').control.setSwitches({ userNotPermitted: true })
  const { status, text } = await signInAtSalesforce(await newWorkspace())
  expect(status).toBe(400)
  expect(text).toMatch(/profile or a permission set/)
})

test('S-CON-05 no API access is told in the words of the guide, and explained', async () => {
  const bearer = await newWorkspace()
  await signInAtSalesforce(bearer)
  const [{ id } = { id: '' }] = await integrationsOf(bearer)
  await crm('SALESFORCE').control.setSwitches({ apiOff: true })
  expect(await checkIntegration(running(), id, bearer)).toMatchObject({
    code: 'CRM_API_DISABLED',
    message: apiDisabled,
  })
  const { integration } = await running().execute(
    'query ($id: ID!) { integration(id: $id) { status problems { code message since } } }',
    { id },
    bearer,
  )
  expect(integration.status).toBe('ATTENTION')
  expect(integration.problems).toMatchObject([
    { code: 'CRM_API_DISABLED', message: apiDisabled },
    { message: expect.stringContaining('"API Enabled"') },
  ])
})

test('S-CON-11 name and password are given at the Salesforce page, and never to us', async () => {
  const page = await beginSignIn(running())
  expect(page.origin + page.pathname).toBe(`${running().emulator.salesforce.url}/services/oauth2/authorize`)
  expect(page.searchParams.get('client_id')).toBe(salesforceDemo.clientId)
  expect(page.href).not.toContain(salesforceDemo.clientSecret)
  const { methods } = await descriptorOf('SALESFORCE')
  expect(methods.map(({ redirects }) => redirects)).toEqual([true])
  const names = methods.flatMap(({ fields }) => fields.map(({ name }) => name))
  expect(names.filter((name) => /user|password/i.test(name))).toEqual([])
})

test('S-CON-12 with a valid code and state it is connected, and its settings can be edited', async () => {
  const bearer = await newWorkspace()
  expect(await signInAtSalesforce(bearer)).toMatchObject({ status: 303, location: '/admin/integrations' })
  const [{ id, status } = { id: '', status: '' }] = await integrationsOf(bearer)
  expect(status).toBe('CONNECTED')
  const { it } = await running().execute(
    `mutation ($input: UpdateSalesforceSettingsInput!) { it: ${updateSettings.SALESFORCE}(input: $input) { __typename } }`,
    { input: { integrationId: id, expectedVersion: 1, fetchCrmData: true } },
    bearer,
  )
  expect(it.__typename).toBe('SettingsSuccess')
})

test('S-CON-12 a bad state is refused, and connects nothing', async () => {
  const bearer = await newWorkspace()
  const callback = await decide(await beginSignIn(running(), {}, bearer))
  callback.searchParams.set('state', randomUUID())
  expect((await comeBack(callback)).status).toBe(400)
  expect(await integrationsOf(bearer)).toEqual([])
})

// ------------------------------------------------------------------------------------------------ idle sessions

interface IntegrationEvent {
  __typename: string
  id: string
  at: string
  integration: { id: string; status: string }
  expiresAt?: string
}

/** The events of a workspace from its beginning, until one of this kind has come so many times. */
async function eventsUntil(bearer: string, kind: string, times = 1): Promise<IntegrationEvent[]> {
  const client = createClient({ url: `${running().url}/graphql`, headers: { authorization: `Bearer ${bearer}` } })
  const query = `subscription {
    integrationEvents(after: "0") {
      __typename id at integration { id status }
      ... on SessionExpiring { expiresAt }
    }
  }`
  const events: IntegrationEvent[] = []
  for await (const { data, errors } of client.iterate<{ integrationEvents: IntegrationEvent }>({ query })) {
    expect(errors).toBeUndefined()
    if (data) events.push(data.integrationEvents)
    if (events.filter(({ __typename }) => __typename === kind).length >= times) break
  }
  client.dispose()
  return events
}

const minute = 60_000
/** More than a test takes, so that moments before and after a limit are clear. */
const moment = 20_000

/** An org whose sign-in granted no refresh token. */
async function connectWithoutRefresh(it: RuleCrm, bearer: string): Promise<string> {
  await it.control.setSwitches({ noRefreshToken: true })
  if (it.provider === 'SALESFORCE') await signInAtSalesforce(bearer)
  else await comeBack(await signInAtMicrosoft(await beginMicrosoftSignIn(running(), {}, bearer)))
  await it.control.setSwitches({ noRefreshToken: false })
  return (await integrationsOf(bearer))[0]?.id ?? ''
}

const statusOf = async (bearer: string) => (await integrationsOf(bearer))[0]?.status
const timesAsked = async (id: string) => {
  const integrationId = lookUpId('Integration', id)
  return running().database.event.count({ where: { integrationId, kind: 'SESSION_EXPIRING' } })
}

test('S-CON-07 after two hours without use the session is flagged, and a minute before it is not', async () => {
  const bearer = await newWorkspace()
  const id = await connectWithoutRefresh(crm('SALESFORCE'), bearer)
  running().skip(119 * minute)
  expect(await statusOf(bearer)).toBe('CONNECTED')
  expect(await timesAsked(id)).toBe(0)
  running().skip(minute)
  expect(await statusOf(bearer)).toBe('CONNECTED')
  const event = (await eventsUntil(bearer, 'SessionExpiring')).at(-1)
  expect(event).toMatchObject({ integration: { id, status: 'CONNECTED' } })
  expect(await timesAsked(id)).toBe(1)
})

test('S-CON-07 every call to the CRM counts as use', async () => {
  const bearer = await newWorkspace()
  const id = await connectWithoutRefresh(crm('SALESFORCE'), bearer)
  running().skip(119 * minute)
  expect((await searchRecords(running(), { phone: '+1 512 555 0143' }, bearer)).hits).not.toEqual([])
  running().skip(119 * minute)
  await statusOf(bearer)
  expect(await timesAsked(id)).toBe(0)
  running().skip(2 * minute)
  await statusOf(bearer)
  expect(await timesAsked(id)).toBe(1)
})

test('S-CON-07 a session that a refresh token renews is never asked about', async () => {
  const bearer = await newWorkspace()
  await signInAtSalesforce(bearer)
  const [{ id } = { id: '' }] = await integrationsOf(bearer)
  running().skip(24 * 60 * minute)
  expect(await statusOf(bearer)).toBe('CONNECTED')
  expect(await timesAsked(id)).toBe(0)
})

test('S-CON-08 admins are asked, and going on begins the two hours anew', async () => {
  const bearer = await newWorkspace()
  const id = await connectWithoutRefresh(crm('SALESFORCE'), bearer)
  running().skip(121 * minute)
  await statusOf(bearer)
  const asked = (await eventsUntil(bearer, 'SessionExpiring')).at(-1)
  expect(asked?.expiresAt).toBeDefined()
  expect(await keepSession(running(), id, bearer)).toMatchObject({
    __typename: 'ConnectSuccess',
    integration: { id, status: 'CONNECTED' },
  })
  running().skip(minute + moment)
  expect(await statusOf(bearer)).toBe('CONNECTED')
  running().skip(117 * minute)
  await statusOf(bearer)
  expect(await timesAsked(id)).toBe(1)
  running().skip(2 * minute)
  await statusOf(bearer)
  expect(await timesAsked(id)).toBe(2)
})

test('S-CON-09 without an answer within the grace time it is disconnected, and says why', async () => {
  const bearer = await newWorkspace()
  const id = await connectWithoutRefresh(crm('SALESFORCE'), bearer)
  running().skip(121 * minute)
  await statusOf(bearer)
  running().skip(minute - moment)
  expect(await statusOf(bearer)).toBe('CONNECTED')
  running().skip(2 * moment)
  const { integration } = await running().execute(
    'query ($id: ID!) { integration(id: $id) { status problems { code message } } }',
    { id },
    bearer,
  )
  expect(integration).toEqual({
    status: 'DISCONNECTED',
    problems: [{ code: 'CRM_UNAUTHENTICATED', message: expect.stringContaining('Connect this org again') }],
  })
  expect(await keepSession(running(), id, bearer)).toMatchObject({ code: 'NOT_CONNECTED' })
  await running().database.integrationToken.findFirstOrThrow({
    where: { integrationId: lookUpId('Integration', id), tokensSealed: null },
  })
  const events = await eventsUntil(bearer, 'SessionExpiring')
  expect(events.map(({ __typename }) => __typename)).toContain('IntegrationStatusChanged')
})

// ------------------------------------------------------------------------------------------------ where they differ

test('X-DIF-05 idle sessions are asked about at Salesforce only', async () => {
  const asked = []
  for (const it of [crm('DYNAMICS'), crm('SALESFORCE')]) {
    const bearer = await newWorkspace()
    const id = await connectWithoutRefresh(it, bearer)
    running().skip(3 * 60 * minute)
    await statusOf(bearer)
    asked.push(await timesAsked(id))
  }
  expect(asked).toEqual([0, 1])
})

test('X-DIF-01 Dynamics asks for edition, address and on-premises a user; Salesforce asks for none of them', async () => {
  const dynamics = await descriptorOf('DYNAMICS')
  const salesforce = await descriptorOf('SALESFORCE')
  const needed = ({ methods }: { methods: Method[] }) =>
    Object.fromEntries(
      methods.map(({ key, fields }) => [key, fields.filter((it) => it.required).map(({ name }) => name)]),
    )
  expect(needed(dynamics)).toMatchObject({
    SIGN_IN: ['applicationUrl'],
    ON_PREMISES: ['username', 'applicationUrl', 'password'],
  })
  expect(needed(salesforce)).toEqual({ SIGN_IN: [] })
})

test('X-DIF-02 the actions that connect are called "Connect MS Dynamics Account" and "Configure"', async () => {
  expect((await descriptorOf('DYNAMICS')).connectLabel).toBe('Connect MS Dynamics Account')
  expect((await descriptorOf('SALESFORCE')).connectLabel).toBe('Configure')
})

test('X-DIF-04 only Salesforce says that its API is not enabled', async () => {
  const codes = []
  for (const it of [crm('DYNAMICS'), crm('SALESFORCE')]) {
    const bearer = await newWorkspace()
    const { id } = await connect(it, bearer)
    await it.control.setSwitches({ apiOff: true })
    codes.push((await checkIntegration(running(), id, bearer)).code)
  }
  expect(codes).toEqual(['CRM_USER_NOT_PERMITTED', 'CRM_API_DISABLED'])
})
