/** What a person does while a slow server still saves, and answers that never come. */
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { type AdminCrm, openAdminRules } from './admin-rules.ts'
import { holdAnswer } from './hold-answer.ts'
import { flip } from './settings-forms.ts'

const rules = openAdminRules('entities')

/** The page of an entity type, whose saving is not answered before `answer`. */
async function savingSlowly() {
  const crm = rules.crm('DYNAMICS')
  await crm.settings({})
  const page = await crm.open()
  await page.getByRole('link', { name: 'Account', exact: true }).click()
  await page.getByRole('textbox', { name: 'Entity Display Name' }).fill('Company')
  const answer = await holdAnswer(page, 'EntityForm_Update')
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await page.getByRole('navigation', { name: 'Sections' }).getByRole('link', { name: 'Search fields' }).click()
  const question = page.getByRole('dialog', { name: 'Leave without saving?' })
  await question.waitFor()
  return { page, answer, question }
}

test('who has left for another form while the first is being saved stays there, and what they enter is guarded', async () => {
  const { page, answer, question } = await savingSlowly()
  await question.getByRole('button', { name: 'Leave' }).click()
  await page.getByRole('link', { name: 'Add search field' }).click()
  const label = page.getByRole('textbox', { name: 'Field Label' })
  await label.fill('Half written')
  answer()
  await page.getByText('Company is saved.').waitFor()
  await expect.poll(() => label.inputValue()).toBe('Half written')
  await page.getByRole('link', { name: 'Cancel' }).click()
  await question.getByRole('button', { name: 'Leave' }).click()
})

test('the question whether to leave answers itself once everything is saved', async () => {
  const { page, answer, question } = await savingSlowly()
  answer()
  // First what goes by itself.
  await page.getByText('Company is saved.').waitFor()
  await page.getByRole('heading', { level: 1, name: 'Search fields' }).waitFor()
  await question.waitFor({ state: 'hidden' })
})

/** What is saved with this operation is in force, and the page never hears of it. */
async function loseAnswers(page: Page, operation: string) {
  await page.route('**/graphql', async (route) => {
    if (!route.request().postData()?.includes(operation)) return route.fallback()
    await route.fetch()
    await route.abort()
  })
}

test('a save whose answer is lost is told to be in force, and is nobody else’s change', async () => {
  const crm = rules.crm('DYNAMICS')
  await crm.settings({})
  const page = await crm.open('integration')
  await loseAnswers(page, 'DynamicsForm_Save')
  await flip(page, 'Allow New Creation')
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await page.getByText('What you saved is in force after all').waitFor()
  await page.getByText('Everything is saved').waitFor()
  expect((await crm.document())['allowNewCreation']).toBe(true)
  await expect.poll(() => page.getByText(/owner changed/i).count()).toBe(0)

  await crm.open('entities')
  await page.getByRole('link', { name: 'Account', exact: true }).click()
  await loseAnswers(page, 'EntityForm_Update')
  await page.getByRole('textbox', { name: 'Entity Display Name' }).fill('Firm')
  const save = page.getByRole('button', { name: 'Save', exact: true })
  await save.click()
  await page.getByText('What you saved is in force after all').waitFor()
  await page.unrouteAll()
  await save.click()
  await page.getByText('Firm is saved.').waitFor()
  rules.app().complaints.splice(0)
})

async function addOpportunity({ app, integrationId }: AdminCrm) {
  const version = 'query ($id: ID!) { integration(id: $id) { settings { version } } }'
  const { integration } = await app.gateway.execute(version, { id: integrationId })
  const names = { name: 'opportunity', displayName: 'Opportunity', primaryField: 'name', primaryFieldLabel: 'Topic' }
  const { it } = await app.gateway.execute(
    `mutation ($input: AddEntityInput!) {
      it: addEntity(input: $input) { ... on SettingsSuccess { changedId integration { settings { version } } } }
    }`,
    { input: { integrationId, expectedVersion: integration.settings.version, ...names, creatable: true } },
  )
  return { id: it.changedId, version: it.integration.settings.version }
}

test('a row that another admin removes while it is edited says so, and leads to its list', async () => {
  const crm = rules.crm('DYNAMICS')
  await crm.settings({})
  const { id, version } = await addOpportunity(crm)
  const page = await crm.open()
  await page.getByRole('link', { name: 'Opportunity', exact: true }).click()
  await page.getByRole('textbox', { name: 'Entity Display Name' }).fill('Deal')
  const remove =
    'mutation ($id: ID!, $version: Int!) { removeEntity(id: $id, expectedVersion: $version) { __typename } }'
  await crm.app.gateway.execute(remove, { id, version })
  await page.getByRole('heading', { level: 1, name: 'This is not there any more' }).waitFor()
  await page.getByText('Test ADMIN changed Entities').waitFor()
  await page.getByText('Somebody has removed it').getByRole('link', { name: 'Entities' }).click()
  await page.getByRole('link', { name: 'Account', exact: true }).waitFor()
})
