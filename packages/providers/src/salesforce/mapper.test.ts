import { describe, expect, it } from 'vitest'
import { describedField } from '../testing/scripted-salesforce.ts'
import { planRead, recordPage, toTimestamp } from './mapper.ts'
import { toObjectMetadata } from './metadata.ts'

const instanceUrl = 'https://org.my.salesforce.com'

const field = (name: string, type = 'string', more: object = {}) => describedField(name, { type, ...more })

const object = (name: string, ...fields: ReturnType<typeof field>[]) =>
  toObjectMetadata(
    {
      name,
      label: name,
      createable: true,
      fields: [field('Id', 'id'), field('Name', 'string', { nameField: true }), ...fields],
    },
    'Backchannel_Key__c',
  )

const contact = object(
  'Contact',
  field('FirstName'),
  field('Phone', 'phone'),
  field('MobilePhone', 'phone'),
  field('Email', 'email'),
  field('CreatedDate', 'datetime'),
  field('AccountId', 'reference', { referenceTo: ['Account'], relationshipName: 'Account' }),
  field('Level__c', 'picklist', { picklistValues: [{ active: true, value: '1', label: 'Gold' }] }),
  field('Likes__c', 'multipicklist', { picklistValues: [{ active: true, value: 'c', label: 'Cake' }] }),
  field('MailingAddress', 'address'),
  field('Anything__c', 'reference', { referenceTo: ['Account', 'Vehicle__c'], relationshipName: 'Anything__r' }),
)

describe('what is asked for', () => {
  it('is key and name, and else only what the selection needs', () => {
    expect(planRead(contact, { attributes: [], fields: [] }, { instanceUrl }).columns).toEqual(['Id', 'Name'])
    expect(planRead(contact, { attributes: ['phone', 'account'], fields: [] }, { instanceUrl }).columns).toEqual([
      'Id',
      'Name',
      'Phone',
      'MobilePhone',
      'AccountId',
      'Account.Name',
    ])
  })

  it('leaves out an attribute that the org has no field for', () => {
    const plan = planRead(contact, { attributes: ['lastName', 'description'], fields: [] }, { instanceUrl })
    expect(plan.columns).toEqual(['Id', 'Name'])
    expect(plan.toRecord({ Id: '003', Name: 'Ada' })).toMatchObject({ lastName: null, description: null })
  })

  it('is refused by name where a field is asked for that the org does not have', () => {
    expect(() => planRead(contact, { attributes: [], fields: ['Email', 'Nope__c'] }, { instanceUrl })).toThrow(
      expect.objectContaining({ code: 'CRM_REJECTED', fields: [expect.objectContaining({ name: 'Nope__c' })] }),
    )
  })
})

describe('what a row means', () => {
  it('becomes a record with what was asked for and null for the rest', () => {
    const plan = planRead(contact, { attributes: ['phone', 'createdAt', 'account'], fields: [] }, { instanceUrl })
    const record = plan.toRecord({
      Id: '003dM00001vWOXJQA4',
      Name: "Pat O'Neil",
      Phone: '',
      MobilePhone: '(512) 757-6000',
      CreatedDate: '2026-05-01T07:25:37.000+0000',
      AccountId: '001dM00001vWOXJQA4',
      Account: { attributes: { type: 'Account' }, Name: 'Acme' },
    })
    expect(record).toEqual({
      entityName: 'Contact',
      kind: 'CONTACT',
      remoteId: '003dM00001vWOXJQA4',
      name: "Pat O'Neil",
      phone: '(512) 757-6000',
      email: null,
      url: `${instanceUrl}/lightning/r/Contact/003dM00001vWOXJQA4/view`,
      createdAt: '2026-05-01T07:25:37.000Z',
      modifiedAt: null,
      firstName: null,
      lastName: null,
      company: null,
      status: null,
      version: null,
      accountNumber: null,
      description: null,
      isPersonAccount: false,
      account: {
        entityName: 'Account',
        remoteId: '001dM00001vWOXJQA4',
        name: 'Acme',
        url: `${instanceUrl}/lightning/r/Account/001dM00001vWOXJQA4/view`,
      },
      fields: {},
    })
  })

  it('shows fields as people read them, with the raw value beside', () => {
    const fields = ['Level__c', 'Likes__c', 'MailingAddress', 'Anything__c', 'AccountId', 'CreatedDate', 'Email']
    const plan = planRead(contact, { attributes: [], fields }, { instanceUrl })
    const values = plan.toRecord({
      Id: '003',
      Name: 'Ada',
      Level__c: '1',
      Likes__c: 'c;tea',
      MailingAddress: { street: '1 Main St', city: 'Austin', state: null, country: 'US' },
      Anything__c: 'a00000000000001AAA',
      Anything__r: { attributes: { type: 'Vehicle__c' }, Name: 'Van' },
      AccountId: null,
      Account: null,
      CreatedDate: '2026-05-01T07:25:37.000+0000',
    }).fields
    expect(Object.fromEntries(fields.map((name) => [name, values[name]?.value]))).toEqual({
      Level__c: 'Gold',
      Likes__c: 'Cake; tea',
      MailingAddress: '1 Main St, Austin, US',
      Anything__c: 'Van',
      AccountId: null,
      CreatedDate: '2026-05-01T07:25:37.000Z',
      Email: null,
    })
    expect(values['Level__c']?.raw).toBe('1')
    expect(values['Anything__c']?.reference).toEqual({
      entityName: 'Vehicle__c',
      remoteId: 'a00000000000001AAA',
      name: 'Van',
      url: recordPage(instanceUrl, 'Vehicle__c', 'a00000000000001AAA'),
    })
    expect(values['AccountId']?.reference).toBeNull()
  })

  it('tells person accounts, with the mobile phone and e-mail address that only they have', () => {
    const account = object(
      'Account',
      field('IsPersonAccount', 'boolean'),
      field('PersonEmail', 'email'),
      field('PersonMobilePhone', 'phone'),
    )
    const plan = planRead(account, { attributes: ['phone', 'email'], fields: [] }, { instanceUrl })
    expect(plan.columns).toEqual(['Id', 'Name', 'PersonMobilePhone', 'PersonEmail', 'IsPersonAccount'])
    const row = { Id: '001', Name: 'Ada', IsPersonAccount: true, PersonEmail: 'a@b.example', PersonMobilePhone: '1' }
    expect(plan.toRecord(row)).toMatchObject({ isPersonAccount: true, email: 'a@b.example', phone: '1' })
  })

  it('shows a lead with the label of its status', () => {
    const lead = object(
      'Lead',
      field('Status', 'picklist', { picklistValues: [{ active: true, value: 'new', label: 'Brand new' }] }),
    )
    const plan = planRead(lead, { attributes: ['status'], fields: [] }, { instanceUrl })
    expect(plan.toRecord({ Id: '00Q', Name: 'Ada', Status: 'new' }).status).toBe('Brand new')
  })
})

it.each([
  ['2026-05-01T07:25:37.000+0000', '2026-05-01T07:25:37.000Z'],
  ['2026-05-01T07:25:37.000+0200', '2026-05-01T05:25:37.000Z'],
  ['2026-05-01T07:25:37Z', '2026-05-01T07:25:37.000Z'],
  ['soon', null],
  [null, null],
])('the time %j is %j', (value, timestamp) => expect(toTimestamp(value)).toBe(timestamp))

it('a record page cannot be led astray by its parts', () => {
  expect(recordPage(instanceUrl, 'A/../b', '1?x')).toBe(`${instanceUrl}/lightning/r/A%2F..%2Fb/1%3Fx/view`)
})
