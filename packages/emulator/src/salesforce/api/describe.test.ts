import { describe, expect, test } from 'vitest'
import { startOrg } from '../fixture.ts'

interface Field {
  name: string
  [member: string]: unknown
}

const fieldOf = (described: { fields: Field[] }, name: string) => described.fields.find((field) => field.name === name)

describe('describe', () => {
  test('says what a form and a filter need to know', async () => {
    const org = startOrg(0)
    org.control.setSwitches({ personAccountsOff: true })
    const { json } = await org.call('GET', 'sobjects/Lead/describe')
    expect(json).toMatchObject({ name: 'Lead', keyPrefix: '00Q', createable: true, custom: false })
    const isRequired = ({ createable, nillable, defaultedOnCreate }: Field) =>
      createable && !nillable && !defaultedOnCreate
    expect(json.fields.filter(isRequired).map((field: Field) => field.name)).toEqual(['LastName', 'Company'])
    expect(fieldOf(json, 'Phone')).toMatchObject({ type: 'phone', length: 40, byteLength: 120, filterable: true })
    expect(fieldOf(json, 'Description')).toMatchObject({ type: 'textarea', length: 32_000, filterable: false })
    expect(fieldOf(json, 'Status')?.picklistValues).toContainEqual({
      active: true,
      defaultValue: true,
      label: 'Open - Not Contacted',
      validFor: null,
      value: 'Open - Not Contacted',
    })
    const vehicle = await org.call('GET', 'sobjects/Vehicle__c/describe')
    expect(fieldOf(vehicle.json, 'Contact__c')).toMatchObject({
      referenceTo: ['Contact'],
      relationshipName: 'Contact__r',
    })
    const task = await org.call('GET', 'sobjects/Task/describe')
    expect(fieldOf(task.json, 'WhatId')?.referenceTo).toContain('Vehicle__c')
    expect(fieldOf(task.json, 'Backchannel_Key__c')).toMatchObject({ externalId: true, unique: true, idLookup: true })
  })

  test('names the record types, or Master where there are none', async () => {
    const org = startOrg(0)
    const names = async (object: string) =>
      (await org.call('GET', `sobjects/${object}/describe`)).json.recordTypeInfos.map(
        (info: { developerName: string }) => info.developerName,
      )
    expect(await names('Account')).toEqual(['Business_Account', 'PersonAccount', 'Master'])
    expect(await names('Contact')).toEqual(['Master'])
  })

  test('offers the picklist values of a record type, and all of them without one', async () => {
    const org = startOrg(0)
    const { recordTypeInfos } = (await org.call('GET', 'sobjects/Lead/describe')).json
    const offered = async (developerName: string) => {
      const { recordTypeId } = recordTypeInfos.find((info: Field) => info.developerName === developerName)
      const answer = await org.call('GET', `ui-api/object-info/Lead/picklist-values/${recordTypeId}`)
      return answer.json.picklistFieldValues.LeadSource.values.map(({ value }: { value: string }) => value)
    }
    expect(await offered('Partner_Lead')).toEqual(['Partner Referral', 'Other'])
    expect(await offered('Sales_Lead')).toContain('Web')
    expect(await offered('Master')).toContain('Web')
    const none = await org.call('GET', 'ui-api/object-info/Lead/picklist-values/012000000000009AAA')
    expect([none.status, none.json[0].errorCode]).toEqual([404, 'NOT_FOUND'])
  })

  test('is answered 304 until the metadata changes', async () => {
    const org = startOrg(0)
    const first = await org.call('GET', 'sobjects/Contact/describe')
    const headers = { 'if-modified-since': first.headers['last-modified'] ?? '' }
    const again = await org.call('GET', 'sobjects/Contact/describe', { headers })
    expect([again.status, again.text]).toEqual([304, ''])
    org.control.changeMetadata({ entity: 'Contact', field: 'Shoe_Size__c', set: { type: 'int', label: 'Shoe Size' } })
    const changed = await org.call('GET', 'sobjects/Contact/describe', { headers })
    expect(changed.status).toBe(200)
    expect(fieldOf(changed.json, 'Shoe_Size__c')).toMatchObject({ label: 'Shoe Size', custom: true, createable: true })
  })

  test('lists all objects, without those that are hidden', async () => {
    const org = startOrg(0)
    const list = async () => (await org.call('GET', 'sobjects')).json.sobjects.map((object: Field) => object.name)
    expect(await list()).toEqual(expect.arrayContaining(['Account', 'Contact', 'Lead', 'Task', 'Vehicle__c']))
    org.control.changeMetadata({ entity: 'Vehicle__c', hide: true })
    org.control.changeMetadata({ entity: 'Contact', field: 'Phone', hide: true })
    expect(await list()).not.toContain('Vehicle__c')
    expect((await org.call('GET', 'sobjects/Vehicle__c/describe')).status).toBe(404)
    expect((await org.query('SELECT Phone FROM Contact')).json[0].errorCode).toBe('INVALID_FIELD')
  })

  test('a field that was renamed is unknown by its old name; values may be given as texts', async () => {
    const org = startOrg(0)
    org.control.changeMetadata({ entity: 'Contact', field: 'Chat_Topic__c', set: { name: 'Topic__c' } })
    org.control.changeMetadata({ entity: 'Contact', field: 'Interests__c', set: { picklistValues: ['*New', 'Used'] } })
    const create = (body: object) => org.call('POST', 'sobjects/Contact', { body: { LastName: 'X', ...body } })
    expect((await create({ Chat_Topic__c: 'X' })).json[0].errorCode).toBe('INVALID_FIELD')
    expect((await create({ Topic__c: 'X' })).status).toBe(201)
    expect((await create({ Interests__c: 'Sales' })).json[0].errorCode).toBe('INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST')
    const { json } = await org.call('GET', 'sobjects/Contact/describe')
    expect(fieldOf(json, 'Interests__c')?.picklistValues).toMatchObject([
      { value: 'New', defaultValue: true, active: true },
      { value: 'Used', defaultValue: false },
    ])
  })

  test('an org can be without leads', async () => {
    const org = startOrg(20)
    org.control.changeMetadata({ entity: 'Lead', hide: true })
    expect((await org.call('GET', 'sobjects/Lead/describe')).status).toBe(404)
    expect((await org.query('SELECT Id FROM Lead')).json[0].errorCode).toBe('INVALID_TYPE')
    const task = await org.call('GET', 'sobjects/Task/describe')
    expect(fieldOf(task.json, 'WhoId')?.referenceTo).toEqual(['Contact'])
  })

  test('changes of a field rule what is written', async () => {
    const org = startOrg(0)
    org.control.changeMetadata({ entity: 'Contact', field: 'Title', set: { length: 3, nillable: false } })
    const create = async (body: object) => (await org.call('POST', 'sobjects/Contact', { body })).json[0]?.errorCode
    expect(await create({ LastName: 'X' })).toBe('REQUIRED_FIELD_MISSING')
    expect(await create({ LastName: 'X', Title: 'long' })).toBe('STRING_TOO_LONG')
    expect(await create({ LastName: 'X', Title: 'ok' })).toBeUndefined()
  })
})

