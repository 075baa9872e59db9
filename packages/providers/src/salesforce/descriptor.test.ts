import { describe, expect, it } from 'vitest'
import { descriptor } from './descriptor.ts'

describe('what Salesforce is', () => {
  it('has its own labels (X-DIF-02, X-DIF-03)', () => {
    expect(descriptor.connectLabel).toBe('Configure')
    expect(descriptor.panelLabel).toBe('Connect with Salesforce')
  })

  it('S-CON-11: is connected at its own page, with no password among the inputs', () => {
    expect(descriptor.methods.map((method) => method.redirects)).toEqual([true])
    expect(descriptor.methods.flatMap((method) => method.fields.map((field) => field.name))).not.toContain('password')
  })

  it('X-DIF-19: offers seven field types', () => {
    expect(descriptor.fieldTypes.map((type) => type.label)).toEqual([
      'Checkbox',
      'Currency',
      'Textbox',
      'Date',
      'Lookup',
      'Picklist',
      'Picklist (Multi-Select)',
    ])
  })

  it('S-EXP-26: limits the length of exactly currency and textbox', () => {
    expect(descriptor.fieldTypes.filter((type) => type.maxLength).map((type) => type.type)).toEqual([
      'CURRENCY',
      'TEXT',
    ])
  })

  it('S-DEF-21: has two switches each for exactly eight fields, Account Email among them and no description', () => {
    expect(
      descriptor.defaultFields.filter((field) => field.switchable).map((field) => `${field.kind} ${field.name}`),
    ).toEqual([
      'ACCOUNT PersonEmail',
      'ACCOUNT AccountNumber',
      'ACCOUNT Phone',
      'CONTACT Phone',
      'CONTACT Email',
      'LEAD Phone',
      'LEAD Email',
      'LEAD Company',
    ])
  })

  it('A-22: demands what Salesforce demands of every org', () => {
    expect(
      descriptor.defaultFields.filter((field) => field.demandedByCrm).map((field) => `${field.kind} ${field.name}`),
    ).toEqual(['ACCOUNT Name', 'ACCOUNT LastName', 'CONTACT LastName', 'LEAD LastName'])
  })
})
