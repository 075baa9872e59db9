import { describe, expect, it } from 'vitest'
import { toTableMetadata, toTableSummary } from './metadata-rows.ts'

const label = (text: string) => ({ UserLocalizedLabel: { Label: text, LanguageCode: 1033 }, LocalizedLabels: [] })

function attribute(name: string, type: string, more: Record<string, unknown> = {}) {
  return {
    LogicalName: name,
    AttributeType: type,
    AttributeTypeName: { Value: `${type}Type` },
    AttributeOf: null,
    RequiredLevel: { Value: 'None', CanBeChanged: true },
    IsValidForCreate: true,
    IsValidForUpdate: true,
    IsValidForRead: true,
    DisplayName: label(`Label of ${name}`),
    ...more,
  }
}

const definition = {
  LogicalName: 'new_chatsession',
  EntitySetName: 'new_chatsessions',
  PrimaryIdAttribute: 'activityid',
  PrimaryNameAttribute: 'subject',
  IsActivity: true,
  HasNotes: true,
  HasActivities: false,
  DisplayName: label('Chat session'),
}

function describeFields(attributes: Record<string, unknown>[], details: Record<string, unknown>[] = []) {
  const table = toTableMetadata({ definition, attributes, details, relationships: [] })
  if (table === null) throw new Error('no table')
  return table.fields
}

describe('metadata', () => {
  it('names a table, its set and its fields by their labels', () => {
    const table = toTableMetadata({ definition, attributes: [], details: [], relationships: [] })
    expect(table).toMatchObject({
      name: 'new_chatsession',
      setName: 'new_chatsessions',
      label: 'Chat session',
      idField: 'activityid',
      nameField: 'subject',
      isActivity: true,
      creatable: true,
    })
    expect(toTableSummary({ ...definition, EntitySetName: null })).toBeNull()
    expect(
      toTableSummary({ ...definition, DisplayName: { UserLocalizedLabel: null, LocalizedLabels: [] } })?.label,
    ).toBe('new_chatsession')
  })

  it.each([
    ['String', {}, 'TEXT'],
    ['String', { FormatName: { Value: 'constructor' } }, 'TEXT'],
    ['constructor', {}, 'OTHER'],
    ['__proto__', {}, 'OTHER'],
    ['String', { FormatName: { Value: 'Email' } }, 'EMAIL'],
    ['String', { FormatName: { Value: 'Phone' } }, 'PHONE'],
    ['String', { FormatName: { Value: 'Url' } }, 'URL'],
    ['Memo', {}, 'MULTILINE_TEXT'],
    ['Integer', {}, 'WHOLE_NUMBER'],
    ['Money', {}, 'CURRENCY'],
    ['Decimal', {}, 'DECIMAL'],
    ['DateTime', { Format: 'DateOnly' }, 'DATE'],
    ['DateTime', { Format: 'DateAndTime' }, 'DATE_TIME'],
    ['Boolean', {}, 'TWO_OPTIONS'],
    ['Picklist', {}, 'OPTION_SET'],
    ['Status', {}, 'STATUS_REASON'],
    ['Lookup', {}, 'LOOKUP'],
    ['Customer', {}, 'LOOKUP'],
    ['Uniqueidentifier', {}, 'OTHER'],
  ])('%s %o is %s', (attributeType, detail, type) => {
    const fields = describeFields([attribute('x', attributeType)], [{ LogicalName: 'x', ...detail }])
    expect(fields.get('x')?.type).toBe(type)
  })

  it('tells multi-select from other virtual columns and leaves shadows of other fields out', () => {
    const fields = describeFields([
      attribute('new_many', 'Virtual', { AttributeTypeName: { Value: 'MultiSelectPicklistType' } }),
      attribute('entityimage', 'Virtual', { AttributeTypeName: { Value: 'ImageType' } }),
      attribute('ownername', 'String', { AttributeOf: 'ownerid' }),
    ])
    expect([...fields.keys()]).toEqual(['new_many'])
    expect(fields.get('new_many')?.type).toBe('MULTI_OPTION_SET')
  })

  it('requires only what the API enforces and the CRM does not fill by itself', () => {
    const level = (Value: string) => ({ RequiredLevel: { Value } })
    const fields = describeFields([
      attribute('lastname', 'String', level('ApplicationRequired')),
      attribute('new_code', 'String', level('SystemRequired')),
      attribute('ownerid', 'Owner', level('SystemRequired')),
      attribute('statecode', 'State', level('SystemRequired')),
      attribute('createdon', 'DateTime', { ...level('SystemRequired'), IsValidForCreate: false }),
    ])
    expect([...fields.values()].filter((field) => field.required).map((field) => field.name)).toEqual(['new_code'])
  })

  it('reads options where they stand: own, global, two options', () => {
    const option = (Value: number, text: string) => ({ Value, Label: label(text) })
    const fields = describeFields(
      [attribute('a', 'Picklist'), attribute('b', 'Picklist'), attribute('c', 'Boolean')],
      [
        { LogicalName: 'a', OptionSet: { Options: [option(1, 'One')] } },
        { LogicalName: 'b', OptionSet: null, GlobalOptionSet: { Options: [option(2, 'Two')] } },
        { LogicalName: 'c', OptionSet: { TrueOption: option(1, 'Do'), FalseOption: option(0, 'Do not') } },
      ],
    )
    expect(fields.get('a')?.options).toEqual([{ value: '1', label: 'One' }])
    expect(fields.get('b')?.options).toEqual([{ value: '2', label: 'Two' }])
    expect(fields.get('c')?.options).toEqual([
      { value: 'false', label: 'Do not' },
      { value: 'true', label: 'Do' },
    ])
  })

  it('keeps limits, targets and the case of navigation properties', () => {
    const table = toTableMetadata({
      definition,
      attributes: [attribute('subject', 'String'), attribute('new_account', 'Lookup')],
      details: [
        { LogicalName: 'subject', MaxLength: 200 },
        { LogicalName: 'new_account', Targets: ['account'] },
        {
          LogicalName: 'statecode',
          OptionSet: {
            Options: [
              { Value: 0, InvariantName: 'Open', DefaultStatus: 1 },
              { Value: 1, InvariantName: 'Completed', DefaultStatus: 2 },
            ],
          },
        },
      ],
      relationships: [
        {
          ReferencedEntity: 'account',
          ReferencingAttribute: 'new_account',
          ReferencingEntityNavigationPropertyName: 'new_Account',
        },
      ],
    })
    expect(table?.fields.get('subject')?.maxLength).toBe(200)
    expect(table?.fields.get('new_account')).toMatchObject({ targets: ['account'], column: '_new_account_value' })
    expect(table?.navigation.get('new_account account')).toBe('new_Account')
    expect(table?.completed).toEqual({ statecode: 1, statuscode: 2 })
  })

  it('is null for an answer that describes no table', () => {
    expect(toTableMetadata({ definition: {}, attributes: [], details: [], relationships: [] })).toBeNull()
  })
})
