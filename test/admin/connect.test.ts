/** Connecting each CRM in each of its ways, and what is told when it does not work. */
import { dynamicsDemo, salesforceDemo } from '@backchannel/emulator'
import type { Locator, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { askToSignIn } from '../gateway/connecting.ts'
import { type AdminApp, dynamicsOrg, org, salesforceOrg, sectionNames, startAdminApp } from './admin-app.ts'

let app: AdminApp

beforeAll(async () => {
  app = await startAdminApp()
})
afterEach(async () => {
  await app.dynamics.setSwitches({ onPremises: false })
  await app.salesforce.setSwitches({ apiOff: false })
  expect(app.complaints.splice(0)).toEqual([])
})
afterAll(() => app.stop())

const ways = {
  registration: 'App registration (365 cloud)',
  signIn: 'Sign in with Microsoft (365 cloud)',
  onPremises: 'On-premises',
}

/** Disconnected behind the app's back: the page that is open shows it at once. */
async function disconnect(page: Page, name: string) {
  const { integrations } = await app.gateway.execute('{ integrations { id name } }')
  const { id } = integrations.find((it: { name: string }) => it.name === name)
  await app.gateway.execute('mutation ($id: ID!) { disconnectIntegration(id: $id) { __typename } }', { id })
  await org(page, name).getByText('Disconnected', { exact: true }).waitFor()
}

/** What is connected, by id: reconnecting must not make another integration. */
async function integrations(): Promise<
  { id: string; name: string; status: string; connectedAs: string; url: string }[]
> {
  return (await app.gateway.execute('{ integrations { id name status connectedAs url } }')).integrations
}
const statusOf = async (name: string) => (await integrations()).find((it) => it.name === name)?.status
const ids = async () => (await integrations()).map(({ id }) => id)

/** The form that connects the Dynamics org again, before a way is chosen. */
async function openDynamicsForm(page: Page): Promise<Locator> {
  await org(page, dynamicsOrg).getByRole('button', { name: 'Connect MS Dynamics Account' }).click()
  return page.getByRole('dialog', { name: `Connect ${dynamicsOrg}` })
}

const inputsOf = (form: Locator) =>
  form.locator('input:not([type=radio]), textarea').evaluateAll((all) => all.map((it) => it.getAttribute('name')))

test('what a key asks for is told and agreed to in the browser, and connects its workspace (T27)', async () => {
  const bearer = await app.gateway.otherWorkspace('Sales North')
  const link = await askToSignIn(app.gateway, { returnTo: '/admin/sign-in' }, bearer)
  const page = await app.openAsStranger('/sign-in')
  await page.goto(link)
  await page.getByRole('heading', { name: 'Connect Salesforce to “Sales North”?' }).waitFor()
  await page.getByText('The API key “Test ADMIN” of this workspace asks for it.').waitFor()
  await page.getByRole('button', { name: 'Go on to Salesforce' }).click()
  await page.getByRole('heading', { name: 'Allow access?' }).waitFor()
  await page.getByRole('button', { name: 'Allow' }).click()
  await page.waitForURL(`${app.url}/admin/sign-in`)
  const connected = await app.gateway.execute('{ integrations { provider status } }', {}, bearer)
  expect(connected.integrations).toEqual([{ provider: 'SALESFORCE', status: 'CONNECTED' }])
})

describe('Dynamics', () => {
  test('D-CON-04 connecting first asks which edition and way: nothing else is asked before that', async () => {
    const page = await app.open()
    await disconnect(page, dynamicsOrg)
    const form = await openDynamicsForm(page)
    const choice = form.getByRole('radiogroup')
    for (const way of Object.values(ways)) await choice.getByRole('radio', { name: way }).waitFor()
    await expect.poll(() => choice.getByRole('radio', { checked: true }).count()).toBe(0)
    await expect.poll(() => inputsOf(form)).toEqual([])
    await expect.poll(() => form.getByRole('button', { name: 'Connect', exact: true }).count()).toBe(0)
  })

  test('D-CON-05 on-premises asks for username, application URL and password, and tells at each that is left out', async () => {
    const page = await app.open()
    await disconnect(page, dynamicsOrg)
    const form = await openDynamicsForm(page)
    await form.getByRole('radio', { name: ways.onPremises }).check()
    await expect.poll(() => inputsOf(form)).toEqual(['username', 'applicationUrl', 'password'])
    await form.getByRole('textbox', { name: 'Application URL' }).fill('')
    await form.getByRole('button', { name: 'Connect', exact: true }).click()
    for (const label of ['Username', 'Application URL', 'Password']) await faultAt(form, label)
    expect(await statusOf(dynamicsOrg)).toBe('DISCONNECTED')

    await app.dynamics.setSwitches({ onPremises: true })
    const url = `${app.gateway.emulator.dynamics.url}/${dynamicsDemo.onPremisesName}`
    await form.getByRole('textbox', { name: 'Username' }).fill(dynamicsDemo.colleagueDomainName)
    await form.getByRole('textbox', { name: 'Application URL' }).fill(`${url}/main.aspx?etn=account`)
    await form.getByRole('textbox', { name: 'Password' }).fill(dynamicsDemo.password)
    await expect.poll(() => form.getByRole('textbox', { name: 'Application URL' }).inputValue()).toBe(`${url}/`)
    const before = await ids()
    await form.getByRole('button', { name: 'Connect', exact: true }).click()
    await form.waitFor({ state: 'hidden' })
    await org(page, dynamicsOrg).getByText('Connected', { exact: true }).waitFor()
    await org(page, dynamicsOrg).getByText(dynamicsDemo.colleagueName).waitFor()
    expect(await ids()).toEqual(before)
    expect(await page.content()).not.toContain(dynamicsDemo.password)
  })

  test('D-CON-08 signing in with Microsoft asks for the application URL alone, and goes on at the Microsoft page', async () => {
    const page = await app.open()
    await disconnect(page, dynamicsOrg)
    const before = await ids()
    const form = await openDynamicsForm(page)
    await form.getByRole('radio', { name: ways.signIn }).check()
    await expect.poll(() => inputsOf(form)).toEqual(['applicationUrl'])
    await form.getByRole('button', { name: 'Go on to Microsoft Dynamics 365' }).click()
    await page.getByRole('button', { name: dynamicsDemo.colleagueAccount }).click()
    await page.locator('input[type=password]').fill(dynamicsDemo.password)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByText('Connected. Its settings are ready for you.').waitFor()
    await org(page, dynamicsOrg).getByText('Connected', { exact: true }).waitFor()
    expect((await integrations()).find(({ name }) => name === dynamicsOrg)?.connectedAs).toContain(
      dynamicsDemo.colleagueName,
    )
    expect(await ids()).toEqual(before)
    // Told once: the address says nothing of it any more.
    await expect.poll(() => page.url()).toBe(`${app.url}/admin/integrations/dynamics`)
  })

  test('D-CON-10 of a pasted page of an app only the address of the org is left, which the form shows', async () => {
    const page = await app.open()
    await disconnect(page, dynamicsOrg)
    const form = await openDynamicsForm(page)
    await form.getByRole('radio', { name: ways.signIn }).check()
    const address = form.getByRole('textbox', { name: 'Application URL' })
    await address.fill('https://org.crm4.dynamics.com/main.aspx?appid=1&pagetype=entitylist')
    await address.blur()
    await expect.poll(() => address.inputValue()).toBe('https://org.crm4.dynamics.com/')
    await form.getByRole('status').getByText('Shortened to the address of the org').waitFor()
    // Another way of connecting is still about the same org.
    await form.getByRole('radio', { name: ways.registration }).check()
    await expect.poll(() => address.inputValue()).toBe('https://org.crm4.dynamics.com/')

    const { url } = app.gateway.emulator.dynamics
    await address.fill(`${url}/main.aspx?appid=1`)
    await fillRegistration(form, dynamicsDemo.clientSecret)
    await form.waitFor({ state: 'hidden' })
    await expect.poll(() => statusOf(dynamicsOrg)).toBe('CONNECTED')
    expect((await integrations()).find(({ name }) => name === dynamicsOrg)?.url).toBe(`${url}/`)
  })

  test('D-CON-12 with right credentials one is back on the page, where the status reads "Connected" without a reload', async () => {
    const page = await app.open()
    const before = await ids()
    await disconnect(page, dynamicsOrg)
    const form = await openDynamicsForm(page)
    await form.getByRole('radio', { name: ways.registration }).check()
    const sent = page.waitForRequest((request) => request.postData()?.includes('Connect_Dynamics') === true)
    await fillRegistration(form, dynamicsDemo.clientSecret)
    expect(before).toContain((await sent).postDataJSON().variables.input.appRegistration.integrationId)
    await page.getByText(`${dynamicsOrg} is connected.`).waitFor()
    await org(page, dynamicsOrg).getByText('Connected', { exact: true }).waitFor()
    expect(await statusOf(dynamicsOrg)).toBe('CONNECTED')
    expect(await ids()).toEqual(before)
  })

  test('D-CON-13 with wrong credentials it stays disconnected, and each fault is told where it is', async () => {
    const page = await app.open()
    await disconnect(page, dynamicsOrg)
    const form = await openDynamicsForm(page)
    await form.getByRole('radio', { name: ways.registration }).check()
    const address = form.getByRole('textbox', { name: 'Application URL' })
    await expect.poll(() => address.inputValue()).toContain(app.gateway.emulator.dynamics.url)
    await address.fill('ftp://contoso')
    await fillRegistration(form, '')
    expect(await faultAt(form, 'Application URL')).toContain('address of the Dynamics 365 environment')
    expect(await faultAt(form, 'Client secret')).toContain('either a client secret or a certificate')
    await expect.poll(() => address.evaluate((input) => input === document.activeElement)).toBe(true)

    await address.fill(app.gateway.emulator.dynamics.url)
    await fillRegistration(form, 'not-the-secret')
    await form.getByRole('alert').getByText('Microsoft refused the client secret.').waitFor()
    await expect.poll(() => form.textContent()).not.toContain('not-the-secret')
    expect(await statusOf(dynamicsOrg)).toBe('DISCONNECTED')
    await org(page, dynamicsOrg).getByText('Disconnected', { exact: true }).waitFor()
  })
})

describe('Salesforce', () => {
  test('S-CON-12 after login one is back on its card: connected, and every section of its settings is there to edit', async () => {
    const page = await app.open()
    const before = await ids()
    await disconnect(page, salesforceOrg)
    await beginAtSalesforce(page)
    await page.getByRole('heading', { name: 'Allow access?' }).waitFor()
    await expect.poll(() => new URL(page.url()).origin).toBe(app.gateway.emulator.salesforce.url)
    await page.getByRole('button', { name: 'Allow' }).click()
    const section = org(page, salesforceOrg)
    await section.getByText('Connected', { exact: true }).waitFor()
    await expect.poll(() => new URL(page.url()).pathname).toBe('/admin/integrations/salesforce')
    expect(await ids()).toEqual(before)
    const sections = section.getByRole('navigation', { name: 'Settings of' })
    await expect.poll(() => sections.getByRole('link').allTextContents()).toEqual(sectionNames)
    await sections.getByRole('link', { name: 'Default fields' }).click()
    await page.getByRole('heading', { level: 1, name: 'Default fields' }).waitFor()
  })

  test('X-DIF-01 Dynamics asks for edition, address and on-premises for a user; Salesforce leads to its login page', async () => {
    const page = await app.open()
    await disconnect(page, dynamicsOrg)
    await disconnect(page, salesforceOrg)
    const form = await openDynamicsForm(page)
    await form.getByRole('radio', { name: ways.onPremises }).check()
    await expect.poll(() => inputsOf(form)).toEqual(['username', 'applicationUrl', 'password'])
    await page.keyboard.press('Escape')
    await org(page, salesforceOrg).getByRole('button', { name: 'Configure' }).click()
    const other = page.getByRole('dialog', { name: `Connect ${salesforceOrg}` })
    await other.getByRole('button', { name: 'Go on to Salesforce' }).waitFor()
    await expect.poll(() => other.getByRole('radio').count()).toBe(0)
    const asked = await inputsOf(other)
    for (const name of ['applicationUrl', 'username', 'password']) expect(asked).not.toContain(name)
  })

  test('somebody who says no at Salesforce is told, and everything stays as it was', async () => {
    const page = await app.open()
    await disconnect(page, salesforceOrg)
    await beginAtSalesforce(page)
    await page.getByRole('button', { name: 'Deny' }).click()
    await page.getByRole('heading', { name: 'Not connected' }).waitFor()
    await page.getByText('Access was not allowed at the Salesforce page. Connect again.').waitFor()
    await page.getByRole('link', { name: 'Back to the integrations' }).click()
    await org(page, salesforceOrg).getByText('Disconnected', { exact: true }).waitFor()
    expect(app.complaints.splice(0)).toEqual([expect.stringContaining('a status of 400')])
  })

  test('a page of the org is taken as its login address, and what is no address is told at its input', async () => {
    const page = await app.open()
    await org(page, 'Salesforce').getByRole('button', { name: 'Connect another org' }).click()
    const form = page.getByRole('dialog', { name: 'Connect Salesforce' })
    const login = form.getByRole('textbox', { name: 'Login URL' })
    await login.fill('https://acme--uat.sandbox.lightning.force.com/lightning/page/home')
    await login.blur()
    await expect.poll(() => login.inputValue()).toBe('https://acme--uat.sandbox.my.salesforce.com')
    await login.fill('not an address')
    await form.getByRole('button', { name: 'Go on to Salesforce' }).click()
    await faultAt(form, 'Login URL')
  })
})

async function fillRegistration(form: Locator, secret: string) {
  const field = (label: string) => form.getByRole('textbox', { name: label })
  await field('Directory (tenant) ID').fill(dynamicsDemo.tenantId)
  await field('Application (client) ID').fill(dynamicsDemo.clientId)
  await field('Client secret').fill(secret)
  await field('Authority').fill(app.gateway.emulator.dynamics.url)
  await form.getByRole('button', { name: 'Connect', exact: true }).click()
}

async function beginAtSalesforce(page: Page) {
  await org(page, salesforceOrg).getByRole('button', { name: 'Configure' }).click()
  const form = page.getByRole('dialog', { name: `Connect ${salesforceOrg}` })
  await form.getByRole('textbox', { name: 'Consumer key' }).fill(salesforceDemo.clientId)
  await form.getByRole('textbox', { name: 'Consumer secret' }).fill(salesforceDemo.clientSecret)
  await form.getByRole('textbox', { name: 'Key field' }).fill('Backchannel_Key__c')
  await form.getByRole('button', { name: 'Go on to Salesforce' }).click()
}

/** What a screen reader reads out with an input that is at fault. */
async function faultAt(form: Locator, label: string): Promise<string> {
  const input = form.getByRole('textbox', { name: label })
  await expect.poll(() => input.getAttribute('aria-invalid')).toBe('true')
  return input.evaluate((it) =>
    (it.getAttribute('aria-describedby') ?? '')
      .split(' ')
      .map((id) => document.getElementById(id)?.textContent ?? '')
      .join(' '),
  )
}
