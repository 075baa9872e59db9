/** The form of an export or backend field, as an admin fills it in, and the lists that it belongs to. */
import type { Locator, Page } from 'playwright-core'
import { expect } from 'vitest'
import type { Provider } from '../gateway/searching.ts'
import type { TypedField } from '../rules/support/typed-fields.ts'
import type { AdminCrm } from './admin-rules.ts'

/** What the CRM calls the field types, in the order in which they are offered. */
export const typeLabels: Record<Provider, Record<string, string>> = {
  DYNAMICS: {
    CURRENCY: 'Currency',
    DATE: 'Date',
    LOOKUP: 'Lookup',
    OPTION_SET: 'Option Set',
    STATUS_REASON: 'Status Reason',
    TEXT: 'Text Box',
    TWO_OPTIONS: 'Two Options',
    WHOLE_NUMBER: 'Whole Number',
  },
  SALESFORCE: {
    TWO_OPTIONS: 'Checkbox',
    CURRENCY: 'Currency',
    TEXT: 'Textbox',
    DATE: 'Date',
    LOOKUP: 'Lookup',
    OPTION_SET: 'Picklist',
    MULTI_OPTION_SET: 'Picklist (Multi-Select)',
  },
}

type Kind = 'Alive5 Custom Variable' | 'Constant' | 'Input Field'

export interface FieldForm {
  /** The form itself. */
  form: Locator
  /** An input of any kind by its label. */
  input(label: string): Locator
  /** The choices of a list. */
  offered(label: string): Promise<string[]>
  choose(label: string, option: string): Promise<void>
  kind(kind: Kind): Promise<void>
  /** Types the name of a field and leaves its input. */
  name(name: string): Promise<void>
  send(): Promise<void>
  /** What the form says beside its button or at an input. */
  refusal(text: string | RegExp): Locator
}

/** @param nameLabel what the form calls the name of a field */
export async function addField(page: Page, list: 'export' | 'backend', nameLabel = 'Field Name'): Promise<FieldForm> {
  await page.getByRole('link', { name: `Add ${list} field` }).click()
  return fieldForm(page, nameLabel)
}

function fieldForm(page: Page, nameLabel = 'Field Name'): FieldForm {
  const form = page.getByRole('form')
  const input = (label: string) =>
    form
      .getByRole('combobox', { name: label, exact: true })
      .or(form.getByRole('textbox', { name: label, exact: true }))
      .or(form.getByRole('checkbox', { name: label, exact: true }))
      .or(form.locator(`input[type^="date"]`).and(form.getByLabel(label)))
  return {
    form,
    input,
    async offered(label) {
      await input(label).click()
      const list = page.getByRole('listbox', { name: label, exact: true })
      await list.getByRole('option').first().waitFor()
      const texts = await list.getByRole('option').allTextContents()
      await page.keyboard.press('Escape')
      return texts
    },
    async choose(label, option) {
      // Not the text that stands there until what the org offers is known.
      await form.getByRole('combobox', { name: label, exact: true }).click()
      await page
        .getByRole('listbox', { name: label, exact: true })
        .getByRole('option', { name: option })
        .first()
        .click()
    },
    kind: (kind) => form.getByRole('radio', { name: kind, exact: true }).check(),
    async name(name) {
      await input(nameLabel).fill(name)
      await page.keyboard.press('Tab')
    },
    send: () => form.locator('button[type="submit"]').click(),
    refusal: (text) => form.getByText(text),
  }
}

/** What the org calls an option of one of its account's fields. */
async function optionLabel({ app, provider, integrationId }: AdminCrm, field: string, value: string) {
  const { integration } = await app.gateway.execute(
    `query ($id: ID!, $entity: String!, $field: String!) {
      integration(id: $id) { metadata { entityType(name: $entity) { fields(search: $field) { name options { value label } } } } }
    }`,
    { id: integrationId, entity: provider === 'DYNAMICS' ? 'account' : 'Account', field },
  )
  const fields: { name: string; options: { value: string; label: string }[] }[] = integration.metadata.entityType.fields
  const option = fields.find(({ name }) => name === field)?.options.find((it) => it.value === value)
  return option?.label ?? (value === 'true' ? 'Yes' : value)
}

