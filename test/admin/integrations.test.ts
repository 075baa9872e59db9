/** The page of all CRMs: what it shows, how it stays up to date, and what stops when one is disconnected. */
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { beginSignIn, comeBack, connectDynamics, decide } from '../gateway/connecting.ts'
import { type AdminApp, dynamicsOrg, org, salesforceOrg, startAdminApp } from './admin-app.ts'

let app: AdminApp
let idOf: (name: string) => string

beforeAll(async () => {
  app = await startAdminApp()
  const { integrations } = await app.gateway.execute('{ integrations { id name } }')
  idOf = (name) => integrations.find((it: { name: string }) => it.name === name)?.id
})
beforeEach(async () => {
  await app.dynamics.setSwitches({ noApplicationUser: false })
  await app.salesforce.setSwitches({ apiOff: false })
})
afterEach(() => {
  expect(app.complaints.splice(0)).toEqual([])
})
afterAll(() => app.stop())

const cards = [
  ['Microsoft Dynamics 365', dynamicsOrg],
  ['Salesforce', salesforceOrg],
] as const

test.each(['D-CON-02', 'S-CON-06'])(
  '%s Integrations opens from the navigation and shows a card for each CRM',
  async () => {
    const page = await app.open('/nowhere')
    await page.getByRole('navigation').getByRole('link', { name: 'Integrations' }).click()
    for (const [crm, name] of cards) {
      const section = org(page, crm).getByRole('region', { name, exact: true })
      await section.getByText('Connected', { exact: true }).waitFor()
      await section.getByText('Emulated', { exact: true }).waitFor()
      await factOf(page, name, 'Works with').getByText('Account, Contact, Lead').waitFor()
    }
    await factOf(page, salesforceOrg, 'Acts as').getByText('Ines Demo').waitFor()
    await factOf(page, salesforceOrg, 'Pushes').getByText('None on the way').waitFor()
    await factOf(page, salesforceOrg, 'Since').locator('time').waitFor()
  },
)

/** A workspace that has connected nothing yet. */
async function openEmpty(): Promise<Page> {
  const page = await app.open('/nowhere')
  await page.route('**/graphql', async (route) => {
    const response = await route.fetch()
    const answer = await response.json()
    if (answer.data?.integrations) answer.data.integrations = []
    await route.fulfill({ response, json: answer })
  })
  await page.getByRole('navigation').getByRole('link', { name: 'Integrations' }).click()
  return page
}

async function offersOnly(page: Page, crm: string, label: string) {
  const card = org(page, crm)
  await card.getByText('Disconnected', { exact: true }).waitFor()
  await expect.poll(() => card.getByRole('button').allTextContents()).toEqual([label])
  // There are no settings yet of what is not connected.
  await expect.poll(() => card.getByRole('navigation').count()).toBe(0)
}

test('D-CON-03 a card per CRM; that of Dynamics offers "Connect MS Dynamics Account" and nothing else', async () => {
  await offersOnly(await openEmpty(), 'Microsoft Dynamics 365', 'Connect MS Dynamics Account')
})

test('S-CON-10 the card of Salesforce offers "Configure" and nothing else', async () => {
  await offersOnly(await openEmpty(), 'Salesforce', 'Configure')
})

test('X-DIF-02 a disconnected org offers one way to connect it, in the words of its CRM', async () => {
  const page = await app.open()
  for (const [name, label] of [
    [dynamicsOrg, 'Connect MS Dynamics Account'],
    [salesforceOrg, 'Configure'],
  ] as const) {
    const { __typename, status } = await disconnect(name)
    expect([__typename, status]).toEqual(['DisconnectSuccess', 'DISCONNECTED'])
    await org(page, name).getByText('Disconnected', { exact: true }).waitFor()
    await expect.poll(() => org(page, name).getByRole('button').allTextContents()).toEqual([label])
  }
  for (const name of [dynamicsOrg, salesforceOrg]) {
    await reconnect(name)
    await org(page, name).getByText('Connected', { exact: true }).waitFor()
  }
})

test('a CRM has an address, which brings its card into focus', async () => {
  const page = await app.open('/integrations/salesforce', { width: 390 })
  const card = org(page, 'Salesforce')
  await expect.poll(() => card.evaluate((element) => element === document.activeElement)).toBe(true)
  const top = await card.evaluate((element) => element.getBoundingClientRect().top)
  expect(top).toBeLessThan(844)
})

test('a check asks the CRM and reports that it answers', async () => {
  const page = await app.open()
  await app.dynamics.clearCalls()
  await org(page, dynamicsOrg).getByRole('button', { name: 'Check' }).click()
  await page.getByText(`${dynamicsOrg} answers.`).waitFor()
  expect((await app.dynamics.calls()).some(({ path }) => path.endsWith('/WhoAmI'))).toBe(true)
})

test('S-CON-05 an org without API needs attention, in the words that say so, until it has it again', async () => {
  const page = await app.open()
  await showsApiOff(page)
})

