import { describe, expect, it } from 'vitest'
import { ProviderError } from '../errors.ts'
import type { FieldType, FieldValue } from '../model/index.ts'
import type { FieldMetadata, TableMetadata } from './metadata-rows.ts'
import { toRow } from './values.ts'

const id = '70bf4d48-34cb-ed11-b596-0022481d68cd'

function tableWith(fields: Record<string, Partial<FieldMetadata> & { type: FieldType }>): TableMetadata {
  const entries = Object.entries(fields).map(([name, field]): [string, FieldMetadata] => [
    name,
    {
      name,
      label: name,
      required: false,
      writable: true,
      updatable: true,
      filterable: true,
      maxLength: null,
      minimum: null,
      maximum: null,
      precision: null,
      options: [],
      restricted: true,
      targets: [],
      column: name,
      bareDate: false,
      ...field,
    },
  ])
  return {
    name: 'contact',
    label: 'Contact',
    setName: 'contacts',
    isActivity: false,
    creatable: true,
    idField: 'contactid',
    nameField: 'fullname',
    hasNotes: true,
    hasActivities: true,
    fields: new Map(entries),
    navigation: new Map([
      ['parent account', 'parent_account'],
      ['parent contact', 'parent_contact'],
    ]),
    statesByReason: new Map([
      [1, 0],
      [2, 1],
    ]),
    completed: null,
  }
}

const value = (name: string, given: Partial<FieldValue>): FieldValue => ({
  name,
  type: 'TEXT',
  value: null,
  values: null,
  reference: null,
  ...given,
})

function write(type: FieldType, given: Partial<FieldValue>, more: Partial<FieldMetadata> = {}) {
  return toRow([value('x', given)], tableWith({ x: { type, ...more } }), new Map([['account', 'accounts']]), 'CREATE')
}

describe('values on their way to Dataverse', () => {
  it.each<[FieldType, string, unknown]>([
    ['TEXT', "O'Neil", "O'Neil"],
    ['MULTILINE_TEXT', 'a\nb', 'a\nb'],
    ['WHOLE_NUMBER', '42', 42],
    ['CURRENCY', '12.50', 12.5],
    ['DECIMAL', '-0.25', -0.25],
    ['TWO_OPTIONS', 'true', true],
    ['TWO_OPTIONS', 'false', false],
    ['OPTION_SET', '7', 7],
    ['STATUS_REASON', '3', 3],
    ['DATE', '2024-02-29', '2024-02-29T00:00:00Z'],
    ['DATE_TIME', '2024-01-31T11:00:00+01:00', '2024-01-31T10:00:00.000Z'],
  ])('%s %j is written as %j', (type, text, json) => {
    expect(write(type, { value: text })).toEqual({ x: json })
  })

  it('D-EXP-19: an empty value clears the field', () => {
    expect(write('CURRENCY', { value: null })).toEqual({ x: null })
    expect(write('TEXT', { value: '' })).toEqual({ x: null })
    expect(write('MULTI_OPTION_SET', { values: [] })).toEqual({ x: null })
  })

  it('a bare date stays one, whichever the caller gave', () => {
    expect(write('DATE', { value: '2024-01-31' }, { bareDate: true })).toEqual({ x: '2024-01-31' })
    expect(write('DATE', { value: '2024-01-31T10:00:00Z' }, { bareDate: true })).toEqual({ x: '2024-01-31' })
  })

  it('several options are joined by commas', () => {
    expect(write('MULTI_OPTION_SET', { values: ['1', '9'] })).toEqual({ x: '1,9' })
  })

  it('a status reason of a row that is there goes with its state', () => {
    const update = (name: string, text: string) =>
      toRow([value(name, { value: text })], tableWith({ statuscode: { type: 'STATUS_REASON' } }), new Map(), 'UPDATE')
    expect(update('statuscode', '2')).toEqual({ statuscode: 2, statecode: 1 })
    expect(update('statuscode', '99')).toEqual({ statuscode: 99 })
    expect(update('statuscode', '')).toEqual({ statuscode: null })
  })

  it('what the org may have changed is told from what cannot be written anyhow', () => {
    const doubts = (values: FieldValue[]) => {
      try {
        toRow(values, tableWith({ number: { type: 'WHOLE_NUMBER' } }), new Map(), 'CREATE')
      } catch (error) {
        return error instanceof ProviderError && error.metadataDoubtful
      }
      return null
    }
    expect(doubts([value('gone', { value: 'x' })])).toBe(true)
    expect(doubts([value('number', { value: 'x' })])).toBe(false)
  })

  it('a lookup is bound by the property of its target', () => {
    const table = tableWith({ parent: { type: 'LOOKUP', targets: ['account', 'contact'] } })
    const setNames = new Map([['account', 'accounts']])
    const bind = (given: Partial<FieldValue>) => toRow([value('parent', given)], table, setNames, 'CREATE')
    expect(bind({ reference: { entityName: 'account', remoteId: id } })).toEqual({
      'parent_account@odata.bind': `/accounts(${id})`,
    })
    expect(bind({})).toEqual({ 'parent_account@odata.bind': null })
    expect(() => bind({ reference: { entityName: 'lead', remoteId: id } })).toThrow(ProviderError)
    expect(() => bind({ reference: { entityName: 'account', remoteId: 'x)/y' } })).toThrow(ProviderError)
  })

  it.each<[FieldType, string]>([
    ['WHOLE_NUMBER', '1.5'],
    ['WHOLE_NUMBER', 'many'],
    ['CURRENCY', '1,000'],
    ['DECIMAL', '1e3'],
    ['TWO_OPTIONS', 'yes'],
    ['OPTION_SET', 'Consulting'],
    ['DATE', '31.01.2024'],
    ['DATE', '2024-02-31'],
    ['DATE_TIME', '2024-01-31 10:00'],
    ['OTHER', 'x'],
  ])('%s %j is refused before the CRM sees it', (type, text) => {
    expect(() => write(type, { value: text })).toThrow(ProviderError)
  })

  it('every field that cannot be written is named at once', () => {
    const table = tableWith({ number: { type: 'WHOLE_NUMBER' }, fullname: { type: 'TEXT', writable: false } })
    const values = [value('number', { value: 'x' }), value('fullname', { value: 'x' }), value('gone', { value: 'x' })]
    try {
      toRow(values, table, new Map(), 'CREATE')
      expect.unreachable()
    } catch (error) {
      expect(error).toMatchObject({ code: 'CRM_REJECTED', outcome: 'NOT_APPLIED' })
      expect((error as ProviderError).fields.map((field) => field.name)).toEqual(['number', 'fullname', 'gone'])
    }
  })
})
