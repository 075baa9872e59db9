import { randomUUID } from 'node:crypto'
import { dynamicsDemo } from '@backchannel/emulator'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { checkIntegration, connectDynamics, disconnect } from './connecting.ts'
import { activitiesOf, delivered, pushesOf, say, startConversation, tag } from './conversing.ts'
import { createRecord, formOf } from './creating.ts'
import { type RunningGateway, startGateway } from './running-gateway.ts'
import { orgsOf, searchRecords } from './searching.ts'

let gateway: RunningGateway

beforeAll(async () => {
  gateway = await startGateway({ worker: true })
})
afterAll(() => gateway.stop())
afterEach(async () => {
  await gateway.crm.dynamics.clearFaults()
  await gateway.crm.dynamics.setSwitches({ noApplicationUser: false, apiOff: false })
})

const phone = '+1 512 555 0143'

describe('D-CON-10, D-CON-11: whatever page of the environment is pasted', () => {
  it.each(['', '/', '/main.aspx?appid=x', '/main.aspx?appid=x&pagetype=entitylist#top', '/api/data/v9.2/'])(
    '%j: it is one integration, at its origin with a slash',
    async (page) => {
      const before = (await orgsOf(gateway)).DYNAMICS
      const { url } = gateway.emulator.dynamics
      const { integration } = await connectDynamics(gateway, { applicationUrl: url + page })
      expect(integration).toMatchObject({ id: before.id, url: `${url}/`, status: 'CONNECTED', problems: [] })
      expect(integration?.connectedAs).toContain(dynamicsDemo.userName)
      expect(integration?.entityTypes.map(({ id }) => id)).toEqual(before.entityTypes.map(({ id }) => id))
    },
  )
})

describe('D-CON-13: what does not let us in', () => {
  it('a wrong secret connects nothing, says so, and is neither in the answer nor in the log', async () => {
    const workspace = await gateway.otherWorkspace('Wrong secret')
    const clientSecret = `wrong-${randomUUID()}`
    const refused = await connectDynamics(gateway, { clientSecret }, workspace)
    expect(refused).toMatchObject({
      __typename: 'ProviderError',
      code: 'CRM_CREDENTIALS_INVALID',
      provider: 'DYNAMICS',
      providerCode: expect.stringMatching(/AADSTS\d+/),
    })
    expect(refused.message).toMatch(/secret/i)
    expect(JSON.stringify(refused)).not.toContain(clientSecret)
    expect(gateway.lines.join('')).not.toContain(clientSecret)
    expect(await gateway.execute('{ integrations { id } }', {}, workspace)).toEqual({ integrations: [] })
  })

  it('a wrong secret for an integration that works leaves it as it was', async () => {
    const { DYNAMICS } = await orgsOf(gateway)
    const refused = await connectDynamics(gateway, { integrationId: DYNAMICS.id, clientSecret: 'wrong' })
    expect(refused.code).toBe('CRM_CREDENTIALS_INVALID')
    expect((await orgsOf(gateway)).DYNAMICS).toEqual(DYNAMICS)
    expect((await searchRecords(gateway, { phone, integrationIds: [DYNAMICS.id] })).hits).not.toHaveLength(0)
  })

  it('a secret that ran out, and an unknown application, are told apart', async () => {
    const expired = await connectDynamics(gateway, { clientSecret: dynamicsDemo.expiredClientSecret })
    const unknown = await connectDynamics(gateway, { clientId: randomUUID() })
    expect([expired.code, unknown.code]).toEqual(['CRM_CREDENTIALS_INVALID', 'CRM_CREDENTIALS_INVALID'])
    expect(expired.message).toMatch(/expired|run out/i)
    expect(unknown.message).not.toBe(expired.message)
  })

  it('an environment without our application user says what an administrator must make', async () => {
    await gateway.crm.dynamics.setSwitches({ noApplicationUser: true })
    const refused = await connectDynamics(gateway)
    expect(refused).toMatchObject({ code: 'CRM_USER_NOT_PERMITTED', providerCode: '0x80072560' })
    expect(refused.message).toMatch(/application user/)
  })

  it.each([
    'http://169.254.169.254/latest/meta-data',
    'http://127.0.0.1:1',
    'https://127.0.0.1:1',
    'http://[::1]:1/',
    'http://10.0.0.1',
    'https://localhost:1',
  ])('an address inside our network is not asked: %s', async (applicationUrl) => {
    const refused = await connectDynamics(gateway, { applicationUrl })
    expect(['CRM_UNREACHABLE', 'CRM_CREDENTIALS_INVALID']).toContain(refused.code)
    // Nor by way of an authority that somebody names.
    const { code } = await connectDynamics(gateway, { authority: applicationUrl })
    expect(code).toBe('CRM_UNREACHABLE')
  })

  it('what is missing or makes no sense is named by its path, all at once', async () => {
    const { fields } = await connectDynamics(gateway, {
      applicationUrl: 'not an address',
      tenantId: '',
      clientId: 'a b',
      clientSecret: null,
    })
    const path = (name: string) => ['input', 'appRegistration', name]
    expect(fields?.map((field) => field.path)).toEqual(
      ['applicationUrl', 'tenantId', 'clientId', 'clientSecret'].map(path),
    )
  })
})

