/** Every page of the app, in a new workspace and in one in use, light and dark, narrow and wide: axe finds nothing, and it fits. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { headingLevels, namelessParts, overflow } from './accessibility.ts'
import { type AdminApp, type Look, startAdminApp } from './admin-app.ts'
import { violations } from './axe.ts'
import { fill, type Ids, idsOf, pages } from './pages.ts'

let app: AdminApp
let ids: Ids

const first = { colorScheme: 'light', width: 390 } as const satisfies Look
const second = { colorScheme: 'dark', width: 1440 } as const satisfies Look

beforeAll(async () => {
  app = await startAdminApp()
})
afterEach(() => {
  expect(app.complaints.splice(0)).toEqual([])
})
afterAll(() => app.stop())

async function isFit(page: Page): Promise<void> {
  await expect.poll(() => violations(page)).toEqual([])
  await expect.poll(() => namelessParts(page)).toEqual([])
  await expect.poll(() => overflow(page)).toBe(0)
  const levels = await headingLevels(page)
  expect(levels.filter((level) => level === 1)).toHaveLength(1)
  for (const [index, level] of levels.entries()) expect(level - (levels[index - 1] ?? 0)).toBeLessThanOrEqual(1)
}

test('the list holds every address of the app', () => {
  const folder = join(import.meta.dirname, '../../packages/admin/src/routes')
  const routes = ['routes.ts', 'settings-routes.ts'].map((name) => readFileSync(join(folder, name), 'utf8'))
  const paths = [...routes.join().matchAll(/path: '([^']+)'/g)].map(([, path = '']) => path)
  expect(paths.length).toBeGreaterThan(30)
  expect(paths.filter((path) => !pages.some((it) => it.routes.includes(path)))).toEqual([])
})

test('axe would find a button without a name and a text that is hardly seen', async () => {
  const page = await app.open('/nowhere')
  await page.evaluate(() => {
    const text = document.createElement('p')
    text.append('Hardly seen')
    text.style.color = '#ddd'
    document.querySelector('main')?.append(document.createElement('button'), text)
  })
  const found = await violations(page)
  expect(found.map((it) => it.split(':')[0]).sort()).toEqual(['button-name', 'color-contrast'])
  await page.close()
})

describe.each(['empty', 'filled'] as const)('%s', (state) => {
  beforeAll(async () => {
    ids = state === 'filled' ? await fill(app) : await idsOf(app)
  })

  const cases = pages.filter((it) => it.in.includes(state))

  test.each(cases)('$name, light at 390 pixels and dark at 1440', async ({ open }) => {
    const page = await open(app, first, ids)
    await isFit(page)
    await page.emulateMedia({ colorScheme: second.colorScheme })
    await page.setViewportSize({ width: second.width, height: 844 })
    await page.locator(':root[data-mantine-color-scheme="dark"]').waitFor()
    await isFit(page)
    await page.close()
  })
})
