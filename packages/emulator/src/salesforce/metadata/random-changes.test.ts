import fc from 'fast-check'
import { expect, test } from 'vitest'
import { startOrg } from '../fixture.ts'
import type { FieldType } from './definition.ts'
import { account, contact, lead } from './people-objects.ts'

const changeable = [account, contact, lead].flatMap(({ name, fields }) =>
  fields.filter((field) => field.type !== 'id').map((field) => ({ entity: name, field: field.name })),
)
const types: FieldType[] = [
  'string',
  'textarea',
  'picklist',
  'multipicklist',
  'boolean',
  'currency',
  'date',
  'datetime',
]
const changes = fc.array(
  fc.record({
    of: fc.constantFrom(...changeable),
    change: fc.oneof(
      fc.constant({ hide: true }),
      fc.constant({ rename: true } as const),
      fc.constantFrom(...types).map((type) => ({ set: { type } })),
      fc.subarray(['A', 'B', 'C'], { minLength: 1 }).map((picklistValues) => ({ set: { picklistValues } })),
      fc.boolean().map((nillable) => ({ set: { nillable } })),
      fc.integer({ min: 1, max: 300 }).map((length) => ({ set: { length } })),
    ),
  }),
  { maxLength: 12 },
)

test('however its metadata changes, an org is told as it is: what it describes can be asked and written', async () => {
  await fc.assert(
    fc.asyncProperty(changes, async (made) => {
      const org = startOrg(12)
      for (const [index, { of, change }] of made.entries()) {
        // No org has two fields of one name.
        const set = 'rename' in change ? { set: { name: `Renamed_${index}__c` } } : change
        org.control.changeMetadata({ ...of, ...set })
      }
      for (const name of ['Account', 'Contact', 'Lead']) {
        const { json } = await org.call('GET', `sobjects/${name}/describe`)
        const fields: { name: string; createable: boolean; nillable: boolean; relationshipName: string | null }[] =
          json.fields
        const asked = await org.query(`SELECT ${fields.map((field) => field.name).join(', ')} FROM ${name}`)
        expect([name, asked.status]).toEqual([name, 200])
        const created = await org.call('POST', `sobjects/${name}`, { body: { LastName: 'X', Name: 'X', Company: 'X' } })
        expect([201, 400]).toContain(created.status)
      }
    }),
    { numRuns: 60 },
  )
})