it('reconnecting with credentials of another org is refused, and old tags stay where they are', async () => {
  const { DYNAMICS } = await orgsOf(gateway)
  const other = { OrganizationId: randomUUID(), UserId: randomUUID(), BusinessUnitId: randomUUID() }
  await gateway.crm.dynamics.addFault({ path: 'WhoAmI', times: 9 }, { status: 200, body: other })
  const refused = await connectDynamics(gateway, { integrationId: DYNAMICS.id })
  expect(refused).toMatchObject({ __typename: 'ProviderError', code: 'CRM_OTHER_ORG', provider: 'DYNAMICS' })
  expect((await orgsOf(gateway)).DYNAMICS).toEqual(DYNAMICS)
})

it('a forged integration cannot be reconnected, checked or disconnected', async () => {
  const id = Buffer.from('Integration:forged').toString('base64')
  expect((await connectDynamics(gateway, { integrationId: id })).code).toBe('NOT_FOUND')
  expect((await checkIntegration(gateway, id)).code).toBe('NOT_FOUND')
  expect((await disconnect(gateway, id)).code).toBe('NOT_FOUND')
})

it('disconnected, nothing is sent and everything says so; pushes wait; connected again, all is as before (D-CON-01, D-CON-12)', async () => {
  const { DYNAMICS, SALESFORCE } = await orgsOf(gateway)
  const { hits } = await searchRecords(gateway, { phone, kinds: ['CONTACT'], integrationIds: [DYNAMICS.id] })
  const contact = hits[0]?.record.id ?? ''
  const thread = await startConversation(gateway, 'SMS')
  await tag(gateway, thread, [contact])
  await delivered(gateway, thread, 1)

  expect(await disconnect(gateway, DYNAMICS.id)).toMatchObject({
    integration: {
      id: DYNAMICS.id,
      status: 'DISCONNECTED',
      entityTypes: DYNAMICS.entityTypes.map(({ id }) => ({ id })),
    },
    waitingPushes: 0,
  })
  await gateway.crm.dynamics.clearCalls()
  await say(gateway, thread, 'second')
  await expect.poll(async () => (await pushesOf(gateway, thread))[0]?.status).toBe('WAITING_FOR_INTEGRATION')

  const refused = { __typename: 'NotConnectedError', code: 'NOT_CONNECTED' }
  const asked = await searchRecords(gateway, { phone, integrationIds: [DYNAMICS.id] })
  expect(asked).toMatchObject(refused)
  expect(asked.message).toMatch(/admin can connect it again/)
  expect(await formOf(gateway, DYNAMICS, 'CONTACT')).toMatchObject({ code: 'NOT_CONNECTED' })
  expect(
    await createRecord(gateway, DYNAMICS, 'CONTACT', { values: [{ name: 'lastname', value: 'X' }] }),
  ).toMatchObject(refused)
  expect(await tag(gateway, thread, [contact])).toMatchObject({ ...refused, providers: ['DYNAMICS'] })
  const { record } = await gateway.execute('query ($id: ID!) { record(id: $id) { __typename } }', { id: contact })
  expect(record.__typename).toBe('NotConnectedError')
  expect(await checkIntegration(gateway, DYNAMICS.id)).toMatchObject(refused)
  // The other CRM answers; what is missing stands beside it.
  const both = await searchRecords(gateway, { phone })
  expect(both.integrations.map(({ failure }) => failure?.code ?? null)).toEqual(['NOT_CONNECTED', null])
  expect(new Set(both.hits.map((hit) => hit.record.integration.provider))).toEqual(new Set([SALESFORCE.provider]))
  expect(await gateway.crm.dynamics.calls()).toEqual([])

  const { integration } = await connectDynamics(gateway)
  expect(integration).toMatchObject({
    id: DYNAMICS.id,
    status: 'CONNECTED',
    entityTypes: DYNAMICS.entityTypes.map(({ id }) => ({ id })),
  })
  await delivered(gateway, thread, 2)
  expect(await activitiesOf(gateway, 'DYNAMICS', thread)).toHaveLength(1)
})

it('a workspace with nothing connected is told which CRMs could be, and no CRM hears of it (D-CON-01, S-CON-01)', async () => {
  const workspace = await gateway.otherWorkspace('Nothing connected')
  const { dynamics, salesforce } = gateway.crm
  await Promise.all([dynamics.clearCalls(), salesforce.clearCalls()])
  const { searchRecords: answer } = await gateway.execute(
    `{ searchRecords(input: { phone: "${phone}" }) { __typename ... on NotConnectedError { code message providers } } }`,
    {},
    workspace,
  )
  expect(answer).toMatchObject({ code: 'NOT_CONNECTED', providers: ['DYNAMICS', 'SALESFORCE'] })
  expect(answer.message).toMatch(/Microsoft Dynamics 365 or Salesforce/)
  expect([await dynamics.calls(), await salesforce.calls()]).toEqual([[], []])
})
