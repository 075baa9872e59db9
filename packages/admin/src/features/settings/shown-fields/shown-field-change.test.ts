import { expect, test } from 'vitest'
import type { SettingsDocument } from '../settings-document.ts'
import { inputOf, type ShownFieldValues, withShownField } from './shown-field-change.ts'

const values: ShownFieldValues = {
  label: 'Revenue',
  entityTypeId: 'id',
  name: 'revenue',
  fieldType: 'CURRENCY',
  filtered: false,
  filterValue: '500',
  relatedEntity: 'account',
}

const site = { entityType: 'account', name: 'websiteurl', label: 'Site', fieldType: 'TEXT' }
const document = { searchFields: [site], detailFields: [] } as unknown as SettingsDocument

test('an added field stands behind the others, an edited one in its place', () => {
  const revenue = { entityType: 'account', name: 'revenue', label: 'Revenue', fieldType: 'CURRENCY' }
  expect(withShownField('searchFields', 'account', values, null)(document).searchFields).toEqual([site, revenue])
  const before = { entityType: 'account', name: 'websiteurl' }
  expect(withShownField('searchFields', 'account', values, before)(document).searchFields).toEqual([revenue])
})

test('what is not filled in yet changes nothing', () => {
  for (const missing of [{ label: ' ' }, { name: '' }, { filtered: true, filterValue: '' }]) {
    expect(withShownField('detailFields', 'account', { ...values, ...missing }, null)(document)).toBe(document)
  }
})

test('a filter is sent while it is chosen, and the entity that it points to only of a look-up', () => {
  expect(inputOf(values).filter).toBeNull()
  expect(inputOf({ ...values, filtered: true }).filter).toEqual({ field: 'revenue', value: '500' })
  expect(inputOf({ ...values, filtered: true, fieldType: 'LOOKUP' }).filter).toEqual({
    field: 'revenue',
    value: '500',
    relatedEntity: 'account',
  })
})
