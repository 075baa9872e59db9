import { describe, expect, test } from 'vitest'
import { codeOf, createTestOrg, messageOf, rowsOf } from '../fixture.ts'

const org = await createTestOrg(5)
const contact = "EntityDefinitions(LogicalName='contact')"
const picklist = 'Microsoft.Dynamics.CRM.PicklistAttributeMetadata'

describe('entities', () => {
  test('tell their set name, keys and what they allow', async () => {
    const select =
      'LogicalName,EntitySetName,PrimaryIdAttribute,PrimaryNameAttribute,IsActivity,HasNotes,ObjectTypeCode,DisplayName'
    expect((await org.get(`EntityDefinitions(LogicalName='opportunity')?$select=${select}`)).json).toMatchObject({
      LogicalName: 'opportunity',
      EntitySetName: 'opportunities',
      PrimaryIdAttribute: 'opportunityid',
      PrimaryNameAttribute: 'name',
      IsActivity: false,
      HasNotes: true,
      ObjectTypeCode: 3,
      DisplayName: { UserLocalizedLabel: { Label: 'Opportunity', LanguageCode: 1033 } },
      MetadataId: expect.any(String),
    })
  })

  test('are found by whether they are activities', async () => {
    const found = rowsOf(await org.get('EntityDefinitions?$select=LogicalName&$filter=IsActivity eq true'))
    expect(found.map((row) => row['LogicalName'])).toEqual([
      'task',
      'phonecall',
      'appointment',
      'email',
      'new_chatsession',
    ])
  })

  test('that are not there are 404', async () => {
    const answer = await org.get("EntityDefinitions(LogicalName='nosuch')")
    expect([answer.status, codeOf(answer)]).toEqual([404, '0x80060888'])
  })

  test('bring their attributes when expanded', async () => {
    const expand =
      "$expand=Attributes($select=LogicalName;$filter=AttributeType eq Microsoft.Dynamics.CRM.AttributeTypeCode'Memo')"
    expect((await org.get(`${contact}?$select=LogicalName&${expand}`)).json).toMatchObject({
      Attributes: [{ LogicalName: 'description' }],
    })
  })
})

describe('attributes', () => {
  test('show what all kinds have without a cast, and their own members with one', async () => {
    const refused = await org.get(`${contact}/Attributes?$select=LogicalName,MaxLength`)
    expect(messageOf(refused)).toBe(
      "Could not find a property named 'MaxLength' on type 'Microsoft.Dynamics.CRM.AttributeMetadata'.",
    )
    const strings = rowsOf(
      await org.get(
        `${contact}/Attributes/Microsoft.Dynamics.CRM.StringAttributeMetadata?$select=LogicalName,MaxLength`,
      ),
    )
    expect(strings).toContainEqual(expect.objectContaining({ LogicalName: 'lastname', MaxLength: 50 }))
    const lookups = rowsOf(
      await org.get(`${contact}/Attributes/Microsoft.Dynamics.CRM.LookupAttributeMetadata?$select=LogicalName,Targets`),
    )
    expect(lookups).toContainEqual(
      expect.objectContaining({ LogicalName: 'parentcustomerid', Targets: ['account', 'contact'] }),
    )
    const one = await org.get(`${contact}/Attributes(LogicalName='telephone1')`)
    expect(one.json).toMatchObject({
      '@odata.type': '#Microsoft.Dynamics.CRM.StringAttributeMetadata',
      AttributeType: 'String',
    })
  })

  test('are filtered by enum values with their namespace, and by levels through /Value', async () => {
    const level = "RequiredLevel/Value eq Microsoft.Dynamics.CRM.AttributeRequiredLevel'ApplicationRequired'"
    const found = rowsOf(await org.get(`${contact}/Attributes?$select=LogicalName,RequiredLevel&$filter=${level}`))
    expect(found.map((row) => row['LogicalName'])).toEqual(['lastname'])
    const plain = await org.get(`${contact}/Attributes?$filter=AttributeType eq 'Picklist'`)
    expect([plain.status, codeOf(plain)]).toEqual([400, '0x80060888'])
    const wrong = await org.get(
      `${contact}/Attributes?$filter=AttributeType eq Microsoft.Dynamics.CRM.AttributeRequiredLevel'None'`,
    )
    expect(wrong.status).toBe(400)
    expect((await org.get(`${contact}/Attributes?$filter=DisplayName eq 'x'`)).status).toBe(400)
  })

  test('with several choices report Virtual and their kind in AttributeTypeName', async () => {
    expect((await org.get(`${contact}/Attributes(LogicalName='new_interests')`)).json).toMatchObject({
      AttributeType: 'Virtual',
      AttributeTypeName: { Value: 'MultiSelectPicklistType' },
    })
  })

  test('can not be cast to the abstract enum type', async () => {
    expect((await org.get(`${contact}/Attributes/Microsoft.Dynamics.CRM.EnumAttributeMetadata`)).status).toBe(404)
  })
})

