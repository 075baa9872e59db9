/** What happens while the app is open: sessions that end, other admins, a connection that is lost. */
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import {
  beginMicrosoftSignIn,
  beginSignIn,
  comeBack,
  connectDynamics,
  decide,
  signInAtMicrosoft,
} from '../gateway/connecting.ts'
import { orgsOf } from '../gateway/searching.ts'
import { untilQuiet } from '../gateway/until-quiet.ts'
import { type AdminApp, dynamicsOrg, org, salesforceOrg, startAdminApp } from './admin-app.ts'

let app: AdminApp
let ids: { dynamics: string; salesforce: string; account: string }

beforeAll(async () => {
  app = await startAdminApp()
  const orgs = await orgsOf(app.gateway)
  const { integrations } = await app.gateway.execute('{ integrations { provider entityTypes { id kind } } }')
  const dynamics = integrations.find((it: { provider: string }) => it.provider === 'DYNAMICS')
  ids = {
    dynamics: orgs.DYNAMICS.id,
    salesforce: orgs.SALESFORCE.id,
    account: dynamics.entityTypes.find((it: { kind: string }) => it.kind === 'ACCOUNT').id,
  }
})
afterEach(() => {
  expect(app.complaints.splice(0)).toEqual([])
})
afterAll(() => app.stop())

const minute = 60_000

interface Session {
  status: string
  sessionEndsInSeconds: number | null
}
/** Asking also has the gateway look at what is due. */
async function session(id: string): Promise<Session> {
  const query = 'query ($id: ID!) { integration(id: $id) { status sessionEndsInSeconds } }'
  return (await app.gateway.execute(query, { id })).integration
}

/** Salesforce, whose sign-in grants nothing that would renew it. */
async function signInWithoutRefresh() {
  await app.salesforce.setSwitches({ noRefreshToken: true })
  await comeBack(await decide(await beginSignIn(app.gateway, { integrationId: ids.salesforce })))
  await app.salesforce.setSwitches({ noRefreshToken: false })
  // The look at the org that follows counts as use.
  await untilQuiet(app.salesforce)
}

const question = (page: Page) => page.getByRole('dialog', { name: `Go on with ${salesforceOrg}?` })

test('S-CON-08 at the timeout the app asks, wherever one is, whether to log out or go on; going on keeps it connected', async () => {
  await signInWithoutRefresh()
  const page = await app.open('/developers')
  app.gateway.skip(121 * minute)
  expect((await session(ids.salesforce)).sessionEndsInSeconds).toBeGreaterThan(30)
  const dialog = question(page)
  await dialog.getByRole('button', { name: 'Log out' }).waitFor()
  await expect.poll(() => dialog.getByRole('timer').textContent()).toMatch(/^(1:00|0:[2-5]\d)$/)
  const goOn = dialog.getByRole('button', { name: 'Go on' })
  await expect.poll(() => goOn.evaluate((button) => button === document.activeElement)).toBe(true)
  // Escape is no answer.
  await page.keyboard.press('Escape')
  await goOn.click()
  await dialog.waitFor({ state: 'hidden' })
  expect(await session(ids.salesforce)).toEqual({ status: 'CONNECTED', sessionEndsInSeconds: null })
})

test('S-CON-09 without an answer one is logged out, and the app says so', async () => {
  await signInWithoutRefresh()
  app.gateway.skip(121 * minute)
  await session(ids.salesforce)
  // Whoever comes while the question stands is asked too.
  const page = await app.open()
  await question(page).waitFor()
  app.gateway.skip(minute)
  expect((await session(ids.salesforce)).status).toBe('DISCONNECTED')
  await page.getByRole('dialog', { name: `Logged out of ${salesforceOrg}` }).waitFor()
  await page.keyboard.press('Escape')
  await org(page, salesforceOrg).getByText('Disconnected', { exact: true }).waitFor()
  await org(page, salesforceOrg).getByText('nobody said to go on').waitFor()
})

test('X-DIF-05 only sessions of Salesforce are asked about, however long Dynamics is idle', async () => {
  await app.dynamics.setSwitches({ noRefreshToken: true })
  const begun = await beginMicrosoftSignIn(app.gateway, { integrationId: ids.dynamics })
  await comeBack(await signInAtMicrosoft(begun))
  await app.dynamics.setSwitches({ noRefreshToken: false })
  await signInWithoutRefresh()
  const page = await app.open()
  app.gateway.skip(121 * minute)
  expect((await session(ids.dynamics)).sessionEndsInSeconds).toBeNull()
  await question(page).getByRole('button', { name: 'Log out' }).click()
  await expect.poll(async () => (await session(ids.salesforce)).status).toBe('DISCONNECTED')
  await page
    .getByRole('dialog', { name: `Logged out of ${salesforceOrg}` })
    .getByText('Close')
    .click()
  await page.getByRole('dialog').waitFor({ state: 'hidden' })
  await org(page, dynamicsOrg).getByText('Connected', { exact: true }).waitFor()
  // What nothing renews has ended by now; the tests behind this one ask Dynamics.
  await connectDynamics(app.gateway, { integrationId: ids.dynamics })
})

