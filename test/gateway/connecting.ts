/** Connecting CRMs as an admin does, with a person at the vendor's page where there is one. */
import { dynamicsDemo, salesforceDemo } from '@backchannel/emulator'
import type { RunningGateway } from './running-gateway.ts'

const CONNECT_FIELDS = `
  __typename
  ... on ConnectSuccess {
    integration { id provider name url status emulated connectedAs problems { code message } entityTypes { id name } }
  }
  ... on Error { code message }
  ... on ValidationError { fields { path message } }
  ... on ProviderError { provider providerCode }
`

export interface Connected {
  __typename: string
  code?: string
  message?: string
  provider?: string
  providerCode?: string | null
  fields?: { path: string[]; message: string }[]
  integration?: {
    id: string
    provider: string
    name: string
    url: string
    status: string
    connectedAs: string
    problems: { code: string; message: string }[]
    entityTypes: { id: string; name: string }[]
  }
}

/** The emulated environment, by its own app registration, with what a test gives in its place. */
export async function connectDynamics(
  gateway: RunningGateway,
  given: object = {},
  bearer?: string,
): Promise<Connected> {
  const { tenantId, clientId, clientSecret } = dynamicsDemo
  const { url } = gateway.emulator.dynamics
  const appRegistration = { applicationUrl: url, authority: url, tenantId, clientId, clientSecret, ...given }
  return connect(gateway, { appRegistration }, bearer)
}

/** The emulated environment as a server of one's own, below the name of its org, with what a test gives in its place. */
export async function connectOnPremises(
  gateway: RunningGateway,
  given: object = {},
  bearer?: string,
): Promise<Connected> {
  const { colleagueDomainName: username, password, onPremisesName } = dynamicsDemo
  const applicationUrl = `${gateway.emulator.dynamics.url}/${onPremisesName}`
  return connect(gateway, { onPremises: { applicationUrl, username, password, ...given } }, bearer)
}

async function connect(gateway: RunningGateway, input: object, bearer?: string): Promise<Connected> {
  const { connectDynamics: connected } = await gateway.execute(
    `mutation ($input: ConnectDynamicsInput!) { connectDynamics(input: $input) { ${CONNECT_FIELDS} } }`,
    { input },
    bearer,
  )
  return connected
}

/** Goes on with a session that is about to end. */
export async function keepSession(gateway: RunningGateway, id: string, bearer?: string): Promise<Connected> {
  const { keepSession: kept } = await gateway.execute(
    `mutation ($id: ID!) { keepSession(integrationId: $id) { ${CONNECT_FIELDS} } }`,
    { id },
    bearer,
  )
  return kept
}

export async function checkIntegration(gateway: RunningGateway, id: string, bearer?: string): Promise<Connected> {
  const { checkIntegration: checked } = await gateway.execute(
    `mutation ($id: ID!) { checkIntegration(id: $id) { ${CONNECT_FIELDS} } }`,
    { id },
    bearer,
  )
  return checked
}

export async function disconnect(gateway: RunningGateway, id: string, bearer?: string) {
  const { disconnectIntegration } = await gateway.execute(
    `mutation ($id: ID!) {
      disconnectIntegration(id: $id) {
        __typename
        ... on DisconnectSuccess { integration { id status problems { code } entityTypes { id } } waitingPushes }
        ... on Error { code }
      }
    }`,
    { id },
    bearer,
  )
  return disconnectIntegration
}

/** Each sign-in goes on in a browser of its own: the cookie that it holds, by the state that it brings back. */
const cookies = new Map<string, string>()

/** Opens the link that a key was given, and agrees. Answers the vendor's page. */
export async function agree(link: string): Promise<URL> {
  const { origin, pathname, searchParams } = new URL(link)
  const answer = await fetch(origin + pathname, { method: 'POST', headers: { origin }, body: searchParams })
  const page = new URL(answer.headers.get('refresh')?.replace('0; url=', '') ?? 'http://nowhere.example')
  const [cookie = ''] = answer.headers.getSetCookie()
  cookies.set(page.searchParams.get('state') ?? '', cookie.split(';')[0] ?? '')
  return page
}

/** The vendor's page for a sign-in that begins here. */
export async function beginSignIn(gateway: RunningGateway, given: object = {}, bearer?: string): Promise<URL> {
  return agree(await askToSignIn(gateway, given, bearer))
}

/** The address that a key is given for a sign-in. */
export async function askToSignIn(gateway: RunningGateway, given: object = {}, bearer?: string): Promise<string> {
  const { clientId, clientSecret } = salesforceDemo
  const { beginSignIn: begun } = await gateway.execute(
    `mutation ($input: BeginSignInInput!) {
      beginSignIn(input: $input) { ... on BeginSignInSuccess { authorizeUrl expiresAt } ... on Error { message } }
    }`,
    {
      input: {
        provider: 'SALESFORCE',
        loginUrl: gateway.emulator.salesforce.url,
        clientId,
        clientSecret,
        ...given,
      },
    },
    bearer,
  )
  return begun.authorizeUrl
}

export interface Begun {
  __typename: string
  authorizeUrl?: string
  message?: string
  fields?: { path: string[]; message: string }[]
}

/** Begins to sign in with Microsoft to the emulated environment, as an app that has no secret: at its page, agreed to at ours. */
export async function beginMicrosoftSignIn(
  gateway: RunningGateway,
  given: object = {},
  bearer?: string,
): Promise<Begun> {
  const { beginSignIn: begun } = await gateway.execute(
    `mutation ($input: BeginSignInInput!) {
      beginSignIn(input: $input) {
        __typename
        ... on BeginSignInSuccess { authorizeUrl }
        ... on ValidationError { message fields { path message } }
      }
    }`,
    {
      input: {
        provider: 'DYNAMICS',
        applicationUrl: gateway.emulator.dynamics.url,
        clientId: dynamicsDemo.publicClientId,
        ...given,
      },
    },
    bearer,
  )
  return begun.authorizeUrl ? { ...begun, authorizeUrl: (await agree(begun.authorizeUrl)).href } : begun
}

/** What a person does at the Microsoft page: picks an account, gives the password. Answers where the browser is sent. */
export async function signInAtMicrosoft(
  { authorizeUrl = '' }: Begun,
  { account = dynamicsDemo.colleagueAccount as string, decision = 'allow' } = {},
): Promise<URL> {
  const page = new URL(authorizeUrl)
  const body = new URLSearchParams(page.searchParams)
  for (const [name, value] of Object.entries({ account, decision, password: dynamicsDemo.password })) {
    body.set(name, value)
  }
  const answer = await fetch(page.origin + page.pathname, { method: 'POST', body, redirect: 'manual' })
  return new URL(answer.headers.get('location') ?? 'http://nowhere.example')
}

/** What a person does at the Salesforce page. Answers where the browser is sent: back to us. */
export async function decide(page: URL, decision: 'allow' | 'deny' = 'allow'): Promise<URL> {
  const body = new URLSearchParams(page.searchParams)
  body.set('decision', decision)
  const answer = await fetch(page.origin + page.pathname, { method: 'POST', body, redirect: 'manual' })
  return new URL(answer.headers.get('location') ?? 'http://nowhere.example')
}

/** The browser comes back to us. */
export async function comeBack(callback: URL): Promise<{ status: number; location: string | null; text: string }> {
  const cookie = cookies.get(callback.searchParams.get('state') ?? '') ?? ''
  const answer = await fetch(callback, { redirect: 'manual', headers: { cookie } })
  return { status: answer.status, location: answer.headers.get('location'), text: await answer.text() }
}
