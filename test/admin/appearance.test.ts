import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { faintTexts, headingLevels, namelessParts, overflow, tabThrough } from './accessibility.ts'
import {
  type AdminApp,
  dynamicsOrg,
  type Look,
  org,
  salesforceOrg,
  sectionNames,
  signIn,
  startAdminApp,
} from './admin-app.ts'

let app: AdminApp

beforeAll(async () => {
  app = await startAdminApp()
})
afterEach(() => {
  expect(app.complaints.splice(0)).toEqual([])
})
afterAll(() => app.stop())

type View = (look: Look) => Promise<Page>

const whileAllWorks: Record<string, View> = {
  'the sign-in page after a wrong password': async (look) => {
    const page = await app.openAsStranger('/sign-in', look)
    await signIn(page, 'wrong')
    await page.getByRole('alert').waitFor()
    return page
  },
  'the integrations after a check': async (look) => {
    const page = await app.open('/integrations', look)
    await org(page, dynamicsOrg).getByRole('button', { name: 'Check' }).click()
    await page.getByText(`${dynamicsOrg} answers.`).waitFor()
    return page
  },
  'the dialog that asks before disconnecting': async (look) => {
    const page = await app.open('/integrations', look)
    await org(page, dynamicsOrg).getByRole('button', { name: 'Disconnect' }).click()
    await page.getByRole('dialog').getByText('Its settings stay').waitFor()
    return page
  },
  'a page that is not there': (look) => app.open('/nowhere', look),
}

const whileNothingWorks: Record<string, View> = {
  'the integrations': async (look) => {
    const page = await app.open('/integrations', look)
    await org(page, dynamicsOrg).getByText('Needs attention', { exact: true }).waitFor()
    await org(page, salesforceOrg).getByText('Disconnected', { exact: true }).waitFor()
    return page
  },
  'the connect form with faults at its inputs': async (look) => {
    const page = await openWay('App registration (365 cloud)', look)
    const form = page.getByRole('dialog')
    await form.getByRole('textbox', { name: 'Application URL' }).fill('ftp://contoso')
    await form.getByRole('textbox', { name: 'Directory (tenant) ID' }).fill('x')
    await form.getByRole('textbox', { name: 'Application (client) ID' }).fill('x')
    await form.getByRole('button', { name: 'Connect', exact: true }).click()
    await form.getByText('Enter either a client secret or a certificate.').waitFor()
    return page
  },
  'the form for signing in with Microsoft': (look) => openWay('Sign in with Microsoft (365 cloud)', look),
  'the form for Dynamics on-premises': (look) => openWay('On-premises', look),
  'the form that goes on to Salesforce': async (look) => {
    const page = await app.open('/integrations', look)
    await org(page, salesforceOrg).getByRole('button', { name: 'Configure' }).click()
    await page.getByRole('dialog').getByText('You sign in at the Salesforce page.').waitFor()
    return page
  },
}

/** The connect form of Dynamics, with one of its ways chosen. */
async function openWay(way: string, look: Look): Promise<Page> {
  const page = await app.open('/integrations', look)
  await org(page, dynamicsOrg).getByRole('button', { name: 'Connect MS Dynamics Account' }).click()
  await page.getByRole('radiogroup').getByText(way, { exact: true }).click()
  return page
}

/** Narrow and light, wide and dark: both of each are seen. */
function canBeReadAndFits(views: Record<string, View>) {
  const cases = Object.entries(views).flatMap(([name, open]) => [
    [name, 'light', 390, open] as const,
    [name, 'dark', 1440, open] as const,
  ])
  test.each(cases)('%s can be read and fits, %s at %i pixels', async (_name, colorScheme, width, open) => {
    const page = await open({ colorScheme, width })
    await expect.poll(() => faintTexts(page)).toEqual([])
    await expect.poll(() => namelessParts(page)).toEqual([])
    await expect.poll(() => overflow(page)).toBe(0)
    await expect.poll(async () => (await headingLevels(page)).filter((level) => level === 1)).toHaveLength(1)
    await page.close()
  })
}

describe('while both CRMs work', () => {
  canBeReadAndFits(whileAllWorks)
})

describe('with a CRM that needs attention and one that is disconnected', () => {
  beforeAll(async () => {
    await app.dynamics.setSwitches({ noApplicationUser: true })
    const page = await app.open()
    await org(page, dynamicsOrg).getByRole('button', { name: 'Check' }).click()
    await org(page, dynamicsOrg).getByText('Needs attention', { exact: true }).waitFor()
    await org(page, salesforceOrg).getByRole('button', { name: 'Disconnect' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Disconnect' }).click()
    await org(page, salesforceOrg).getByText('Disconnected', { exact: true }).waitFor()
    await page.close()
  })

  canBeReadAndFits(whileNothingWorks)

  test('headings go down one level at a time', async () => {
    const page = await app.open()
    await expect.poll(() => headingLevels(page)).toEqual([1, 2, 3, 2, 3])
    await expect.poll(() => page.title()).toBe('Integrations · Backchannel')
  })

  test('every control is reached by keyboard, in reading order, and shows its focus', async () => {
    const page = await app.open()
    const stops = await tabThrough(page)
    expect(stops.filter(({ seen }) => !seen)).toEqual([])
    expect(stops.map(({ name }) => name)).toEqual([
      'Skip to content',
      'Sign out',
      'Integrations',
      'Pushes',
      'Conversations',
      'API keys',
      'For developers',
      'Members',
      'Audit log',
      'Workspace',
      'Your account',
      'Microsoft Dynamics 365',
      `${app.gateway.emulator.dynamics.url}/`,
      ...sectionNames,
      'Connect MS Dynamics Account',
      'Check',
      'Disconnect',
      'Connect another org',
      'What Microsoft Dynamics 365 needs',
      'Salesforce',
      `${app.gateway.emulator.salesforce.url}`,
      ...sectionNames,
      'Configure',
      'Connect another org',
      'What Salesforce needs',
    ])
  })

  test('a dialog keeps the focus, Escape closes it, and the focus is back where it was', async () => {
    const page = await app.open()
    const button = org(page, salesforceOrg).getByRole('button', { name: 'Configure' })
    await button.focus()
    await page.keyboard.press('Enter')
    const dialog = page.getByRole('dialog')
    await dialog.waitFor()
    for (let presses = 0; presses < 10; presses++) {
      await page.keyboard.press('Tab')
      await expect.poll(() => dialog.evaluate((element) => element.contains(document.activeElement))).toBe(true)
    }
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'hidden' })
    await expect.poll(() => button.evaluate((element) => element === document.activeElement)).toBe(true)
  })
})

test('the colours follow the system while the page is open', async () => {
  const page = await app.open()
  const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor)
  const light = await background()
  await page.emulateMedia({ colorScheme: 'dark' })
  await expect.poll(background).not.toBe(light)
})

test('nothing runs or looks otherwise than the files of this server say', async () => {
  const page = await app.open()
  await expect.poll(() => page.locator('style, script:not([src])').count()).toBe(0)
  // The complaints of the browser are heard: this is how one sounds.
  await page.evaluate(() => {
    const style = document.createElement('style')
    style.textContent = 'body { color: red }'
    document.head.append(style)
  })
  await expect.poll(() => app.complaints).toHaveLength(1)
  expect(app.complaints.splice(0)).toEqual([expect.stringContaining('Content Security Policy')])
})
