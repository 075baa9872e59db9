import { randomUUID } from 'node:crypto'
import { dynamicsDemo } from '@backchannel/emulator'
import { describe, expect, test } from 'vitest'
import {
  beginMicrosoftSignIn,
  type Connected,
  checkIntegration,
  comeBack,
  connectDynamics,
  connectOnPremises,
  signInAtMicrosoft,
} from '../gateway/connecting.ts'
import { ask } from '../gateway/running-gateway.ts'
import { searchRecords } from '../gateway/searching.ts'
import { type Method, openConnecting } from './support/connecting.ts'

const { running, crm, newWorkspace, integrationsOf, descriptorOf } = openConnecting()

async function methodOf(key: string): Promise<Method> {
  const method = (await descriptorOf('DYNAMICS')).methods.find((it) => it.key === key)
  if (!method) throw new Error(`Dynamics is not connected by ${key}`)
  return method
}

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
  const { fields } = await methodOf('ON_PREMISES')
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
  const method = await methodOf('SIGN_IN')
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
