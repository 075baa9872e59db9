import { describe, expect, it } from 'vitest'
import { descriptor } from './descriptor.ts'

describe('the Dynamics descriptor', () => {
  it('X-DIF-02 X-DIF-03: carries the labels of the connect action and the panel button', () => {
    expect(descriptor.connectLabel).toBe('Connect MS Dynamics Account')
    expect(descriptor.panelLabel).toBe('Connect with Dynamics CRM')
  })

  it('D-EXP-11 X-DIF-19: offers exactly eight field types', () => {
    expect(descriptor.fieldTypes.filter((entry) => entry.inExport).map((entry) => entry.label)).toEqual([
      'Currency',
      'Date',
      'Lookup',
      'Option Set',
      'Status Reason',
      'Text Box',
      'Two Options',
      'Whole Number',
    ])
  })

  it('X-DIF-20: takes a maximum length for currency, text box and whole number', () => {
    const limited = descriptor.fieldTypes.filter((entry) => entry.maxLength).map((entry) => entry.type)
    expect(limited).toEqual(['CURRENCY', 'TEXT', 'WHOLE_NUMBER'])
  })

  it('D-DEF-18: has the switches of exactly eight fields', () => {
    const switchable = descriptor.defaultFields.filter((field) => field.switchable)
    expect(switchable.map((field) => `${field.kind} ${field.label}`)).toEqual([
      'ACCOUNT Account Number',
      'ACCOUNT Phone',
      'ACCOUNT Description',
      'CONTACT Phone',
      'CONTACT Email',
      'LEAD Phone',
      'LEAD Email',
      'LEAD Company',
    ])
  })

  it('A-22: demands names and nothing else', () => {
    const demanded = descriptor.defaultFields.filter((field) => field.demandedByCrm)
    expect(demanded.map((field) => `${field.kind} ${field.name}`)).toEqual([
      'ACCOUNT name',
      'CONTACT lastname',
      'LEAD lastname',
    ])
  })

  it('marks what must never be given back', () => {
    const secrets = descriptor.methods.flatMap((method) => method.fields).filter((field) => field.secret)
    expect(secrets.map((field) => field.name)).toEqual(['clientSecret', 'certificatePem', 'password'])
  })
})
