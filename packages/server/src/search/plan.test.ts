import type { EntityDescriptor, FieldDescriptor, FieldType } from '@backchannel/providers'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { searchOrderIdentifiers as order, type ShownField } from '../integrations/settings.ts'
import { everySelected } from '../records/selection.ts'
import { checked, testIntegration } from '../testing/integration.ts'
import { readFieldValues, searchBoxId } from './field-values.ts'
import { planSearch, type SearchPlanInput, searchBy } from './plan.ts'

describe('what a CRM is asked by', () => {
  it('known values in order, missing ones skipped', () => {
    expect(searchBy({ phone: '1', email: 'e', fullName: 'n' }, order).map((it) => it.identifier)).toEqual([...order])
    expect(searchBy({ email: 'e', fullName: 'n' }, ['FULL_NAME', 'EMAIL', 'PHONE'])).toEqual([
      { identifier: 'FULL_NAME', value: 'n' },
      { identifier: 'EMAIL', value: 'e' },
    ])
    expect(searchBy({ phone: ' ', email: null, fullName: 'n' }, order)).toEqual([
      { identifier: 'FULL_NAME', value: 'n' },
    ])
  })

  it('nothing known, nothing asked', () => {
    expect(searchBy({}, order)).toEqual([])
    expect(searchBy({ phone: '', term: '  ' }, order)).toEqual([])
  })

  it('a term stands alone', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (text) => {
        const by = searchBy({ term: text, phone: '+15125550143' }, order)
        expect(by.map((it) => it.identifier)).toEqual(text.trim() ? ['TERM'] : ['PHONE'])
      }),
    )
  })
})

const field = (name: string, type: FieldType, more: Partial<FieldDescriptor> = {}): FieldDescriptor => ({
  name,
  label: name,
  type,
  required: false,
  writable: true,
  filterable: true,
  maxLength: null,
  minimum: null,
  maximum: null,
  precision: null,
  options: [],
  restricted: false,
  targets: [],
  ...more,
})

const account: EntityDescriptor = {
  name: 'account',
  label: 'Account',
  isActivity: false,
  creatable: true,
  kind: 'ACCOUNT',
  idField: 'accountid',
  primaryField: 'name',
  fields: [
    field('revenue', 'CURRENCY'),
    field('sic', 'TEXT'),
    field('hidden', 'TEXT', { filterable: false }),
    field('ownerid', 'LOOKUP', { targets: ['systemuser'] }),
  ],
  recordTypes: [],
}

const shown = (name: string, more: Partial<ShownField> = {}): ShownField => ({
  ...checked,
  id: `id-of-${name}`,
  entityTypeId: 'dynamics:account',
  name,
  label: name.toUpperCase(),
  fieldType: 'TEXT',
  filter: null,
  position: 0,
  ...more,
})

const filtered = (name: string, value: string, more: Partial<ShownField> = {}) =>
  shown(name, { filter: { field: name, value, relatedEntity: null }, ...more })

function plan(
  settings: { searchFields?: ShownField[]; detailFields?: ShownField[] },
  input: Partial<SearchPlanInput> = {},
) {
  return planSearch({
    integration: testIntegration('DYNAMICS', {}, settings),
    metadata: new Map([['account', account]]),
    terms: { term: 'umer' },
    asked: [],
    entityTypeIds: null,
    kinds: null,
    first: 25,
    region: 'US',
    selected: everySelected,
    ...input,
  })
}

const accounts = (of: ReturnType<typeof plan>) => of.request.targets.find(({ kind }) => kind === 'ACCOUNT')

