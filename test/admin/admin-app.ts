/** The built admin app in a real browser, on a gateway with both emulated CRMs. */
import { type ControlClient, createControl } from '@backchannel/emulator'
import type { BrowserContext, Locator, Page } from 'playwright-core'
import { onTestFinished, TestRunner } from 'vitest'
import { type Limits, usualLimits } from '../../packages/server/src/http/limit-values.ts'
import { type RunningGateway, type RunningGatewayOptions, startGateway } from '../gateway/running-gateway.ts'
import { launchBrowser } from '../support/browser.ts'

export const owner = { email: 'owner@example.com', password: 'correct horse battery' }
export const dynamicsOrg = 'Contoso (emulated)'
export const salesforceOrg = 'Emulated Salesforce'

/** The sections of an org's settings, in the order of their links. */
export const sectionNames: readonly string[] = [
  'Integration settings',
  'Default fields',
  'Entities',
  'Export fields',
  'Search fields',
  'Detail fields',
  'Backend fields',
]

/** How the browser shows a page: light and 1440 pixels wide unless told otherwise. */
export interface Look {
  readonly colorScheme?: 'light' | 'dark'
  readonly width?: number
  /** Kept for further tests; without it a page is closed when its test has ended. */
  readonly stays?: boolean
}

export interface AdminApp {
  readonly url: string
  readonly gateway: RunningGateway
  readonly dynamics: ControlClient
  readonly salesforce: ControlClient
  /** What the browser complained of on any page: errors of scripts, refused styles, missing files. */
  readonly complaints: string[]
  /** A page of somebody who is not signed in. */
  openAsStranger(path: string, look?: Look): Promise<Page>
  /** A page of the owner. */
  open(path?: string, look?: Look): Promise<Page>
  stop(): Promise<void>
}

/** On a quick machine tests load pages and press keys more often than a person is let. */
const handsOfTests: Limits = { ...usualLimits, personOperations: 0 }

/** @param options as those of a gateway: `worker`, whether pushes are delivered; `instance`, what it shares with others */
export async function startAdminApp(
  options: Pick<RunningGatewayOptions, 'worker' | 'instance'> = {},
): Promise<AdminApp> {
  const gateway = await startGateway({ ...options, instance: { limits: handsOfTests, ...options.instance } })
  await gateway.gateway.entrance.ensureFirstOwner(owner)
  const browser = await launchBrowser()
  // Pages of one context share what the browser has fetched, which makes all but the first quick.
  const stranger = await browser.newContext({ reducedMotion: 'reduce' })
  const known = await browser.newContext({ reducedMotion: 'reduce' })
  await startSession(known, gateway.url)
  const complaints: string[] = []

  async function openPage(context: BrowserContext, path: string, look: Look): Promise<Page> {
    const { colorScheme = 'light', width = 1440, stays = false } = look
    const page = await context.newPage()
    // Each page listens for events, and a browser keeps no more than six connections to one server open.
    if (!stays && TestRunner.getCurrentTest()) onTestFinished(() => page.close())
    page.setDefaultTimeout(30_000)
    await page.setViewportSize({ width, height: 844 })
    await page.emulateMedia({ colorScheme })
    page.on('pageerror', (error) => complaints.push(error.message))
    page.on('console', (message) => {
      // The browser reports every answer of 401; being told to sign in is one.
      const expected = message.text().includes('the server responded with a status of 401')
      if (message.type() === 'error' && !expected) complaints.push(`${message.text()} ${message.location().url}`.trim())
    })
    await page.goto(`${gateway.url}/admin${path}`)
    await page.getByRole('heading', { level: 1 }).waitFor()
    return page
  }

  return {
    url: gateway.url,
    gateway,
    dynamics: createControl(gateway.emulator.dynamics.url),
    salesforce: createControl(gateway.emulator.salesforce.url),
    complaints,
    async openAsStranger(path, look = {}) {
      await stranger.clearCookies()
      return openPage(stranger, path, look)
    },
    open: (path = '/integrations', look = {}) => openPage(known, path, look),
    async stop() {
      await browser.close()
      await gateway.stop()
    },
  }
}

/** Fills in the sign-in form and sends it. */
export async function signIn(page: Page, password = owner.password): Promise<void> {
  await page.getByLabel('E-mail').fill(owner.email)
  await page.getByRole('textbox', { name: 'Password' }).fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
}

/** The part of the page that tells of one org. */
export function org(page: Page, name: string): Locator {
  return page.getByRole('region', { name, exact: true })
}

async function startSession(context: BrowserContext, url: string): Promise<void> {
  const answer = await context.request.post(`${url}/auth/sign-in/email`, { data: owner, headers: { origin: url } })
  if (!answer.ok()) throw new Error(`The owner could not sign in: HTTP ${answer.status()}`)
}
