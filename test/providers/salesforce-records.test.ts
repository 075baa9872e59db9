/** Records of an emulated Salesforce: values of every type that a setting may have, record types and duplicates. */
import type { FieldValue, RecordChange } from '@backchannel/providers'
import { describe, expect, it } from 'vitest'
import { openSalesforce, text } from './opened-salesforce.ts'

const org = openSalesforce()
const { create, rowOf } = org

describe('a value of each of the seven types', () => {
  const value = (name: string, type: FieldValue['type'], given: string): FieldValue => ({
    ...text(name, given),
    type,
  })
  const valuesWith = (contactId: string): FieldValue[] => [
    value('Key_Customer__c', 'TWO_OPTIONS', 'true'),
    value('AnnualRevenue', 'CURRENCY', '50000000'),
    value('Site', 'TEXT', 'O\'Hara "Works" \\ %'),
    value('Customer_Since__c', 'DATE', '2026-01-31'),
    {
      ...value('Main_Contact__c', 'LOOKUP', ''),
      value: null,
      reference: { entityName: 'Contact', remoteId: contactId },
    },
    value('Industry', 'OPTION_SET', 'Banking'),
    { ...value('Regions__c', 'MULTI_OPTION_SET', ''), value: null, values: ['North', 'West'] },
  ]
  const stored = (contactId: string) => ({
    Key_Customer__c: true,
    AnnualRevenue: 50_000_000,
    Site: 'O\'Hara "Works" \\ %',
    Customer_Since__c: '2026-01-31',
    Main_Contact__c: contactId,
    Industry: 'Banking',
    Regions__c: 'North;West',
  })

  it('is in the row that is created, and in one that is changed', async () => {
    const contact = await create('Contact', [text('LastName', 'Referred')])
    const values = valuesWith(contact.remoteId)
    const made = await create('Account', [text('Name', 'Made'), ...values])
    expect(await rowOf('Account', made.remoteId)).toMatchObject(stored(contact.remoteId))

    const changed = await create('Account', [text('Name', 'Changed')])
    await org.provider.updateRecord(changed, { values })
    expect(await rowOf('Account', changed.remoteId)).toMatchObject(stored(contact.remoteId))
  })

  it('is what metadata says of the field', async () => {
    const described = await org.provider.describeEntityType('Account')
    const typeOf = (name: string) => described?.fields.find((field) => field.name === name)?.type
    for (const { name, type } of valuesWith('')) expect([name, typeOf(name)]).toEqual([name, type])
  })
})

describe('a change that expects a version', () => {
  const read = async (remoteId: string) => {
    const [record] = await org.provider.findRecords('Contact', [remoteId], { attributes: ['version'], fields: [] })
    return record?.version ?? null
  }
  const change = (title: string, expectedVersion: string | null): RecordChange => ({
    values: [text('Title', title)],
    expectedVersion,
  })

  it('is made while nobody changed the row, and is a CONFLICT after', async () => {
    const contact = await create('Contact', [text('LastName', 'Versioned')])
    const version = await read(contact.remoteId)
    await org.provider.updateRecord(contact, change('first', version))
    await org.control.advanceClock(5_000)
    await org.provider.updateRecord(contact, change('second', null))
    await expect(org.provider.updateRecord(contact, change('third', version))).rejects.toMatchObject({
      code: 'CONFLICT',
      outcome: 'NOT_APPLIED',
    })
    expect(await rowOf('Contact', contact.remoteId)).toMatchObject({ Title: 'second' })
    await org.provider.updateRecord(contact, change('third', await read(contact.remoteId)))
    expect(await rowOf('Contact', contact.remoteId)).toMatchObject({ Title: 'third' })
  })
})

describe('record types', () => {
  it('of leads are told, and each offers its own picklist values', async () => {
    const described = await org.provider.describeEntityType('Lead', { recordType: 'Partner_Lead' })
    expect(described?.recordTypes).toEqual([
      { name: 'Sales_Lead', label: 'Sales Lead', isPerson: false, isDefault: true },
      { name: 'Partner_Lead', label: 'Partner Lead', isPerson: false, isDefault: false },
    ])
    const offered = (from: typeof described) =>
      from?.fields.find(({ name }) => name === 'Lead_Grade__c')?.options.map((option) => option.value)
    expect(offered(described)).toEqual(['A', 'B'])
    expect(offered(await org.provider.describeEntityType('Lead'))).toEqual(['A', 'B', 'C'])
  })

  it('are given to a record by name; a value that one does not offer is refused by its field', async () => {
    const grade = { ...text('Lead_Grade__c', 'A'), type: 'OPTION_SET' as const }
    const values = [text('LastName', 'Typed'), grade]
    const lead = await create('Lead', values, { recordType: 'Partner_Lead' })
    const [partner] = await org.control.records('RecordType', { DeveloperName: 'Partner_Lead' })
    expect(await rowOf('Lead', lead.remoteId)).toMatchObject({ RecordTypeId: partner?.['Id'], Lead_Grade__c: 'A' })
    await expect(
      create('Lead', [text('LastName', 'Typed'), { ...grade, value: 'C' }], { recordType: 'Partner_Lead' }),
    ).rejects.toMatchObject({ code: 'CRM_REJECTED', fields: [{ name: 'Lead_Grade__c' }], metadataDoubtful: true })
  })

  it('A-22: where persons have accounts of their own, a lead needs no company', async () => {
    const required = async () => {
      const described = await org.provider.describeEntityType('Lead', { fresh: true })
      return described?.fields.filter((field) => field.required).map(({ name }) => name)
    }
    expect(await required()).toEqual(['LastName'])
    await org.control.setSwitches({ personAccountsOff: true })
    expect(await required()).toEqual(['LastName', 'Company'])
    await expect(create('Lead', [text('LastName', 'Alone')])).rejects.toMatchObject({ fields: [{ name: 'Company' }] })
  })
})

describe('duplicate rules', () => {
  const twin = [text('LastName', 'Twin'), text('Email', 'twin@people.example')]

  it('that warn can be insisted on; that block cannot, and both name whom they found', async () => {
    const first = await create('Contact', twin)
    const candidates = [{ entityName: 'Contact', remoteId: first.remoteId, name: 'Twin' }]
    await expect(create('Contact', twin)).rejects.toMatchObject({
      code: 'DUPLICATE',
      canInsist: true,
      duplicates: candidates,
    })
    const second = await create('Contact', twin, { allowDuplicate: true })
    expect(second.remoteId).not.toBe(first.remoteId)
    await org.control.setSwitches({ duplicatesBlocked: true })
    await expect(create('Contact', twin, { allowDuplicate: true })).rejects.toMatchObject({
      code: 'DUPLICATE',
      canInsist: false,
      duplicates: expect.arrayContaining(candidates),
    })
    expect(await org.control.records('Contact', { Email: 'twin@people.example' })).toHaveLength(2)
  })

  it('that warn do not hold up a row that is there already', async () => {
    await create('Contact', twin)
    const other = await create('Contact', [text('LastName', 'Twin')])
    await org.provider.updateRecord(other, { values: [text('Email', 'twin@people.example')] })
    expect(await rowOf('Contact', other.remoteId)).toMatchObject({ Email: 'twin@people.example' })
  })
})