describe('the search plan', () => {
  it('looks for a term in search and detail fields without a filter, as the org types them', () => {
    const planned = plan({
      searchFields: [shown('revenue', { fieldType: 'WHOLE_NUMBER' })],
      detailFields: [shown('sic'), shown('ownerid', { fieldType: 'LOOKUP' }), filtered('revenue', '5')],
    })
    expect(accounts(planned)?.termFields).toEqual([
      { name: 'revenue', type: 'CURRENCY' },
      { name: 'sic', type: 'TEXT' },
      { name: 'ownerid', type: 'LOOKUP' },
    ])
    expect(planned.request.targets.filter(({ termFields = [] }) => termFields.length > 0)).toHaveLength(1)
  })

  it('looks into none of them for a phone number, whose search they would only hold up', () => {
    const fields = { searchFields: [shown('sic')], detailFields: [filtered('revenue', '5')] }
    const planned = plan(fields, { terms: { phone: '+1 512 555 0143' } })
    expect(accounts(planned)).toMatchObject({ termFields: [], filters: [{ name: 'revenue' }] })
  })

  it('holds all filters of both lists', () => {
    const planned = plan({
      searchFields: [filtered('revenue', '500')],
      detailFields: [filtered('sic', 'x'), filtered('revenue', '500')],
    })
    expect(accounts(planned)?.filters).toEqual([
      { name: 'revenue', type: 'CURRENCY', value: '500', relatedEntity: null },
      { name: 'sic', type: 'TEXT', value: 'x', relatedEntity: null },
    ])
  })

  it('I-06: a field of both lists is one look-up and one column', () => {
    const selected = { attributes: new Set<never>(), views: new Set(['SEARCH', 'DETAIL'] as const) }
    const planned = plan({ searchFields: [shown('sic')], detailFields: [shown('sic', { label: 'Sic' })] }, { selected })
    expect(accounts(planned)).toMatchObject({ termFields: [{ name: 'sic' }], selection: { fields: ['sic'] } })
    const [columns] = planned.entityTypes.map((it) => it.columns)
    expect(columns?.filter(({ name }) => name === 'sic')).toMatchObject([{ label: 'SIC' }])
  })

  it('leaves out a field that the org does not have, or may not be asked for, and tells of the first', () => {
    const planned = plan({ searchFields: [shown('gone'), shown('hidden'), shown('sic')] })
    expect(accounts(planned)?.termFields).toEqual([{ name: 'sic', type: 'TEXT' }])
    expect(planned.notes.map(({ code, text }) => [code, text.slice(0, 4)])).toEqual([['FIELD_MISSING', 'GONE']])
    expect(planned.refusals).toEqual([])
  })

  it.each([
    ['of a field that the org does not have', filtered('gone', 'x')],
    ['of a field that may not be asked for', filtered('hidden', 'x')],
    ['whose value its field cannot hold', filtered('revenue', 'much')],
  ])('does not search an entity type with a filter %s', (_, filter) => {
    for (const list of ['searchFields', 'detailFields'] as const) {
      const planned = plan({ [list]: [shown('sic'), filter] })
      expect(planned.request.targets.map(({ kind }) => kind)).toEqual(['CONTACT', 'LEAD'])
      expect(planned.refusals).toMatchObject([{ code: 'FILTER_BROKEN' }])
    }
  })

  it('leaves out an entity type that the org does not have, with a note', () => {
    const planned = plan({ searchFields: [shown('sic')] }, { metadata: new Map([['account', null]]) })
    expect(planned.request.targets.map(({ kind }) => kind)).toEqual(['CONTACT', 'LEAD'])
    expect(planned.notes).toMatchObject([{ code: 'ENTITY_MISSING' }])
  })

  it('with values of boxes, asks only entity types that have one of them', () => {
    const integration = testIntegration('DYNAMICS', {}, { searchFields: [shown('revenue', { fieldType: 'CURRENCY' })] })
    const inputs = [{ fieldId: searchBoxId({ id: 'id-of-revenue' }), value: ' 500 ' }]
    const { asked, faults } = readFieldValues([[integration, integration.entityTypes]], inputs)
    expect(faults).toEqual([])
    const planned = plan(integration.settings as never, { asked, terms: {} })
    expect(planned.request.by).toEqual([])
    expect(planned.request.targets).toMatchObject([
      { kind: 'ACCOUNT', values: [{ name: 'revenue', type: 'CURRENCY', value: '500' }] },
    ])
    expect(
      plan(integration.settings as never, { asked: [{ ...asked[0], texts: ['much'] } as never] }).faults,
    ).toHaveLength(1)
  })

  it('never asks more than the settings have, whatever is given', () => {
    const lists = fc.array(fc.constantFrom('revenue', 'sic', 'gone', 'hidden', 'ownerid'), { maxLength: 4 })
    fc.assert(
      fc.property(
        lists,
        lists,
        fc.array(fc.boolean(), { minLength: 3, maxLength: 3 }),
        (search, detail, searchable) => {
          const settings = {
            searchFields: search.map((name) => shown(name)),
            detailFields: detail.map((name) => shown(name)),
          }
          const base = testIntegration('DYNAMICS', {}, settings)
          const entityTypes = base.entityTypes.map((it, index) => ({ ...it, searchable: searchable[index] ?? true }))
          const planned = plan(settings, { integration: { ...base, entityTypes } })
          const allowed = entityTypes.filter((it) => it.searchable).map(({ name }) => name)
          expect(planned.request.targets.map(({ entityName }) => entityName)).toEqual(allowed)
          for (const { termFields = [] } of planned.request.targets) {
            for (const { name } of termFields) expect([...search, ...detail]).toContain(name)
          }
        },
      ),
    )
  })
})
