import fc from 'fast-check'
import { expect, it } from 'vitest'
import { encodeId } from '../shared/global-id.ts'
import { decodeRecordId, encodeRecordId } from './record-id.ts'

const part = fc.stringMatching(/^[A-Za-z0-9_-]{1,40}$/)
const kind = fc.constantFrom('ACCOUNT', 'CONTACT', 'LEAD', 'CUSTOM')

it('a record is found again by its global ID', () => {
  fc.assert(
    fc.property(fc.record({ kind, integrationId: part, entityName: part, remoteId: part }), (key) => {
      expect(decodeRecordId(encodeRecordId(key))).toEqual(key)
    }),
  )
})

it('text that is no record’s global ID names nothing', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(decodeRecordId(text)).toBeNull()
    }),
  )
  for (const id of ['a:b', 'a:b:', 'a:b:c:d', '::']) expect(decodeRecordId(encodeId('Contact', id))).toBeNull()
  expect(decodeRecordId(encodeId('Integration', 'a:b:c'))).toBeNull()
  expect(decodeRecordId(`${encodeId('Contact', 'a:b:c')}\n`)).toBeNull()
})
