import { createClient } from 'graphql-sse'
import { expect, test } from 'vitest'
import { lookUpId } from '../../packages/server/src/shared/global-id.ts'
import { beginMicrosoftSignIn, comeBack, keepSession, signInAtMicrosoft } from '../gateway/connecting.ts'
import { searchRecords } from '../gateway/searching.ts'
import { untilQuiet } from '../gateway/until-quiet.ts'
import { openConnecting } from './support/connecting.ts'
import type { RuleCrm } from './support/rules.ts'

const { running, crm, newWorkspace, integrationsOf, signInAtSalesforce } = openConnecting()

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
  // The look at the org that follows counts as use.
  await untilQuiet(it.control)
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
  await untilQuiet(crm('SALESFORCE').control)
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