/** A contact that the org has. */
export async function someContact({ app, provider, integrationId }: AdminCrm) {
  const { integration } = await app.gateway.execute(
    `query ($id: ID!, $entity: String!) {
      integration(id: $id) { metadata { entityType(name: $entity) { records(search: "an", first: 1) {
        ... on EntityRecords { records { entityName remoteId name } }
      } } } }
    }`,
    { id: integrationId, entity: provider === 'DYNAMICS' ? 'contact' : 'Contact' },
  )
  return integration.metadata.entityType.records.records[0] as { entityName: string; remoteId: string; name: string }
}

/** Enters the value of a constant in the way that its type has. */
export async function enterConstant(crm: AdminCrm, page: Page, field: TypedField, label: string): Promise<void> {
  const form = fieldForm(page)
  const labelOf = (value = '') => optionLabel(crm, field.name, value)
  switch (field.type) {
    case 'TWO_OPTIONS':
      return form.form.getByRole('radio', { name: await labelOf(field.value), exact: true }).check()
    case 'OPTION_SET':
    case 'STATUS_REASON':
      return form.choose(label, await labelOf(field.value))
    case 'MULTI_OPTION_SET':
      for (const value of field.values ?? []) await form.choose(label, await labelOf(value))
      return page.keyboard.press('Escape')
    default:
      return form.input(label).fill(field.value ?? '')
  }
}

/** Which of these inputs a form shows, by label. */
export async function shown({ form }: FieldForm, labels: readonly string[]): Promise<string[]> {
  await form.waitFor()
  const texts = await form.locator('label').allTextContents()
  const all = new Set(texts.map((text) => text.replace('*', '').trim()))
  return labels.filter((label) => all.has(label))
}

/** Which of these inputs the form of an input shows, by field type. */
export async function shownByType(
  form: FieldForm,
  { provider }: AdminCrm,
  labels: { type: string; among: readonly string[] },
): Promise<Record<string, string[]>> {
  const found: Record<string, string[]> = {}
  for (const [type, label] of Object.entries(typeLabels[provider])) {
    await form.choose(labels.type, label)
    await expect.poll(() => form.input(labels.type).inputValue()).toBe(label)
    found[type] = await shown(form, labels.among)
  }
  return found
}

/** Adds an entity type of the org to those that are set up. */
export async function addVehicles(it: AdminCrm): Promise<void> {
  const { entityTypes } = await it.document()
  const vehicle = {
    DYNAMICS: { name: 'new_vehicle', primaryField: 'new_name' },
    SALESFORCE: { name: 'Vehicle__c', primaryField: 'Name' },
  }[it.provider]
  const added = { ...vehicle, displayName: 'Vehicle', primaryFieldLabel: 'Name' }
  await it.settings({ entityTypes: [...entityTypes, added] })
}

/** The labels of one group on the form of the account, as agents get it. */
export async function formOrder({ app, integrationId }: AdminCrm, group: 'EXPORT' | 'BACKEND'): Promise<string[]> {
  const { integration } = await app.gateway.execute(
    'query ($id: ID!) { integration(id: $id) { entityTypes { id kind } } }',
    { id: integrationId },
  )
  const account = integration.entityTypes.find(({ kind }: { kind: string }) => kind === 'ACCOUNT')
  const { recordForm } = await app.gateway.execute(
    `query ($integrationId: ID!, $entityTypeId: ID!) {
      recordForm(integrationId: $integrationId, entityTypeId: $entityTypeId) {
        ... on RecordForm { fields { label group } }
      }
    }`,
    { integrationId, entityTypeId: account.id },
  )
  const fields: { label: string; group: string }[] = recordForm.fields
  return fields.filter((field) => field.group === group).map(({ label }) => label)
}

/** What the form of a backend field calls the name. */
export const backendNameLabels: Record<Provider, string> = { DYNAMICS: 'Name', SALESFORCE: 'Field Name' }
