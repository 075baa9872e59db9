import { isPhoneRegion } from '@backchannel/providers'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { listCountries } from '../../packages/admin/src/features/workspace/countries.ts'
import { entityTypeOf, orgsOf, type Provider } from '../gateway/searching.ts'
import { addField } from '../gateway/setting-up.ts'
import { faintTexts, headingLevels, namelessParts, overflow } from './accessibility.ts'
import { type AdminApp, startAdminApp } from './admin-app.ts'

let app: AdminApp

beforeAll(async () => {
  app = await startAdminApp()
})
afterEach(() => {
  expect(app.complaints.splice(0)).toEqual([])
})
afterAll(() => app.stop())

const workspaceOf = async () =>
  (
    await app.gateway.execute(
      '{ viewer { workspace { name brand timeZone countryCode retentionDays chatVariables { name builtIn } } } }',
    )
  ).viewer.workspace

async function choose(page: Page, label: string, typed: string, option: string) {
  const input = page.getByRole('combobox', { name: label })
  await input.fill(typed)
  await page.getByRole('option', { name: option }).click()
}

test('name, brand, time zone, country and retention are saved, and the app follows at once', async () => {
  const page = await app.open('/workspace')
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Shop')
  await page.getByRole('textbox', { name: 'Brand' }).fill('Alive')
  await page.getByText('“Alive SMS”').waitFor()
  await choose(page, 'Time zone', 'berl', 'Europe/Berlin')
  await choose(page, 'Country', 'german', 'Germany (DE)')
  await page.getByRole('textbox', { name: 'Keep conversations for' }).fill('90')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('The workspace is saved.').waitFor()
  await page.getByRole('banner').getByText('Shop').waitFor()
  expect(await workspaceOf()).toMatchObject({
    ...{ name: 'Shop', brand: 'Alive', timeZone: 'Europe/Berlin', countryCode: 'DE', retentionDays: 90 },
  })

  await page.getByRole('textbox', { name: 'Keep conversations for' }).fill('')
  await page.getByRole('button', { name: 'Save' }).click()
  await expect.poll(async () => (await workspaceOf()).retentionDays).toBeNull()
  await page.close()
})

test('whoever leaves with something unsaved is asked, and what was entered is there for who stays', async () => {
  const page = await app.open('/workspace')
  const brand = page.getByRole('textbox', { name: 'Brand' })
  await brand.fill('Not yet')
  await page.getByRole('link', { name: 'For developers' }).click()
  const question = page.getByRole('dialog', { name: 'Leave without saving?' })
  await question.getByRole('button', { name: 'Stay' }).click()
  await question.waitFor({ state: 'hidden' })
  await expect.poll(() => brand.inputValue()).toBe('Not yet')
  await page.getByRole('link', { name: 'For developers' }).click()
  await question.getByRole('button', { name: 'Leave' }).click()
  await page.getByRole('heading', { level: 1, name: 'For developers' }).waitFor()
})

test('what is refused stands at its input, which has the focus, and undo puts the saved values back', async () => {
  const page = await app.open('/workspace')
  const brand = page.getByRole('textbox', { name: 'Brand' })
  const before = await brand.inputValue()
  await brand.fill(' ')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('Give a brand of 1 to 50 characters').waitFor()
  await expect.poll(() => brand.evaluate((it) => it === document.activeElement)).toBe(true)
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect.poll(() => brand.inputValue()).toBe(before)
  await page.close()
})

test('every country that is offered is one that the server takes', () => {
  expect(listCountries().filter(({ value }) => !isPhoneRegion(value))).toEqual([])
  expect(listCountries().length).toBeGreaterThan(235)
})

const variables: Record<Provider, { name: string; field: string }> = {
  DYNAMICS: { name: 'Campaign', field: 'jobtitle' },
  SALESFORCE: { name: 'Plan', field: 'Department' },
}

test.each([
  ['D-EXP-09', 'DYNAMICS'],
  ['S-EXP-09', 'SALESFORCE'],
] as const)(
  '%s a variable that the workspace declares can be taken by export fields, and not be removed while it is',
  async (_row, provider) => {
    const { name, field } = variables[provider]
    const page = await app.open('/workspace')
    await page.getByRole('textbox', { name: 'New variable' }).fill(name)
    await page.keyboard.press('Enter')
    const own = page.getByRole('list', { name: 'Your own' })
    await own.getByText(name, { exact: true }).waitFor()
    expect((await workspaceOf()).chatVariables).toContainEqual({ name, builtIn: false })

    const org = (await orgsOf(app.gateway))[provider]
    const taken = {
      entityTypeId: entityTypeOf(org, 'CONTACT'),
      name: field,
      variableType: 'CHAT_VARIABLE',
      variable: name,
    }
    const typed = provider === 'SALESFORCE' ? { fieldType: 'TEXT' } : {}
    const added = await addField(app.gateway, 'ExportField', org.id, await versionOf(org.id), { ...taken, ...typed })
    expect(added.__typename, JSON.stringify(added)).toBe('SettingsSuccess')
    await own.getByRole('button', { name: `Remove ${name}` }).click()
    await page.getByRole('alert').getByText(`is used by the export field ${field}`).waitFor()
    expect((await workspaceOf()).chatVariables).toContainEqual({ name, builtIn: false })

    await app.gateway.execute(
      `mutation ($id: ID!, $expectedVersion: Int!) {
      removeExportField(id: $id, expectedVersion: $expectedVersion) { __typename }
    }`,
      { id: added.changedId, expectedVersion: await versionOf(org.id) },
    )
    await own.getByRole('button', { name: `Remove ${name}` }).press('Enter')
    await own.getByText(name, { exact: true }).waitFor({ state: 'detached' })
    expect((await workspaceOf()).chatVariables).not.toContainEqual({ name, builtIn: false })
    const input = page.getByRole('textbox', { name: 'New variable' })
    await expect.poll(() => input.evaluate((it) => it === document.activeElement)).toBe(true)
    await page.close()
  },
)

test('built-in variables stand apart, and cannot be declared once more', async () => {
  const page = await app.open('/workspace', { width: 390, colorScheme: 'dark' })
  const builtIn = page.getByRole('list', { name: 'Every chat has' })
  await expect.poll(() => builtIn.getByRole('listitem').allTextContents()).toContain('Page URL')
  await expect.poll(() => builtIn.getByRole('button').count()).toBe(0)
  await page.getByRole('textbox', { name: 'New variable' }).fill('Page URL')
  await page.getByRole('button', { name: 'Add' }).click()
  await page.getByText('it need not be declared').waitFor()
  await expect.poll(() => namelessParts(page)).toEqual([])
  await expect.poll(() => faintTexts(page)).toEqual([])
  await expect.poll(() => overflow(page)).toBe(0)
  await expect.poll(() => headingLevels(page)).toEqual([1, 2, 2, 3, 3])
  await page.close()
})

const versionOf = async (integrationId: string): Promise<number> =>
  (
    await app.gateway.execute('query ($id: ID!) { integration(id: $id) { settings { version } } }', {
      id: integrationId,
    })
  ).integration.settings.version
