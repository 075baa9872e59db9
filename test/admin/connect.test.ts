import { dynamicsDemo, salesforceDemo } from '@backchannel/emulator'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { ask } from '../gateway/running-gateway.ts'
import { type AdminApp, dynamicsOrg, org, salesforceOrg, startAdminApp } from './admin-app.ts'

let app: AdminApp

beforeAll(async () => {
  app = await startAdminApp()
})
afterEach(() => {
  expect(app.complaints.splice(0)).toEqual([])
})
afterAll(() => app.stop())

async function disconnect(page: Page, name: string) {
  await org(page, name).getByRole('button', { name: 'Disconnect' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Disconnect' }).click()
  await org(page, name).getByText('Disconnected', { exact: true }).waitFor()
}

/** What is connected, by id: reconnecting must not make another integration. */
async function integrationIds(): Promise<string[]> {
  const { data } = await ask(app.url, await app.gateway.key('ADMIN'), '{ integrations { id } }')
  return data.integrations.map(({ id }: { id: string }) => id)
}

test('Dynamics is reconnected by its form, which tells each fault where it is (D-CON-12, D-CON-13)', async () => {
  const page = await app.open()
  const before = await integrationIds()
  await disconnect(page, dynamicsOrg)
  await org(page, dynamicsOrg).getByRole('button', { name: 'Connect MS Dynamics Account' }).click()
  const form = page.getByRole('dialog', { name: `Connect ${dynamicsOrg}` })
  const field = (label: string) => form.getByRole('textbox', { name: label })
  const secret = field('Client secret')
  const connect = form.getByRole('button', { name: 'Connect', exact: true })

  await form.getByRole('radio', { name: 'App registration (365 cloud)' }).check()
  // The address is known already; everything else is for the person to enter.
  const address = app.gateway.emulator.dynamics.url
  expect(await field('Application URL').inputValue()).toBe(`${address}/`)
  await field('Application URL').fill('ftp://contoso')
  await field('Directory (tenant) ID').fill(dynamicsDemo.tenantId)
  await field('Application (client) ID').fill(dynamicsDemo.clientId)
  await field('Authority').fill(address)
  await connect.click()
  await expect.poll(() => field('Application URL').getAttribute('aria-invalid')).toBe('true')
  expect(await field('Application URL').evaluate((input) => input === document.activeElement)).toBe(true)
  expect(await descriptionOf(page, 'input[name="applicationUrl"]')).toContain('address of the Dynamics 365 environment')
  expect(await descriptionOf(page, 'input[name="clientSecret"]')).toContain('either a client secret or a certificate')

  await field('Application URL').fill(`${address}/main.aspx?appid=1`)
  await secret.fill('not-the-secret')
  await connect.click()
  const refusal = form.getByRole('alert')
  await refusal.getByText('Microsoft refused the client secret.').waitFor()
  expect(await form.textContent()).not.toContain('not-the-secret')
  expect(await org(page, dynamicsOrg).getByText('Disconnected', { exact: true }).count()).toBe(1)

  await secret.fill(dynamicsDemo.clientSecret)
  const sent = page.waitForRequest((request) => request.postData()?.includes('Connect_Dynamics') === true)
  await connect.click()
  const { variables } = (await sent).postDataJSON()
  expect(before).toContain(variables.input.appRegistration.integrationId)
  await form.waitFor({ state: 'hidden' })
  await org(page, dynamicsOrg).getByText('Connected', { exact: true }).waitFor()
  expect(await integrationIds()).toEqual(before)
})

test('Salesforce is reconnected at its own page, and one is back on its card, connected (S-CON-11, S-CON-12)', async () => {
  const page = await app.open()
  const before = await integrationIds()
  await disconnect(page, salesforceOrg)
  const sent = page.waitForRequest((request) => request.postData()?.includes('Connect_BeginSignIn') === true)
  await beginAtSalesforce(page)
  const { variables } = (await sent).postDataJSON()
  expect(before).toContain(variables.input.integrationId)
  await page.getByRole('heading', { name: 'Allow access?' }).waitFor()
  expect(new URL(page.url()).origin).toBe(app.gateway.emulator.salesforce.url)

  await page.getByRole('button', { name: 'Allow' }).click()
  await org(page, salesforceOrg).getByText('Connected', { exact: true }).waitFor()
  expect(new URL(page.url()).pathname).toBe('/admin/integrations/salesforce')
  expect(await integrationIds()).toEqual(before)
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

test('a login address that is none is told at its input, before anybody leaves the page', async () => {
  const page = await app.open()
  await org(page, 'Salesforce').getByRole('button', { name: 'Connect another org' }).click()
  const form = page.getByRole('dialog', { name: 'Connect Salesforce' })
  await form.getByRole('textbox', { name: 'Login URL' }).fill('not an address')
  await form.getByRole('button', { name: 'Go on to Salesforce' }).click()
  await expect.poll(() => form.getByRole('textbox', { name: 'Login URL' }).getAttribute('aria-invalid')).toBe('true')
})

async function beginAtSalesforce(page: Page) {
  await org(page, salesforceOrg).getByRole('button', { name: 'Configure' }).click()
  const form = page.getByRole('dialog', { name: `Connect ${salesforceOrg}` })
  await form.getByRole('textbox', { name: 'Consumer key' }).fill(salesforceDemo.clientId)
  await form.getByRole('textbox', { name: 'Consumer secret' }).fill(salesforceDemo.clientSecret)
  await form.getByRole('textbox', { name: 'Key field' }).fill('Backchannel_Key__c')
  await form.getByRole('button', { name: 'Go on to Salesforce' }).click()
}

/** What a screen reader reads out with an input. */
async function descriptionOf(page: Page, selector: string): Promise<string> {
  return page.locator(selector).evaluate((input) =>
    (input.getAttribute('aria-describedby') ?? '')
      .split(' ')
      .map((id) => document.getElementById(id)?.textContent ?? '')
      .join(' '),
  )
}
