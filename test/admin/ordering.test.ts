/** Lists are put in order by mouse, touch and keyboard, by handles or by buttons. */
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { details, labelsOf } from '../rules/support/details.ts'
import { boxesOf, headings, newWord, putAccount } from '../rules/support/looking.ts'
import { tabsOf } from '../rules/support/opportunities.ts'
import { type AdminCrm, openAdminRules } from './admin-rules.ts'
import { dragOnto, handleOf, hearPlace, moveDownByKeys, pickUpByKeys } from './ordering.ts'
import { agentsSide, focused, rowsOf } from './picking.ts'
import { revenueOf } from './shown-field-form.ts'

const { twins, crm: crmOf, app } = openAdminRules('search-fields')

const sites = { DYNAMICS: 'websiteurl', SALESFORCE: 'Site' } as const

/** Revenue, Site and Phone of accounts, as search fields and as detail fields. */
function threeFields(crm: AdminCrm) {
  const entityType = crm.provider === 'DYNAMICS' ? 'account' : 'Account'
  const fax = crm.provider === 'DYNAMICS' ? 'fax' : 'Fax'
  return [
    { entityType, name: revenueOf(crm), label: 'Revenue', fieldType: 'CURRENCY' },
    { entityType, name: sites[crm.provider], label: 'Site', fieldType: 'TEXT' },
    { entityType, name: fax, label: 'Fax line', fieldType: 'TEXT' },
  ]
}

async function openWith(crm: AdminCrm, list: 'search' | 'detail' = 'search'): Promise<Page> {
  await crm.settings({ [`${list}Fields`]: threeFields(crm) })
  const page = await crm.open(`${list}-fields`)
  await page.getByRole('button', { name: 'Move Revenue', exact: true }).waitFor()
  return page
}

const saved = async (crm: AdminCrm, list: 'search' | 'detail' = 'search'): Promise<string[]> =>
  (await crm.document())[`${list}Fields`].map(({ label }: { label: string }) => label)

twins(
  { DYNAMICS: 'D-SEA-14', SALESFORCE: 'S-SEA-14' },
  'search fields are ordered by drag and drop, and the search form follows',
  async (_page, crm) => {
    const page = await openWith(crm)
    await dragOnto(page, 'Fax line', 'Revenue')
    const order = ['Fax line', 'Revenue', 'Site']
    await expect.poll(() => rowsOf(page, 'Search fields of Account')).toEqual(order)
    await expect.poll(() => saved(crm)).toEqual(order)
    expect(headings(await boxesOf(await agentsSide(crm)))).toEqual(order)
  },
)

twins(
  { DYNAMICS: 'D-SEA-15', SALESFORCE: 'S-SEA-15' },
  'the handle moves a field, by keyboard too, and says where it is; Escape leaves it',
  async (_page, crm) => {
    const page = await openWith(crm)
    await pickUpByKeys(page, 'Revenue')
    await page.getByText('Revenue is picked up. It is 1 of 3.').waitFor({ state: 'attached' })
    await page.keyboard.press('ArrowDown')
    await page.getByText('Revenue: 2 of 3.').waitFor({ state: 'attached' })
    await page.keyboard.press('Escape')
    await page.getByText('Revenue stays where it was, 1 of 3.').waitFor({ state: 'attached' })
    expect(await saved(crm)).toEqual(['Revenue', 'Site', 'Fax line'])

    await expect.poll(() => focused(handleOf(page, 'Revenue'))).toBe(true)
    await moveDownByKeys(page, 'Revenue')
    await expect.poll(() => saved(crm)).toEqual(['Site', 'Revenue', 'Fax line'])
    await expect.poll(() => rowsOf(page, 'Search fields of Account')).toEqual(['Site', 'Revenue', 'Fax line'])
    await expect.poll(() => focused(handleOf(page, 'Revenue'))).toBe(true)
  },
)

