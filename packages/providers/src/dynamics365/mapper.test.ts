import { describe, expect, it } from 'vitest'
import { type RecordAttribute, recordAttributes } from '../model/index.ts'
import { standardTables, type Table } from './entities.ts'
import { toCrmRecord, toRowShape } from './mapper.ts'
import type { FieldMetadata } from './metadata-rows.ts'

const origin = 'https://org.crm.dynamics.com'
const id = '70bf4d48-34cb-ed11-b596-0022481d68cd'
const accountId = '78914942-34cb-ed11-b596-0022481d68cd'
const formatted = '@OData.Community.Display.V1.FormattedValue'
const lookupTable = '@Microsoft.Dynamics.CRM.lookuplogicalname'

function tableOf(name: string): Table {
  const table = standardTables.get(name)
  if (table === undefined) throw new Error(`no table ${name}`)
  return table
}

function shapeOf(name: string, attributes: readonly RecordAttribute[], fields: readonly FieldMetadata[] = []) {
  return toRowShape({ table: tableOf(name), selection: { attributes, fields: [] }, fields, origin })
}

const contactRow = {
  '@odata.etag': 'W/"81359849"',
  contactid: id,
  fullname: 'Alan Smith',
  firstname: 'Alan',
  lastname: 'Smith',
  telephone1: null,
  mobilephone: '(555) 123-4567',
  emailaddress1: 'alan@example.com',
  createdon: '2024-01-31T10:00:00Z',
  _parentcustomerid_value: accountId,
  [`_parentcustomerid_value${formatted}`]: 'Litware',
  [`_parentcustomerid_value${lookupTable}`]: 'account',
}

describe('a row becomes a record', () => {
  it('with everything that was asked for', () => {
    expect(toCrmRecord(contactRow, shapeOf('contact', recordAttributes))).toEqual({
      entityName: 'contact',
      kind: 'CONTACT',
      remoteId: id,
      name: 'Alan Smith',
      phone: '(555) 123-4567',
      email: 'alan@example.com',
      url: `${origin}/main.aspx?etn=contact&id=${id}&pagetype=entityrecord`,
      createdAt: '2024-01-31T10:00:00Z',
      modifiedAt: null,
      version: 'W/"81359849"',
      firstName: 'Alan',
      lastName: 'Smith',
      company: null,
      status: null,
      accountNumber: null,
      description: null,
      isPersonAccount: false,
      account: {
        entityName: 'account',
        remoteId: accountId,
        name: 'Litware',
        url: `${origin}/main.aspx?etn=account&id=${accountId}&pagetype=entityrecord`,
      },
      fields: {},
    })
  })

  it('without what was not, though the row holds it', () => {
    const record = toCrmRecord(contactRow, shapeOf('contact', ['lastName']))
    expect(record).toMatchObject({ name: 'Alan Smith', lastName: 'Smith', phone: null, email: null, account: null })
  })

  it('without an account where a contact stands for the company', () => {
    const row = { ...contactRow, [`_parentcustomerid_value${lookupTable}`]: 'contact' }
    expect(toCrmRecord(row, shapeOf('contact', ['account'])).account).toBeNull()
  })

  it('with the label of a lead’s status', () => {
    const row = { leadid: id, fullname: 'A', companyname: 'B', statuscode: 1, [`statuscode${formatted}`]: 'New' }
    expect(toCrmRecord(row, shapeOf('lead', ['status', 'company']))).toMatchObject({ status: 'New', company: 'B' })
  })

  it('with further fields in the CRM’s own formatting, their JSON, and what a lookup points to', () => {
    const field = (name: string, type: FieldMetadata['type'], column = name) =>
      ({ name, type, column }) as FieldMetadata
    const fields = [
      field('revenue', 'CURRENCY'),
      field('donotphone', 'TWO_OPTIONS'),
      field('owner', 'LOOKUP', '_owner_value'),
      field('missing', 'TEXT'),
    ]
    const row = {
      accountid: id,
      revenue: 500,
      [`revenue${formatted}`]: '$500.00',
      donotphone: true,
      _owner_value: accountId,
      [`_owner_value${formatted}`]: 'Ann',
      [`_owner_value${lookupTable}`]: 'systemuser',
    }
    expect(toCrmRecord(row, shapeOf('account', [], fields)).fields).toEqual({
      revenue: { name: 'revenue', type: 'CURRENCY', value: '$500.00', raw: 500, reference: null },
      donotphone: { name: 'donotphone', type: 'TWO_OPTIONS', value: 'true', raw: true, reference: null },
      owner: {
        name: 'owner',
        type: 'LOOKUP',
        value: 'Ann',
        raw: accountId,
        reference: {
          entityName: 'systemuser',
          remoteId: accountId,
          name: 'Ann',
          url: `${origin}/main.aspx?etn=systemuser&id=${accountId}&pagetype=entityrecord`,
        },
      },
      missing: { name: 'missing', type: 'TEXT', value: null, raw: null, reference: null },
    })
  })
})

describe('a shape', () => {
  it('selects what is needed, once each, and annotations only where something is read from them', () => {
    expect(shapeOf('contact', ['phone', 'email'])).toMatchObject({
      select: 'fullname,telephone1,mobilephone,emailaddress1',
      annotated: false,
    })
    expect(shapeOf('contact', ['account']).annotated).toBe(true)
    expect(shapeOf('account', ['company', 'firstName']).select).toBe('name')
  })
})