describe('options', () => {
  test('of a choice come in its option set, of a global one in the global set', async () => {
    const local = `${contact}/Attributes(LogicalName='gendercode')/${picklist}?$select=LogicalName&$expand=OptionSet,GlobalOptionSet`
    expect((await org.get(local)).json).toMatchObject({
      LogicalName: 'gendercode',
      OptionSet: {
        Name: 'contact_gendercode',
        IsGlobal: false,
        OptionSetType: 'Picklist',
        Options: [{ Value: 1 }, { Value: 2 }],
      },
      GlobalOptionSet: null,
    })
    const global = `EntityDefinitions(LogicalName='new_vehicle')/Attributes/${picklist}?$select=LogicalName&$expand=OptionSet,GlobalOptionSet`
    expect(rowsOf(await org.get(global))).toMatchObject([
      { LogicalName: 'new_color', OptionSet: null, GlobalOptionSet: { Name: 'new_colors', IsGlobal: true } },
    ])
    expect((await org.get("GlobalOptionSetDefinitions(Name='new_colors')")).json).toMatchObject({ Name: 'new_colors' })
    const missing = await org.get("GlobalOptionSetDefinitions(Name='nosuch')")
    expect([missing.status, codeOf(missing), messageOf(missing)]).toEqual([404, '0x80060888', 'Not Found'])
  })

  test('of states name their default status, of statuses their state', async () => {
    const task = "EntityDefinitions(LogicalName='task')/Attributes"
    const states = rowsOf(await org.get(`${task}/Microsoft.Dynamics.CRM.StateAttributeMetadata?$expand=OptionSet`))
    expect(states).toMatchObject([
      {
        OptionSet: {
          Options: [
            { Value: 0, DefaultStatus: 2 },
            { Value: 1, DefaultStatus: 5, InvariantName: 'Completed' },
            { Value: 2 },
          ],
        },
      },
    ])
    const statuses = rowsOf(
      await org.get(`${task}/Microsoft.Dynamics.CRM.StatusAttributeMetadata?$expand=OptionSet($select=Options)`),
    )
    expect(statuses).toMatchObject([
      { OptionSet: { Options: [{ Value: 2, State: 0 }, {}, {}, {}, { Value: 5, State: 1 }, { Value: 6, State: 2 }] } },
    ])
    const yesNo = await org.get(
      `${contact}/Attributes(LogicalName='donotphone')/Microsoft.Dynamics.CRM.BooleanAttributeMetadata?$expand=OptionSet`,
    )
    expect(yesNo.json).toMatchObject({ OptionSet: { TrueOption: { Value: 1 }, FalseOption: { Value: 0 } } })
  })
})

describe('relationships', () => {
  test('name what a lookup is bound by', async () => {
    const path = (entity: string, attribute: string) =>
      `EntityDefinitions(LogicalName='${entity}')/ManyToOneRelationships?$select=ReferencedEntity,ReferencingEntityNavigationPropertyName&$filter=ReferencingAttribute eq '${attribute}'`
    const names = async (entity: string, attribute: string) =>
      rowsOf(await org.get(path(entity, attribute))).map((row) => [
        row['ReferencedEntity'],
        row['ReferencingEntityNavigationPropertyName'],
      ])
    expect(await names('contact', 'parentcustomerid')).toEqual([
      ['account', 'parentcustomerid_account'],
      ['contact', 'parentcustomerid_contact'],
    ])
    expect(await names('new_vehicle', 'new_contact')).toEqual([['contact', 'new_Contact']])
    expect(await names('new_chatsession', 'regardingobjectid')).toContainEqual([
      'lead',
      'regardingobjectid_lead_new_chatsession',
    ])
    expect(await names('annotation', 'objectid')).toContainEqual(['new_vehicle', 'objectid_new_vehicle'])
  })
})

test('a change of metadata shows at once and is undone by hand only', async () => {
  const changed = await createTestOrg(5)
  changed.control.changeMetadata({
    entity: 'contact',
    field: 'new_size',
    set: { type: 'Decimal', label: 'Size', precision: 1, min: 0, max: 9 },
  })
  const path = `${contact}/Attributes(LogicalName='new_size')/Microsoft.Dynamics.CRM.DecimalAttributeMetadata`
  expect((await changed.get(path)).json).toMatchObject({ Precision: 1, MaxValue: 9 })
  expect((await changed.call('POST', 'contacts', { body: { lastname: 'x', new_size: 1.26 } })).status).toBe(204)
  expect(rowsOf(await changed.get('contacts?$filter=new_size eq 1.3'))).toHaveLength(1)
})
