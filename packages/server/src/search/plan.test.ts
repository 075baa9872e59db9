import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { searchOrderIdentifiers as order } from '../integrations/settings.ts'
import { searchBy } from './plan.ts'

describe('what a CRM is asked by', () => {
  it('D-ORD-04, D-ORD-05, D-ORD-06: known values in order, missing ones skipped', () => {
    expect(searchBy({ phone: '1', email: 'e', fullName: 'n' }, order).map((it) => it.identifier)).toEqual([
      'PHONE',
      'EMAIL',
      'FULL_NAME',
    ])
    expect(searchBy({ email: 'e', fullName: 'n' }, order).map((it) => it.identifier)).toEqual(['EMAIL', 'FULL_NAME'])
    expect(searchBy({ phone: ' ', email: null, fullName: 'n' }, order)).toEqual([
      { identifier: 'FULL_NAME', value: 'n' },
    ])
  })

  it('D-ORD-08: nothing known, nothing asked', () => {
    expect(searchBy({}, order)).toEqual([])
    expect(searchBy({ phone: '', term: '  ' }, order)).toEqual([])
  })

  it('a term stands alone', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (text) => {
        const by = searchBy({ term: text, phone: '+15125550143' }, order)
        expect(by.map((it) => it.identifier)).toEqual(text.trim() ? ['TERM'] : ['PHONE'])
      }),
    )
  })
})