async function showsApiOff(page: Page) {
  const section = org(page, salesforceOrg)
  await app.salesforce.setSwitches({ apiOff: true })
  await section.getByRole('button', { name: 'Check' }).click()
  await section.getByText('Needs attention', { exact: true }).waitFor()
  const advice = section.getByRole('alert', { name: 'What to do' }).getByRole('listitem')
  await expect.poll(() => advice.first().textContent()).toBe('The Rest API is not enabled for this organization')
  await expect.poll(() => advice.count()).toBe(2)

  await app.salesforce.setSwitches({ apiOff: false })
  await section.getByRole('button', { name: 'Check' }).click()
  await section.getByText('Connected', { exact: true }).waitFor()
  await expect.poll(() => section.getByRole('alert').count()).toBe(0)
}

test('X-DIF-04 only Salesforce says that its API is not enabled; Dynamics says what it lacks in words of its own', async () => {
  const page = await app.open()
  await showsApiOff(page)
  const section = org(page, dynamicsOrg)
  await app.dynamics.setSwitches({ noApplicationUser: true })
  await section.getByRole('button', { name: 'Check' }).click()
  await section.getByText('Needs attention', { exact: true }).waitFor()
  const advice = (await section.getByRole('alert').textContent()) ?? ''
  expect(advice).toContain('application user')
  expect(advice).not.toContain('Rest API')
  // It can be connected in another way right away.
  await expect.poll(() => section.getByRole('button', { name: 'Connect MS Dynamics Account' }).isVisible()).toBe(true)
  await app.dynamics.setSwitches({ noApplicationUser: false })
  await section.getByRole('button', { name: 'Check' }).click()
  await section.getByText('Connected', { exact: true }).waitFor()
})

test('disconnecting says what stops; Cancel leaves everything as it is', async () => {
  const page = await app.open()
  const opener = org(page, salesforceOrg).getByRole('button', { name: 'Disconnect' })
  await opener.click()
  const dialog = page.getByRole('dialog', { name: `Disconnect ${salesforceOrg}?` })
  await dialog.getByText('Agents cannot search Account, Contact, and Lead in it').waitFor()
  await dialog.getByText('Agents cannot create Account, Contact, and Lead in it').waitFor()
  await dialog.getByText('Nothing is on the way to it now').waitFor()
  await dialog.getByText('Its settings stay').waitFor()
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  await dialog.waitFor({ state: 'hidden' })
  await expect.poll(() => opener.evaluate((button) => button === document.activeElement)).toBe(true)
  expect((await app.gateway.execute('{ integrations { status } }')).integrations).toEqual([
    { status: 'CONNECTED' },
    { status: 'CONNECTED' },
  ])
})

test('disconnecting is seen on every open page, and so is connecting again', async () => {
  const page = await app.open()
  const other = await app.open('/integrations/dynamics')
  await org(page, dynamicsOrg).getByRole('button', { name: 'Disconnect' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Disconnect' }).click()
  await page.getByText(`${dynamicsOrg} is disconnected.`).waitFor()
  await org(other, dynamicsOrg).getByText('Disconnected', { exact: true }).waitFor()
  await reconnect(dynamicsOrg)
  for (const it of [page, other]) await org(it, dynamicsOrg).getByText('Connected', { exact: true }).waitFor()
})

test('a problem of a setting leads to the section where it is mended', async () => {
  const page = await app.open()
  await page.route('**/graphql', async (route) => {
    const response = await route.fetch()
    const answer = await response.json()
    const [dynamics] = answer.data?.integrations ?? []
    if (dynamics?.problems) {
      const problem = {
        code: 'VALIDATION',
        message: 'Search field nickname: gone',
        settingIds: ['x'],
        section: 'SEARCH',
      }
      dynamics.problems = [{ __typename: 'IntegrationProblem', ...problem }]
    }
    await route.fulfill({ response, json: answer })
  })
  await page.reload()
  const problem = org(page, dynamicsOrg).getByRole('listitem').filter({ hasText: 'Search field nickname: gone' })
  await problem.getByRole('link', { name: 'Open Search fields' }).click()
  await expect.poll(() => new URL(page.url()).pathname).toMatch(/\/search-fields$/)
})

async function disconnect(name: string): Promise<{ __typename: string; status: string }> {
  const { it } = await app.gateway.execute(
    `mutation ($id: ID!) {
      it: disconnectIntegration(id: $id) { __typename ... on DisconnectSuccess { integration { status } } }
    }`,
    { id: idOf(name) },
  )
  return { __typename: it.__typename, status: it.integration.status }
}

/** By another admin. */
async function reconnect(name: string) {
  const integrationId = idOf(name)
  if (name === dynamicsOrg) await connectDynamics(app.gateway, { integrationId })
  else await comeBack(await decide(await beginSignIn(app.gateway, { integrationId })))
}

function factOf(page: Page, name: string, fact: string) {
  return org(page, name).locator('dt', { hasText: fact }).locator('xpath=following-sibling::dd[1]')
}
