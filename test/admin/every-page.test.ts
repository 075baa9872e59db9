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

const looks = [
  { colorScheme: 'light', width: 390 },
  { colorScheme: 'dark', width: 1440 },
] as const satisfies readonly Look[]

beforeAll(async () => {
  app = await startAdminApp()
})
afterEach(() => {
  expect(app.complaints.splice(0)).toEqual([])
})
afterAll(() => app.stop())

async function isFit(page: Page): Promise<void> {
  expect(await violations(page)).toEqual([])
  expect(await namelessParts(page)).toEqual([])
  expect(await overflow(page)).toBe(0)
  const levels = await headingLevels(page)
  expect(levels.filter((level) => level === 1)).toHaveLength(1)
  for (const [index, level] of levels.entries()) expect(level - (levels[index - 1] ?? 0)).toBeLessThanOrEqual(1)
}

test('the list holds every address of the app', () => {
  const routes = readFileSync(join(import.meta.dirname, '../../packages/admin/src/routes/routes.ts'), 'utf8')
  const paths = [...routes.matchAll(/path: '([^']+)'/g)].map(([, path = '']) => path)
  expect(paths.length).toBeGreaterThan(15)
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

  const cases = pages
    .filter((it) => it.in.includes(state))
    .flatMap(({ name, open }) => looks.map(({ colorScheme, width }) => ({ name, open, colorScheme, width })))

  test.each(cases)('$name, $colorScheme at $width pixels', async ({ open, colorScheme, width }) => {
    const page = await open(app, { colorScheme, width }, ids)
    await isFit(page)
    await page.close()
  })
})
