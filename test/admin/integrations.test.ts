import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { type AdminApp, dynamicsOrg, org, salesforceOrg, startAdminApp } from './admin-app.ts'

let app: AdminApp

beforeAll(async () => {
  app = await startAdminApp()
})
beforeEach(async () => {
  await app.dynamics.setSwitches({ noApplicationUser: false })
  await app.salesforce.setSwitches({ apiOff: false })
})
afterEach(() => {
  expect(app.complaints.splice(0)).toEqual([])
})
afterAll(() => app.stop())

test('Integrations opens from the navigation and shows a card for each CRM (D-CON-02, S-CON-06)', async () => {
  const page = await app.open('/nowhere')
  await page.getByRole('navigation').getByRole('link', { name: 'Integrations' }).click()
  for (const [crm, name] of [
    ['Microsoft Dynamics 365', dynamicsOrg],
    ['Salesforce', salesforceOrg],
  ] as const) {
    const section = org(page, crm).getByRole('region', { name, exact: true })
    await section.getByText('Connected', { exact: true }).waitFor()
    await section.getByText('Emulated', { exact: true }).waitFor()
    await section.getByText('Works with Account, Contact, Lead').waitFor()
  }
  await org(page, salesforceOrg).getByText('Acts as Ines Demo').waitFor()
})

test('a workspace that has connected nothing yet sees what it can connect', async () => {
  const page = await app.open('/nowhere')
  await page.route('**/graphql', async (route) => {
    const response = await route.fetch()
    const answer = await response.json()
    if (answer.data?.integrations) answer.data.integrations = []
    await route.fulfill({ response, json: answer })
  })
  await page.getByRole('navigation').getByRole('link', { name: 'Integrations' }).click()
  for (const [crm, label] of [
    ['Microsoft Dynamics 365', 'Connect MS Dynamics Account'],
    ['Salesforce', 'Configure'],
  ] as const) {
    const card = org(page, crm)
    await card.getByText('Disconnected', { exact: true }).waitFor()
    expect(await card.getByRole('button').allTextContents()).toEqual([label])
  }
})

test('a CRM has an address, which brings its card into focus', async () => {
  const page = await app.open('/integrations/salesforce', { width: 390 })
  const card = org(page, 'Salesforce')
  await expect.poll(() => card.evaluate((element) => element === document.activeElement)).toBe(true)
  // Scrolled into view, but for the width of its border; without the address most of it lies below the window.
  const hidden = await card.evaluate((element) => element.getBoundingClientRect().bottom - window.innerHeight)
  expect(hidden).toBeLessThan(2)
})

test('a check asks the CRM and reports that it answers', async () => {
  const page = await app.open()
  await app.dynamics.clearCalls()
  await org(page, dynamicsOrg).getByRole('button', { name: 'Check' }).click()
  await page.getByText(`${dynamicsOrg} answers.`).waitFor()
  expect((await app.dynamics.calls()).some(({ path }) => path.endsWith('/WhoAmI'))).toBe(true)
})

test('S-CON-05: a Salesforce org without API needs attention, in the words that say so, until it has it again', async () => {
  const page = await app.open()
  const section = org(page, salesforceOrg)
  await app.salesforce.setSwitches({ apiOff: true })
  await section.getByRole('button', { name: 'Check' }).click()
  await section.getByText('Needs attention', { exact: true }).waitFor()
  const advice = section.getByRole('alert', { name: 'What to do' }).getByRole('listitem')
  expect(await advice.first().textContent()).toBe('The Rest API is not enabled for this organization')
  expect(await advice.count()).toBe(2)

  await app.salesforce.setSwitches({ apiOff: false })
  await section.getByRole('button', { name: 'Check' }).click()
  await section.getByText('Connected', { exact: true }).waitFor()
  expect(await section.getByRole('alert').count()).toBe(0)
})

test('a Dynamics environment without application user needs attention, and can be connected in another way', async () => {
  const page = await app.open()
  const section = org(page, dynamicsOrg)
  await app.dynamics.setSwitches({ noApplicationUser: true })
  await section.getByRole('button', { name: 'Check' }).click()
  await section.getByText('Needs attention', { exact: true }).waitFor()
  expect(await section.getByRole('alert').textContent()).toContain('application user')
  expect(await section.getByRole('button', { name: 'Connect MS Dynamics Account' }).isVisible()).toBe(true)
})

test('disconnecting asks first: Cancel leaves everything as it is', async () => {
  const page = await app.open()
  await org(page, salesforceOrg).getByRole('button', { name: 'Disconnect' }).click()
  const dialog = page.getByRole('dialog', { name: `Disconnect ${salesforceOrg}?` })
  await dialog.getByText('Its settings stay').waitFor()
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  await dialog.waitFor({ state: 'hidden' })
  await page.reload()
  await org(page, salesforceOrg).getByText('Connected', { exact: true }).waitFor()
})

test('a disconnected CRM offers one way to connect, in its own words (D-CON-03, S-CON-10, X-DIF-02)', async () => {
  const page = await app.open()
  for (const [crm, name, label] of [
    ['Microsoft Dynamics 365', dynamicsOrg, 'Connect MS Dynamics Account'],
    ['Salesforce', salesforceOrg, 'Configure'],
  ] as const) {
    await org(page, name).getByRole('button', { name: 'Disconnect' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Disconnect' }).click()
    await org(page, name).getByText('Disconnected', { exact: true }).waitFor()
    expect(await org(page, crm).getByRole('button', { name: label }).count()).toBe(1)
    expect(await org(page, name).getByRole('button').count()).toBe(1)
  }
})