twins(
  { DYNAMICS: 'D-SEA-16', SALESFORCE: 'S-SEA-16' },
  'when positions change, form and columns of agents change',
  async (_page, crm) => {
    const page = await openWith(crm)
    const side = await agentsSide(crm)
    const columns = async () => headings((await tabsOf(side))[0].columns)?.slice(-3)
    expect(await columns()).toEqual(['Revenue', 'Site', 'Fax line'])
    // Twice at once: the second waits for the first.
    await page.getByRole('button', { name: 'Move Revenue down' }).click()
    await page.getByRole('button', { name: 'Move Revenue down' }).click()
    const order = ['Site', 'Fax line', 'Revenue']
    await expect.poll(() => rowsOf(page, 'Search fields of Account')).toEqual(order)
    await expect.poll(() => focused(page.getByRole('button', { name: 'Move Revenue down' }))).toBe(true)
    await expect.poll(() => saved(crm)).toEqual(order)
    expect(await columns()).toEqual(order)
    expect(headings(await boxesOf(side))).toEqual(order)
  },
)

twins(
  { DYNAMICS: 'D-DET-19', SALESFORCE: 'S-DET-19' },
  'detail fields are ordered by drag and drop with the handle, and the details follow',
  async (_page, crm) => {
    const page = await openWith(crm, 'detail')
    const order = ['Site', 'Fax line', 'Revenue']
    await dragOnto(page, 'Revenue', 'Fax line')
    await expect.poll(() => saved(crm, 'detail')).toEqual(order)
    const side = await agentsSide(crm)
    const name = newWord()
    await putAccount(side, name, 700)
    expect(labelsOf(await details(side, name)).slice(-3)).toEqual(order)
  },
)

test('a finger on a handle moves a field', async () => {
  const crm = crmOf('DYNAMICS')
  const page = await openWith(crm)
  const devtools = await page.context().newCDPSession(page)
  const touch = async (type: 'touchStart' | 'touchMove' | 'touchEnd', x = 0, y = 0) =>
    devtools.send('Input.dispatchTouchEvent', { type, touchPoints: type === 'touchEnd' ? [] : [{ x, y }] })
  const from = await handleOf(page, 'Site').boundingBox()
  const to = await handleOf(page, 'Revenue').boundingBox()
  if (from === null || to === null) throw new Error('Nothing to drag')
  const x = from.x + 10
  await touch('touchStart', x, from.y + 10)
  for (const part of [0.2, 0.5, 0.8, 1]) await touch('touchMove', x, from.y + 10 + (to.y - from.y) * part)
  await hearPlace(page, 'Site', 'Revenue')
  await touch('touchEnd')
  await expect.poll(() => saved(crm)).toEqual(['Site', 'Revenue', 'Fax line'])
})

test('an order that cannot be saved is put back, with a message', async () => {
  const crm = crmOf('SALESFORCE')
  const page = await openWith(crm)
  await page.route('**/graphql', (route) =>
    route.request().postData()?.includes('_Reorder') ? route.abort() : route.continue(),
  )
  await page.getByRole('button', { name: 'Move Revenue down' }).click()
  await page.getByText('The new order was not saved').waitFor()
  await expect.poll(() => rowsOf(page, 'Search fields of Account')).toEqual(['Revenue', 'Site', 'Fax line'])
  await page.unrouteAll()
  await page.getByRole('button', { name: 'Move Revenue down' }).click()
  await page.getByText('The new order was not saved').waitFor({ state: 'hidden' })
  await expect.poll(() => saved(crm)).toEqual(['Site', 'Revenue', 'Fax line'])
  app().complaints.splice(0)
})

test('200 fields are searched and ordered', async () => {
  const crm = crmOf('DYNAMICS')
  // Longer than any list that a person makes: the page is told of fields that the org need not have.
  const page = await openWith(crm)
  await page.route('**/graphql', async (route) => {
    const response = await route.fetch()
    const answer = await response.json()
    const fields = answer.data?.integration?.settings?.searchFields
    if (fields) {
      answer.data.integration.settings.searchFields = Array.from({ length: 200 }, (_, index) => ({
        ...fields[0],
        id: `field-${index}`,
        label: `Field ${index + 1}`,
      }))
    }
    await route.fulfill({ response, json: answer })
  })
  await page.reload()
  await pickUpByKeys(page, 'Field 100')
  for (const place of [101, 102]) {
    await page.keyboard.press('ArrowDown')
    await page.getByText(`Field 100: ${place} of 200.`).waitFor({ state: 'attached' })
  }
  await page.keyboard.press('Escape')
  const search = page.getByRole('searchbox', { name: 'Find in Search fields of Account' })
  await search.fill('Field 19')
  await expect.poll(() => rowsOf(page, 'Search fields of Account')).toHaveLength(11)
  await page.unrouteAll({ behavior: 'ignoreErrors' })
})
