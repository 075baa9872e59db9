import { createClient } from 'graphql-sse'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { connectDynamics, disconnect } from './connecting.ts'
import { type RunningGateway, startGateway } from './running-gateway.ts'
import { change } from './setting-up.ts'

let gateway: RunningGateway

beforeAll(async () => {
  gateway = await startGateway()
})
afterAll(() => gateway.stop())

const WATCH = `subscription ($after: ID) {
  integrationEvents(after: $after) {
    __typename id at
    integration { id status settings { version } }
    ... on SettingsChanged { change { id section summary by } }
  }
}`

interface Event {
  __typename: string
  id: string
  integration: { id: string; status: string; settings: { version: number } }
  change?: { id: string; section: string; summary: string; by: string }
}

/** The events behind this one, until there are enough. */
async function take(enough: (events: Event[]) => boolean, after: string, bearer: string): Promise<Event[]> {
  const client = createClient({ url: `${gateway.url}/graphql`, headers: { authorization: `Bearer ${bearer}` } })
  const events: Event[] = []
  const asked = { query: WATCH, variables: { after } }
  for await (const { data, errors } of client.iterate<{ integrationEvents: Event }>(asked)) {
    if (errors) throw new Error(JSON.stringify(errors))
    if (data) events.push(data.integrationEvents)
    if (enough(events)) break
  }
  client.dispose()
  return events
}

const one = (events: Event[]) => events.length > 0

it('an admin hears of connecting, changed settings and disconnecting, in order, and goes on where it stopped', async () => {
  const bearer = await gateway.otherWorkspace('Listens')
  const { integration } = await connectDynamics(gateway, {}, bearer)
  const id = integration?.id ?? ''
  const [connected] = await take(one, '0', bearer)
  expect(connected).toMatchObject({ __typename: 'IntegrationStatusChanged', integration: { id, status: 'CONNECTED' } })

  const input = { integrationId: id, expectedVersion: 1, fetchCrmData: true }
  expect((await change(gateway, 'updateDynamicsSettings', input, bearer)).__typename).toBe('SettingsSuccess')
  await disconnect(gateway, id, bearer)
  const isChange = ({ __typename }: Event) => __typename === 'SettingsChanged'
  const later = await take((events) => events.some(isChange), connected?.id ?? '', bearer)
  const changed = later.find(isChange)
  expect(changed).toMatchObject({
    integration: { id, settings: { version: 2 } },
    change: { section: expect.any(String), summary: expect.any(String), by: expect.any(String) },
  })
  const all = await take((events) => events.length > later.length, '0', bearer)
  expect(all.map((event) => event.id)).toEqual([connected, ...later].map((event) => event?.id))
  expect(all.at(-1)?.integration.status).toBe('DISCONNECTED')
})

it('another workspace hears nothing of it, and no key below ADMIN may listen', async () => {
  const other = await gateway.otherWorkspace('Other')
  const own = await gateway.otherWorkspace('Own')
  await connectDynamics(gateway, {}, other)
  const { integration } = await connectDynamics(gateway, {}, own)
  expect((await take(one, '0', own)).map((event) => event.integration.id)).toEqual([integration?.id])
  await expect(take(one, '0', await gateway.key('SERVICE'))).rejects.toThrow(/not allowed|FORBIDDEN/i)
})

it('whoever asks where events stand misses nothing of what happens before they subscribe', async () => {
  const bearer = await gateway.otherWorkspace('Begins')
  await connectDynamics(gateway, {}, bearer)
  const { eventCursor, integrations } = await gateway.execute('{ eventCursor integrations { id } }', {}, bearer)
  await disconnect(gateway, integrations[0].id, bearer)
  const [first] = await take(one, eventCursor, bearer)
  expect(first).toMatchObject({ __typename: 'IntegrationStatusChanged', integration: { status: 'DISCONNECTED' } })
})