const settingsPath = (section: string) => `/settings/${encodeURIComponent(ids.dynamics)}/${section}`

async function version(): Promise<number> {
  const query = 'query ($id: ID!) { integration(id: $id) { settings { version } } }'
  return (await app.gateway.execute(query, { id: ids.dynamics })).integration.settings.version
}

/** Another admin, by a key that is called "Test ADMIN". */
async function changeElsewhere(values: Record<string, unknown>) {
  const { it } = await app.gateway.execute(
    'mutation ($input: UpdateDynamicsSettingsInput!) { it: updateDynamicsSettings(input: $input) { __typename } }',
    { input: { integrationId: ids.dynamics, expectedVersion: await version(), ...values } },
  )
  expect(it.__typename).toBe('SettingsSuccess')
}

test("another admin's change is told, and shown without a reload; one's own is not told", async () => {
  const page = await app.open(settingsPath('integration'))
  const other = await app.open(settingsPath('integration'))
  const creation = (on: Page) => on.getByRole('switch', { name: 'Allow New Creation' })
  await expect.poll(() => creation(page).isChecked()).toBe(false)
  await changeElsewhere({ allowNewCreation: true })
  for (const it of [page, other]) {
    await it.getByText('Test ADMIN changed Integration settings').waitFor()
    await expect.poll(() => creation(it).isChecked()).toBe(true)
  }
  await page.getByRole('switch', { name: 'Allow Activity Closing' }).check({ force: true })
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await page.getByText('The integration settings are saved.').waitFor()
  await other.getByText('Owner changed Integration settings').or(other.getByText('owner changed')).first().waitFor()
  await expect.poll(() => page.getByText(/owner changed/i).count()).toBe(0)
})

test("a form that was filled in before another admin's change is not saved over it unseen; saved again it is", async () => {
  const page = await app.open(settingsPath(`entities/${encodeURIComponent(ids.account)}`))
  const label = page.getByRole('textbox', { name: 'Entity Display Name' })
  await label.fill('Company')
  await changeElsewhere({ fetchCrmData: true })
  await page.getByText('Test ADMIN changed Integration settings').waitFor()
  const save = page.getByRole('button', { name: 'Save', exact: true })
  await save.click()
  await page
    .getByRole('alert')
    .getByText(/^Test ADMIN changed these settings \(.+\) while you were editing/)
    .waitFor()
  await expect.poll(() => label.inputValue()).toBe('Company')
  const names = async () => (await app.gateway.execute('{ integrations { entityTypes { displayName } } }')).integrations
  expect(JSON.stringify(await names())).not.toContain('Company')
  await save.click()
  await page.getByText('Company is saved.').waitFor()
  expect(JSON.stringify(await names())).toContain('Company')
})

test('offline is told at once; what happened meanwhile is there when the network is back, and nothing entered is lost', async () => {
  const page = await app.open(settingsPath(`entities/${encodeURIComponent(ids.account)}`))
  const label = page.getByRole('textbox', { name: 'Entity Display Name' })
  await label.fill('Firm')
  await page.context().setOffline(true)
  await page.getByText('You are offline').waitFor()
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await page.getByText('The server does not answer').first().waitFor()
  await expect.poll(() => label.inputValue()).toBe('Firm')
  await changeElsewhere({ fetchCrmData: false })
  await page.context().setOffline(false)
  await page.getByText('Connected again').waitFor()
  await page.getByText('Test ADMIN changed Integration settings').waitFor()
  await expect.poll(() => label.inputValue()).toBe('Firm')
  app.complaints.splice(0)
})

test('a server that does not answer is told, and that it does again', async () => {
  const page = await app.open()
  await page.route('**/graphql', (route) => route.abort())
  await org(page, dynamicsOrg).getByRole('button', { name: 'Check' }).click()
  await page.getByText('The server cannot be reached').waitFor()
  // What was shown is still there.
  await org(page, dynamicsOrg).getByText('Connected', { exact: true }).waitFor()
  await page.unroute('**/graphql')
  await page.getByRole('button', { name: 'Try now' }).click()
  await page.getByText('Connected again').waitFor()
  app.complaints.splice(0)
})
