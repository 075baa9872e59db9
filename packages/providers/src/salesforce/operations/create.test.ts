import { afterEach, describe, expect, it } from 'vitest'
import type { FieldValue } from '../../model/index.ts'
import type { CreateRecordRequest } from '../../provider.ts'
import {
  describeAnswer,
  describedField,
  describeWithout,
  type Overrule,
  openScriptedSalesforce,
  refusal,
  rows,
  type ScriptedSalesforce,
} from '../../testing/scripted-salesforce.ts'

let org: ScriptedSalesforce

afterEach(() => org.close())

const key = 'd5f6a1c2-0000-5000-8000-000000000001'
const contactId = '003dM00001vWOXJQA4'
const text = (name: string, value: string): FieldValue => ({ name, type: 'TEXT', value, values: null, reference: null })
const created = (id: string) => ({ status: 201, json: { id, success: true, errors: [] } })
const bodies = () =>
  org.requests.filter(({ method }) => method !== 'GET').map(({ body }) => JSON.parse(body) as unknown)

describe('creating a record', () => {
  const request: CreateRecordRequest = {
    entityName: 'Contact',
    kind: 'CONTACT',
    values: [text('LastName', "O'Neil")],
    key,
    allowDuplicate: false,
  }
  const isCreate: (entityName: string, ...args: Parameters<Overrule>) => boolean = (entityName, { method, path }) =>
    method === 'POST' && path.endsWith(`/sobjects/${entityName}`)

  it('sends the key with the values, in one request', async () => {
    org = await openScriptedSalesforce((sent) => (isCreate('Contact', sent) ? created(contactId) : undefined))
    expect(await org.provider.createRecord(request)).toEqual({ entityName: 'Contact', remoteId: contactId })
    expect(bodies()).toEqual([{ LastName: "O'Neil", Backchannel_Key__c: key }])
    expect(org.data()[0]?.headers['sforce-duplicate-rule-header']).toBeUndefined()
  })

  it.each([null, {}, { id: 7 }])('does not know what became of a record where the answer is %j', async (json) => {
    org = await openScriptedSalesforce((sent) => (isCreate('Contact', sent) ? { status: 201, json } : undefined))
    await expect(org.provider.createRecord(request)).rejects.toMatchObject({
      name: 'ProviderError',
      code: 'CRM_UNAVAILABLE',
      outcome: 'UNKNOWN',
    })
  })

  it('a second time with one key answers the first row, untouched', async () => {
    org = await openScriptedSalesforce((sent) => {
      if (isCreate('Contact', sent)) {
        return refusal(400, 'DUPLICATE_VALUE', { message: 'duplicate value found: Backchannel_Key__c duplicates …' })
      }
      return sent.query.get('q')?.includes(`Backchannel_Key__c = '${key}'`) ? rows({ Id: contactId }) : undefined
    })
    expect(await org.provider.createRecord(request)).toEqual({ entityName: 'Contact', remoteId: contactId })
    expect(org.requests.filter(({ method }) => method === 'PATCH')).toEqual([])
  })

  it('another unique field that has the value already is a refusal that names it', async () => {
    org = await openScriptedSalesforce((sent) =>
      isCreate('Contact', sent)
        ? refusal(400, 'DUPLICATE_VALUE', {
            message: 'duplicate value found: Code__c duplicates value on record with id: 003',
          })
        : undefined,
    )
    await expect(org.provider.createRecord(request)).rejects.toMatchObject({
      code: 'CRM_REJECTED',
      fields: [{ name: 'Code__c' }],
    })
  })

  const duplicate = (id: string, allowSave: boolean) =>
    refusal(400, 'DUPLICATES_DETECTED', {
      duplicateResut: {
        allowSave,
        matchResults: [
          { entityType: 'Contact', matchRecords: [{ record: { attributes: { type: 'Contact' }, Id: id } }] },
        ],
      },
    })

  it('duplicates come back as candidates with their names, and whether one may insist', async () => {
    org = await openScriptedSalesforce((sent) => {
      if (isCreate('Contact', sent)) return duplicate(contactId, true)
      return sent.query.get('q')?.includes('Id IN') ? rows({ Id: contactId, Name: "Pat O'Neil" }) : undefined
    })
    await expect(org.provider.createRecord(request)).rejects.toMatchObject({
      code: 'DUPLICATE',
      canInsist: true,
      duplicates: [{ entityName: 'Contact', remoteId: contactId, name: "Pat O'Neil" }],
    })
  })

  it('a duplicate that is the row of this very key is success', async () => {
    org = await openScriptedSalesforce((sent) => {
      if (isCreate('Contact', sent)) return duplicate(contactId, false)
      return sent.query.get('q')?.includes(`'${key}'`) ? rows({ Id: contactId }) : undefined
    })
    expect(await org.provider.createRecord(request)).toMatchObject({ remoteId: contactId })
  })

  it('insisting sends the header that lets an alert rule pass', async () => {
    org = await openScriptedSalesforce((sent) => (isCreate('Contact', sent) ? created(contactId) : undefined))
    await org.provider.createRecord({ ...request, allowDuplicate: true })
    expect(org.data()[0]?.headers['sforce-duplicate-rule-header']).toBe('allowSave=true')
  })

  it('a lost answer is an unknown outcome where the object holds no key, and can be asked again where it does', async () => {
    let keyed = false
    org = await openScriptedSalesforce((sent) => {
      if (isCreate('Contact', sent)) return { drop: true }
      return !keyed && sent.path.endsWith('/Contact/describe')
        ? describeWithout('Contact', 'Backchannel_Key__c')
        : undefined
    })
    await expect(org.provider.createRecord(request)).rejects.toMatchObject({
      code: 'CRM_OUTCOME_UNKNOWN',
      outcome: 'UNKNOWN',
    })
    keyed = true
    await org.close()
    org = await openScriptedSalesforce((sent) => (isCreate('Contact', sent) ? { drop: true } : undefined))
    await expect(org.provider.createRecord(request)).rejects.toMatchObject({
      code: 'CRM_UNAVAILABLE',
      outcome: 'UNKNOWN',
    })
    expect(org.data()).toHaveLength(1)
  })

  describe('of an account', () => {
    const recordTypeInfos = ['Business', 'PersonAccount'].map((developerName, index) => ({
      active: true,
      available: true,
      defaultRecordTypeMapping: developerName === 'PersonAccount',
      developerName,
      master: false,
      name: developerName,
      recordTypeId: `01200000000000${index}AAA`,
    }))
    const withPersonAccounts: Overrule = (sent) => {
      if (isCreate('Account', sent)) return created('001dM00001vWOXJQA4')
      if (sent.query.get('q')?.includes('FROM RecordType')) return rows({ DeveloperName: 'PersonAccount' })
      if (!sent.path.endsWith('/Account/describe')) return undefined
      const { json } = describeAnswer('Account', (fields) => [
        ...fields,
        describedField('IsPersonAccount', { type: 'boolean' }),
      ])
      return { json: { ...(json as object), recordTypeInfos } }
    }
    const account = (more: Partial<CreateRecordRequest>): CreateRecordRequest => ({
      entityName: 'Account',
      kind: 'ACCOUNT',
      values: [text('Name', 'Ada'), text('LastName', 'Ada'), text('PersonEmail', 'a@b.example')],
      key,
      allowDuplicate: false,
      ...more,
    })

    it('A-46: a person account names its record type and never Name', async () => {
      org = await openScriptedSalesforce(withPersonAccounts)
      await org.provider.createRecord(account({ accountKind: 'PERSON' }))
      expect(bodies()).toEqual([
        { LastName: 'Ada', PersonEmail: 'a@b.example', RecordTypeId: '012000000000001AAA', Backchannel_Key__c: key },
      ])
    })

    it('A-48: a business account leaves the person’s e-mail address out, whatever the default record type', async () => {
      org = await openScriptedSalesforce(withPersonAccounts)
      await org.provider.createRecord(account({ accountKind: 'BUSINESS' }))
      expect(bodies()).toEqual([
        { Name: 'Ada', LastName: 'Ada', RecordTypeId: '012000000000000AAA', Backchannel_Key__c: key },
      ])
    })

    it('a record type is taken by its name, and must be of the kind that is asked for', async () => {
      org = await openScriptedSalesforce(withPersonAccounts)
      await org.provider.createRecord(account({ recordType: 'Business' }))
      expect(bodies()).toMatchObject([{ RecordTypeId: '012000000000000AAA', Name: 'Ada' }])
      await org.provider.createRecord(account({ recordType: 'PersonAccount' }))
      expect(bodies()[1]).toEqual({
        LastName: 'Ada',
        PersonEmail: 'a@b.example',
        RecordTypeId: '012000000000001AAA',
        Backchannel_Key__c: key,
      })
      for (const wrong of [
        { recordType: 'Business', accountKind: 'PERSON' as const },
        { recordType: 'PersonAccount', accountKind: 'BUSINESS' as const },
        { recordType: 'Gone' },
      ]) {
        await expect(org.provider.createRecord(account(wrong))).rejects.toMatchObject({
          code: 'CRM_REJECTED',
          fields: [{ name: 'RecordTypeId' }],
          metadataDoubtful: true,
        })
      }
      expect(bodies()).toHaveLength(2)
    })

    it('S-DEF-02: an org without person accounts refuses one, before it is asked', async () => {
      org = await openScriptedSalesforce()
      await expect(org.provider.createRecord(account({ accountKind: 'PERSON' }))).rejects.toMatchObject({
        code: 'CRM_REJECTED',
        fields: [{ name: 'RecordTypeId' }],
      })
      expect(org.data()).toEqual([])
    })
  })
})
