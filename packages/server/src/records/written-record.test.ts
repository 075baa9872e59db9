import { providerDefinitions } from '@backchannel/providers'
import { expect, it } from 'vitest'
import { writtenRecord } from './written-record.ts'

const text = (name: string, value: string) => ({ name, value, type: 'TEXT' as const, values: null, reference: null })
const made = { entityName: 'any', remoteId: 'r1', url: 'https://crm.example/r1' }

it('a contact is called by the names that were written', () => {
  const { defaultFields } = providerDefinitions.SALESFORCE.descriptor
  const values = [text('FirstName', 'Ada'), text('LastName', 'King'), text('Email', 'ada@example.com')]
  const record = writtenRecord({ ...made, kind: 'CONTACT', values, defaultFields })
  expect(record).toMatchObject({
    name: 'Ada King',
    firstName: 'Ada',
    lastName: 'King',
    email: 'ada@example.com',
    phone: null,
  })
})

it('an account is called by its name', () => {
  const { defaultFields } = providerDefinitions.DYNAMICS.descriptor
  const values = [text('name', 'Litware'), text('telephone1', '+1 512 555 0143')]
  const record = writtenRecord({ ...made, kind: 'ACCOUNT', values, defaultFields })
  expect(record).toMatchObject({ name: 'Litware', phone: '+1 512 555 0143', remoteId: 'r1' })
})