describe('the way around', () => {
  test('versions, resources, limits and what changed last', async () => {
    const org = startOrg(20)
    const versions = await org.send('GET', '/services/data')
    expect(versions.json).toContainEqual({ label: "Spring '26", url: '/services/data/v66.0', version: '66.0' })
    expect((await org.call('GET', '')).json).toMatchObject({ sobjects: '/services/data/v60.0/sobjects' })
    const { id } = (await org.call('POST', 'sobjects/Contact', { body: { LastName: 'Latest' } })).json
    expect((await org.call('GET', 'recent?limit=1')).json).toMatchObject([{ Id: id, Name: 'Latest' }])
    expect((await org.call('GET', 'limits')).json.DailyApiRequests.Remaining).toBeGreaterThan(0)
  })

  test.each([
    ['GET', 'nowhere', 404, 'NOT_FOUND'],
    ['GET', 'sobjects/Nothing/describe', 404, 'NOT_FOUND'],
    ['GET', 'sobjects/Contact/%E0%A4%A', 404, 'NOT_FOUND'],
    ['DELETE', 'limits', 405, 'METHOD_NOT_ALLOWED'],
    ['DELETE', 'sobjects/Contact', 405, 'METHOD_NOT_ALLOWED'],
  ])('%s %s is answered %i', async (method, path, status, code) => {
    const answer = await startOrg(0).call(method, path)
    expect([answer.status, answer.json[0].errorCode]).toEqual([status, code])
  })

  test('a body that is no JSON, or no object, is refused', async () => {
    const org = startOrg(0)
    for (const body of ['{', '[]', '']) {
      const answer = await org.call('POST', 'sobjects/Contact', { body })
      expect([answer.status, answer.json[0].errorCode]).toEqual([400, 'JSON_PARSER_ERROR'])
    }
  })
})
