import { randomUUID } from 'node:crypto'
import { salesforceDemo } from '@backchannel/emulator'
import { expect, test } from 'vitest'
import { beginSignIn, checkIntegration, comeBack, decide, disconnect } from '../gateway/connecting.ts'
import { tag } from '../gateway/conversing.ts'
import { createRecord } from '../gateway/creating.ts'
import { searchRecords } from '../gateway/searching.ts'
import { updateSettings } from '../gateway/setting-up.ts'
import { type Method, openConnecting } from './support/connecting.ts'

const { running, twins, crm, newWorkspace, integrationsOf, signInAtSalesforce, connect, descriptorOf } =
  openConnecting()

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

// ------------------------------------------------------------------------------------------------ Salesforce

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

// ------------------------------------------------------------------------------------------------ where they differ

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
