/** Emulated orgs as the conformance suite wants them. */
import {
  createControl,
  dynamicsDemo,
  type FaultEffect,
  type FaultMatch,
  salesforceDemo,
  startEmulator,
} from '@backchannel/emulator'
import {
  createProvider,
  type HttpClient,
  type ProviderDefinition,
  type ProviderPorts,
  providerDefinitions,
  type RemoteReference,
  type StoredTokens,
} from '@backchannel/providers'
import type { OrgFault, OrgPeople, OrgTrouble, ProviderUnderTest } from '@backchannel/providers/testing'

/** Enough people to be lost among; the suite makes its own to look for. */
const people = 300

const faults: Record<OrgFault, FaultEffect> = {
  DROP_BEFORE: { drop: 'BEFORE' },
  DROP_AFTER: { drop: 'AFTER' },
  HANG: { hang: true },
  HTML: { html: true },
  SERVER_ERROR: { status: 500, body: 'Internal error' },
}

function troubleOf(url: string, dataPath: string, filing: FaultMatch): OrgTrouble {
  const control = createControl(url)
  return {
    fail: (fault, times = 1) => control.addFault({ path: dataPath, times }, faults[fault]),
    failFiling: (fault, times = 1) => control.addFault({ ...filing, times }, faults[fault]),
    throttle: (retryAfter) => control.throttle({ retryAfter, times: 1 }),
    advanceClock: (ms) => control.advanceClock(ms),
    expireTokens: () => control.setSwitches({ expireTokens: true }),
    refuseAllTokens: () => control.setSwitches({ refuseForever: true }),
    async heal() {
      await control.clearFaults()
      await control.setSwitches({ refuseForever: false })
      await control.throttle({ retryAfter: 0, times: 0 })
    },
  }
}

function peopleOf(url: string): OrgPeople {
  const control = createControl(url)
  const recordOf = ({ entityName, remoteId }: RemoteReference) => ({ table: entityName, id: remoteId })
  return {
    remove: (reference) => control.removeRecord(recordOf(reference)),
    merge: (loser, { remoteId }) => control.mergeRecords(recordOf(loser), remoteId),
    convertLead: (lead, { contact, account }) =>
      control.convertLead(lead.remoteId, {
        ...(contact && { contactId: contact.remoteId }),
        ...(account && { accountId: account.remoteId }),
      }),
  }
}

export async function emulatedDynamics(): Promise<ProviderUnderTest> {
  const { dynamics, stop } = await startEmulator({ people })
  const config = {
    method: 'APP_REGISTRATION',
    applicationUrl: dynamics.url,
    authority: dynamics.url,
    tenantId: dynamicsDemo.tenantId,
    clientId: dynamicsDemo.clientId,
    clientSecret: dynamicsDemo.clientSecret,
  }
  return {
    descriptor: providerDefinitions.DYNAMICS.descriptor,
    create: (ports) => createProvider('DYNAMICS', config, ports),
    capabilities: { keyedActivities: true, keyedRecords: true },
    activityTypes: [{ type: 'NOTE' }, { type: 'TASK' }, { type: 'CUSTOM', entityName: 'new_chatsession' }],
    unknownContactId: '00000000-0000-4000-8000-000000000000',
    people: peopleOf(dynamics.url),
    network: {
      allowedHosts: [new URL(dynamics.url).host],
      isSignIn: (url) => url.includes('/oauth2/'),
      signIn: () => Promise.resolve(null),
      createWithWrongCredentials: (ports) => createProvider('DYNAMICS', { ...config, clientSecret: 'wrong' }, ports),
      trouble: troubleOf(dynamics.url, '^/api/data/', { method: 'PATCH', path: '/tasks' }),
    },
    close: stop,
  }
}

export async function emulatedSalesforce(): Promise<ProviderUnderTest> {
  const { salesforce, stop } = await startEmulator({ people })
  const config = {
    method: 'SIGN_IN',
    loginUrl: salesforce.url,
    clientId: salesforceDemo.clientId,
    clientSecret: salesforceDemo.clientSecret,
  }
  return {
    descriptor: providerDefinitions.SALESFORCE.descriptor,
    create: (ports) => createProvider('SALESFORCE', config, ports),
    capabilities: { keyedActivities: true, keyedRecords: true },
    activityTypes: [{ type: 'TASK' }],
    unknownContactId: '003000000009999AAA',
    people: peopleOf(salesforce.url),
    network: {
      allowedHosts: [new URL(salesforce.url).host],
      isSignIn: (url) => url.includes('/oauth2/token'),
      signIn: (http) => signInAsDemoUser(providerDefinitions.SALESFORCE, config, http),
      createWithWrongCredentials: (ports) => withSpentTokens(config, ports, salesforce.url),
      trouble: troubleOf(salesforce.url, '^/services/data/', { method: 'POST', path: '/sobjects/Task' }),
    },
    close: stop,
  }
}

/** What a person does at the vendor's page: reads who asks for what, and allows it. */
async function signInAsDemoUser(
  { signIn, parseConfig }: ProviderDefinition,
  json: unknown,
  http: HttpClient,
): Promise<StoredTokens> {
  if (signIn === undefined) throw new Error('There is no page to sign in at.')
  const config = parseConfig(json)
  const redirectUri = 'http://127.0.0.1:4000/auth/callback/salesforce'
  const input = { redirectUri, state: 'state' }
  const { authorizeUrl, codeVerifier } = await signIn.begin(config, input, { http, now: Date.now })
  const asked = new URL(authorizeUrl)
  asked.searchParams.set('decision', 'allow')
  const allowed = await http.send({
    method: 'POST',
    url: asked.origin + asked.pathname,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: asked.searchParams.toString(),
    timeoutMs: 5_000,
  })
  const back = new URL(allowed.headers.location ?? 'http://nowhere.example')
  const code = back.searchParams.get('code')
  if (code === null) throw new Error(`The sign-in was refused: ${back.search}`)
  return signIn.finish(config, { code, redirectUri, codeVerifier }, { http, now: Date.now })
}

/** Tokens that the org does not know, which is what a revoked session looks like. */
function withSpentTokens(config: object, ports: ProviderPorts, instanceUrl: string) {
  const spent: StoredTokens = { accessToken: 'spent', refreshToken: 'spent', expiresAt: null, instanceUrl }
  const { tokens } = ports
  return createProvider('SALESFORCE', config, {
    ...ports,
    tokens: { ...tokens, read: async () => (await tokens.read()) ?? spent },
  })
}
