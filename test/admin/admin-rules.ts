/**
 * Rules of the admin app as tests. A test names one row of docs/rules.md and one CRM and says what an admin sees; rows of
 * both CRMs that say the same (twins) run from one table. All tests of a file share one gateway, one browser and one page for
 * each CRM; each begins with the settings that a new integration has, on the page that the file is about.
 */
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { lookUpId } from '../../packages/server/src/shared/global-id.ts'
import { orgsOf, type Provider } from '../gateway/searching.ts'
import { type AdminApp, startAdminApp } from './admin-app.ts'

/** The last part of the address of a section of the settings. */
export type Section =
  | 'integration'
  | 'default-fields'
  | 'entities'
  | 'export-fields'
  | 'search-fields'
  | 'detail-fields'
  | 'backend-fields'
  | 'history'
  | 'document'

/** The settings of one CRM, in the app and behind it. */
export interface AdminCrm {
  readonly provider: Provider
  readonly app: AdminApp
  /** Global ID. */
  readonly integrationId: string
  /** Address of a section below `/admin`. */
  path(section: Section): string
  /** The page of this CRM's section, loaded anew. */
  open(section?: Section): Promise<Page>
  /** Puts these members of the settings document in place of those of a new integration, behind the app's back. */
  settings(changes: Record<string, unknown>): Promise<void>
  /** The settings document in force, as the API answers it. */
  document(): Promise<SettingsDocument>
}

// biome-ignore lint/suspicious/noExplicitAny: each test looks at other members of it.
export type SettingsDocument = Record<string, any>

interface AdminRules {
  app(): AdminApp
  crm(provider: Provider): AdminCrm
  /** One test for each row given; its name is the row and the outcome. */
  twins(
    rows: Partial<Record<Provider, string>>,
    outcome: string,
    run: (page: Page, crm: AdminCrm) => Promise<void>,
  ): void
}

/**
 * At the top of a test file, once.
 *
 * @param section where each test begins
 * @param width where the preview does not stand beside the settings unless told otherwise, since each edit draws it anew
 */
export function openAdminRules(section: Section, width = 1100): AdminRules {
  let app: AdminApp | undefined
  const crms = new Map<Provider, AdminCrm>()

  const opened = <T>(it: T | undefined): T => {
    if (it === undefined) throw new Error('The app is not running yet: use it inside a test')
    return it
  }
  beforeAll(async () => {
    app = await startAdminApp()
    const orgs = await orgsOf(app.gateway)
    for (const provider of ['DYNAMICS', 'SALESFORCE'] as const) {
      crms.set(provider, await openCrm(app, provider, orgs[provider].id, section, width))
    }
  })
  afterEach(() => {
    expect(app?.complaints.splice(0)).toEqual([])
  })
  afterAll(() => app?.stop())

  return {
    app: () => opened(app),
    crm: (provider) => opened(crms.get(provider)),
    twins(rows, outcome, run) {
      for (const [provider, row] of Object.entries(rows) as [Provider, string][]) {
        test(`${row} ${outcome}`, async () => {
          const crm = opened(crms.get(provider))
          await crm.settings({})
          await run(await crm.open(), crm)
        })
      }
    },
  }
}

async function openCrm(
  app: AdminApp,
  provider: Provider,
  integrationId: string,
  first: Section,
  width: number,
): Promise<AdminCrm> {
  const { services } = app.gateway.gateway
  const id = lookUpId('Integration', integrationId)
  const admin = app.gateway.viewer('ADMIN')
  const document = async () => (await services.settings.exportDocument(admin, id)) as SettingsDocument
  const initial = await document()
  const path = (section: Section) => `/settings/${encodeURIComponent(integrationId)}/${section}`
  let page: Page | undefined
  return {
    provider,
    app,
    integrationId,
    path,
    document,
    async open(section = first) {
      if (page === undefined) page = await app.open(path(section), { stays: true, width })
      else await page.goto(`${app.url}/admin${path(section)}`)
      // What lies behind another page is drawn late.
      await page.bringToFront()
      await page.getByRole('heading', { level: 1 }).waitFor()
      return page
    },
    async settings(changes) {
      const integration = await services.integrations.find(app.gateway.workspaceId, id)
      if (integration === null) throw new Error(`There is no integration ${provider}`)
      await services.settings.importDocument(admin, id, integration.settings.version, { ...initial, ...changes })
    },
  }
}
